use actix_web::{get, post, web::Data};
use chrono::{DateTime, Utc};
use entity::{enums::CaseStatus, ids::CaseId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, ok, versioned},
    authority::As,
    body::{Body, OptionalBody},
    codes,
    document::Conflict,
    edit::IfMatch,
    outcomes::Outcome,
    path::{CaseInPath, Id},
    query::{Params, from_text, text},
    tip_moves::Reason,
    tip_view::OfficerRef,
};
use crate::{
    app::App,
    cases::{self, CaseRow, CaseView, ChangedCase, Filter},
    platform::paging::Page,
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_cases).service(read_case).service(close_case).service(reopen_case);
}

/// What to look for; nothing named: all cases of the caller's offices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::case_state, required = false)]
    state: Option<CaseStatus>,
    /// Id of an office.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<Uuid>)]
    office: Option<Uuid>,
    /// Cases on a page.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "text")]
    cursor: Option<String>,
}

impl From<Query> for Filter {
    fn from(query: Query) -> Self {
        Self { office: query.office.map(Into::into), status: query.state, limit: query.limit, cursor: query.cursor }
    }
}

#[derive(Serialize, ToSchema)]
struct CaseList {
    items: Vec<ListedCase>,
    /// Pass back as `cursor`; null: this was the last page.
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ListedCase {
    id: Uuid,
    number: String,
    /// Null while nobody has granted the caller the office's key.
    title: Option<String>,
    #[schema(schema_with = codes::case_state)]
    state: CaseStatus,
    version: i32,
    office: Uuid,
    opened_by: OfficerRef,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    /// How many tips it is made of.
    tips: u64,
}

impl From<CaseRow> for ListedCase {
    fn from(case: CaseRow) -> Self {
        Self {
            id: case.id.into(),
            number: case.number,
            title: case.title,
            state: case.status,
            version: case.version,
            office: case.office.into(),
            opened_by: case.opened_by.into(),
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            tips: case.tips,
        }
    }
}

impl From<Page<CaseRow>> for CaseList {
    fn from(page: Page<CaseRow>) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// List the cases of the caller's offices, newest first.
#[utoipa::path(
    operation_id = "listCases",
    tag = "cases",
    security(("staffBearer" = [])),
    params(Query),
    responses((status = 200, description = "A page", body = CaseList))
)]
#[get("/api/v1/cases")]
async fn list_cases(app: Data<App>, As(staff, Params(query)): As<Staff, Params<Query>>) -> Answer {
    ok(CaseList::from(cases::list(&app, &staff, &query.into()).await?))
}

#[derive(Serialize, ToSchema)]
struct Case {
    id: Uuid,
    number: String,
    title: String,
    #[schema(schema_with = codes::case_state)]
    state: CaseStatus,
    /// For `If-Match`, as in `ETag`.
    version: i32,
    office: Uuid,
    opened_by: OfficerRef,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    tips: Vec<TipOfCase>,
    /// In the order of their decisions.
    outcomes: Vec<Outcome>,
    /// Why it was closed and reopened, oldest first.
    notes: Vec<CaseNote>,
    /// Verbs that the state and the caller's roles allow now.
    allowed: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct TipOfCase {
    id: Uuid,
    number: String,
    #[schema(schema_with = codes::tip_state)]
    state: &'static str,
    category: String,
}

#[derive(Serialize, ToSchema)]
struct CaseNote {
    #[schema(example = "close")]
    act: String,
    text: String,
    officer: OfficerRef,
    at: DateTime<Utc>,
}

impl From<CaseView> for Case {
    fn from(case: CaseView) -> Self {
        let tip = |tip: cases::CaseTip| TipOfCase {
            id: tip.id.into(),
            number: tip.number,
            state: tip.state.as_str(),
            category: tip.category,
        };
        let note = |note: cases::CaseNoteView| CaseNote {
            act: note.act,
            text: note.text,
            officer: note.officer.into(),
            at: note.at,
        };
        Self {
            id: case.id.into(),
            number: case.number,
            title: case.title,
            state: case.status,
            version: case.version,
            office: case.office.into(),
            opened_by: case.opened_by.into(),
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            tips: case.tips.into_iter().map(tip).collect(),
            outcomes: case.outcomes.into_iter().map(Into::into).collect(),
            notes: case.notes.into_iter().map(note).collect(),
            allowed: case.allowed,
        }
    }
}

/// Open a case: its title, its tips by number, what came of it. Each reading is on record.
#[utoipa::path(
    operation_id = "readCase",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath),
    responses(
        (status = 200, description = "The case", body = Case, headers(("ETag" = String, description = "Its version"))),
        (status = 409, response = Conflict)
    )
)]
#[get("/api/v1/cases/{id}")]
async fn read_case(app: Data<App>, As(staff, Id(case)): As<Staff, Id<CaseId>>) -> Answer {
    let case = cases::read(&app, &staff, case).await?;
    versioned(case.version, Case::from(case))
}

/// An officer's verb on a case: which case, which version, and what else it takes.
type OnCase<T> = As<Staff, (Id<CaseId>, IfMatch, T)>;

/// Where a case stands after a verb.
#[derive(Serialize, ToSchema)]
#[schema(as = ChangedCase)]
struct ChangedCaseBody {
    id: Uuid,
    number: String,
    #[schema(schema_with = codes::case_state)]
    state: CaseStatus,
    version: i32,
}

fn changed(case: ChangedCase) -> Answer {
    let body = ChangedCaseBody { id: case.id.into(), number: case.number, state: case.status, version: case.version };
    versioned(case.version, body)
}

#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Closing {
    /// What is left to say; sealed.
    #[schema(min_length = 1, max_length = 5_000)]
    note: Option<String>,
}

/// End a case. A tip whose last open case this was is closed with it.
#[utoipa::path(
    operation_id = "closeCase",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath, IfMatch),
    request_body = Option<Closing>,
    responses((status = 200, description = "Closed", body = ChangedCaseBody))
)]
#[post("/api/v1/cases/{id}/close")]
async fn close_case(
    app: Data<App>,
    As(staff, (Id(case), IfMatch(edit), OptionalBody(closing))): OnCase<OptionalBody<Closing>>,
) -> Answer {
    changed(cases::close(&app, &staff, case, edit, closing.note.map(Secret::new)).await?)
}

/// Take up an ended case again, and with it its closed tips. What counts goes on counting.
#[utoipa::path(
    operation_id = "reopenCase",
    tag = "cases",
    security(("staffBearer" = [])),
    params(CaseInPath, IfMatch),
    request_body = Reason,
    responses((status = 200, description = "Open again", body = ChangedCaseBody))
)]
#[post("/api/v1/cases/{id}/reopen")]
async fn reopen_case(app: Data<App>, As(staff, (Id(case), IfMatch(edit), Body(why))): OnCase<Body<Reason>>) -> Answer {
    changed(cases::reopen(&app, &staff, case, edit, Secret::new(why.reason)).await?)
}
