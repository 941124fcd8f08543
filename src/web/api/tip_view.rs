//! A tip as an officer reads it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{CaseStatus, MessageKind, Mode, NoteKind, Sender, ValuationState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::codes;
use crate::{
    app::App,
    reference::Language,
    tips::{self, MessageView, NoteView, OfficerName, TipRef, TipView, ValuationView, priority},
};

#[derive(Serialize, ToSchema)]
pub struct Tip {
    id: Uuid,
    number: String,
    office: Uuid,
    #[schema(schema_with = codes::tip_state)]
    state: &'static str,
    /// Verbs that the state and the caller's roles allow now.
    allowed: Vec<&'static str>,
    /// For `If-Match`, as in `ETag`.
    version: i32,
    category: String,
    category_label: Option<String>,
    channel: String,
    #[schema(schema_with = codes::mode)]
    mode: Mode,
    #[schema(schema_with = codes::tip_priority)]
    priority: &'static str,
    /// Code of the place, as it was on the day of the tip.
    unit: Option<String>,
    unit_valid_from: Option<NaiveDate>,
    unit_label: Option<String>,
    received_on: NaiveDate,
    /// From inside the seal; no list shows it.
    arrived_at: DateTime<Utc>,
    assignee: Option<OfficerRef>,
    /// Messages, and the tip itself, that no officer had opened before this reading.
    unread: i32,
    /// The reporter still holds a receipt, so that a question can be answered.
    thread_open: bool,
    /// The caller's office has it for information only.
    informed: bool,
    /// Offices that have it for information; what comes of it counts for the one that works it.
    shared_with: Vec<Uuid>,
    /// Who alone may open it; empty for a tip that is not restricted.
    readers: Vec<OfficerRef>,
    narrative: String,
    place: Option<String>,
    occurred_on: Option<NaiveDate>,
    happening_now: bool,
    language: Option<String>,
    /// Of identified reporters and organisations; a confidential identity is under the custodians.
    contact: Option<Contact>,
    grade: Grade,
    /// The first of them, if this one is a duplicate.
    duplicate_of: Option<TipNumber>,
    duplicates: Vec<TipNumber>,
    messages: Vec<TipMessage>,
    notes: Vec<Note>,
    history: Vec<TipAct>,
    cases: Vec<CaseNumber>,
    valuations: Vec<TipValuation>,
}

#[derive(Serialize, ToSchema)]
pub struct OfficerRef {
    id: Uuid,
    name: String,
}

#[derive(Serialize, ToSchema)]
struct Contact {
    name: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    organisation: Option<String>,
}

/// Admiralty code; F6 while nothing is known.
#[derive(Serialize, ToSchema)]
struct Grade {
    #[schema(value_type = String, pattern = "^[A-F]$")]
    source: char,
    #[schema(minimum = 1, maximum = 6)]
    information: u8,
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct TipNumber {
    id: Uuid,
    number: String,
}

#[derive(Serialize, ToSchema)]
struct CaseNumber {
    id: Uuid,
    number: String,
    #[schema(schema_with = codes::case_state)]
    state: CaseStatus,
}

#[derive(Serialize, ToSchema)]
struct TipMessage {
    id: Uuid,
    #[schema(schema_with = codes::sender)]
    from: Sender,
    #[schema(schema_with = codes::message_kind)]
    kind: MessageKind,
    text: String,
    on: NaiveDate,
    /// Who wrote it for the police; the reporter is not told.
    officer: Option<OfficerRef>,
}

#[derive(Serialize, ToSchema)]
struct Note {
    id: Uuid,
    #[schema(schema_with = codes::note_kind)]
    kind: NoteKind,
    /// The verb that it belongs to.
    act: String,
    text: String,
    grade: Option<Grade>,
    officer: OfficerRef,
    at: DateTime<Utc>,
}

/// Something that was done to the tip.
#[derive(Serialize, ToSchema)]
struct TipAct {
    #[schema(example = "TipScreened")]
    act: String,
    #[schema(schema_with = codes::actor)]
    actor: &'static str,
    officer: Option<OfficerRef>,
    on: NaiveDate,
    /// None for what a reporter did.
    at: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
struct TipValuation {
    id: Uuid,
    #[schema(schema_with = codes::valuation_state)]
    state: ValuationState,
    outcome: Uuid,
    decided_on: NaiveDate,
    /// It identified or confirmed a person or place in an existing case.
    identified: bool,
    reason: String,
    attested_by: OfficerRef,
    attested_at: DateTime<Utc>,
    confirmed_by: Option<OfficerRef>,
    confirmed_at: Option<DateTime<Utc>>,
    revoked_by: Option<OfficerRef>,
    revoked_at: Option<DateTime<Utc>>,
    revoke_reason: Option<String>,
}

impl Tip {
    pub fn of(tip: TipView, app: &App, language: Language) -> Self {
        let category = app.reference.category_on(&tip.category, tip.received_on);
        let unit = tip.unit.as_ref().and_then(|key| app.reference.unit(key));
        Self {
            id: tip.id.into(),
            number: tip.number,
            office: tip.office.into(),
            state: tip.state.as_str(),
            allowed: tip.allowed,
            version: tip.version,
            category_label: category.map(|category| category.label.text(language).to_owned()),
            category: tip.category,
            channel: tip.channel,
            mode: tip.mode,
            priority: priority::name(tip.priority),
            unit_label: unit.map(|unit| unit.name.text(language).to_owned()),
            unit_valid_from: tip.unit.as_ref().map(|key| key.valid_from),
            unit: tip.unit.map(|key| key.code),
            received_on: tip.received_on,
            arrived_at: tip.arrived_at,
            assignee: tip.assignee.map(Into::into),
            unread: tip.unread,
            thread_open: tip.thread_open,
            informed: tip.informed,
            shared_with: tip.shared_with.into_iter().map(Into::into).collect(),
            readers: tip.readers.into_iter().map(Into::into).collect(),
            narrative: tip.narrative,
            place: tip.place,
            occurred_on: tip.occurred_on,
            happening_now: tip.happening_now,
            language: tip.language,
            contact: tip.contact.map(Into::into),
            grade: tip.grade.into(),
            duplicate_of: tip.duplicate_of.map(Into::into),
            duplicates: tip.duplicates.into_iter().map(Into::into).collect(),
            messages: tip.messages.into_iter().map(Into::into).collect(),
            notes: tip.notes.into_iter().map(Into::into).collect(),
            history: tip.history.into_iter().map(Into::into).collect(),
            cases: tip.cases.into_iter().map(Into::into).collect(),
            valuations: tip.valuations.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<OfficerName> for OfficerRef {
    fn from(officer: OfficerName) -> Self {
        Self { id: officer.id.into(), name: officer.name }
    }
}

impl From<tips::Identity> for Contact {
    fn from(who: tips::Identity) -> Self {
        Self { name: who.name, phone: who.phone, address: who.address, organisation: who.organisation }
    }
}

impl From<tips::Grade> for Grade {
    fn from(grade: tips::Grade) -> Self {
        Self { source: grade.source, information: grade.information, reason: grade.reason }
    }
}

impl From<TipRef> for TipNumber {
    fn from(tip: TipRef) -> Self {
        Self { id: tip.id.into(), number: tip.number }
    }
}

impl From<tips::CaseRef> for CaseNumber {
    fn from(case: tips::CaseRef) -> Self {
        Self { id: case.id.into(), number: case.number, state: case.state }
    }
}

impl From<MessageView> for TipMessage {
    fn from(message: MessageView) -> Self {
        Self {
            id: message.id.into(),
            from: message.from,
            kind: message.kind,
            text: message.text,
            on: message.on,
            officer: message.officer.map(Into::into),
        }
    }
}

impl From<NoteView> for Note {
    fn from(note: NoteView) -> Self {
        Self {
            id: note.id.into(),
            kind: note.kind,
            act: note.act,
            text: note.text,
            grade: note.grade.map(Into::into),
            officer: note.officer.into(),
            at: note.at,
        }
    }
}

impl From<tips::Act> for TipAct {
    fn from(act: tips::Act) -> Self {
        let officer = act.officer.map(Into::into);
        Self { act: act.act, actor: act.actor.as_str(), officer, on: act.on, at: act.at }
    }
}

impl From<ValuationView> for TipValuation {
    fn from(valuation: ValuationView) -> Self {
        Self {
            id: valuation.id.into(),
            state: valuation.state,
            outcome: valuation.outcome.into(),
            decided_on: valuation.decided_on,
            identified: valuation.identified,
            reason: valuation.reason,
            attested_by: valuation.attested_by.into(),
            attested_at: valuation.attested_at,
            confirmed_by: valuation.confirmed_by.map(Into::into),
            confirmed_at: valuation.confirmed_at,
            revoked_by: valuation.revoked_by.map(Into::into),
            revoked_at: valuation.revoked_at,
            revoke_reason: valuation.revoke_reason,
        }
    }
}
