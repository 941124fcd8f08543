//! Places and offices. A place (province, commune, village) is dated reference data; an **office** is who answers
//! for places, holds keys and has members.
//!
//! `route` finds the office for a tip; `found_keys` and `grant_key` say who can open what that office was sent;
//! `open_keys` opens an office's keys for an officer's request.

mod beneath;
mod grant_key;
mod keys;
mod list_members;
mod list_offices;
mod load;
mod route;
pub mod store;

pub use beneath::offices_beneath;
pub use grant_key::{GrantKeyError, grant_key};
pub use keys::{Keyring, OpenKeysError, found_keys, open_keys};
pub use list_members::{ListMembersError, Member, list_members};
pub use list_offices::{OfficeRow, list_offices};
pub use load::{load_offices, load_reference};
pub use route::{Desk, RouteError, route};

/// Setting that marks a made-up ledger.
pub const SYNTHETIC: &str = "synthetic";
