//! Ids that cannot be mistaken for each other: random, so that they tell neither order nor time.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$about])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        /// Asked for by primary keys that a database counts up; these are drawn by us.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

id! {
    TipId,
    OfficeId,
    OfficeAreaId,
    OfficerId,
    RoleGrantId,
    SessionId,
    RecoveryCodeId,
    SavedViewId,
    OfficeKeyId,
    /// A sealed copy of a key: of a tip's, or of an office's.
    WrapId,
    MessageId,
    NoteId,
    /// One custodian's share of the key to an identity.
    ShareId,
    IdentityRequestId,
    /// What one custodian decided on an identity request.
    IdentityDecisionId,
    IdentityQuorumId,
    EscrowId,
    AuditId,
    CaseId,
    /// The link between a case and a tip.
    CaseTipId,
    OutcomeId,
    YieldId,
    ValuationId,
    ReleaseId,
    ReleaseCellId,
    ReleaseLineId,
    /// A line of the ledger.
    FactId,
    KeyConsentId,
    TipShareId,
    TipReaderId,
    TipConcernId,
    BackupId,
}
