//! A case's life. It begins with a tip (`tips::open_case`, which calls `create_in`), and more tips are linked to it
//! (`tips::link_case`). Officers of its office find it in the `list` and `read` it; what came of it is recorded as
//! outcomes (`outcomes::record`). `close` ends it, `reopen` takes it up again, and its tips follow.
//!
//! Every case has a key of its own, under the key of its office: `sealed` is the only way to its words. When its time
//! is over the key goes, and the words after it (`retention`); what is counted stays. `state` says
//! which move is possible when.

mod access;
mod add_note;
mod close;
mod create;
mod find_by_number;
mod list;
mod read;
mod reopen;
mod rewrap;
mod sealed;
pub mod state;
pub mod store;
mod view;

pub use access::{CaseError, ChangedCase, OpenedCase, open_for};
pub(crate) use add_note::add_note;
pub use close::close;
pub use create::create_in;
pub use find_by_number::find_by_number;
pub use list::{CaseRow, Filter, list};
pub use read::read;
pub use reopen::reopen;
pub(crate) use rewrap::rewrap_in;
pub use sealed::CaseKey;
pub use view::{CaseNoteView, CaseTip, CaseView};
