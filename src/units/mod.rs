//! Places and offices. A place (province, commune, village) is dated reference data; an **office** is who answers
//! for places, holds keys and has members.
//!
//! `route` finds the office for a tip; `found_keys` and `grant_key` say who can open what that office was sent;
//! `open_keys` opens an office's keys for an officer's request. `remove_officer` takes all of it back and starts the
//! office's next epoch (`start_epoch`). `close_line` lets the line, or one office, take no new tips for a while.
//! Offices themselves are made, changed and closed by `create_office`, `change_office` and `close_office`.

mod administer;
mod beneath;
mod change_office;
mod close_line;
mod close_office;
mod closures;
mod create_office;
mod grant_key;
mod keys;
mod list_desks;
mod list_members;
mod list_offices;
mod load;
mod office_draft;
mod read_office;
mod remove_officer;
mod route;
mod start_epoch;
pub mod store;
mod ways;

pub use administer::must_administer_all;
pub use beneath::offices_beneath;
pub use change_office::change_office;
pub use close_line::{CloseLineError, close_line, open_line};
pub use close_office::close_office;
pub use closures::{Closed, Closure, Scope, list_closures};
pub use create_office::create_office;
pub use grant_key::{GrantKeyError, Granted, grant_key};
pub(crate) use keys::seal_to_member;
pub use keys::{Keyring, OpenKeysError, found_keys, open_keys};
pub(crate) use keys::{link_epochs, present_epoch};
pub use list_desks::list_desks;
pub use list_members::{ListMembersError, Member, list_members};
pub use list_offices::{OfficeRow, list_offices};
pub use load::load_offices;
pub use office_draft::{OfficeDraft, OfficeError};
pub use read_office::{OfficeView, read_office};
pub use remove_officer::{RemoveOfficerError, RemovedOfficer, remove_officer};
pub use route::{Desk, Errand, RouteError, Routed, desk_of, is_above, oversight_of, with_beneath};
pub use ways::{Way, Ways, find_way};

/// Setting that marks a made-up ledger.
pub const SYNTHETIC: &str = "synthetic";
