//! Reference data: what law and practice may change is dated rows, not code.
//!
//! The shipped files in `data/` are parsed by [`shipped`] and stored at first start;
//! from then on the database holds the rows and an administrator edits them (`codebook`).
//! [`Reference::build`] turns rows into lookups, or names the row that is wrong; what it
//! built is an [`Edition`], and [`Editions`] tells a node which one holds now.
//! Every question takes a day, because a code alone means nothing: 15016 was a town
//! until 2025-06-30 and is another commune since. [`UnitKey`] pins one meaning.
//! Successions tell what became of a unit, so that old series can be restated.
//! [`offices`] lists the first deployment's offices, which live in their own table.
//! [`fold`] makes text comparable for people who type without accents.

mod build;
mod categories;
mod coded;
mod editions;
mod error;
mod fold;
mod kinds;
mod label;
mod offices;
mod retention_rules;
mod rows;
mod search;
mod successions;
#[cfg(test)]
mod tests;
mod timeline;
mod units;

pub use build::Reference;
pub use categories::{Category, Priority, Routing};
pub use coded::is_code;
pub use editions::{Edition, Editions};
pub use error::ReferenceError;
pub use fold::{Finder, fold};
pub use kinds::{Channel, Choice, OutcomeKind, Qualifies, YieldKind};
pub use label::{Label, Language};
pub use offices::{AreaSeed, OfficeKind, OfficeSeed, offices};
pub use retention_rules::RetentionRule;
pub use rows::{DatedRow, RowKind, shipped};
pub use timeline::holds_on;
pub use units::{InvalidUnitKey, Part, Unit, UnitKey, UnitKind};
