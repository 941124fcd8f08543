//! Who answers for places, holds keys and has members.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::OfficeId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfficeId,
    #[sea_orm(unique)]
    pub code: String,
    /// A code of `reference::OfficeKind`.
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    pub parent_id: Option<OfficeId>,
    pub is_intake: bool,
    pub valid_from: NaiveDate,
    /// The last day, inclusive.
    pub valid_to: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
