//! An account, and the key pair that only its password or recovery code opens.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{enums::OfficerStatus, ids::OfficerId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfficerId,
    #[sea_orm(unique)]
    pub username: String,
    pub display_name: String,
    pub status: OfficerStatus,
    pub salt: Vec<u8>,
    pub pepper_version: i32,
    pub auth_hash: Vec<u8>,
    pub public_key: Vec<u8>,
    pub sealed_private_key: Vec<u8>,
    pub recovery_sealed_private_key: Vec<u8>,
    pub must_change_password: bool,
    pub second_factor_required: bool,
    pub second_factor_sealed: Option<Vec<u8>>,
    /// A time step is used once: an overseen code is worth nothing.
    pub second_factor_last_step: Option<i64>,
    pub second_factor_failures: i32,
    pub second_factor_locked_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
