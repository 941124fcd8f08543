//! What police must see of a tip to sort it; its words are sealed. A day, never a time.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{
    enums::{Mode, TipStage, TipStatus},
    ids::{OfficeId, OfficerId, TipId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tips")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TipId,
    #[sea_orm(unique)]
    pub number: String,
    pub office_id: OfficeId,
    pub unit_code: Option<String>,
    pub unit_valid_from: Option<NaiveDate>,
    pub category: String,
    pub channel: String,
    pub mode: Mode,
    pub status: TipStatus,
    pub asked_from: Option<TipStage>,
    pub priority: i16,
    pub received_on: NaiveDate,
    pub assignee_id: Option<OfficerId>,
    pub unread: i32,
    pub message_count: i32,
    pub duplicate_of: Option<TipId>,
    pub version: i32,
    pub sealed: Vec<u8>,
    pub contact_sealed: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::offices::Entity", from = "Column::OfficeId", to = "super::offices::Column::Id")]
    Office,
}

impl Related<super::offices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Office.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
