//! Where a tip becomes a case, and a valuable source.

use actix_web::{
    HttpResponse,
    http::header::{ETAG, LOCATION},
    post,
    web::Data,
};
use entity::{enums::ValuationState, ids::TipId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, made},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
    edit::{IfMatch, etag},
    path::{Id, TipInPath},
    tip_moves::{ChangedTip, OnTip, changed},
};
use crate::{
    app::App,
    staff::Staff,
    tips::{self, Attested, OpenedCase},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(open_case).service(link_case).service(attest_value);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCase {
    /// What it is about, in a few words; sealed.
    #[schema(min_length = 1, max_length = 500, example = "Tụ điểm ma túy cuối bản")]
    title: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OpenedCase)]
struct OpenedCaseBody {
    id: Uuid,
    number: String,
    /// Where the tip stands now.
    tip: ChangedTip,
}

impl From<OpenedCase> for OpenedCaseBody {
    fn from(case: OpenedCase) -> Self {
        Self { id: case.id.into(), number: case.number, tip: case.tip.into() }
    }
}

/// Open a case in the tip's office; the tip is its first part.
#[utoipa::path(
    operation_id = "openCase",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = NewCase,
    responses((status = 201, description = "Opened", body = OpenedCaseBody))
)]
#[post("/api/v1/tips/{id}/open-case")]
async fn open_case(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(new))): OnTip<Body<NewCase>>) -> Answer {
    let case = tips::open_case(&app, &staff, tip, edit, Secret::new(new.title)).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, format!("/api/v1/cases/{}", case.id)));
    Ok(answer.insert_header((ETAG, etag(case.tip.version))).json(OpenedCaseBody::from(case)))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseLink {
    /// Id of an open case of the same office.
    case: Uuid,
}

/// Make a tip part of a case: many tips to a case, many cases to a tip.
#[utoipa::path(
    operation_id = "linkCase",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = CaseLink,
    responses((status = 200, description = "Linked", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/link-case")]
async fn link_case(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(link))): OnTip<Body<CaseLink>>) -> Answer {
    changed(tips::link_case(&app, &staff, tip, edit, link.case.into()).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Attestation {
    /// Id of the outcome that decided it, in a case of this tip.
    outcome: Uuid,
    /// What the tip contributed; sealed with it.
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
    /// It identified or confirmed a person or place in an existing case: a ground of its own.
    #[serde(default)]
    identified: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Attested)]
struct AttestedBody {
    id: Uuid,
    #[schema(schema_with = codes::valuation_state)]
    state: ValuationState,
}

impl From<Attested> for AttestedBody {
    fn from(attested: Attested) -> Self {
        Self { id: attested.id.into(), state: attested.state }
    }
}

/// Attest by name that a tip was a valuable source. It counts once a second officer has confirmed it.
#[utoipa::path(
    operation_id = "attestValue",
    tag = "valuations",
    security(("staffBearer" = [])),
    params(TipInPath),
    request_body = Attestation,
    responses(
        (status = 201, description = "Attested", body = AttestedBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/tips/{id}/attest-value")]
async fn attest_value(
    app: Data<App>,
    As(staff, (Id(tip), Body(said))): As<Staff, (Id<TipId>, Body<Attestation>)>,
) -> Answer {
    let (outcome, reason) = (said.outcome.into(), Secret::new(said.reason));
    let attested = tips::attest_value(&app, &staff, tip, outcome, reason, said.identified).await?;
    made(AttestedBody::from(attested))
}
