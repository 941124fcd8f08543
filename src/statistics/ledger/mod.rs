//! The ledger: what became known, line by line, and its sums.
//!
//! Every verb that changes a figure gives its facts (`received`, `moved`, `answered`, `case_opened`, `came_out`,
//! `attested`, `decided_on`) to `record`, on its own transaction. A line is never changed: what ended is told by another
//! (`Unsettled`, `Revoked`), so that any earlier day can be counted again. `rollup` adds lines up beside them; `recount`
//! proves the sums. A new kind of fact is a line in `kind` and a file that makes it.

mod came_out;
mod case_opened;
mod compact;
mod fact;
mod halves;
mod handed_over;
mod kind;
mod moved;
mod received;
mod record;
mod recount;
mod rollup;
mod standing;
pub mod store;
mod valued;
pub mod written;

pub use came_out::{came_out, detail_of};
pub use case_opened::case_opened;
pub use compact::Counted;
pub use fact::Fact;
pub use halves::{end_of_half, end_of_month, quarters_within, start_of_half, start_of_quarter};
pub use handed_over::handed_over;
pub use kind::{Kind, UnknownKind};
pub use moved::{answered, moved};
pub use received::received;
pub use record::{inserts, record};
pub use recount::{Recount, rebuild, recount};
pub use rollup::{BEFORE_ALL, Kept, Level, NO_DAYS, RollupKey, Rollups, Slice, Sum};
pub use standing::{DUPLICATE, HANDLED, NOT_POLICE, SPAM, Standing, TEST, TRANSFERRED};
pub use valued::{attested, decided_on};
