use entity::ids::OfficeId;
use sea_orm::ConnectionTrait;

use super::ReleaseError;
use crate::{
    staff::{Permission, Refused, Staff},
    units,
};

/// Asks for a right over every office, and gives all of them: who speaks for the whole line stands above all of it.
pub(super) async fn must_speak_for_all(
    db: &impl ConnectionTrait,
    staff: &Staff,
    permission: Permission,
) -> Result<Vec<OfficeId>, ReleaseError> {
    staff.must(permission)?;
    let beneath = units::offices_beneath(db, &staff.offices(permission)).await?;
    let all: Vec<OfficeId> = units::store::all_offices(db).await?.iter().map(|office| office.id).collect();
    if all.iter().all(|office| beneath.contains(office)) { Ok(all) } else { Err(Refused::Forbidden.into()) }
}
