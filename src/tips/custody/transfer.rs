use entity::{
    enums::NoteKind,
    ids::{NoteId, OfficeId, TipId},
    tips,
};
use sea_orm::{DatabaseTransaction, Set};
use vault::secret::Secret;

use super::{
    CustodyError,
    office::{begin, check_reason, desk, informed, other_than},
    reseal::{Holders, reseal},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
    statistics::ledger,
    tips::{
        Edit, Opened,
        access::{moved, open_for, swap},
        say::insert_note,
        state::Event,
        store as rows,
    },
    units::Desk,
};

/// Hands a tip to another office, which judges it anew: sealed afresh to that office and to the reporter, and gone
/// for the office that had it. Who has it for information keeps it; identity shares are untouched.
///
/// Before a case only: what an office has made its own case, it brings to an end or refers.
pub async fn transfer(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    to: OfficeId,
    reason: Secret<String>,
) -> Result<(), CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    check_reason(reason.expose())?;
    app.db
        .write(async |txn| {
            let tip = begin(txn, staff, &opened, expected).await?;
            other_than(&tip, to)?;
            let desk = desk(txn, app, id, to).await?;
            note_reason(txn, app, staff, &opened, "transfer", &reason).await?;
            hand_over(txn, app, staff, (&opened, &tip), desk, "TipTransferred").await
        })
        .await
}

/// Keeps a reason with the tip.
pub(super) async fn note_reason(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    opened: &Opened,
    verb: &'static str,
    reason: &Secret<String>,
) -> Result<(), CustodyError> {
    let note = NoteId::from(app.chance.uuid());
    let sealed = opened.keys.seal_note(note, reason.expose(), &app.chance);
    Ok(insert_note(txn, app, staff, opened.tip.id, note, (NoteKind::Reason, verb), sealed).await?)
}

/// Moves a tip to a desk in the caller's transaction: state, key, rows, ledger and record.
pub(super) async fn hand_over(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    (opened, tip): (&Opened, &tips::Model),
    to: Desk,
    act: &'static str,
) -> Result<(), CustodyError> {
    if !rows::cases_of(txn, tip.id).await?.is_empty() {
        return Err(CustodyError::HasCase);
    }
    let state = moved(tip, Event::Transfer)?;
    let office = to.office;
    store::delete_shares(txn, tip.id, &[office]).await?;
    store::delete_readers(txn, tip.id).await?;
    let holders = Holders::desks(to, informed(txn, tip.id, &[]).await?);
    let changes = reseal(txn, app, tip, &opened.keys, &holders).await?;
    let changes = tips::ActiveModel {
        office_id: Set(office),
        assignee_id: Set(None),
        status: state.status,
        asked_from: state.asked_from,
        ..changes
    };
    swap(txn, tip, changes).await?;
    ledger::record(txn, app, ledger::handed_over(app, tip, office).into()).await?;
    audit::record_officer(txn, app, staff, Some(tip.office_id), act, Object::Tip(tip.id)).await?;
    let here = rows::tip(txn, tip.id).await?.ok_or(crate::tips::MoveError::NoSuchTip)?;
    Ok(audit::record_sealed(txn, app, staff, "TipTakenOver", &here).await?)
}
