//! What came of a case.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{CaseId, OfficeId, OfficerId, OutcomeId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outcomes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutcomeId,
    pub case_id: CaseId,
    pub office_id: OfficeId,
    /// A code of `reference::OutcomeKind`.
    pub kind: String,
    pub decided_on: NaiveDate,
    /// The body that took over told that it acted.
    pub action_confirmed: bool,
    pub note_sealed: Option<Vec<u8>>,
    pub recorded_by: OfficerId,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::cases::Entity", from = "Column::CaseId", to = "super::cases::Column::Id")]
    Case,
}

impl Related<super::cases::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Case.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
