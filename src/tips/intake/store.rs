//! Every query of storing tips.

use std::collections::HashSet;

use entity::{receipts, tip_wraps, tips};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::platform::insert::Insert;

/// What stores tips with their keys and their reporters' ways back. Nothing is asked back: the words would come with it.
pub fn inserts(
    tips: impl IntoIterator<Item = tips::ActiveModel>,
    wraps: impl IntoIterator<Item = tip_wraps::ActiveModel>,
    receipts: impl IntoIterator<Item = receipts::ActiveModel>,
) -> [Insert; 3] {
    [Insert::of(tips), Insert::of(wraps), Insert::of(receipts)]
}

/// Those of some hashes that lead to a tip already.
pub async fn hashes_taken(txn: &impl ConnectionTrait, hashes: Vec<Vec<u8>>) -> Result<HashSet<Vec<u8>>, DbErr> {
    use receipts::Column as C;
    let taken = receipts::Entity::find().filter(C::LookupHash.is_in(hashes)).select_only().column(C::LookupHash);
    let taken: Vec<Vec<u8>> = taken.into_tuple().all(txn).await?;
    Ok(taken.into_iter().collect())
}
