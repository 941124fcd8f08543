//! Reports: the ledger of a period as one document, and its renderings.
//!
//! `make_report` asks who wants it, `plan` says which figures it has, `gather` counts them on one snapshot,
//! `assemble` and `story` put them into tables and words. The document (`Report`) knows both languages and no format;
//! `csv` and `xlsx` write it down, the API writes it as JSON, and all three show the same. A report whose sums do not
//! agree says so before anything else.

mod assemble;
mod csv;
mod document;
mod format;
mod gather;
mod inert;
mod kind;
mod make_report;
mod number;
mod plan;
mod span;
mod story;
#[cfg(test)]
mod tests;
mod words;
mod xlsx;

pub use csv::csv;
pub use document::{Check, Column, Paragraph, Report, Row, Rule, TOTAL, Table};
pub use format::{Format, UnknownFormat, WriteError, file_name};
pub use inert::inert;
pub use kind::{ReportKind, UnknownReportKind};
pub use make_report::{Asker, ReportError, ReportQuery, make_report};
pub use number::Number;
pub use span::period;
pub use xlsx::xlsx;
