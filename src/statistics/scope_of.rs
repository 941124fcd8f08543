use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use super::scope::with_beneath;
use crate::{
    staff::{Permission, Staff},
    units,
};

/// The offices whose figures an officer sees: those where the officer may count, and all beneath these.
pub async fn scope_of(db: &impl ConnectionTrait, staff: &Staff) -> Result<Vec<OfficeId>, DbErr> {
    with_all_beneath(db, &staff.offices(Permission::Count)).await
}

/// Some offices with all beneath them, each once.
pub async fn with_all_beneath(db: &impl ConnectionTrait, held: &[OfficeId]) -> Result<Vec<OfficeId>, DbErr> {
    let offices = units::store::all_offices(db).await?;
    let edges: Vec<_> = offices.iter().map(|office| (office.id, office.parent_id)).collect();
    Ok(with_beneath(&edges, held))
}
