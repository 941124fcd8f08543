//! Puts an officer's view of a tip together: gathers its rows and opens what is sealed in them.

use std::collections::HashMap;

use entity::{
    audit_rows,
    enums::NoteKind,
    ids::{OfficeId, OfficerId, TipId},
    messages, notes, tips, valuations as rows,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Grade, Opened, Sight, TipKeys,
    content::Content,
    custody,
    state::{self, Event, State},
    store,
    view::{Act, CaseRef, MessageView, NoteView, OfficerName, TipRef, TipView, ValuationView},
};
use crate::{
    audit::{self, Object},
    reference::UnitKey,
    staff::{self, Permission, Staff},
    valuations,
};

/// The rows that a view is made of.
pub(super) struct Parts {
    pub messages: Vec<messages::Model>,
    pub notes: Vec<notes::Model>,
    pub history: Vec<audit_rows::Model>,
    pub cases: Vec<CaseRef>,
    pub valuations: Vec<rows::Model>,
    pub duplicate_of: Option<TipRef>,
    pub duplicates: Vec<TipRef>,
    pub thread_open: bool,
    pub shared_with: Vec<OfficeId>,
    pub readers: Vec<OfficerId>,
    pub names: Names,
}

/// Display names of the officers that a view speaks of.
pub(super) struct Names(HashMap<OfficerId, String>);

impl Names {
    pub async fn load(db: &impl ConnectionTrait, mut ids: Vec<OfficerId>) -> Result<Self, DbErr> {
        ids.sort_unstable();
        ids.dedup();
        let officers = staff::store::officers_by_id(db, ids).await?;
        Ok(Self(officers.into_iter().map(|officer| (officer.id, officer.display_name)).collect()))
    }

    pub fn of(&self, id: OfficerId) -> OfficerName {
        OfficerName { id, name: self.0.get(&id).cloned().unwrap_or_default() }
    }
}

impl Parts {
    pub async fn load(db: &impl ConnectionTrait, staff: &Staff, tip: &tips::Model) -> Result<Self, DbErr> {
        let messages = store::messages_of(db, tip.id).await?;
        let notes = store::notes_of(db, tip.id).await?;
        let facts = valuations::store::of_tip(db, tip.id).await?;
        let history = history(db, tip.id, &facts).await?;
        let cases = store::cases_of(db, tip.id).await?;
        let first = match tip.duplicate_of {
            Some(first) => store::tip(db, first).await?,
            None => None,
        };
        let duplicate_of = in_sight(db, staff, first.into_iter().collect()).await?.pop();
        let duplicates = in_sight(db, staff, store::duplicates_of(db, tip.id).await?).await?;
        let shared_with = custody::store::shares_of(db, tip.id).await?;
        let readers = custody::store::readers_of(db, tip.id).await?;
        let officers = tip
            .assignee_id
            .into_iter()
            .chain(messages.iter().filter_map(|message| message.officer_id))
            .chain(notes.iter().map(|note| note.officer_id))
            .chain(history.iter().filter_map(|row| row.officer_id))
            .chain(readers.iter().map(|reader| reader.officer_id))
            .chain(facts.iter().flat_map(valuations::officers_of));
        let names = Names::load(db, officers.collect()).await?;
        Ok(Self {
            cases: cases
                .into_iter()
                .map(|case| CaseRef { id: case.id, number: case.number, state: case.status })
                .collect(),
            shared_with: shared_with.into_iter().map(|share| share.office_id).collect(),
            readers: readers.into_iter().map(|reader| reader.officer_id).collect(),
            duplicates,
            thread_open: store::has_receipt(db, tip.id).await?,
            messages,
            notes,
            history,
            valuations: facts,
            duplicate_of,
            names,
        })
    }
}

/// What was done to the tip and to what was attested of it; within a day, reporters' acts (which have no time) first.
async fn history(
    db: &impl ConnectionTrait,
    tip: TipId,
    facts: &[rows::Model],
) -> Result<Vec<audit_rows::Model>, DbErr> {
    let mut rows = audit::store::of_object(db, Object::Tip(tip)).await?;
    for fact in facts {
        rows.extend(audit::store::of_object(db, Object::Valuation(fact.id)).await?);
    }
    rows.sort_by_key(|row| (row.on_day, row.at, row.id));
    Ok(rows)
}

/// Those of some tips that are there for the officer: a duplicate may have gone elsewhere since.
async fn in_sight(db: &impl ConnectionTrait, staff: &Staff, tips: Vec<tips::Model>) -> Result<Vec<TipRef>, DbErr> {
    let mut seen = Vec::new();
    for tip in tips {
        if custody::sight(db, staff, &tip).await?.is_some() {
            seen.push(TipRef { id: tip.id, number: tip.number });
        }
    }
    Ok(seen)
}

impl TipView {
    pub(super) fn open(staff: &Staff, opened: &Opened, parts: Parts) -> Result<Self, DbErr> {
        let (tip, keys) = (opened.tip.clone(), &opened.keys);
        // Who an identified reporter is, is for the office that works the tip.
        let informed = matches!(opened.sight, Sight::Informed(_));
        let content: Content = keys.open_content(&tip.sealed)?;
        let contact =
            tip.contact_sealed.as_deref().filter(|_| !informed).map(|sealed| keys.open_contact(sealed)).transpose()?;
        let names = &parts.names;
        let notes = parts.notes.iter().map(|row| note(row, keys, names)).collect::<Result<Vec<NoteView>, DbErr>>()?;
        Ok(Self {
            allowed: if informed { Vec::new() } else { allowed(staff, &tip, &parts) },
            readers: parts.readers.iter().map(|id| names.of(*id)).collect(),
            shared_with: parts.shared_with,
            informed,
            grade: notes.iter().rev().find_map(|note| note.grade.clone()).unwrap_or_default(),
            messages: parts.messages.iter().map(|row| message(row, keys, names)).collect::<Result<_, _>>()?,
            valuations: parts.valuations.iter().map(|row| valuation(row, keys, names)).collect::<Result<_, _>>()?,
            history: parts.history.iter().map(|row| act(row, names)).collect(),
            assignee: tip.assignee_id.map(|id| names.of(id)),
            unit: tip.unit_code.zip(tip.unit_valid_from).map(|(code, valid_from)| UnitKey { code, valid_from }),
            id: tip.id,
            number: tip.number,
            office: tip.office_id,
            state: tip.status,
            version: tip.version,
            category: tip.category,
            channel: tip.channel,
            mode: tip.mode,
            priority: tip.priority,
            received_on: tip.received_on,
            arrived_at: content.arrived_at,
            unread: tip.unread,
            thread_open: parts.thread_open,
            narrative: content.narrative,
            place: content.place,
            occurred_on: content.occurred_on,
            happening_now: content.happening_now,
            language: content.language,
            contact,
            duplicate_of: parts.duplicate_of,
            duplicates: parts.duplicates,
            notes,
            cases: parts.cases,
        })
    }
}

fn message(row: &messages::Model, keys: &TipKeys, names: &Names) -> Result<MessageView, DbErr> {
    Ok(MessageView {
        id: row.id,
        from: row.sender,
        kind: row.kind,
        text: keys.thread().open_message(row.id, &row.sealed)?,
        on: row.sent_on,
        officer: row.officer_id.map(|id| names.of(id)),
    })
}

fn note(row: &notes::Model, keys: &TipKeys, names: &Names) -> Result<NoteView, DbErr> {
    let text = keys.open_note(row.id, &row.sealed)?;
    let grade: Option<Grade> = match row.kind {
        NoteKind::Grade => serde_json::from_str(&text).ok(),
        NoteKind::Note | NoteKind::Reason => None,
    };
    Ok(NoteView {
        id: row.id,
        kind: row.kind,
        act: row.act.clone(),
        text: grade.as_ref().map_or(text, |grade| grade.reason.clone().unwrap_or_default()),
        grade,
        officer: names.of(row.officer_id),
        at: row.written_at,
    })
}

fn act(row: &audit_rows::Model, names: &Names) -> Act {
    Act {
        act: row.act.clone(),
        actor: row.actor,
        officer: row.officer_id.map(|id| names.of(id)),
        on: row.on_day,
        at: row.at,
    }
}

fn valuation(row: &rows::Model, keys: &TipKeys, names: &Names) -> Result<ValuationView, DbErr> {
    let revoked = row.revoke_sealed.as_deref().map(|sealed| keys.open_revocation(row.id, sealed)).transpose()?;
    Ok(ValuationView {
        id: row.id,
        state: row.state,
        outcome: row.outcome_id,
        decided_on: row.decided_on,
        identified: row.identified,
        reason: keys.open_attestation(row.id, &row.attest_sealed)?,
        attested_by: names.of(row.attested_by),
        attested_at: row.attested_at,
        confirmed_by: row.confirmed_by.map(|id| names.of(id)),
        confirmed_at: row.confirmed_at,
        revoked_by: row.revoked_by.map(|id| names.of(id)),
        revoked_at: row.revoked_at,
        revoke_reason: revoked,
    })
}

/// The verbs that make sense now: allowed by the state, and to this officer.
fn allowed(staff: &Staff, tip: &tips::Model, parts: &Parts) -> Vec<&'static str> {
    let (thread_open, restricted) = (parts.thread_open, !parts.readers.is_empty());
    let from = State::from_row(tip.status, tip.asked_from);
    let may = |permission| staff.may_in(tip.office_id, permission);
    let right = |event: Event| match event {
        Event::Ask | Event::OpenCase | Event::LinkCase => Permission::Work,
        Event::Screen
        | Event::Accept
        | Event::Answer
        | Event::Refer
        | Event::MarkDuplicate
        | Event::Dismiss(_)
        | Event::RecordOutcome
        | Event::CloseCases
        | Event::ReopenCase
        | Event::Reopen
        | Event::Transfer => Permission::Screen,
    };
    let possible = |(_, event): &&(&'static str, Event)| {
        state::next(from, *event).is_ok() && may(right(*event)) && (*event != Event::Ask || thread_open)
    };
    let mut verbs: Vec<&'static str> = Event::VERBS.iter().filter(possible).map(|(verb, _)| *verb).collect();
    if may(Permission::Screen) {
        verbs.extend(if restricted { ["restrict", "lift-restriction"] } else { ["restrict", "share"] });
        verbs.extend((!restricted && !parts.shared_with.is_empty()).then_some("unshare"));
        verbs.push("concern");
    }
    if may(Permission::Work) {
        verbs.extend(thread_open.then_some("reply"));
        verbs.extend(["note", "grade", "assign"]);
    }
    if may(Permission::Investigate) && from.may_be_valued() {
        verbs.push("attest-value");
    }
    verbs
}
