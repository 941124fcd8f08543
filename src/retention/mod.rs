//! How long a tip is kept, and what becomes of it then.
//!
//! Rules are dated reference data (`reference::RetentionRule`): by state, category and what came of a tip's cases,
//! counted from the day on which it was settled. First its words go, then its row: `plan` shows what is due today,
//! `apply` does it. All wraps of a tip's key go first, in a transaction of their own: from then on no row of it that
//! comes back from a backup opens. An unfounded tip loses its words, and with them whoever is named in it, long before
//! its row. What is counted (facts, valuations, releases) never held words and stays. `place_hold` keeps a tip beyond
//! its time, with a reason and an end; `lift_hold` ends that early.
//!
//! A case loses its words by the same rules, from the day on which it was closed (`plan_cases`): its key first, then
//! its title, its notes and those of its outcomes. Its row stays: figures hang on it. `place_case_hold` keeps it.

mod apply;
mod case_hold;
mod due;
mod hold;
mod plan;
mod plan_cases;
mod plan_for;
mod store;

pub use apply::{Applied, apply};
pub use case_hold::{lift_case_hold, place_case_hold, read_case_hold};
pub use due::Step;
pub use hold::{Hold, HoldError, lift_hold, place_hold, read_hold};
pub use plan::{Due, What, plan};
pub use plan_for::plan_for;
