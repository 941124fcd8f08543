use entity::{
    enums::WrapHolder,
    ids::{OfficeId, TipId},
};
use sea_orm::{DatabaseTransaction, DbErr};

use super::store;
use crate::{
    app::App,
    cases,
    staff::{Permission, Staff},
    tips::{open_tip_keys, store as rows, submit::wrap_row},
    units::{self, Keyring, OpenKeysError},
};

/// Tips that one call moves. Each takes half a millisecond, and the transaction holds their rows meanwhile.
const BATCH: u64 = 50;

/// How far an office's open tips and cases have come to its newest epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub epoch: i32,
    /// Open tips and cases that are still under an older epoch.
    pub waiting: u64,
    /// Open tips that are under the newest.
    pub done: u64,
}

/// Moves some of an office's open tips and cases to its newest epoch with this member's key, and tells how many are
/// left: call again until none are. Whatever breaks off in between is taken up by the next call, of any member.
///
/// The server has no key to do it by itself; that is why members' sessions carry it, a batch at each log-in.
pub async fn rewrap(app: &App, staff: &Staff, office: OfficeId) -> Result<Progress, OpenKeysError> {
    staff.must_in(office, Permission::ReadTips)?;
    let keyring = units::open_keys(app.db.read(), staff, office).await?;
    let epoch = units::present_epoch(app.db.read(), &keyring).await?.ok_or(OpenKeysError::NoKey)?;
    app.db.write(async |txn| units::link_epochs(txn, app, &keyring).await).await?;
    let mut after = None;
    loop {
        let batch = store::waiting(app.db.read(), office, epoch, after, BATCH).await?;
        let moved = app.db.write(async |txn| move_tips(txn, app, &keyring, epoch, &batch).await).await?;
        after = batch.last().copied();
        // Tips that somebody else is changing, or that are damaged, must not keep those behind them waiting.
        if moved > 0 || (batch.len() as u64) < BATCH {
            break;
        }
    }
    app.db.write(async |txn| cases::rewrap_in(txn, app, &keyring, epoch, BATCH).await).await?;
    progress(app, office, epoch).await.map_err(Into::into)
}

/// Tells how far it has come; opens nothing.
pub async fn rewrap_progress(app: &App, staff: &Staff, office: OfficeId) -> Result<Progress, OpenKeysError> {
    staff.must_in(office, Permission::ReadTips)?;
    let key = units::store::current_key(app.db.read(), office).await?.ok_or(OpenKeysError::NoKey)?;
    progress(app, office, key.epoch).await.map_err(Into::into)
}

async fn progress(app: &App, office: OfficeId, epoch: i32) -> Result<Progress, DbErr> {
    let db = app.db.read();
    let cases = cases::store::count_outdated(db, office, epoch).await?;
    let waiting = store::count_waiting(db, office, epoch).await? + cases;
    Ok(Progress { epoch, waiting, done: store::count_done(db, office, epoch).await? })
}

/// One batch for each of the officer's offices that has some left; none opens a key for nothing.
pub(crate) async fn rewrap_some(app: &App, staff: &Staff) -> Result<(), OpenKeysError> {
    if staff.must(Permission::ReadTips).is_err() {
        return Ok(());
    }
    for office in staff.offices(Permission::ReadTips) {
        let Some(key) = units::store::current_key(app.db.read(), office).await? else { continue };
        if key.epoch == 1 || !has_some(app, office, key.epoch).await? {
            continue;
        }
        match rewrap(app, staff, office).await {
            Ok(_) | Err(OpenKeysError::NoKey) => (),
            Err(error @ (OpenKeysError::Refused(_) | OpenKeysError::Store(_))) => return Err(error),
        }
    }
    Ok(())
}

async fn has_some(app: &App, office: OfficeId, epoch: i32) -> Result<bool, DbErr> {
    let db = app.db.read();
    Ok(!store::waiting(db, office, epoch, None, 1).await?.is_empty()
        || cases::store::count_outdated(db, office, epoch).await? > 0)
}

async fn move_tips(
    txn: &DatabaseTransaction,
    app: &App,
    keyring: &Keyring,
    epoch: i32,
    batch: &[TipId],
) -> Result<u64, DbErr> {
    let mut moved = 0;
    for tip in batch {
        moved += u64::from(move_tip(txn, app, keyring, epoch, *tip).await?);
    }
    Ok(moved)
}

/// Seals a tip's key to the newest epoch, both ways, and takes the older wraps away. The tip itself does not change.
async fn move_tip(
    txn: &DatabaseTransaction,
    app: &App,
    keyring: &Keyring,
    epoch: i32,
    tip: TipId,
) -> Result<bool, DbErr> {
    let Some(newest) = keyring.epoch(epoch) else { return Ok(false) };
    if rows::second_tip_to_change(txn, tip).await?.is_none() {
        return Ok(false);
    }
    let wraps = rows::wraps_of(txn, tip).await?;
    // Damaged, or taken from this office meanwhile: who opens it by itself is told.
    let Ok(Some(keys)) = open_tip_keys(keyring, tip, &wraps) else { return Ok(false) };
    let office = keyring.office;
    store::delete_office_wraps(txn, tip, office).await?;
    let sealed = keys.wrap_to_office(office, epoch, &newest.private.public(), &app.chance);
    let fast = keys.wrap_fast(office, &newest.symmetric, &app.chance);
    let wraps = vec![
        wrap_row(app, tip, WrapHolder::Office, office.into(), epoch, sealed),
        wrap_row(app, tip, WrapHolder::OfficeFast, office.into(), epoch, fast),
    ];
    store::insert_wraps(txn, wraps).await?;
    Ok(true)
}
