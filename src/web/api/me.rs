use actix_web::{get, post, web::Data};
use entity::enums::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, ok},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
};
use crate::{
    app::App,
    staff::{self, Pending, Staff, StartedSecondFactor},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_me).service(change_password).service(start_second_factor).service(verify_second_factor);
}

#[derive(Serialize, ToSchema)]
struct Me {
    id: Uuid,
    username: String,
    display_name: String,
    roles: Vec<RoleInOffice>,
    /// What has to be done before anything else: `password_change` or `second_factor`; null: nothing.
    #[schema(schema_with = pending)]
    pending: Option<&'static str>,
    /// Of the key pair that the caller holds. A member who is to grant an office's key sees one in `listMembers`: tell
    /// each other, by voice, whether they are the same.
    key_fingerprint: String,
}

#[derive(Serialize, ToSchema)]
pub struct RoleInOffice {
    pub office: Uuid,
    #[schema(schema_with = codes::role)]
    pub role: Role,
}

fn pending() -> utoipa::openapi::Object {
    codes::optional(["password_change", "second_factor"])
}

impl From<Staff> for Me {
    fn from(staff: Staff) -> Self {
        let roles = staff.grants.iter().map(|(office, role)| RoleInOffice { office: (*office).into(), role: *role });
        Self {
            id: staff.id.into(),
            roles: roles.collect(),
            key_fingerprint: staff.key_fingerprint(),
            username: staff.username,
            display_name: staff.display_name,
            pending: staff.pending.map(|pending| match pending {
                Pending::PasswordChange => "password_change",
                Pending::SecondFactor => "second_factor",
            }),
        }
    }
}

/// Tell who the caller is, and what the caller has to do first.
#[utoipa::path(
    operation_id = "readMe",
    tag = "me",
    security(("staffBearer" = [])),
    responses((status = 200, description = "The officer", body = Me))
)]
#[get("/api/v1/staff/me")]
async fn read_me(As(staff, ()): As<Staff, ()>) -> Answer {
    ok(Me::from(staff))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    #[validate(length(max = 1024, code = "too_long"))]
    #[schema(max_length = 1024)]
    old_password: String,
    /// At least 15 characters; nothing else is asked of it, except that it is not a common one.
    #[schema(min_length = 15)]
    new_password: String,
}

#[derive(Serialize, ToSchema)]
struct PasswordChanged {
    /// After the first change only: opens the officer's key when the password is forgotten. Shown once; print it.
    /// The session has ended then: log in again.
    recovery_code: Option<String>,
}

/// Change the password; all other sessions of the officer end.
#[utoipa::path(
    operation_id = "changePassword",
    tag = "me",
    security(("staffBearer" = [])),
    request_body = PasswordChange,
    responses((status = 200, description = "Changed", body = PasswordChanged))
)]
#[post("/api/v1/staff/me/password")]
async fn change_password(app: Data<App>, As(staff, Body(change)): As<Staff, Body<PasswordChange>>) -> Answer {
    let (old, new) = (Secret::new(change.old_password), Secret::new(change.new_password));
    let recovery_code = staff::change_password(&app, &staff, old, new).await?;
    ok(PasswordChanged { recovery_code: recovery_code.map(|code| code.expose().clone()) })
}

#[derive(Serialize, ToSchema)]
struct SecondFactorStart {
    /// To type into an authenticator app.
    secret: String,
    /// The same as `otpauth://`, to show as a QR code.
    uri: String,
}

impl From<StartedSecondFactor> for SecondFactorStart {
    fn from(started: StartedSecondFactor) -> Self {
        Self { secret: started.secret.expose().clone(), uri: started.uri.expose().clone() }
    }
}

/// Make a secret for an authenticator app. Nothing is stored until a code proves that the app has it.
#[utoipa::path(
    operation_id = "startSecondFactor",
    tag = "me",
    security(("staffBearer" = [])),
    responses((status = 200, description = "The secret", body = SecondFactorStart))
)]
#[post("/api/v1/staff/me/second-factor")]
async fn start_second_factor(app: Data<App>, As(staff, ()): As<Staff, ()>) -> Answer {
    ok(SecondFactorStart::from(staff::start_second_factor(&app, &staff)?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecondFactorProof {
    /// As `startSecondFactor` gave it.
    #[validate(length(max = 256, code = "too_long"))]
    #[schema(max_length = 256)]
    secret: String,
    /// What the app shows for it.
    #[validate(length(max = 16, code = "too_long"))]
    #[schema(max_length = 16, example = "492039")]
    code: String,
    /// To replace a second factor: what the app shows for the one that is enrolled.
    #[validate(length(max = 16, code = "too_long"))]
    #[schema(max_length = 16)]
    current_code: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SecondFactorEnrolled {
    /// Each works once in place of a code. Shown once: print them.
    recovery_codes: Vec<String>,
}

/// Enrol a secret, once a code proves that the app has it.
#[utoipa::path(
    operation_id = "verifySecondFactor",
    tag = "me",
    security(("staffBearer" = [])),
    request_body = SecondFactorProof,
    responses(
        (status = 200, description = "Enrolled", body = SecondFactorEnrolled),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/staff/me/second-factor/verify")]
async fn verify_second_factor(app: Data<App>, As(staff, Body(proof)): As<Staff, Body<SecondFactorProof>>) -> Answer {
    let (secret, current) = (Secret::new(proof.secret), proof.current_code.as_deref());
    let codes = staff::verify_second_factor(&app, &staff, &secret, &proof.code, current).await?;
    ok(SecondFactorEnrolled { recovery_codes: codes.iter().map(|code| code.expose().clone()).collect() })
}
