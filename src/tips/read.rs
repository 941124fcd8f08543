use entity::ids::TipId;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    MoveError, Opened, Sight,
    access::open_for,
    compose::Parts,
    fast_wraps::{self, FastWrap},
    store,
    view::TipView,
};
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
    let Some(keyring) = &opened.keyring else { return Ok(()) };
    if store::has_fast_wrap(txn, tip.id, keyring.office).await? {
        return Ok(());
    }
    let wrap = FastWrap::of(tip.id, &tip.sealed, &opened.keys, keyring, &app.chance);
    fast_wraps::leave(txn, app, wrap.as_slice()).await
}
