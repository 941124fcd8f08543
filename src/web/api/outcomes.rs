use actix_web::{post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{enums::ValuationState, ids::CaseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, created},
    authority::As,
    body::Body,
    codes,
    day::Day,
    document::Conflict,
    path::{CaseInPath, Id},
    tip_view::OfficerRef,
};
use crate::{
    app::App,
    outcomes::{self, OutcomeView, ValuationRef, YieldView},
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(record_outcome);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "khoi_to", "decided_on": "2023-06-20", "note": "Khởi tố 2 bị can.",
    "yields": [{"kind": "persons", "amount": 2, "unit": "person"},
               {"kind": "drugs", "choice": "heroin", "amount": 12.5, "unit": "g"}]
}))]
struct NewOutcome {
    /// Code of a kind of outcome of the day of the decision (`listOutcomeKinds`).
    kind: String,
    #[schema(value_type = NaiveDate)]
    decided_on: Day,
    /// The body that took over told that it acted; without it a transfer makes no source valuable.
    #[serde(default)]
    action_confirmed: bool,
    /// Sealed.
    #[schema(min_length = 1, max_length = 5_000)]
    note: Option<String>,
    /// What it brought in.
    #[serde(default)]
    #[schema(max_items = 50)]
    yields: Vec<NewYield>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewYield {
    /// Code of a kind of yield (`listYieldKinds`).
    kind: String,
    /// The finer kind, where there is one: which drug.
    choice: Option<String>,
    /// At most three decimals.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    amount: f64,
    /// One of the units of the kind.
    unit: String,
}

impl From<NewOutcome> for outcomes::NewOutcome {
    fn from(new: NewOutcome) -> Self {
        let Day(decided_on) = new.decided_on;
        let item = |item: NewYield| outcomes::NewYield {
            kind: item.kind,
            choice: item.choice,
            amount: item.amount,
            unit: item.unit,
        };
        Self {
            kind: new.kind,
            decided_on,
            action_confirmed: new.action_confirmed,
            note: new.note.map(Secret::new),
            yields: new.yields.into_iter().map(item).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct RecordedOutcome {
    id: Uuid,
}

/// Record what came of an open case; its tips are handled with it.
#[utoipa::path(
    operation_id = "recordOutcome",
    tag = "outcomes",
    security(("staffBearer" = [])),
    params(CaseInPath),
    request_body = NewOutcome,
    responses(
        (status = 201, description = "Recorded", body = RecordedOutcome),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/cases/{id}/outcomes")]
async fn record_outcome(
    app: Data<App>,
    As(staff, (Id(case), Body(new))): As<Staff, (Id<CaseId>, Body<NewOutcome>)>,
) -> Answer {
    let id = outcomes::record(&app, &staff, case, new.into()).await?;
    created(format!("/api/v1/cases/{case}"), RecordedOutcome { id: id.into() })
}

/// What came of a case, and which tips it made valuable.
#[derive(Serialize, ToSchema)]
pub struct Outcome {
    id: Uuid,
    kind: String,
    decided_on: NaiveDate,
    action_confirmed: bool,
    note: Option<String>,
    yields: Vec<Yield>,
    recorded_by: OfficerRef,
    recorded_at: DateTime<Utc>,
    /// Oldest first, revoked ones too. Their reasons are read with the tip.
    valuations: Vec<ValuationOfOutcome>,
}

#[derive(Serialize, ToSchema)]
struct Yield {
    kind: String,
    choice: Option<String>,
    amount: f64,
    unit: String,
}

#[derive(Serialize, ToSchema)]
struct ValuationOfOutcome {
    id: Uuid,
    tip: Uuid,
    #[schema(schema_with = codes::valuation_state)]
    state: ValuationState,
    identified: bool,
    attested_by: OfficerRef,
    attested_at: DateTime<Utc>,
    confirmed_by: Option<OfficerRef>,
    confirmed_at: Option<DateTime<Utc>>,
    revoked_by: Option<OfficerRef>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<OutcomeView> for Outcome {
    fn from(outcome: OutcomeView) -> Self {
        Self {
            id: outcome.id.into(),
            kind: outcome.kind,
            decided_on: outcome.decided_on,
            action_confirmed: outcome.action_confirmed,
            note: outcome.note,
            yields: outcome.yields.into_iter().map(Into::into).collect(),
            recorded_by: outcome.recorded_by.into(),
            recorded_at: outcome.recorded_at,
            valuations: outcome.valuations.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<YieldView> for Yield {
    fn from(item: YieldView) -> Self {
        Self { kind: item.kind, choice: item.choice, amount: item.amount, unit: item.unit }
    }
}

impl From<ValuationRef> for ValuationOfOutcome {
    fn from(valuation: ValuationRef) -> Self {
        Self {
            id: valuation.id.into(),
            tip: valuation.tip.into(),
            state: valuation.state,
            identified: valuation.identified,
            attested_by: valuation.attested_by.into(),
            attested_at: valuation.attested_at,
            confirmed_by: valuation.confirmed_by.map(Into::into),
            confirmed_at: valuation.confirmed_at,
            revoked_by: valuation.revoked_by.map(Into::into),
            revoked_at: valuation.revoked_at,
        }
    }
}
