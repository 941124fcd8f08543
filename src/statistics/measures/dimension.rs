use std::{fmt, str::FromStr};

use crate::statistics::periods::Period;

/// What a figure is told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    Period(Period),
    /// The place as it was then.
    Unit,
    /// The commune, district or province that the place was part of.
    Commune,
    District,
    Province,
    Category,
    Channel,
    Mode,
    Office,
    /// The kind within the kind: of an outcome, a yield, a misuse, a standing.
    Detail,
}

/// The text is no dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no dimension")]
pub struct UnknownDimension;

impl Dimension {
    pub const ALL: [Self; 16] = [
        Self::Period(Period::Year),
        Self::Period(Period::Quarter),
        Self::Period(Period::Month),
        Self::Period(Period::PoliceMonth),
        Self::Period(Period::ProcuracyYear),
        Self::Period(Period::SafetyYear),
        Self::Period(Period::SchoolYear),
        Self::Unit,
        Self::Commune,
        Self::District,
        Self::Province,
        Self::Category,
        Self::Channel,
        Self::Mode,
        Self::Office,
        Self::Detail,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Period(period) => period.as_str(),
            Self::Unit => "unit",
            Self::Commune => "commune",
            Self::District => "district",
            Self::Province => "province",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Mode => "mode",
            Self::Office => "office",
            Self::Detail => "detail",
        }
    }

    /// The level of `UnitKind::level` that places are taken together to; none if they stay as they are, or matter not.
    pub(super) fn level(self) -> Option<u8> {
        match self {
            Self::Province => Some(0),
            Self::District => Some(1),
            Self::Commune => Some(2),
            Self::Period(_)
            | Self::Unit
            | Self::Category
            | Self::Channel
            | Self::Mode
            | Self::Office
            | Self::Detail => None,
        }
    }

    pub fn is_place(self) -> bool {
        self == Self::Unit || self.level().is_some()
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dimension {
    type Err = UnknownDimension;

    fn from_str(text: &str) -> Result<Self, UnknownDimension> {
        Self::ALL.into_iter().find(|dimension| dimension.as_str() == text).ok_or(UnknownDimension)
    }
}
