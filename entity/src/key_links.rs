//! The keys of an office's older epoch, sealed to a newer one: who holds the newest opens all before it.

use sea_orm::entity::prelude::*;

use crate::ids::OfficeKeyId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub older_key_id: OfficeKeyId,
    pub newer_key_id: OfficeKeyId,
    pub wrap: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
