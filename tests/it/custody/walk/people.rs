//! Who walks.

use entity::{enums::Role, ids::OfficerId};
use tipline::staff::Staff;
use vault::secret::Secret;

use crate::support::{TestApp, deployment::PASSWORD};

/// Somebody who works in an office, or did.
pub struct Actor {
    pub id: OfficerId,
    pub name: String,
    pub office: usize,
    pub role: Role,
    pub access: String,
    /// As the last request had it.
    pub staff: Option<Staff>,
    /// Has a role there.
    pub is_in: bool,
    /// Holds the office's newest key.
    pub key: bool,
    /// As it was printed last; none: nobody kept it.
    pub recovery: Option<Secret<String>>,
}

/// Somebody whose work opens no tip: an administrator, a custodian.
pub struct Bystander {
    pub id: OfficerId,
    pub name: String,
    pub access: String,
    pub staff: Option<Staff>,
}

impl Bystander {
    pub async fn of(app: &TestApp, office: &str, name: String, role: Role) -> Self {
        let officer = app.officer_at(office, &name, &[role]).await;
        Self { id: officer.staff.id, name, access: officer.tokens.access, staff: Some(officer.staff) }
    }

    pub async fn logs_in(&mut self, app: &TestApp) {
        let officer = app.logs_in(&self.name, PASSWORD).await;
        (self.access, self.staff) = (officer.tokens.access, Some(officer.staff));
    }
}
