//! The place of an act in the audit chain. Written once, by the sequencer, and never changed.

use sea_orm::entity::prelude::*;

use crate::ids::AuditId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_links")]
pub struct Model {
    /// From 1, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub audit_id: AuditId,
    /// Hash of the link before.
    pub prev: Vec<u8>,
    /// Hash of what the row says.
    pub leaf: Vec<u8>,
    /// By it the line knows its own links.
    pub mark: Vec<u8>,
    pub mark_key: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::audit_rows::Entity", from = "Column::AuditId", to = "super::audit_rows::Column::Id")]
    Act,
}

impl Related<super::audit_rows::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Act.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
