//! What the public is told: a figure leaves the house in a release and in no other way.
//!
//! An officer `prepare`s one for a period: the sources are counted as of a day, disclosure control decides what of the
//! tables may be shown beside all that was published before, and everything is frozen under a fingerprint. A different
//! officer `check`s it: that it is what was frozen, that it adds up, that the ledger reconciles; and one who did not
//! prepare it `publish`es it. What is published is never changed: `revise` prepares another release of the same tables,
//! which tells what is different. `read_release` and `list_releases` are for officers; `public` for everybody.
//!
//! `split` names the tables, `layout` says what stands in them, `gather` what is known, `decide` what is shown,
//! `content` what is frozen, `state` which move is possible when. A release speaks for all offices: two that spoke for
//! parts could be set off against each other.

mod authority;
mod check;
mod content;
mod decide;
mod error;
mod freeze;
mod gather;
mod layout;
mod load;
mod prepare;
pub mod public;
mod publish;
mod read;
mod revise;
mod split;
pub mod state;
pub mod store;

pub use check::check;
pub use content::{Content, Figure, ReleasedCell, Source};
pub use error::ReleaseError;
pub use layout::MIN_POPULATION;
pub use load::{Changed, Head, Release};
pub use prepare::{DELAY_DAYS, NewRelease, prepare};
pub use publish::publish;
pub use read::{list_releases, read_release};
pub use revise::revise;
pub use split::{Split, UnknownSplit};
