use entity::{enums::WrapHolder, ids::TipId};
use sea_orm::{DatabaseTransaction, DbErr};

use super::{MoveError, Opened, compose::Parts, open_for, store, submit::wrap_row, view::TipView};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Fault, Public, store_code},
    staff::{Permission, Staff},
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
/// Each reading is on record before a word is shown. What was unread counts as read; the first opening leaves a
/// wrap of the tip's key that opens a hundred times faster.
pub async fn read(app: &App, staff: &Staff, id: TipId) -> Result<TipView, ReadTipError> {
    let opened = open_for(app, staff, id, Permission::ReadTips).await?;
    app.db.write(async |txn| leave_traces(txn, app, staff, &opened).await).await?;
    let parts = app.db.snapshot(async |txn| Parts::load(txn, &opened.tip).await).await?;
    Ok(TipView::open(staff, opened.tip, &opened.keys, parts)?)
}

async fn leave_traces(txn: &DatabaseTransaction, app: &App, staff: &Staff, opened: &Opened) -> Result<(), DbErr> {
    let tip = &opened.tip;
    audit::record_officer(txn, app, staff, Some(tip.office_id), "TipRead", Object::Tip(tip.id)).await?;
    if tip.unread > 0 {
        // A message that came since may be missing from this view: then all stays unread.
        store::mark_read(txn, tip.id, tip.version).await?;
    }
    if !opened.fast {
        leave_fast_wrap(txn, app, opened).await?;
    }
    Ok(())
}

async fn leave_fast_wrap(txn: &DatabaseTransaction, app: &App, opened: &Opened) -> Result<(), DbErr> {
    let (tip, office) = (opened.tip.id, opened.tip.office_id);
    let Some((epoch, keys)) = opened.keyring.newest() else { return Ok(()) };
    // The lock first: of two officers who open a tip at once, one leaves the wrap.
    let current = store::tip_to_change(txn, tip).await?;
    let here = current.is_some_and(|tip| tip.office_id == office);
    if !here || store::has_fast_wrap(txn, tip, office).await? {
        return Ok(());
    }
    let wrap = opened.keys.wrap_fast(office, &keys.symmetric, &app.chance);
    store::insert_wrap(txn, wrap_row(app, tip, WrapHolder::OfficeFast, office.into(), epoch, wrap)).await
}
