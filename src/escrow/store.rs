use entity::{
    escrows,
    ids::{OfficeId, OfficeKeyId, OfficerId},
    office_key_wraps, office_keys,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Keys of an office that lie on paper.
pub async fn of_keys(db: &impl ConnectionTrait, keys: Vec<OfficeKeyId>) -> Result<Vec<escrows::Model>, DbErr> {
    escrows::Entity::find().filter(escrows::Column::OfficeKeyId.is_in(keys)).all(db).await
}

/// All epochs of an office, oldest first.
pub async fn keys_of_office(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<office_keys::Model>, DbErr> {
    office_keys::Entity::find()
        .filter(office_keys::Column::OfficeId.eq(office))
        .order_by_asc(office_keys::Column::Epoch)
        .all(db)
        .await
}

/// Puts a key under escrow; what was printed for it before opens no more.
pub async fn replace(txn: &impl ConnectionTrait, key: OfficeKeyId, row: escrows::ActiveModel) -> Result<(), DbErr> {
    escrows::Entity::delete_many().filter(escrows::Column::OfficeKeyId.eq(key)).exec(txn).await?;
    row.insert(txn).await.map(|_| ())
}

/// Takes away an officer's copy of a key, which is about to be made anew.
pub async fn delete_wrap(txn: &impl ConnectionTrait, key: OfficeKeyId, officer: OfficerId) -> Result<(), DbErr> {
    office_key_wraps::Entity::delete_many()
        .filter(office_key_wraps::Column::OfficeKeyId.eq(key))
        .filter(office_key_wraps::Column::OfficerId.eq(officer))
        .exec(txn)
        .await
        .map(|_| ())
}
