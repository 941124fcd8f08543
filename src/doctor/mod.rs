//! What could be lost by accident, told before it is.
//!
//! `examine` looks at who could open what if one more person or password were gone. It changes nothing.

mod examine;

pub use examine::{Finding, Kind, examine, examine_for};
