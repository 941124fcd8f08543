use entity::{cases, enums::CaseStatus, ids::CaseId};
use sea_orm::Set;
use vault::secret::Secret;

use super::{
    CaseError, ChangedCase,
    access::{open_for, reread},
    sealed::Note,
    state::{self, Event},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::FieldFault,
    staff::{Permission, Staff},
    statistics::ledger,
    tips::{self, Edit, MAX_TEXT, TEXT, text_fault},
};

/// Ends a case. A tip whose last open case this was is closed with it.
pub async fn close(
    app: &App,
    staff: &Staff,
    id: CaseId,
    expected: Edit,
    note: Option<Secret<String>>,
) -> Result<ChangedCase, CaseError> {
    let text = note.as_ref().map(|note| note.expose().as_str());
    let fault = text.and_then(|text| text_fault(text, MAX_TEXT, TEXT)).map(|code| FieldFault::new("note", code));
    let step = Step { event: Event::Close, tips: tips::state::Event::CloseCases, act: "CaseClosed", verb: "close" };
    take(app, staff, id, expected, step, text, fault).await
}

/// A move of a case, and what it is called by whom.
pub(super) struct Step {
    pub event: Event,
    /// How its tips follow.
    pub tips: tips::state::Event,
    pub act: &'static str,
    pub verb: &'static str,
}

/// Moves a case, keeps what was said about it, and takes its tips along. A wrong field is told after the right was
/// asked for.
pub(super) async fn take(
    app: &App,
    staff: &Staff,
    id: CaseId,
    expected: Edit,
    step: Step,
    text: Option<&str>,
    fault: Option<FieldFault>,
) -> Result<ChangedCase, CaseError> {
    let opened = open_for(app, staff, id, Permission::Investigate).await?;
    if let Some(fault) = fault {
        return Err(CaseError::Fields(vec![fault]));
    }
    app.db
        .write(async |txn| {
            let case = reread(txn, id, expected).await?;
            let status = state::next(case.status, step.event)?;
            let (now, version) = (app.clock.now(), case.version + 1);
            let mut changes = cases::ActiveModel {
                status: Set(status),
                closed_at: Set((status == CaseStatus::Closed).then_some(now)),
                version: Set(version),
                ..Default::default()
            };
            if let Some(text) = text {
                let mut content = opened.key.open_content(&case.sealed)?;
                content.notes.push(Note {
                    act: step.verb.to_owned(),
                    text: text.to_owned(),
                    officer: staff.id,
                    at: now,
                });
                changes.sealed = Set(opened.key.seal_content(&content, &app.chance));
            }
            if !store::update_if_version(txn, id, case.version, changes).await? {
                return Err(CaseError::ConcurrentChange);
            }
            let facts = tips::follow_case(txn, app, staff, id, step.tips).await?;
            ledger::record(txn, app, facts).await?;
            audit::record_officer(txn, app, staff, Some(case.office_id), step.act, Object::Case(id)).await?;
            Ok(ChangedCase { id, number: case.number, status, version })
        })
        .await
}
