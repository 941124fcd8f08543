use std::{fmt, str::FromStr};

use super::{measures::Dimension, periods::Period};

/// What a count is told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    Year,
    Month,
    /// The place of the tip as it was then.
    Unit,
    Category,
    Channel,
}

/// The text is none of the ways to tell a count apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("year, month, unit, category or channel")]
pub struct UnknownBy;

impl By {
    pub const ALL: [Self; 5] = [Self::Year, Self::Month, Self::Unit, Self::Category, Self::Channel];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
        }
    }

    pub(super) fn dimension(self) -> Dimension {
        match self {
            Self::Year => Dimension::Period(Period::Year),
            Self::Month => Dimension::Period(Period::Month),
            Self::Unit => Dimension::Unit,
            Self::Category => Dimension::Category,
            Self::Channel => Dimension::Channel,
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for By {
    type Err = UnknownBy;

    fn from_str(text: &str) -> Result<Self, UnknownBy> {
        Self::ALL.into_iter().find(|by| by.as_str() == text).ok_or(UnknownBy)
    }
}
