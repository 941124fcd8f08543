//! That a tip was a valuable source: the fact that is counted.
//!
//! One officer attests it by name and by an outcome that qualifies (`tips::attest_value`, `qualifies`); a different
//! officer with the right `confirm`s it, and from then on it counts. `revoke` ends that with a reason and keeps the
//! history: figures as of an earlier day do not move. `rule` is what makes a source valuable, `state` which move is
//! possible when.

mod confirm;
mod qualifies;
mod revoke;
pub mod rule;
pub mod state;
pub mod store;
mod verdict;

pub use confirm::confirm;
pub use qualifies::qualifies;
pub use revoke::revoke;
pub use rule::RULE;
pub(crate) use store::officers_of;
pub use verdict::{Valuation, ValuationError};
