use actix_web::{delete, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, made, nothing},
    authority::As,
    body::Body,
    document::{Conflict, TooMany, Unauthenticated},
};
use crate::{
    app::App,
    staff::{self, Staff, Tokens},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(log_in).service(refresh).service(log_out);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "lan.screener", "password": "rung-suoi-nha-san-ban-muong"}))]
struct LogIn {
    #[validate(length(max = 64, code = "too_long"))]
    #[schema(max_length = 64)]
    username: String,
    #[validate(length(max = 1024, code = "too_long"))]
    #[schema(max_length = 1024)]
    password: String,
    /// Of the authenticator app, or one of the ten recovery codes; if a second factor is enrolled.
    #[validate(length(max = 64, code = "too_long"))]
    #[schema(max_length = 64)]
    code: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    #[validate(length(max = 2048, code = "too_long"))]
    #[schema(max_length = 2048)]
    refresh_token: String,
}

#[derive(Serialize, ToSchema)]
struct Session {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Works once. A second use revokes the whole log-in, because then somebody else holds it too.
    refresh_token: String,
    /// Seconds until the access token ends.
    expires_in: i64,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self { access_token: tokens.access, refresh_token: tokens.refresh, expires_in: tokens.expires_in }
    }
}

/// Log in.
///
/// `second_factor_code_required` asks for the same request with `code`.
#[utoipa::path(
    operation_id = "logIn",
    tag = "sessions",
    request_body = LogIn,
    responses(
        (status = 201, description = "A session", body = Session),
        (status = 401, response = Unauthenticated),
        (status = 409, response = Conflict),
        (status = 429, response = TooMany),
    )
)]
#[post("/api/v1/sessions")]
async fn log_in(app: Data<App>, Body(who): Body<LogIn>) -> Answer {
    let tokens = staff::log_in(&app, &who.username, Secret::new(who.password), who.code.as_deref()).await?;
    made(Session::from(tokens))
}

/// Trade a refresh token for the next pair.
#[utoipa::path(
    operation_id = "refresh",
    tag = "sessions",
    request_body = Refresh,
    responses(
        (status = 201, description = "The session's next tokens; the former ones end", body = Session),
        (status = 401, response = Unauthenticated),
    )
)]
#[post("/api/v1/sessions/refresh")]
async fn refresh(app: Data<App>, Body(held): Body<Refresh>) -> Answer {
    made(Session::from(staff::refresh(&app, &held.refresh_token).await?))
}

/// Log out: the session ends everywhere at once.
#[utoipa::path(
    operation_id = "logOut",
    tag = "sessions",
    security(("staffBearer" = [])),
    responses((status = 204, description = "Ended"))
)]
#[delete("/api/v1/sessions/current")]
async fn log_out(app: Data<App>, As(staff, ()): As<Staff, ()>) -> Answer {
    staff::log_out(&app, &staff).await?;
    nothing()
}
