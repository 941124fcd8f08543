//! Coming back in without the password.

use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, ok},
    authority::As,
    body::{Body, OptionalBody},
    document::{Conflict, TooMany, Unauthenticated},
    path::{Id, OfficeInPath, OfficerInPath, OnMember},
};
use crate::{app::App, staff};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(recover_password).service(reset_password);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordRecovery {
    #[validate(length(max = 64, code = "too_long"))]
    #[schema(max_length = 64)]
    username: String,
    /// As it was printed; dashes and capitals do not matter.
    #[validate(length(max = 64, code = "too_long"))]
    #[schema(max_length = 64, example = "7K3Q-F0VX-N2AB-C4D5-E6F7-G8H9")]
    recovery_code: String,
    /// At least 15 characters; nothing else is asked of it, except that it is not a common one.
    #[schema(min_length = 15)]
    new_password: String,
    /// Of the authenticator app, or one of the ten recovery codes; if a second factor is enrolled.
    #[validate(length(max = 64, code = "too_long"))]
    #[schema(max_length = 64)]
    code: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PasswordRecovered {
    /// The next recovery code; the one that was used opens no more. Shown once: print it.
    recovery_code: String,
}

/// Set a new password with the recovery code. Nothing is lost; every session ends. Then log in.
#[utoipa::path(
    operation_id = "recoverPassword",
    tag = "sessions",
    request_body = PasswordRecovery,
    responses(
        (status = 200, description = "Set", body = PasswordRecovered),
        (status = 401, response = Unauthenticated),
        (status = 409, response = Conflict),
        (status = 429, response = TooMany),
    )
)]
#[post("/api/v1/password-recovery")]
async fn recover_password(app: Data<App>, Body(who): Body<PasswordRecovery>) -> Answer {
    let (recovery_code, new) = (Secret::new(who.recovery_code), Secret::new(who.new_password));
    let next = staff::recover_password(&app, &who.username, recovery_code, new, who.code.as_deref()).await?;
    ok(PasswordRecovered { recovery_code: next.expose().clone() })
}

#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// Go on although keys would be lost that nobody else holds.
    #[serde(default)]
    accept_loss: bool,
}

#[derive(Serialize, ToSchema)]
struct PasswordReset {
    /// Shown once. It has to be changed at the next log-in.
    temporary_password: String,
}

/// Let an officer log in again who lost password and recovery code.
///
/// It makes a new key pair, which opens nothing until a member grants the office's key again.
#[utoipa::path(
    operation_id = "resetPassword",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath, OfficerInPath),
    request_body = Reset,
    responses(
        (status = 200, description = "Reset", body = PasswordReset),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/offices/{id}/members/{officer}/reset-password")]
async fn reset_password(
    app: Data<App>,
    As(staff, (Id(office), Id(officer), OptionalBody(reset))): OnMember<OptionalBody<Reset>>,
) -> Answer {
    let password = staff::reset_password(&app, &staff, office, officer, reset.accept_loss).await?;
    ok(PasswordReset { temporary_password: password.expose().clone() })
}
