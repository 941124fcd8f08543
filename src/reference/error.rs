//! Why reference data is refused.

use chrono::NaiveDate;

/// Names the file or row that is wrong. Rows read as `unit 15016@2019-12-01`.
///
/// The text is for administrators: it may quote reference data, which is public.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    #[error("shipped file {file} cannot be read")]
    File { file: &'static str, source: serde_json::Error },
    #[error("{row}: the stored row cannot be read")]
    Unreadable { row: String },
    #[error("{row}: the code must be 1 to 40 ASCII letters, digits, '_' or '-'")]
    Code { row: String },
    #[error("{row}: the body cannot be read at {field}: {source}")]
    Body { row: String, field: String, source: serde_json::Error },
    #[error("{row}: ends before it begins")]
    EndsBeforeStart { row: String },
    #[error("{row}: is given twice")]
    Duplicate { row: String },
    #[error("{row}: begins while the row before it still holds")]
    Overlap { row: String },
    #[error("{row}: leaves a gap after the row before it, which ends on {ended}")]
    Gap { row: String, ended: NaiveDate },
    #[error("{row}: parent {parent} does not exist on every day of the row")]
    NoParent { row: String, parent: String },
    #[error("{row}: parent {parent} is not of a higher level on every day of the row")]
    ParentNotAbove { row: String, parent: String },
    #[error("{row}: the key must be \"from>to\" and the row must begin with the new unit")]
    SuccessionKey { row: String },
    #[error("{row}: there is no unit {unit}")]
    NoSuchUnit { row: String, unit: String },
    #[error("{row}: the new unit does not begin on the day after the old one ends")]
    NotAdjacent { row: String },
    #[error("{row}: a unit with one successor passes \"whole\", with several each is a \"part\"")]
    Shares { row: String },
    #[error("{row}: has no units or names a choice twice")]
    Choices { row: String },
    #[error("{row}: must have states, and keep words at least a month and the row no shorter than that")]
    Retention { row: String },
    #[error("{row}: an area lies outside the days of the office")]
    AreaOutsideOffice { row: String },
}

impl ReferenceError {
    /// The row that is wrong; none if it is a whole file.
    #[must_use]
    pub fn row(&self) -> Option<&str> {
        match self {
            Self::File { .. } => None,
            Self::Unreadable { row }
            | Self::Code { row }
            | Self::Body { row, .. }
            | Self::EndsBeforeStart { row }
            | Self::Duplicate { row }
            | Self::Overlap { row }
            | Self::Gap { row, .. }
            | Self::NoParent { row, .. }
            | Self::ParentNotAbove { row, .. }
            | Self::SuccessionKey { row }
            | Self::NoSuchUnit { row, .. }
            | Self::NotAdjacent { row }
            | Self::Shares { row }
            | Self::Choices { row }
            | Self::Retention { row }
            | Self::AreaOutsideOffice { row } => Some(row),
        }
    }
}
