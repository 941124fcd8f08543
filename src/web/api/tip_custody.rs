//! Who may open a tip.

use actix_web::{post, web::Data};
use entity::ids::OfficerId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, nothing},
    authority::As,
    body::Body,
    document::Conflict,
    edit::IfMatch,
    path::{Id, TipInPath},
    tip_moves::{ChangedTip, OnTip, changed},
};
use crate::{app::App, tips};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(transfer_tip).service(share_tip).service(unshare_tip).service(restrict_tip);
    cfg.service(lift_restriction).service(name_concerned);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    /// Id of an office.
    office: Uuid,
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
}

/// Hand a tip to another office of this line.
///
/// It is sealed anew to that office and to the reporter, and gone for this one. Not once it is part of a case.
#[utoipa::path(
    operation_id = "transferTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Transfer,
    responses((status = 204, description = "Handed over"), (status = 409, response = Conflict))
)]
#[post("/api/v1/tips/{id}/transfer")]
async fn transfer_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(to))): OnTip<Body<Transfer>>) -> Answer {
    tips::transfer(&app, &staff, tip, edit, to.office.into(), Secret::new(to.reason)).await?;
    nothing()
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sharing {
    /// Id of the office.
    office: Uuid,
}

/// Give a tip to another office for information.
///
/// That office reads it and no more; what comes of it counts for the office that works it.
#[utoipa::path(
    operation_id = "shareTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Sharing,
    responses((status = 200, description = "Shared", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/share")]
async fn share_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(with))): OnTip<Body<Sharing>>) -> Answer {
    changed(tips::share(&app, &staff, tip, edit, with.office.into()).await?)
}

/// Take a tip back from an office that had it for information.
#[utoipa::path(
    operation_id = "unshareTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Sharing,
    responses((status = 200, description = "Taken back", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/unshare")]
async fn unshare_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(with))): OnTip<Body<Sharing>>) -> Answer {
    changed(tips::unshare(&app, &staff, tip, edit, with.office.into()).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Restriction {
    /// Ids of at least two officers of the office.
    #[validate(length(max = 50, code = "too_long"))]
    #[schema(min_items = 2, max_items = 50)]
    officers: Vec<Uuid>,
}

/// Restrict a tip to officers by name.
///
/// To everybody else, of this office too, it is not there. Naming anew replaces those who were named.
#[utoipa::path(
    operation_id = "restrictTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Restriction,
    responses((status = 204, description = "Restricted"), (status = 409, response = Conflict))
)]
#[post("/api/v1/tips/{id}/restrict")]
async fn restrict_tip(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(to))): OnTip<Body<Restriction>>,
) -> Answer {
    let officers = to.officers.into_iter().map(OfficerId::from).collect();
    tips::restrict(&app, &staff, tip, edit, officers).await?;
    nothing()
}

/// Give a restricted tip back to its whole office.
#[utoipa::path(
    operation_id = "liftRestriction",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    responses((status = 200, description = "Open to the office", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/lift-restriction")]
async fn lift_restriction(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), ())): OnTip<()>) -> Answer {
    changed(tips::lift_restriction(&app, &staff, tip, edit).await?)
}

/// Name an office that a tip is about.
///
/// It is hidden from that office and from all beneath it; the office above takes it over, unless the one that works it
/// stands above already.
#[utoipa::path(
    operation_id = "nameConcerned",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Transfer,
    responses((status = 204, description = "Hidden from it"), (status = 409, response = Conflict))
)]
#[post("/api/v1/tips/{id}/concern")]
async fn name_concerned(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(with))): OnTip<Body<Transfer>>,
) -> Answer {
    tips::concern(&app, &staff, tip, edit, with.office.into(), Secret::new(with.reason)).await?;
    nothing()
}
