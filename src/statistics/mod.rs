//! Figures: how many valuable sources, in which period, from where, about what.
//!
//! `count_valuable_sources` adds up facts of `valuations` and reads nothing else: no narrative, no identity, no tip.
//! A figure can be asked for as of any earlier day, and whoever has the facts can `recount` it line by line.

mod by;
mod count_valuable_sources;
mod groups;
mod recount;
pub mod store;

pub use by::{By, UnknownBy};
pub use count_valuable_sources::{Count, CountError, CountQuery, count_valuable_sources};
pub use groups::{Group, NO_UNIT};
pub use recount::{Counted, recount};
