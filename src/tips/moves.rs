//! What a screener decides. Each move is on record, and its reason is sealed with the tip.

use entity::{
    enums::NoteKind,
    ids::{NoteId, TipId},
    tips,
};
use sea_orm::{DatabaseTransaction, Set};
use vault::secret::Secret;

use super::{
    Edit, MoveError,
    access::{change, find_for, moved, open_for, same_key},
    content::{LINE, MAX_LINE, MAX_TEXT, REASON, text_fault},
    say::insert_note,
    state::{Dismissal, Event},
    store,
};
use crate::{
    app::App,
    platform::fault::{Code, Faults},
    staff::{Permission, Staff},
    valuations,
};

/// Takes a new tip into review.
pub async fn screen(app: &App, staff: &Staff, id: TipId, expected: Edit) -> Result<tips::Model, MoveError> {
    find_for(app, staff, id, Permission::Screen).await?;
    change(app, staff, id, expected, "TipScreened", async |_, tip| Ok(moved(tip, Event::Screen)?)).await
}

/// Accepts a tip as police work.
pub async fn accept(app: &App, staff: &Staff, id: TipId, expected: Edit) -> Result<tips::Model, MoveError> {
    find_for(app, staff, id, Permission::Screen).await?;
    change(app, staff, id, expected, "TipAccepted", async |_, tip| Ok(moved(tip, Event::Accept)?)).await
}

/// Closes a tip that is no police work: spam, a test, or somebody else's business.
pub async fn dismiss(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    why: Dismissal,
    reason: Secret<String>,
) -> Result<tips::Model, MoveError> {
    let with = Reasoned { event: Event::Dismiss(why), act: "TipDismissed", verb: "dismiss", reason: reason.expose() };
    with_reason(app, staff, id, expected, with).await
}

/// Passes a tip to another agency, outside this line.
pub async fn refer(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    to: &str,
    reason: Secret<String>,
) -> Result<tips::Model, MoveError> {
    let mut faults = Faults::default();
    for (field, fault) in
        [("to", text_fault(to, MAX_LINE, LINE)), ("reason", text_fault(reason.expose(), MAX_TEXT, REASON))]
    {
        if let Some(code) = fault {
            faults.add(field, code);
        }
    }
    faults.into_result().map_err(MoveError::Fields)?;
    let text = Secret::new(format!("{to}\n{}", reason.expose()));
    let with = Reasoned { event: Event::Refer, act: "TipReferred", verb: "refer", reason: text.expose() };
    with_reason(app, staff, id, expected, with).await
}

/// Brings a finished tip back into work.
pub async fn reopen(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    reason: Secret<String>,
) -> Result<tips::Model, MoveError> {
    let with = Reasoned { event: Event::Reopen, act: "TipReopened", verb: "reopen", reason: reason.expose() };
    with_reason(app, staff, id, expected, with).await
}

/// Folds a tip into an earlier one about the same matter: only that one can count as a source.
///
/// A repeat that brought decisive new facts is not marked; it is linked to the case beside the first.
pub async fn mark_duplicate(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    of: TipId,
    reason: Secret<String>,
) -> Result<tips::Model, MoveError> {
    let original = find_for(app, staff, of, Permission::Screen).await?;
    if original.id == id || original.duplicate_of == Some(id) {
        return Err(MoveError::field("of", Code::DuplicateOfItself));
    }
    // Always the first of them: a chain of duplicates would hide which one counts.
    let first = original.duplicate_of.unwrap_or(original.id);
    let with = Reasoned {
        event: Event::MarkDuplicate,
        act: "TipMarkedDuplicate",
        verb: "mark-duplicate",
        reason: reason.expose(),
    };
    reasoned(app, staff, id, expected, with, Some(first)).await
}

struct Reasoned<'a> {
    event: Event,
    act: &'static str,
    verb: &'static str,
    reason: &'a str,
}

async fn with_reason(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    with: Reasoned<'_>,
) -> Result<tips::Model, MoveError> {
    reasoned(app, staff, id, expected, with, None).await
}

async fn reasoned(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    with: Reasoned<'_>,
    duplicate_of: Option<TipId>,
) -> Result<tips::Model, MoveError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    let mut faults = Faults::default();
    if let Some(code) = text_fault(with.reason, MAX_TEXT, REASON) {
        faults.add("reason", code);
    }
    faults.into_result().map_err(MoveError::Fields)?;
    let note = NoteId::from(app.chance.uuid());
    let sealed = opened.keys.seal_note(note, with.reason, &app.chance);
    change(app, staff, id, expected, with.act, async |txn, tip| {
        same_key(&opened, tip)?;
        let mut changes = moved(tip, with.event)?;
        if matches!(with.event, Event::MarkDuplicate | Event::Refer | Event::Dismiss(_)) {
            refuse_if_valued(txn, id).await?;
        }
        changes.duplicate_of = Set(duplicate_of);
        if let Some(first) = duplicate_of {
            refuse_unless_first(txn, first).await?;
            store::repoint_duplicates(txn, id, duplicate_of).await?;
        }
        insert_note(txn, app, staff, id, note, (NoteKind::Reason, with.verb), sealed).await?;
        Ok(changes)
    })
    .await
}

/// Somebody may have marked it meanwhile: two tips that are duplicates of each other would both leave the count.
async fn refuse_unless_first(txn: &DatabaseTransaction, id: TipId) -> Result<(), MoveError> {
    match store::second_tip_to_change(txn, id).await? {
        Some(tip) if tip.duplicate_of.is_none() => Ok(()),
        Some(_) | None => Err(MoveError::ConcurrentChange),
    }
}

/// A source that counts must not leave the count by a side door: revoking is a decision of its own.
async fn refuse_if_valued(txn: &DatabaseTransaction, id: TipId) -> Result<(), MoveError> {
    match valuations::store::live_of_tip(txn, id).await? {
        Some(_) => Err(MoveError::HasLiveValuation),
        None => Ok(()),
    }
}
