use entity::{
    ids::{OfficeId, TipConcernId, TipId},
    tip_concerns, tips,
};
use sea_orm::DatabaseTransaction;
use vault::secret::Secret;

use super::{
    CustodyError,
    office::{begin, check_reason},
    share::{finish, reseal_to_offices},
    store,
    transfer::{hand_over, note_reason},
};
use crate::{
    app::App,
    platform::insert::insert_together,
    staff::{Permission, Staff},
    tips::{Edit, Opened, access::open_for},
    units,
};

/// Says which office a tip is about: from now on it is not there for that office, nor for any beneath it, and the
/// office above takes it over, unless the one that works it stands above already.
///
/// What members of the office concerned read before they have read; it is on record.
pub async fn concern(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    office: OfficeId,
    reason: Secret<String>,
) -> Result<(), CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    check_reason(reason.expose())?;
    app.db
        .write(async |txn| {
            let tip = begin(txn, staff, &opened, expected).await?;
            units::store::office(txn, office).await?.ok_or(CustodyError::UnknownOffice)?;
            let mut concerned = store::concerned_of(txn, id).await?;
            if !concerned.contains(&office) {
                insert_together(txn, store::concern_inserts(vec![concern_row(app, id, office)])).await?;
                concerned.push(office);
            }
            let hidden = units::with_beneath(txn, &concerned).await?;
            store::delete_shares(txn, id, &hidden).await?;
            note_reason(txn, app, staff, &opened, "concern", &reason).await?;
            settle(txn, app, staff, (&opened, &tip), &concerned).await
        })
        .await
}

/// That a tip is about an office.
pub(in crate::tips) fn concern_row(app: &App, tip_id: TipId, office_id: OfficeId) -> tip_concerns::Model {
    tip_concerns::Model { id: TipConcernId::from(app.chance.uuid()), tip_id, office_id }
}

async fn settle(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    (opened, tip): (&Opened, &tips::Model),
    concerned: &[OfficeId],
) -> Result<(), CustodyError> {
    if !units::is_above(txn, tip.office_id, concerned).await? {
        let desk = units::oversight_of(txn, concerned, app.clock.today()).await?.ok_or(CustodyError::NoOversight)?;
        if desk.office != tip.office_id {
            return hand_over(txn, app, staff, (opened, tip), desk, "TipConcernNamed").await;
        }
    }
    // It stays. By name or for the office, it was sealed to nobody concerned; those informed may have been.
    let changes = if store::readers_of(txn, tip.id).await?.is_empty() {
        reseal_to_offices(txn, app, opened, tip).await?
    } else {
        tips::ActiveModel::default()
    };
    finish(txn, app, staff, tip, changes, "TipConcernNamed").await.map(|_| ())
}
