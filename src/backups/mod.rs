//! Copies of all that is stored, sealed before they leave this process, and the way back from one.
//!
//! `take_backup` reads every table in one snapshot, while the line serves, and writes the rows into a file that only
//! the holder of the operator's private key opens; nothing plain touches a disk. `restore_backup` puts them into an
//! empty database, `check_backup` only reads them. The rows have one form for both databases, so that a backup of an
//! SQLite line starts a PostgreSQL line, and the other way round.
//!
//! Not in it: log-ins, claims of jobs, and the secrets outside the database, without which it opens no tip.

mod read_backup;
mod record;
mod restore_backup;
pub mod store;
mod take_backup;

pub use read_backup::{BackupError, Contents, check_backup};
pub use record::Manifest;
pub use restore_backup::restore_backup;
pub use take_backup::{record_backup, take_backup};
