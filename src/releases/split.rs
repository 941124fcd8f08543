use std::{fmt, str::FromStr};

/// A table of a release: what its figures are told apart by. Never by two of place, category and channel together:
/// in a small district such a cell is a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Split {
    /// One figure: the period's. In every release.
    Total,
    Year,
    Month,
    /// The place of the tip as it was then.
    Unit,
    /// What has become of that place.
    UnitNow,
    Category,
    Channel,
    YearUnit,
    YearUnitNow,
    YearCategory,
    YearChannel,
}

/// The text is none of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such table")]
pub struct UnknownSplit;

impl Split {
    pub const ALL: [Self; 11] = [
        Self::Total,
        Self::Year,
        Self::Month,
        Self::Unit,
        Self::UnitNow,
        Self::Category,
        Self::Channel,
        Self::YearUnit,
        Self::YearUnitNow,
        Self::YearCategory,
        Self::YearChannel,
    ];

    /// What is published when nobody says otherwise.
    pub const USUAL: [Self; 5] = [Self::Year, Self::Unit, Self::UnitNow, Self::Category, Self::Channel];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Year => "year",
            Self::Month => "month",
            Self::Unit => "unit",
            Self::UnitNow => "unit_now",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::YearUnit => "year,unit",
            Self::YearUnitNow => "year,unit_now",
            Self::YearCategory => "year,category",
            Self::YearChannel => "year,channel",
        }
    }

    /// 0 is given up last.
    pub fn rank(self) -> u8 {
        match self {
            Self::Total => 0,
            Self::Year => 1,
            Self::Unit | Self::UnitNow | Self::Category | Self::Channel => 2,
            Self::Month | Self::YearUnit | Self::YearUnitNow | Self::YearCategory | Self::YearChannel => 3,
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Split {
    type Err = UnknownSplit;

    fn from_str(text: &str) -> Result<Self, UnknownSplit> {
        Self::ALL.into_iter().find(|split| split.as_str() == text).ok_or(UnknownSplit)
    }
}
