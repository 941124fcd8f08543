use entity::ids::OfficerId;
use vault::digest::fingerprint;

use super::{Quorum, RequestError, read_quorum};
use crate::{
    app::App,
    staff::{self, Permission, Staff},
};

/// Somebody who is ready to hold a share.
pub struct Custodian {
    pub id: OfficerId,
    pub display_name: String,
    pub key_fingerprint: String,
}

/// Tells the quorum for new tips and who the ready custodians are, to custodians and administrators.
pub async fn list_custodians(app: &App, staff: &Staff) -> Result<(Quorum, Vec<Custodian>), RequestError> {
    if staff.must(Permission::Custody).is_err() {
        staff.must(Permission::Administer)?;
    }
    let ready = staff::store::ready_custodians(app.db.read()).await?;
    let custodian = |officer: entity::officers::Model| Custodian {
        id: officer.id,
        key_fingerprint: fingerprint(&officer.public_key),
        display_name: officer.display_name,
    };
    Ok((read_quorum(app).await?, ready.into_iter().map(custodian).collect()))
}
