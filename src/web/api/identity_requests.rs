use actix_web::{get, post, web::Data};
use chrono::{DateTime, Utc};
use entity::{
    enums::{RequestState, Verdict},
    ids::{IdentityRequestId, TipId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, created, ok},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
    path::{Id, IdentityRequestInPath, TipInPath},
    query::{self, Params},
    tip_moves::Reason,
};
use crate::{
    app::App,
    identities::{self, Decision, Request, RequestFilter},
    platform::paging::Page,
    staff::Staff,
    tips::Identity,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(request_identity).service(list_identity_requests).service(read_identity_request);
    cfg.service(approve_identity_request).service(refuse_identity_request).service(read_identity);
}

/// Why an identity has to be known. Sealed to its custodians and the requester.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdentityGrounds {
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
    #[schema(min_length = 1, max_length = 500, example = "Điều 87 Bộ luật Tố tụng hình sự")]
    legal_ground: String,
}

/// A request to learn who a confidential reporter is.
#[derive(Serialize, ToSchema)]
#[schema(as = IdentityRequest)]
struct RequestBody {
    id: Uuid,
    tip: Uuid,
    /// The tip's number.
    number: String,
    requester: Person,
    reason: String,
    legal_ground: String,
    #[schema(schema_with = codes::request_state)]
    state: RequestState,
    /// Approvals that open the identity.
    threshold: i32,
    /// Custodians of the identity.
    holders: i32,
    approvals: i32,
    refusals: i32,
    created_at: DateTime<Utc>,
    /// When it ends by itself; for a granted one: how long the requester may read.
    ends_at: DateTime<Utc>,
    decisions: Vec<DecisionBody>,
    /// What the caller may decide: `approve`, `refuse`, or nothing.
    allowed: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CustodianOrRequester)]
struct Person {
    id: Uuid,
    display_name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CustodianDecision)]
struct DecisionBody {
    custodian: Person,
    #[schema(schema_with = codes::verdict)]
    verdict: Verdict,
    reason: String,
    decided_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
struct IdentityRequests {
    items: Vec<RequestBody>,
    /// Pass back as `cursor`; null: this was the last page.
    next_cursor: Option<String>,
}

impl From<Page<Request>> for IdentityRequests {
    fn from(page: Page<Request>) -> Self {
        Self { items: page.items.into_iter().map(RequestBody::from).collect(), next_cursor: page.next_cursor }
    }
}

impl From<Decision> for DecisionBody {
    fn from(decision: Decision) -> Self {
        let (id, display_name) = decision.custodian;
        Self {
            custodian: Person { id: id.into(), display_name },
            verdict: decision.verdict,
            reason: decision.reason,
            decided_at: decision.decided_at,
        }
    }
}

impl From<Request> for RequestBody {
    fn from(request: Request) -> Self {
        let (requester, display_name) = request.requester;
        Self {
            id: request.id.into(),
            tip: request.tip.into(),
            number: request.number,
            requester: Person { id: requester.into(), display_name },
            reason: request.reason,
            legal_ground: request.legal_ground,
            state: request.state,
            threshold: request.threshold,
            holders: request.holders,
            approvals: request.approvals,
            refusals: request.refusals,
            created_at: request.created_at,
            ends_at: request.ends_at,
            decisions: request.decisions.into_iter().map(DecisionBody::from).collect(),
            allowed: request.allowed,
        }
    }
}

/// Ask who a confidential reporter is.
///
/// Takes the right to investigate in the tip's office. Whoever holds a share of this identity cannot ask.
#[utoipa::path(
    operation_id = "requestIdentity",
    tag = "identities",
    security(("staffBearer" = [])),
    params(TipInPath),
    request_body = IdentityGrounds,
    responses(
        (status = 201, description = "Asked", body = RequestBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/tips/{id}/identity-requests")]
async fn request_identity(
    app: Data<App>,
    As(staff, (Id(tip), Body(grounds))): As<Staff, (Id<TipId>, Body<IdentityGrounds>)>,
) -> Answer {
    let (reason, legal_ground) = (Secret::new(grounds.reason), Secret::new(grounds.legal_ground));
    let request = identities::request_identity(&app, &staff, tip, reason, legal_ground).await?;
    created(format!("/api/v1/identity-requests/{}", request.id), RequestBody::from(request))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    /// Only those that stand so.
    #[serde(default, deserialize_with = "query::from_text")]
    #[param(schema_with = codes::request_state)]
    state: Option<RequestState>,
    /// Requests on a page. What cannot be shown to the caller any more is left out: a page may be shorter.
    #[serde(default, deserialize_with = "query::from_text")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "query::text")]
    cursor: Option<String>,
}

impl From<Query> for RequestFilter {
    fn from(query: Query) -> Self {
        Self { state: query.state, limit: query.limit, cursor: query.cursor }
    }
}

/// List the requests that the caller made or, as a custodian, may decide on.
#[utoipa::path(
    operation_id = "listIdentityRequests",
    tag = "identities",
    security(("staffBearer" = [])),
    params(Query),
    responses((status = 200, description = "A page, the newest first", body = IdentityRequests))
)]
#[get("/api/v1/identity-requests")]
async fn list_identity_requests(app: Data<App>, As(staff, Params(query)): As<Staff, Params<Query>>) -> Answer {
    ok(IdentityRequests::from(identities::list_requests(&app, &staff, &query.into()).await?))
}

/// Read a request and what was decided on it.
#[utoipa::path(
    operation_id = "readIdentityRequest",
    tag = "identities",
    security(("staffBearer" = [])),
    params(IdentityRequestInPath),
    responses((status = 200, description = "The request", body = RequestBody))
)]
#[get("/api/v1/identity-requests/{id}")]
async fn read_identity_request(app: Data<App>, As(staff, Id(id)): As<Staff, Id<IdentityRequestId>>) -> Answer {
    ok(RequestBody::from(identities::read_request(&app, &staff, id).await?))
}

type Decided = As<Staff, (Id<IdentityRequestId>, Body<Reason>)>;

/// Agree, as a custodian: the own share is sealed to this request.
#[utoipa::path(
    operation_id = "approveIdentityRequest",
    tag = "identities",
    security(("staffBearer" = [])),
    params(IdentityRequestInPath),
    request_body = Reason,
    responses(
        (status = 200, description = "Approved", body = RequestBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/identity-requests/{id}/approve")]
async fn approve_identity_request(app: Data<App>, As(staff, (Id(id), Body(why))): Decided) -> Answer {
    ok(RequestBody::from(identities::approve(&app, &staff, id, Secret::new(why.reason)).await?))
}

/// Refuse, as a custodian. Votes are final; a request that cannot reach its threshold any more is refused for good.
#[utoipa::path(
    operation_id = "refuseIdentityRequest",
    tag = "identities",
    security(("staffBearer" = [])),
    params(IdentityRequestInPath),
    request_body = Reason,
    responses(
        (status = 200, description = "Refused", body = RequestBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/identity-requests/{id}/refuse")]
async fn refuse_identity_request(app: Data<App>, As(staff, (Id(id), Body(why))): Decided) -> Answer {
    ok(RequestBody::from(identities::refuse(&app, &staff, id, Secret::new(why.reason)).await?))
}

/// Who a confidential reporter is.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenedIdentity)]
struct IdentityBody {
    name: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    organisation: Option<String>,
}

impl From<Identity> for IdentityBody {
    fn from(who: Identity) -> Self {
        Self { name: who.name, phone: who.phone, address: who.address, organisation: who.organisation }
    }
}

/// Read a granted identity: the requester and nobody else, for a day.
#[utoipa::path(
    operation_id = "readIdentity",
    tag = "identities",
    security(("staffBearer" = [])),
    params(IdentityRequestInPath),
    responses((status = 200, description = "Who it is", body = IdentityBody))
)]
#[get("/api/v1/identity-requests/{id}/identity")]
async fn read_identity(app: Data<App>, As(staff, Id(id)): As<Staff, Id<IdentityRequestId>>) -> Answer {
    ok(IdentityBody::from(identities::read_identity(&app, &staff, id).await?))
}
