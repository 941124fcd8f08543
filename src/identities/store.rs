use entity::{identities, identity_shares};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait};

use super::SealedIdentity;

pub async fn insert(txn: &impl ConnectionTrait, sealed: SealedIdentity) -> Result<(), DbErr> {
    let _: identities::Model = sealed.identity.insert(txn).await?;
    identity_shares::Entity::insert_many(sealed.shares).exec(txn).await.map(|_| ())
}
