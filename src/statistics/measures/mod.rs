//! Figures: what is counted (`Measure`), told apart by what (`Dimension`), as of which day (`TableQuery`).
//!
//! `compute` answers from the ledger's sums; `lines` opens a cell to the facts behind it; `compare` sets a table beside
//! the same period before. `definition` says how a measure is made; each is a file of its own.

mod cancel;
mod cases_opened;
mod compare;
mod compute;
mod definition;
mod dimension;
mod fold;
mod labels;
mod lines;
mod measure;
mod misuse;
mod near;
mod outcomes;
mod places;
mod received;
mod shared;
mod standings;
pub mod store;
mod table;
mod two_way;
mod valuable_share;
mod valuable_sources;
mod waiting;
mod yields;

pub use compare::{Change, Comparison, compare};
pub use compute::compute;
pub use dimension::{Dimension, UnknownDimension};
pub use labels::label;
pub use lines::{Line, lines};
pub use measure::{Measure, UnknownMeasure};
pub use places::{NO_UNIT, NOT_ATTRIBUTABLE, key_of as place_of};
pub use shared::Shared;
pub use table::{Axis, Cell, Form, Table, TableQuery};
