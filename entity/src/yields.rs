//! Something that an outcome brought in.

use sea_orm::entity::prelude::*;

use crate::ids::{OutcomeId, YieldId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "yields")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: YieldId,
    pub outcome_id: OutcomeId,
    /// A code of `reference::YieldKind`.
    pub kind: String,
    /// The finer kind, where there is one: which drug.
    pub choice: Option<String>,
    /// Thousandths of the unit of measure: exact, and every database sums it alike.
    pub amount_milli: i64,
    pub unit: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outcomes::Entity", from = "Column::OutcomeId", to = "super::outcomes::Column::Id")]
    Outcome,
}

impl Related<super::outcomes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outcome.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
