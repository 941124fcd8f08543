//! Facts that are alike, added up: kept beside them in the same transaction, and recountable from them.
//!
//! A slice keeps apart what one kind of question asks for and nothing else; what it does not keep apart is empty.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::OfficeId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub slice: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// First day of the half month (1st or 15th) in which the facts count.
    #[sea_orm(primary_key, auto_increment = false)]
    pub effective: NaiveDate,
    /// First day of the half month in which they became known.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recorded: NaiveDate,
    #[sea_orm(primary_key, auto_increment = false)]
    pub office_id: OfficeId,
    /// `code@valid_from`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    /// `channel/mode`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub detail: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub amount_unit: String,
    /// -1: none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub days: i32,
    /// 0: none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule: i32,
    /// How many facts.
    pub facts: i64,
    /// The sum of their amounts, in thousandths.
    pub amount_milli: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
