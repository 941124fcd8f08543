//! A unit that an office covers for some time.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::{OfficeAreaId, OfficeId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "office_areas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfficeAreaId,
    pub office_id: OfficeId,
    pub unit_code: String,
    pub valid_from: NaiveDate,
    /// The last day, inclusive.
    pub valid_to: Option<NaiveDate>,
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
