//! A tip as an officer sees it, opened.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{Actor, CaseStatus, MessageKind, Mode, NoteKind, Sender, TipStatus, ValuationState},
    ids::{CaseId, MessageId, NoteId, OfficeId, OfficerId, OutcomeId, TipId, ValuationId},
};

use super::{Grade, Identity};
use crate::reference::UnitKey;

/// All that an officer may see of a tip. Neither `Debug` nor `Clone`: it is for one answer only.
pub struct TipView {
    pub id: TipId,
    pub number: String,
    pub office: OfficeId,
    pub state: TipStatus,
    /// For `If-Match`.
    pub version: i32,
    /// The verbs that the tip's state and the officer's roles allow now.
    pub allowed: Vec<&'static str>,
    pub category: String,
    pub channel: String,
    pub mode: Mode,
    pub priority: i16,
    pub unit: Option<UnitKey>,
    pub received_on: NaiveDate,
    pub arrived_at: DateTime<Utc>,
    pub assignee: Option<OfficerName>,
    /// Messages (and the tip itself) that no officer had opened before this reading.
    pub unread: i32,
    /// The reporter still holds a receipt, so that a question can be answered.
    pub thread_open: bool,
    /// The officer's office has it for information only.
    pub informed: bool,
    /// Offices that have it for information.
    pub shared_with: Vec<OfficeId>,
    /// Who alone may open it, if it is restricted.
    pub readers: Vec<OfficerName>,

    pub narrative: String,
    pub place: Option<String>,
    pub occurred_on: Option<NaiveDate>,
    pub happening_now: bool,
    pub language: Option<String>,
    /// Of identified reporters and organisations only; a confidential identity is under the custodians.
    pub contact: Option<Identity>,

    pub grade: Grade,
    pub duplicate_of: Option<TipRef>,
    pub duplicates: Vec<TipRef>,
    pub messages: Vec<MessageView>,
    pub notes: Vec<NoteView>,
    pub history: Vec<Act>,
    pub cases: Vec<CaseRef>,
    pub valuations: Vec<ValuationView>,
}

/// An officer, as colleagues know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerName {
    pub id: OfficerId,
    pub name: String,
}

/// Another tip, by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TipRef {
    pub id: TipId,
    pub number: String,
}

/// A case that the tip is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRef {
    pub id: CaseId,
    pub number: String,
    pub state: CaseStatus,
}

/// A message of the thread, with the officer who wrote it; the reporter is shown the police only.
pub struct MessageView {
    pub id: MessageId,
    pub from: Sender,
    pub kind: MessageKind,
    pub text: String,
    pub on: NaiveDate,
    pub officer: Option<OfficerName>,
}

/// What an officer noted for colleagues, or gave as a reason.
pub struct NoteView {
    pub id: NoteId,
    pub kind: NoteKind,
    /// The verb that it belongs to.
    pub act: String,
    /// Of a grade: its reason, which may be empty.
    pub text: String,
    pub grade: Option<Grade>,
    pub officer: OfficerName,
    pub at: DateTime<Utc>,
}

/// Something that was done to the tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub act: String,
    pub actor: Actor,
    pub officer: Option<OfficerName>,
    pub on: NaiveDate,
    /// None for what a reporter did.
    pub at: Option<DateTime<Utc>>,
}

/// That the tip was a valuable source, as attested, confirmed or revoked.
pub struct ValuationView {
    pub id: ValuationId,
    pub state: ValuationState,
    pub outcome: OutcomeId,
    pub decided_on: NaiveDate,
    pub identified: bool,
    pub reason: String,
    pub attested_by: OfficerName,
    pub attested_at: DateTime<Utc>,
    pub confirmed_by: Option<OfficerName>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub revoked_by: Option<OfficerName>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub revoke_reason: Option<String>,
}
