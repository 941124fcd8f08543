//! Who holds identities: how many custodians, which, and how one gives up custody.

use actix_web::{get, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{
    answer::{Answer, made, ok},
    authority::As,
    body::Body,
    document::Conflict,
};
use crate::{
    app::App,
    identities::{self, Custodian, Quorum, Successor},
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_identity_quorum).service(set_identity_quorum).service(hand_over_custody);
}

/// How many custodians hold a share of a new identity, and how many open it.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Quorum)]
struct QuorumBody {
    /// Custodians who open an identity together.
    #[schema(minimum = 2, maximum = 32, example = 2)]
    threshold: i32,
    /// Custodians who hold a share.
    #[schema(minimum = 2, maximum = 32, example = 3)]
    holders: i32,
}

impl From<Quorum> for QuorumBody {
    fn from(quorum: Quorum) -> Self {
        Self { threshold: quorum.threshold, holders: quorum.holders }
    }
}

#[derive(Serialize, ToSchema)]
struct Custody {
    quorum: QuorumBody,
    /// Those who are ready to hold a share.
    custodians: Vec<CustodianBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Custodian)]
struct CustodianBody {
    id: Uuid,
    display_name: String,
    /// SHA-256 of the public key, in hexadecimal: compare it with the officer before handing anything over.
    key_fingerprint: String,
}

impl From<Custodian> for CustodianBody {
    fn from(custodian: Custodian) -> Self {
        Self {
            id: custodian.id.into(),
            display_name: custodian.display_name,
            key_fingerprint: custodian.key_fingerprint,
        }
    }
}

/// Tell the quorum for new tips, and who the custodians are; for custodians and administrators.
#[utoipa::path(
    operation_id = "readIdentityQuorum",
    tag = "identities",
    security(("staffBearer" = [])),
    responses((status = 200, description = "Quorum and custodians", body = Custody))
)]
#[get("/api/v1/identity-quorum")]
async fn read_identity_quorum(app: Data<App>, As(staff, ()): As<Staff, ()>) -> Answer {
    let (quorum, custodians) = identities::list_custodians(&app, &staff).await?;
    let custodians = custodians.into_iter().map(CustodianBody::from).collect();
    ok(Custody { quorum: quorum.into(), custodians })
}

/// Set the quorum for tips from now on. Identities that are sealed keep theirs.
#[utoipa::path(
    operation_id = "setIdentityQuorum",
    tag = "identities",
    security(("staffBearer" = [])),
    request_body = QuorumBody,
    responses(
        (status = 201, description = "Set", body = QuorumBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/identity-quorum")]
async fn set_identity_quorum(app: Data<App>, As(staff, Body(new)): As<Staff, Body<QuorumBody>>) -> Answer {
    let quorum = Quorum { threshold: new.threshold, holders: new.holders };
    made(QuorumBody::from(identities::set_quorum(&app, &staff, quorum).await?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOver {
    /// Each share goes to the first who holds none of the same identity yet.
    #[validate(length(max = 32, code = "too_long"))]
    #[schema(min_items = 1, max_items = 32)]
    to: Vec<SuccessorBody>,
}

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Successor)]
struct SuccessorBody {
    officer: Uuid,
    /// As `readIdentityQuorum` tells it, compared with the successor.
    key_fingerprint: String,
}

#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// Shares that went.
    shares: usize,
}

/// Hand the caller's shares to successors: all of them, or none.
#[utoipa::path(
    operation_id = "handOverCustody",
    tag = "identities",
    security(("staffBearer" = [])),
    request_body = HandOver,
    responses(
        (status = 200, description = "Handed over", body = HandedOver),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/staff/me/custody/hand-over")]
async fn hand_over_custody(app: Data<App>, As(staff, Body(what)): As<Staff, Body<HandOver>>) -> Answer {
    let successor = |to: SuccessorBody| Successor { id: to.officer.into(), key_fingerprint: to.key_fingerprint };
    let to: Vec<Successor> = what.to.into_iter().map(successor).collect();
    ok(HandedOver { shares: identities::hand_over(&app, &staff, &to).await? })
}
