use std::{fmt, str::FromStr};

/// Declares the kinds with their one spelling in rows and in the API.
macro_rules! kinds {
    ($($(#[$about:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        /// What became known.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$about])* $variant),+ }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

kinds! {
    /// A tip came in.
    Received = "received",
    /// It went to another office: here it counts no more as received.
    HandedOver = "handed_over",
    /// It came from another office: from now on it counts as received here.
    TakenOver = "taken_over",
    /// An officer decided for the first time what to do with it; `days` since it came in.
    Screened = "screened",
    /// It was taken on as police work for the first time; `days` since it came in.
    Accepted = "accepted",
    /// It is no longer open; `detail` says why: `Standing`.
    Settled = "settled",
    /// It is open again; `detail` is what it had been settled as.
    Unsettled = "unsettled",
    /// The reporter was asked, and the tip waits.
    Asked = "asked",
    /// The reporter answered.
    Answered = "answered",
    CaseOpened = "case_opened",
    /// A tip has its first outcome; `days` from its coming in to the decision.
    Decided = "decided",
    /// What came of a case; `detail` is its kind. Credited to the tip that the case began with, and to no other.
    Outcome = "outcome",
    /// Something that an outcome brought in; `detail` is `kind` or `kind:choice`. Credited as the outcome is.
    Yield = "yield",
    Attested = "attested",
    /// A second officer confirmed it: from now on it counts.
    Confirmed = "confirmed",
    /// It counts no more.
    Revoked = "revoked",
    /// An attestation ended before anybody confirmed it.
    Withdrawn = "withdrawn",
}

/// The text is no kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of fact")]
pub struct UnknownKind;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}
