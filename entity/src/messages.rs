//! The thread between reporter and police.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{
    enums::{MessageKind, Sender},
    ids::{MessageId, OfficerId, TipId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub tip_id: TipId,
    pub seq: i32,
    pub sender: Sender,
    pub kind: MessageKind,
    pub sent_on: NaiveDate,
    pub officer_id: Option<OfficerId>,
    pub sealed: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
