//! Whether the line takes tips.

use actix_web::{get, post, web::Data};
use chrono::{DateTime, Utc};
use entity::ids::OfficeId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{
    answer::{Answer, nothing, ok},
    authority::As,
    body::Body,
    document::{Conflict, Invalid, NotFound},
};
use crate::{
    app::App,
    reference::Language,
    staff::Staff,
    units::{self, Closure, Scope},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_line).service(close_line).service(open_line);
}

#[derive(Serialize, ToSchema)]
struct Line {
    /// The line as a whole takes tips; single offices may not.
    open: bool,
    /// What takes no new tips now, the whole line first. Threads stay open.
    closures: Vec<ClosureBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Closure)]
struct ClosureBody {
    /// Null: the whole line.
    office: Option<Uuid>,
    label: Option<String>,
    /// What residents are told, in the language asked for.
    message: String,
    closed_at: DateTime<Utc>,
}

impl ClosureBody {
    fn of(closure: Closure, language: Language) -> Self {
        Self {
            office: closure.scope.office().map(Into::into),
            label: closure.office.map(|name| name.text(language).to_owned()),
            message: closure.message.text(language).to_owned(),
            closed_at: closure.closed_at,
        }
    }
}

/// Tell whether the line takes tips, and what to tell residents where it does not.
#[utoipa::path(
    operation_id = "readLine",
    tag = "line",
    responses((status = 200, description = "How it stands", body = Line))
)]
#[get("/api/v1/line")]
async fn read_line(app: Data<App>, lang: Lang) -> Answer {
    let closures = units::list_closures(&app).await.map_err(units::CloseLineError::from)?;
    let open = closures.iter().all(|closure| closure.scope != Scope::Line);
    ok(Line { open, closures: closures.into_iter().map(|closure| ClosureBody::of(closure, lang.0)).collect() })
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineClosing {
    /// Id of an office; without it the whole line.
    office: Option<Uuid>,
    #[schema(min_length = 1, max_length = 500)]
    message_vi: String,
    /// Without it, residents who read English are told in Vietnamese.
    #[serde(default)]
    #[schema(max_length = 500)]
    message_en: String,
}

/// Take no new tips for a while, and tell residents why. What is closed already is told anew.
///
/// The whole line is closed by administrators of the intake desk, an office by its own and by those above it. New tips
/// are refused with `line_closed`; threads stay open, and officers go on writing down.
#[utoipa::path(
    operation_id = "closeLine",
    tag = "line",
    security(("staffBearer" = [])),
    request_body = LineClosing,
    responses((status = 204, description = "Closed"), (status = 422, response = Invalid), (status = 404, response = NotFound))
)]
#[post("/api/v1/line/close")]
async fn close_line(app: Data<App>, As(staff, Body(new)): As<Staff, Body<LineClosing>>) -> Answer {
    let scope = Scope::of(new.office.map(OfficeId::from));
    units::close_line(&app, &staff, scope, &new.message_vi, &new.message_en).await?;
    nothing()
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineOpening {
    /// Id of an office; without it the whole line.
    office: Option<Uuid>,
}

/// Take tips again.
#[utoipa::path(
    operation_id = "openLine",
    tag = "line",
    security(("staffBearer" = [])),
    request_body = LineOpening,
    responses((status = 204, description = "Open"), (status = 409, response = Conflict), (status = 404, response = NotFound))
)]
#[post("/api/v1/line/open")]
async fn open_line(app: Data<App>, As(staff, Body(what)): As<Staff, Body<LineOpening>>) -> Answer {
    units::open_line(&app, &staff, Scope::of(what.office.map(OfficeId::from))).await?;
    nothing()
}
