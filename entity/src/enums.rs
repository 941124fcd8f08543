//! Enums that the database and the API spell as short codes.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// A text that is none of an enum's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not one of the codes")
    }
}

impl std::error::Error for UnknownCode {}

/// Declares an enum whose variants have one spelling each: in Rust's match, in rows and in JSON.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $code)] #[sea_orm(string_value = $code)] $variant),+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as the database and the API spell it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads a code; `None` if no value is spelled so.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::parse(code).ok_or(UnknownCode)
            }
        }
    };
}

coded! {
    /// Who did what an audit row tells.
    Actor { Officer = "officer", Reporter = "reporter", System = "system" }
}

coded! {
    CaseStatus { Open = "open", Closed = "closed" }
}

coded! {
    MessageKind {
        Message = "message",
        /// The tip waits for an answer to it.
        Question = "question",
        Answer = "answer",
    }
}

coded! {
    /// What police learn of a reporter, and who of them.
    Mode {
        /// Nothing, nobody.
        Anonymous = "anonymous",
        /// Who it is, by a quorum of custodians only.
        Confidential = "confidential",
        /// Who it is, by the office that works the tip.
        Identified = "identified",
        /// For whom a person speaks, by the office that works the tip.
        Organisation = "organisation",
    }
}

coded! {
    NoteKind { Note = "note", Reason = "reason", Grade = "grade" }
}

coded! {
    OfficerStatus { Active = "active", Removed = "removed" }
}

coded! {
    /// How far a release has come to the public.
    ReleaseState { Prepared = "prepared", Checked = "checked", Published = "published" }
}

coded! {
    /// How far a request for an identity has come.
    RequestState {
        /// Custodians are asked.
        Pending = "pending",
        /// Enough of them agreed: the requester may read it for a while.
        Granted = "granted",
        /// Too many of them refused.
        Refused = "refused",
        /// Its time is over, read or not.
        Ended = "ended",
    }
}

coded! {
    /// What an officer is in one office.
    Role {
        Screener = "screener",
        Investigator = "investigator",
        Commander = "commander",
        Custodian = "custodian",
        Auditor = "auditor",
        Administrator = "administrator",
    }
}

coded! {
    /// Which side of a thread wrote.
    Sender { Reporter = "reporter", Police = "police" }
}

coded! {
    /// The stage that a question was asked from.
    TipStage { Screening = "screening", Accepted = "accepted", Verifying = "verifying" }
}

coded! {
    TipStatus {
        Received = "received",
        Screening = "screening",
        NeedInfo = "need_info",
        Accepted = "accepted",
        Verifying = "verifying",
        Handled = "handled",
        Closed = "closed",
        Duplicate = "duplicate",
        Referred = "referred",
        Spam = "spam",
        Test = "test",
        NotPolice = "not_police",
    }
}

coded! {
    ValuationState { Attested = "attested", Confirmed = "confirmed", Revoked = "revoked" }
}

coded! {
    /// What a custodian says to a request for an identity.
    Verdict { Approved = "approved", Refused = "refused" }
}

coded! {
    /// Whose key a copy of a tip's key is sealed to.
    WrapHolder {
        /// The office's key pair.
        Office = "office",
        /// The office's symmetric key: quick to open, made after the first opening.
        OfficeFast = "office_fast",
        /// The reporter's key pair; holds the thread's key only.
        Reporter = "reporter",
        /// The same under a key that follows from the pair's private half, which the line has while a receipt is new:
        /// shorter, and quick to make and to open. Whoever seals the tip anew has the public half only.
        ReporterFast = "reporter_fast",
        /// One officer's key pair, by name: of a restricted tip.
        Officer = "officer",
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ActiveEnum;

    use super::*;

    #[test]
    fn a_code_is_spelled_alike_in_rust_in_rows_and_in_json() {
        for status in TipStatus::ALL.iter().copied() {
            assert_eq!(status.to_value(), status.as_str());
            assert_eq!(TipStatus::parse(status.as_str()), Some(status));
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        assert_eq!("Spam".parse::<TipStatus>(), Err(UnknownCode));
    }
}
