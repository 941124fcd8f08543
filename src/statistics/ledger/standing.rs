use entity::enums::TipStage;

use crate::tips::state::State;

/// As what a tip is settled; while it is open, as none. Every tip is one of: open, transferred, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Transferred,
    /// Worked in a case to an outcome or to the case's end.
    Handled,
    Duplicate,
    Spam,
    Test,
    NotPolice,
}

impl Standing {
    pub const ALL: [Self; 6] =
        [Self::Transferred, Self::Handled, Self::Duplicate, Self::Spam, Self::Test, Self::NotPolice];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transferred => TRANSFERRED,
            Self::Handled => HANDLED,
            Self::Duplicate => DUPLICATE,
            Self::Spam => SPAM,
            Self::Test => TEST,
            Self::NotPolice => NOT_POLICE,
        }
    }

    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Received | State::Screening | State::NeedInfo(_) | State::Accepted | State::Verifying => None,
            State::Handled | State::Closed => Some(Self::Handled),
            State::Duplicate => Some(Self::Duplicate),
            State::Referred => Some(Self::Transferred),
            State::Spam => Some(Self::Spam),
            State::Test => Some(Self::Test),
            State::NotPolice => Some(Self::NotPolice),
        }
    }

    /// Whether nobody has decided yet if it is police work.
    pub(super) fn is_unjudged(state: State) -> bool {
        matches!(state, State::Received | State::Screening | State::NeedInfo(TipStage::Screening))
    }
}

pub const TRANSFERRED: &str = "transferred";
pub const HANDLED: &str = "handled";
pub const DUPLICATE: &str = "duplicate";
pub const SPAM: &str = "spam";
pub const TEST: &str = "test";
pub const NOT_POLICE: &str = "not_police";
