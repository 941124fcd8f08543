//! What came of a case: a decision of one day, and what it brought in (its yields).
//!
//! An officer who investigates `record`s it in an open case, and the case's tips count as handled. It is never
//! changed afterwards; a wrong one is answered by another. A tip's value is attested by one of its outcomes
//! (`tips::attest_value`).

mod amount;
mod check;
mod record;
pub mod store;
mod view;

pub use amount::Amount;
pub use record::{NewOutcome, NewYield, OutcomeError, record};
pub use view::{OutcomeView, ValuationRef, YieldView};
