//! Who may open a tip, and how that changes. `sight` tells as what an officer sees one; each verb here changes whom it
//! is sealed to, in the same transaction as the rows that say so: `transfer` hands it to another office, `share` shows
//! it to one for information and `unshare` ends that, `restrict` leaves it to officers by name and `lift_restriction`
//! to the office again, `concern` hides it from the office that it is about. Where somebody loses sight of a tip, all
//! of it is sealed anew under a fresh key (`reseal`). `rewrap` moves an office's tips to its newest epoch, in small
//! batches, with a member's key.

mod concern;
mod fault;
mod forget_reader;
mod office;
mod reseal;
mod restrict;
mod rewrap;
mod share;
mod sight;
pub mod store;
mod transfer;

pub use concern::concern;
pub(super) use concern::concern_row;
pub use fault::CustodyError;
pub use forget_reader::{Left, forget_key_of_reader, forget_reader};
pub use restrict::{lift_restriction, restrict};
pub(crate) use rewrap::rewrap_some;
pub use rewrap::{Progress, rewrap, rewrap_progress};
pub use share::{share, unshare};
pub use sight::{Sight, hidden_among, sight};
pub(super) use sight::{open, own_offices};
pub use transfer::transfer;
