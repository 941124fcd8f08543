//! Offices that a tip may go to, and the way in which each verb here begins.

use entity::{
    ids::{OfficeId, TipId},
    tips,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{CustodyError, store};
use crate::{
    app::App,
    reference::holds_on,
    staff::Staff,
    tips::{
        Edit, MoveError, Opened,
        access::{reread, same_key},
        content::{MAX_TEXT, REASON, text_fault},
    },
    units::{self, Desk},
};

/// An office of today that a tip can be sealed to and is not about.
pub(super) async fn desk(
    db: &impl ConnectionTrait,
    app: &App,
    tip: TipId,
    office: OfficeId,
) -> Result<Desk, CustodyError> {
    let (row, today) = (units::store::office(db, office).await?, app.clock.today());
    let here = row.filter(|row| holds_on(row.valid_from, row.valid_to, today));
    here.ok_or(CustodyError::UnknownOffice)?;
    let concerned = units::with_beneath(db, &store::concerned_of(db, tip).await?).await?;
    if concerned.contains(&office) {
        return Err(CustodyError::OfficeConcerned);
    }
    units::desk_of(db, office).await?.ok_or(CustodyError::OfficeWithoutKey)
}

/// The desks of the offices that have a tip for information, but for some.
pub(super) async fn informed(
    db: &impl ConnectionTrait,
    tip: TipId,
    but: &[OfficeId],
) -> Result<Vec<Desk>, CustodyError> {
    let mut desks = Vec::new();
    for share in store::shares_of(db, tip).await?.iter().filter(|share| !but.contains(&share.office_id)) {
        desks.extend(units::desk_of(db, share.office_id).await?);
    }
    Ok(desks)
}

/// Reads the tip afresh and makes sure that it is still under the key that was opened.
pub(super) async fn begin(
    txn: &DatabaseTransaction,
    staff: &Staff,
    opened: &Opened,
    expected: Edit,
) -> Result<tips::Model, CustodyError> {
    let tip = reread(txn, staff, opened.tip.id, expected).await?;
    same_key(opened, &tip)?;
    Ok(tip)
}

/// A reason has to be there; it is sealed with the tip.
pub(super) fn check_reason(reason: &str) -> Result<(), MoveError> {
    match text_fault(reason, MAX_TEXT, REASON) {
        Some(code) => Err(MoveError::field("reason", code)),
        None => Ok(()),
    }
}

/// Unknown offices are told as such before anything is opened.
pub(super) fn other_than(tip: &tips::Model, office: OfficeId) -> Result<(), CustodyError> {
    if tip.office_id == office { Err(CustodyError::SameOffice) } else { Ok(()) }
}
