//! An office's keys on paper, for the day on which its last member is gone.
//!
//! A commander of the office prints sheets (`make_escrow`); any k of them give the keys to an officer
//! (`recover_office`), in a ceremony at the command line. Sheets of one epoch open that epoch only, and printing anew
//! makes the former sheets worthless.

mod make_escrow;
mod recover_office;
pub mod store;

pub use make_escrow::{MakeEscrowError, Printed, make_escrow};
pub use recover_office::{RecoverOfficeError, recover_office};
