use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, made},
    body::Body,
    document::{Conflict, Unauthenticated},
};
use crate::{app::App, staff};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(create_first_administrator);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Enrolment {
    /// The secret part of the link that the server prints at start while no officer exists.
    #[validate(length(max = 2048, code = "too_long"))]
    #[schema(max_length = 2048)]
    token: String,
    /// 3 to 64 of a-z, 0-9, dot, dash, underscore.
    #[schema(example = "thu.admin")]
    username: String,
    #[schema(example = "Lò Thị Thu")]
    display_name: String,
    /// At least 15 characters; nothing else is asked of it, except that it is not a common one.
    #[schema(min_length = 15)]
    password: String,
}

#[derive(Serialize, ToSchema)]
struct Enrolled {
    id: Uuid,
    /// Opens the officer's key when the password is forgotten. Shown once, here: print it.
    recovery_code: String,
}

/// Enrol the first administrator.
///
/// Works while no officer exists, and once.
#[utoipa::path(
    operation_id = "createFirstAdministrator",
    tag = "enrolment",
    request_body = Enrolment,
    responses(
        (status = 201, description = "Enrolled", body = Enrolled),
        (status = 401, response = Unauthenticated),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/enrolment")]
async fn create_first_administrator(app: Data<App>, Body(new): Body<Enrolment>) -> Answer {
    let password = Secret::new(new.password);
    let made_officer =
        staff::create_first_administrator(&app, &new.token, new.username, new.display_name, password).await?;
    let (id, recovery_code) = made_officer;
    made(Enrolled { id: id.into(), recovery_code: recovery_code.expose().clone() })
}
