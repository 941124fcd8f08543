use actix_web::{post, web::Data};
use entity::{enums::ValuationState, ids::ValuationId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use vault::secret::Secret;

use super::{
    answer::{Answer, ok},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
    path::{Id, ValuationInPath},
    tip_moves::Reason,
};
use crate::{
    app::App,
    staff::Staff,
    valuations::{self, Valuation},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(confirm_valuation).service(revoke_valuation);
}

/// Where a valuation stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Valuation)]
struct ValuationBody {
    id: Uuid,
    tip: Uuid,
    #[schema(schema_with = codes::valuation_state)]
    state: ValuationState,
}

impl From<Valuation> for ValuationBody {
    fn from(valuation: Valuation) -> Self {
        Self { id: valuation.id.into(), tip: valuation.tip.into(), state: valuation.state }
    }
}

/// Confirm what another officer attested: from now on the tip counts as a valuable source.
#[utoipa::path(
    operation_id = "confirmValuation",
    tag = "valuations",
    security(("staffBearer" = [])),
    params(ValuationInPath),
    responses(
        (status = 200, description = "Confirmed", body = ValuationBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/valuations/{id}/confirm")]
async fn confirm_valuation(app: Data<App>, As(staff, Id(valuation)): As<Staff, Id<ValuationId>>) -> Answer {
    ok(ValuationBody::from(valuations::confirm(&app, &staff, valuation).await?))
}

/// End a valuation. The history stays: figures as of an earlier day do not move.
///
/// Takes the right to confirm; what nobody has confirmed yet, its attester may withdraw too.
#[utoipa::path(
    operation_id = "revokeValuation",
    tag = "valuations",
    security(("staffBearer" = [])),
    params(ValuationInPath),
    request_body = Reason,
    responses(
        (status = 200, description = "Revoked", body = ValuationBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/valuations/{id}/revoke")]
async fn revoke_valuation(
    app: Data<App>,
    As(staff, (Id(valuation), Body(why))): As<Staff, (Id<ValuationId>, Body<Reason>)>,
) -> Answer {
    ok(ValuationBody::from(valuations::revoke(&app, &staff, valuation, Secret::new(why.reason)).await?))
}
