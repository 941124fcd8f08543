use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    answer::{Answer, ok},
    authority::As,
    me::RoleInOffice,
};
use crate::{
    app::App,
    staff::{self, Colleague, Staff},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_officers);
}

#[derive(Serialize, ToSchema)]
struct Officer {
    id: Uuid,
    username: String,
    display_name: String,
    active: bool,
    /// In the offices that the caller shares.
    roles: Vec<RoleInOffice>,
}

#[derive(Serialize, ToSchema)]
struct Officers {
    items: Vec<Officer>,
}

impl From<Colleague> for Officer {
    fn from(officer: Colleague) -> Self {
        let roles = officer.roles.iter().map(|(office, role)| RoleInOffice { office: (*office).into(), role: *role });
        Self {
            id: officer.id.into(),
            roles: roles.collect(),
            username: officer.username,
            display_name: officer.display_name,
            active: officer.active,
        }
    }
}

/// List the officers of the caller's offices.
#[utoipa::path(
    operation_id = "listOfficers",
    tag = "officers",
    security(("staffBearer" = [])),
    responses((status = 200, description = "Officers by username", body = Officers))
)]
#[get("/api/v1/officers")]
async fn list_officers(app: Data<App>, As(staff, ()): As<Staff, ()>) -> Answer {
    let officers = staff::list_officers(&app, &staff).await?;
    ok(Officers { items: officers.into_iter().map(Officer::from).collect() })
}
