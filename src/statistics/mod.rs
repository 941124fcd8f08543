//! Figures: how many, of what, in which period, from where, about what, and as of which day.
//!
//! `ledger` keeps what became known, line by line, with its sums; `measures` works figures out of it; `periods` are
//! those that police count in; `invariants` tells whether a report reconciles. `count_valuable_sources` and `tabulate`
//! answer officers, `open_lines` shows what is behind a cell. No narrative, no identity and no tip is read here.

mod by;
mod count_valuable_sources;
mod groups;
pub mod invariants;
pub mod ledger;
pub mod measures;
mod open_lines;
pub mod periods;
mod scope_of;
mod tabulate;

pub use by::{By, UnknownBy};
pub use count_valuable_sources::{Count, CountError, CountQuery, count_valuable_sources};
pub use groups::Group;
pub use measures::NO_UNIT;
pub use open_lines::{LinePage, open_lines};
pub use scope_of::scope_of;
pub use tabulate::{Asked, TableError, Tabulated, tabulate};
