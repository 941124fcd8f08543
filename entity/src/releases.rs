//! What the public is told of a period: frozen when it is prepared, seen by nobody outside until it is published.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    enums::ReleaseState,
    ids::{OfficerId, ReleaseId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "releases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReleaseId,
    pub measure: String,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    /// Codes of the tables that were asked for, parted by commas.
    pub tables: String,
    /// Version of the rule of counting.
    pub rule: i32,
    pub as_of: NaiveDate,
    /// The threshold that it was protected by.
    pub threshold: i32,
    pub state: ReleaseState,
    /// SHA-256 over all that is frozen, in hexadecimal.
    pub hash: String,
    /// How many releases were published when it was protected: with one more, it would have to be protected again.
    pub basis: i32,
    /// Which one it corrects.
    pub revises: Option<ReleaseId>,
    pub prepared_by: OfficerId,
    pub prepared_at: DateTime<Utc>,
    pub checked_by: Option<OfficerId>,
    pub checked_at: Option<DateTime<Utc>>,
    pub published_by: Option<OfficerId>,
    pub published_on: Option<NaiveDate>,
    /// The how many-th of the published: two that were protected side by side cannot both take it.
    pub number: Option<i32>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
