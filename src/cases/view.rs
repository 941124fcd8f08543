//! A case as an officer sees it, opened.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    cases,
    enums::{CaseStatus, TipStatus},
    ids::{CaseId, OfficeId, OfficerId, TipId},
    outcomes as outcome_rows, valuations as facts, yields,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    CaseKey,
    sealed::{Content, Note},
    state::{self, Event},
    store,
};
use crate::{
    outcomes::{self, OutcomeView},
    staff::{self, Permission, Staff},
    tips::{self, OfficerName},
    valuations,
};

/// All that an officer may see of a case. Neither `Debug` nor `Clone`: it is for one answer only.
pub struct CaseView {
    pub id: CaseId,
    pub number: String,
    pub title: String,
    pub status: CaseStatus,
    /// For `If-Match`.
    pub version: i32,
    pub office: OfficeId,
    pub opened_by: OfficerName,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    /// By number.
    pub tips: Vec<CaseTip>,
    /// In the order of their decisions.
    pub outcomes: Vec<OutcomeView>,
    /// Why it was closed and reopened, oldest first.
    pub notes: Vec<CaseNoteView>,
    /// The verbs that the case's state and the officer's roles allow now.
    pub allowed: Vec<&'static str>,
}

/// A tip that the case is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTip {
    pub id: TipId,
    pub number: String,
    pub state: TipStatus,
    pub category: String,
}

/// What an officer said when the case was closed or reopened.
pub struct CaseNoteView {
    /// `close` or `reopen`.
    pub act: String,
    pub text: String,
    pub officer: OfficerName,
    pub at: DateTime<Utc>,
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

/// What a view is made of besides the case's own row.
pub(super) struct Parts {
    content: Content,
    tips: Vec<store::TipLine>,
    outcomes: Vec<outcome_rows::Model>,
    yields: Vec<yields::Model>,
    valuations: Vec<facts::Model>,
    names: Names,
}

impl Parts {
    /// Restricted tips that do not name the officer are left out, with what was attested of them.
    pub async fn load(
        db: &impl ConnectionTrait,
        staff: &Staff,
        case: &cases::Model,
        key: &CaseKey,
    ) -> Result<Self, DbErr> {
        let content = key.open_content(&case.sealed)?;
        let outcomes = outcomes::store::of_case(db, case.id).await?;
        let ids = || outcomes.iter().map(|outcome| outcome.id).collect();
        let yields = outcomes::store::yields_of_outcomes(db, ids()).await?;
        let mut valuations = valuations::store::of_outcomes(db, ids()).await?;
        let mut tips = store::tips_of(db, case.id).await?;
        let all: Vec<TipId> = tips.iter().map(|tip| tip.id).chain(valuations.iter().map(|fact| fact.tip_id)).collect();
        let hidden = tips::hidden_among(db, staff, &all).await?;
        tips.retain(|tip| !hidden.contains(&tip.id));
        valuations.retain(|fact| !hidden.contains(&fact.tip_id));
        let officers = std::iter::once(case.opened_by)
            .chain(content.notes.iter().map(|note| note.officer))
            .chain(outcomes.iter().map(|outcome| outcome.recorded_by))
            .chain(valuations.iter().flat_map(valuations::officers_of));
        let names = Names::load(db, officers.collect()).await?;
        Ok(Self { tips, content, outcomes, yields, valuations, names })
    }
}

impl CaseView {
    pub(super) fn open(staff: &Staff, case: cases::Model, key: &CaseKey, parts: Parts) -> Result<Self, DbErr> {
        let name = |id| parts.names.of(id);
        let outcome = |row| OutcomeView::open(row, &parts.yields, &parts.valuations, key, &name);
        Ok(Self {
            allowed: allowed(staff, &case),
            opened_by: name(case.opened_by),
            outcomes: parts.outcomes.iter().map(outcome).collect::<Result<_, _>>()?,
            notes: parts.content.notes.into_iter().map(|note| note_view(note, &parts.names)).collect(),
            title: parts.content.title,
            tips: parts.tips.into_iter().map(tip).collect(),
            id: case.id,
            number: case.number,
            status: case.status,
            version: case.version,
            office: case.office_id,
            opened_at: case.opened_at,
            closed_at: case.closed_at,
        })
    }
}

fn tip(line: store::TipLine) -> CaseTip {
    CaseTip { id: line.id, number: line.number, state: line.status, category: line.category }
}

fn note_view(note: Note, names: &Names) -> CaseNoteView {
    CaseNoteView { act: note.act, text: note.text, officer: names.of(note.officer), at: note.at }
}

/// The verbs that make sense now: allowed by the state, and to this officer.
fn allowed(staff: &Staff, case: &cases::Model) -> Vec<&'static str> {
    let right = |event: Event| match event {
        Event::LinkTip => Permission::Work,
        Event::RecordOutcome | Event::Close | Event::Reopen => Permission::Investigate,
    };
    let possible = |(_, event): &&(&'static str, Event)| {
        state::next(case.status, *event).is_ok() && staff.may_in(case.office_id, right(*event))
    };
    Event::VERBS.iter().filter(possible).map(|(verb, _)| *verb).collect()
}
