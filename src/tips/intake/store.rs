//! Every query of storing tips.

use std::collections::HashSet;

use entity::{receipts, tip_wraps, tips};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

/// Stores tips with their keys and their reporters' ways back.
pub async fn insert_tips(
    txn: &impl ConnectionTrait,
    tips: impl IntoIterator<Item = tips::ActiveModel>,
    wraps: impl IntoIterator<Item = tip_wraps::ActiveModel>,
    receipts: impl IntoIterator<Item = receipts::ActiveModel>,
) -> Result<(), DbErr> {
    // Nothing is asked back: the words would come with it.
    tips::Entity::insert_many(tips).exec_without_returning(txn).await?;
    tip_wraps::Entity::insert_many(wraps).exec_without_returning(txn).await?;
    receipts::Entity::insert_many(receipts).exec_without_returning(txn).await.map(|_| ())
}

/// Those of some hashes that lead to a tip already.
pub async fn hashes_taken(txn: &impl ConnectionTrait, hashes: Vec<Vec<u8>>) -> Result<HashSet<Vec<u8>>, DbErr> {
    use receipts::Column as C;
    let taken = receipts::Entity::find().filter(C::LookupHash.is_in(hashes)).select_only().column(C::LookupHash);
    let taken: Vec<Vec<u8>> = taken.into_tuple().all(txn).await?;
    Ok(taken.into_iter().collect())
}
