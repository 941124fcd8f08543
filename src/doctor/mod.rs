//! What could be lost by accident, told before it is.
//!
//! `examine` looks at who could open what if one more person or password were gone; `describe` adds what is well, and
//! what this node knows of itself, for who could mend it. Neither changes anything.

mod describe;
mod examine;

pub use describe::{Checkpoint, Condition, Disk, NodeCondition, OfficeCondition, describe};
pub use examine::{Finding, Kind, examine};
