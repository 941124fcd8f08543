use entity::{
    ids::{OfficeId, OfficeKeyId, OfficerId},
    officers,
};
use sea_orm::{ConnectionTrait, DbErr};
use vault::keys::{PublicKey, UnitKeys};

use super::{keys::seal_to_member, store};
use crate::{
    app::App,
    staff::{self, Permission},
};

/// Starts an office's next epoch: a new pair, sealed to the members who hold the present one and to nobody else, so
/// that what comes in from now on opens for them only. Returns the epoch; none when nobody would hold it.
///
/// The caller has locked the office, and has taken away the wraps of whoever leaves.
pub(super) async fn start_epoch(
    txn: &impl ConnectionTrait,
    app: &App,
    office: OfficeId,
    by: OfficerId,
) -> Result<Option<i32>, DbErr> {
    let members = holders(txn, office).await?;
    let Some(present) = store::current_key(txn, office).await?.filter(|_| !members.is_empty()) else {
        return Ok(None);
    };
    let (keys, public) = UnitKeys::generate(&app.chance);
    let (id, epoch) = (OfficeKeyId::from(app.chance.uuid()), present.epoch + 1);
    store::insert_key(txn, id, office, epoch, public.to_bytes(), app.clock.now()).await?;
    for member in members {
        let damaged = |_| DbErr::Custom(format!("the public key of officer {} is damaged", member.id));
        let public = PublicKey::from_bytes(&member.public_key).map_err(damaged)?;
        seal_to_member(txn, app, &keys, (id, epoch), member.id, &public, Some(by)).await?;
    }
    Ok(Some(epoch))
}

/// The active members of an office who hold its newest key and whose work needs it.
pub(super) async fn holders(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<officers::Model>, DbErr> {
    let Some(key) = store::current_key(db, office).await? else { return Ok(Vec::new()) };
    let held = store::holders_of_key(db, key.id).await?;
    let grants = staff::store::grants_in(db, office).await?;
    let reads = |id: &OfficerId| {
        grants.iter().any(|grant| grant.officer_id == *id && Permission::ReadTips.is_given_by(grant.role))
    };
    let officers = staff::store::officers_by_id(db, held.into_iter().filter(reads).collect()).await?;
    Ok(officers.into_iter().filter(staff::is_ready).collect())
}
