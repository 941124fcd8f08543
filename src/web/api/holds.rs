//! Tips and cases that are kept beyond their time.

use actix_web::{get, post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{CaseId, TipId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, nothing, ok},
    authority::As,
    body::Body,
    day::Day,
    document::{Conflict, Invalid},
    path::{CaseInPath, Id, TipInPath},
    tip_moves::Reason,
};
use crate::{
    app::App,
    retention::{self, Hold},
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_hold).service(place_hold).service(lift_hold);
    cfg.service(read_case_hold).service(place_case_hold).service(lift_case_hold);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHold {
    /// The last day: after today, and within ten years.
    #[schema(value_type = NaiveDate)]
    until: Day,
    /// Sealed with the tip or the case, and never shown to a reporter.
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
}

/// That a tip or a case is kept beyond its time.
#[derive(Serialize, ToSchema)]
struct TipHold {
    /// The last day.
    until: NaiveDate,
    /// Id of the officer who placed it.
    placed_by: Uuid,
    placed_at: DateTime<Utc>,
}

impl From<Hold> for TipHold {
    fn from(hold: Hold) -> Self {
        Self { until: hold.until, placed_by: hold.placed_by.into(), placed_at: hold.placed_at }
    }
}

/// Until when a tip is kept beyond its time.
#[utoipa::path(
    operation_id = "readHold",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath),
    responses((status = 200, description = "The hold", body = TipHold))
)]
#[get("/api/v1/tips/{id}/hold")]
async fn read_hold(app: Data<App>, As(staff, Id(tip)): As<Staff, Id<TipId>>) -> Answer {
    ok(TipHold::from(retention::read_hold(&app, &staff, tip).await?))
}

/// Keep a tip beyond its time, with a reason and an end. A hold that is there already is replaced.
#[utoipa::path(
    operation_id = "placeHold",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath),
    request_body = NewHold,
    responses(
        (status = 200, description = "Held", body = TipHold),
        (status = 409, response = Conflict),
        (status = 422, response = Invalid),
    )
)]
#[post("/api/v1/tips/{id}/hold")]
async fn place_hold(app: Data<App>, As(staff, (Id(tip), Body(new))): As<Staff, (Id<TipId>, Body<NewHold>)>) -> Answer {
    let (Day(until), reason) = (new.until, Secret::new(new.reason));
    ok(TipHold::from(retention::place_hold(&app, &staff, tip, until, reason).await?))
}

/// End a hold before its day.
#[utoipa::path(
    operation_id = "liftHold",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath),
    request_body = Reason,
    responses(
        (status = 204, description = "Lifted"),
        (status = 409, response = Conflict),
        (status = 422, response = Invalid),
    )
)]
#[post("/api/v1/tips/{id}/lift-hold")]
async fn lift_hold(app: Data<App>, As(staff, (Id(tip), Body(why))): As<Staff, (Id<TipId>, Body<Reason>)>) -> Answer {
    retention::lift_hold(&app, &staff, tip, Secret::new(why.reason)).await?;
    nothing()
}

/// Until when a case is kept beyond its time.
#[utoipa::path(
    operation_id = "readCaseHold",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath),
    responses((status = 200, description = "The hold", body = TipHold), (status = 409, response = Conflict))
)]
#[get("/api/v1/cases/{id}/hold")]
async fn read_case_hold(app: Data<App>, As(staff, Id(case)): As<Staff, Id<CaseId>>) -> Answer {
    ok(TipHold::from(retention::read_case_hold(&app, &staff, case).await?))
}

/// Keep a case beyond its time, with a reason and an end. A hold that is there already is replaced.
#[utoipa::path(
    operation_id = "placeCaseHold",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath),
    request_body = NewHold,
    responses(
        (status = 200, description = "Held", body = TipHold),
        (status = 409, response = Conflict),
        (status = 422, response = Invalid),
    )
)]
#[post("/api/v1/cases/{id}/hold")]
async fn place_case_hold(
    app: Data<App>,
    As(staff, (Id(case), Body(new))): As<Staff, (Id<CaseId>, Body<NewHold>)>,
) -> Answer {
    let (Day(until), reason) = (new.until, Secret::new(new.reason));
    ok(TipHold::from(retention::place_case_hold(&app, &staff, case, until, reason).await?))
}

/// End a hold before its day.
#[utoipa::path(
    operation_id = "liftCaseHold",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath),
    request_body = Reason,
    responses(
        (status = 204, description = "Lifted"),
        (status = 409, response = Conflict),
        (status = 422, response = Invalid),
    )
)]
#[post("/api/v1/cases/{id}/lift-hold")]
async fn lift_case_hold(
    app: Data<App>,
    As(staff, (Id(case), Body(why))): As<Staff, (Id<CaseId>, Body<Reason>)>,
) -> Answer {
    retention::lift_case_hold(&app, &staff, case, Secret::new(why.reason)).await?;
    nothing()
}
