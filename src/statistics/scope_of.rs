use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    staff::{Permission, Staff},
    units,
};

/// The offices whose figures an officer sees: those where the officer may count, and all beneath these.
pub async fn scope_of(db: &impl ConnectionTrait, staff: &Staff) -> Result<Vec<OfficeId>, DbErr> {
    units::offices_beneath(db, &staff.offices(Permission::Count)).await
}
