use std::collections::HashMap;

use entity::ids::{OfficeId, OfficerId, TipId};
use sea_orm::{ConnectionTrait, DbErr};

use super::store;

/// What an officer who leaves leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Restricted tips that name nobody any more.
    pub with_none: u64,
    /// Restricted tips that name one officer only.
    pub with_one: u64,
}

/// Takes an officer's name off the restricted tips of an office, in the transaction that removes the officer. The
/// caller refuses when any would name nobody.
pub async fn forget_reader(txn: &impl ConnectionTrait, office: OfficeId, officer: OfficerId) -> Result<Left, DbErr> {
    let tips = store::named_tips(txn, office, officer).await?;
    store::delete_reader(txn, officer, &tips).await?;
    let mut readers: HashMap<TipId, u64> = tips.iter().map(|tip| (*tip, 0)).collect();
    for reader in store::readers_of_tips(txn, &tips).await? {
        *readers.entry(reader.tip_id).or_default() += 1;
    }
    let with = |count: u64| readers.values().filter(|readers| **readers == count).count() as u64;
    Ok(Left { with_none: with(0), with_one: with(1) })
}

/// Takes an officer whose key pair is gone off the restricted tips that name others too, in every office, and gives
/// how many name nobody else: those stay shut, and hidden, with the key that is gone.
pub async fn forget_key_of_reader(txn: &impl ConnectionTrait, officer: OfficerId) -> Result<u64, DbErr> {
    let named = store::tips_naming(txn, officer).await?;
    let mut shared: Vec<TipId> = store::readers_of_tips(txn, &named)
        .await?
        .into_iter()
        .filter(|reader| reader.officer_id != officer)
        .map(|reader| reader.tip_id)
        .collect();
    shared.sort_unstable();
    shared.dedup();
    store::delete_reader(txn, officer, &shared).await?;
    Ok((named.len() - shared.len()) as u64)
}
