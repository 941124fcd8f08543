//! One place in a table of a release. What is withheld has no value here either.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::{ReleaseCellId, ReleaseId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReleaseCellId,
    pub release_id: ReleaseId,
    pub place: i32,
    /// Code of the table; the total of the period stands in a table of its own.
    pub in_table: String,
    /// Keys of its groups, parted by a bar.
    pub keys: String,
    pub label_vi: String,
    pub label_en: String,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub axis: Option<String>,
    /// What of the axis it holds, parted by blanks.
    pub members: String,
    pub value: Option<i64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
