use entity::{enums::WrapHolder, ids::TipId};
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    MoveError, Opened, Sight,
    access::{open_for, same_key},
    compose::Parts,
    store,
    submit::wrap_row,
    view::TipView,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Fault, Public, store_code},
    staff::{Permission, Staff},
    units::{self, Keyring},
};

#[derive(Debug, thiserror::Error)]
pub enum ReadTipError {
    #[error(transparent)]
    Open(#[from] MoveError),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ReadTipError {
    fn public(&self) -> Public {
        match self {
            Self::Open(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Opens a tip for an officer: its words, its thread, its notes and its history.
///
/// Each reading is on record before a word is shown, for the office through which it was read. What was unread counts
/// as read when the office that works it read it; an office's first opening leaves a wrap of the tip's key that opens
/// a hundred times faster.
pub async fn read(app: &App, staff: &Staff, id: TipId) -> Result<TipView, ReadTipError> {
    let opened = open_for(app, staff, id, Permission::ReadTips).await?;
    app.db.write(async |txn| leave_traces(txn, app, staff, &opened).await).await?;
    let parts = app.db.snapshot(async |txn| Parts::load(txn, staff, &opened.tip).await).await?;
    Ok(TipView::open(staff, &opened, parts)?)
}

async fn leave_traces(txn: &DatabaseTransaction, app: &App, staff: &Staff, opened: &Opened) -> Result<(), DbErr> {
    let tip = &opened.tip;
    let (office, works_it) = match opened.sight {
        Sight::Handling | Sight::Named => (tip.office_id, true),
        Sight::Informed(office) => (office, false),
    };
    audit::record_officer(txn, app, staff, Some(office), "TipRead", Object::Tip(tip.id)).await?;
    if works_it && tip.unread > 0 {
        // A message that came since may be missing from this view: then all stays unread.
        store::mark_read(txn, tip.id, tip.version).await?;
    }
    match &opened.keyring {
        Some(keyring) => leave_fast_wrap(txn, app, opened, keyring).await,
        None => Ok(()),
    }
}

async fn leave_fast_wrap(
    txn: &DatabaseTransaction,
    app: &App,
    opened: &Opened,
    keyring: &Keyring,
) -> Result<(), DbErr> {
    let (tip, office) = (opened.tip.id, keyring.office);
    let Some((epoch, keys)) = keyring.newest() else { return Ok(()) };
    if store::has_fast_wrap(txn, tip, office).await? {
        return Ok(());
    }
    // The lock first: of two officers who open a tip at once, one leaves the wrap; and none of a key that is gone.
    let current = store::tip_to_change(txn, tip).await?;
    let same = current.is_some_and(|tip| same_key(opened, &tip).is_ok());
    let present = units::store::current_key(txn, office).await?.is_some_and(|key| key.epoch == epoch);
    let held = store::holds_wrap(txn, tip, office).await?;
    if !same || !present || !held || store::has_fast_wrap(txn, tip, office).await? {
        return Ok(());
    }
    let wrap = opened.keys.wrap_fast(office, &keys.symmetric, &app.chance);
    store::insert_wrap(txn, wrap_row(app, tip, WrapHolder::OfficeFast, office.into(), epoch, wrap)).await
}
