//! Second wraps of tips' keys, by the office's symmetric key: who opened a tip once leaves one, and from then on the
//! office opens it a hundred times faster. They say nothing that the first wraps don't.

use std::collections::{HashMap, hash_map::Entry};

use entity::{
    enums::WrapHolder,
    ids::{OfficeId, TipId},
};
use sea_orm::{DatabaseTransaction, DbErr};
use vault::chance::Chance;

use super::{TipKeys, custody, store, submit::wrap_row};
use crate::{
    app::App,
    units::{self, Keyring},
};

/// A wrap to leave, and of what it was made.
pub(super) struct FastWrap {
    tip: TipId,
    /// The tip's sealed words: they are sealed anew with every key, and never otherwise.
    sealed: Vec<u8>,
    office: OfficeId,
    epoch: i32,
    wrap: Vec<u8>,
}

impl FastWrap {
    /// None: the keyring is empty.
    pub fn of(tip: TipId, sealed: &[u8], keys: &TipKeys, keyring: &Keyring, chance: &Chance) -> Option<Self> {
        let (epoch, newest) = keyring.newest()?;
        let office = keyring.office;
        let wrap = keys.wrap_fast(office, &newest.symmetric, chance);
        Some(Self { tip, sealed: sealed.to_vec(), office, epoch, wrap })
    }
}

/// Leaves those wraps that are still true: of a tip that has the same key, for an office that holds it and has the same
/// epoch. A tip that somebody is changing gets none; its next reader leaves one.
pub(super) async fn leave(txn: &DatabaseTransaction, app: &App, wraps: &[FastWrap]) -> Result<(), DbErr> {
    let ids: Vec<TipId> = wraps.iter().map(|wrap| wrap.tip).collect();
    // The locks first: of two officers who open a tip at once, one leaves the wrap; and none of a key that is gone.
    let locked = store::unhurried_tips_to_change(txn, ids.clone()).await?;
    let locked: HashMap<TipId, Vec<u8>> = locked.into_iter().map(|tip| (tip.id, tip.sealed)).collect();
    let held = store::wraps_held(txn, ids, &[WrapHolder::Office, WrapHolder::OfficeFast]).await?;
    let has = |wrap: &FastWrap, holder: WrapHolder| {
        let office = uuid::Uuid::from(wrap.office);
        held.iter().any(|held| held.tip_id == wrap.tip && held.holder == holder && held.holder_id == office)
    };
    let (mut epochs, mut rows) = (HashMap::new(), Vec::new());
    for wrap in wraps {
        if let Entry::Vacant(unknown) = epochs.entry(wrap.office) {
            unknown.insert(units::store::current_key(txn, wrap.office).await?.map(|key| key.epoch));
        }
        let present = epochs.get(&wrap.office).is_some_and(|epoch| *epoch == Some(wrap.epoch));
        let same = locked.get(&wrap.tip).is_some_and(|sealed| *sealed == wrap.sealed);
        if present && same && has(wrap, WrapHolder::Office) && !has(wrap, WrapHolder::OfficeFast) {
            let (office, sealed) = (wrap.office.into(), wrap.wrap.clone());
            rows.push(wrap_row(app, wrap.tip, WrapHolder::OfficeFast, office, wrap.epoch, sealed));
        }
    }
    if rows.is_empty() { Ok(()) } else { custody::store::insert_wraps(txn, rows).await }
}
