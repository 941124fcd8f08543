use entity::{
    enums::WrapHolder,
    ids::{OfficeId, TipId, TipShareId},
    tips,
};
use sea_orm::DatabaseTransaction;

use super::{
    CustodyError,
    office::{begin, desk, informed, other_than},
    reseal::{Holders, reseal},
    store,
};
use crate::{
    app::App,
    audit,
    staff::{Permission, Staff},
    tips::{
        Edit, Opened,
        access::{open_for, swap},
        store as rows,
        submit::wrap_row,
    },
    units,
};

/// Gives a tip to another office for information: to read and no more. Whatever comes of it counts for the office
/// that works it, and for no other.
pub async fn share(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    with: OfficeId,
) -> Result<tips::Model, CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    app.db
        .write(async |txn| {
            let tip = begin(txn, staff, &opened, expected).await?;
            other_than(&tip, with)?;
            if !store::readers_of(txn, id).await?.is_empty() {
                return Err(CustodyError::Restricted);
            }
            let desk = desk(txn, app, id, with).await?;
            if store::shares_of(txn, id).await?.iter().any(|share| share.office_id == with) {
                return Err(CustodyError::AlreadyShared);
            }
            let share = TipShareId::from(app.chance.uuid());
            store::insert_share(txn, share, (id, with), staff.id, app.clock.now()).await?;
            let wrap = opened.keys.wrap_to_office(with, desk.epoch, &desk.public, &app.chance);
            let row = wrap_row(app, id, WrapHolder::Office, with.into(), desk.epoch, wrap);
            rows::insert_wrap(txn, row).await?;
            finish(txn, app, staff, &tip, tips::ActiveModel::default(), "TipShared").await
        })
        .await
}

/// Takes a tip back from an office that had it for information; what it says is sealed under a fresh key.
pub async fn unshare(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    with: OfficeId,
) -> Result<tips::Model, CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    app.db
        .write(async |txn| {
            let tip = begin(txn, staff, &opened, expected).await?;
            if store::delete_shares(txn, id, &[with]).await? == 0 {
                return Err(CustodyError::NotShared);
            }
            let changes = reseal_to_offices(txn, app, &opened, &tip).await?;
            finish(txn, app, staff, &tip, changes, "TipUnshared").await
        })
        .await
}

/// A fresh key for the office that works the tip and for those that have it for information.
pub(super) async fn reseal_to_offices(
    txn: &DatabaseTransaction,
    app: &App,
    opened: &Opened,
    tip: &tips::Model,
) -> Result<tips::ActiveModel, CustodyError> {
    let own = units::desk_of(txn, tip.office_id).await?.ok_or(CustodyError::OfficeWithoutKey)?;
    let holders = Holders::desks(own, informed(txn, tip.id, &[]).await?);
    Ok(reseal(txn, app, tip, &opened.keys, &holders).await?)
}

/// Stores what changed of the tip and puts the act on record.
pub(super) async fn finish(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    tip: &tips::Model,
    changes: tips::ActiveModel,
    act: &'static str,
) -> Result<tips::Model, CustodyError> {
    swap(txn, tip, changes).await?;
    let tip = rows::tip(txn, tip.id).await?.ok_or(crate::tips::MoveError::NoSuchTip)?;
    audit::record_sealed(txn, app, staff, act, &tip).await?;
    Ok(tip)
}
