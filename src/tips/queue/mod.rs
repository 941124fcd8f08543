//! The queue as lists, counts and searches read it: `list` shows it page by page, `search` reads through what is sealed
//! in it, `count` tells how many wait in which state.

mod count;
pub(super) mod store;

pub use count::{MOST_COUNTED, MOST_COUNTED_ENDED, Tally, count_lane, count_states};
