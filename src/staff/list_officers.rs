use std::collections::BTreeMap;

use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId},
};

use super::{Staff, StaffError, store};
use crate::app::App;

/// A colleague.
pub struct Colleague {
    pub id: OfficerId,
    pub username: String,
    pub display_name: String,
    pub active: bool,
    /// Roles in the offices that the asking officer shares; what they are elsewhere stays there.
    pub roles: Vec<(OfficeId, Role)>,
}

/// Lists the officers of the offices in which the asking officer has a role, by username.
pub async fn list_officers(app: &App, staff: &Staff) -> Result<Vec<Colleague>, StaffError> {
    staff.must_be_ready()?;
    let mut offices: Vec<OfficeId> = staff.grants.iter().map(|(office, _)| *office).collect();
    offices.sort_unstable();
    offices.dedup();
    let mut roles: BTreeMap<OfficerId, Vec<(OfficeId, Role)>> = BTreeMap::new();
    for office in offices {
        for grant in store::grants_in(app.db.read(), office).await? {
            roles.entry(grant.officer_id).or_default().push((office, grant.role));
        }
    }
    let mut officers = store::officers_by_id(app.db.read(), roles.keys().copied().collect()).await?;
    officers.sort_by(|a, b| a.username.cmp(&b.username));
    let colleague = |officer: entity::officers::Model| {
        let mut roles = roles.get(&officer.id).cloned().unwrap_or_default();
        roles.sort_unstable();
        Colleague {
            active: officer.status == OfficerStatus::Active,
            id: officer.id,
            username: officer.username,
            display_name: officer.display_name,
            roles,
        }
    };
    Ok(officers.into_iter().map(colleague).collect())
}
