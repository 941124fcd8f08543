//! What a screener decides.

use actix_web::{post, web::Data};
use entity::{ids::TipId, tips as rows};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, versioned},
    authority::As,
    body::Body,
    codes,
    edit::IfMatch,
    path::{Id, TipInPath},
};
use crate::{
    app::App,
    staff::Staff,
    tips::{
        self, priority,
        state::{Dismissal, State},
    },
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(screen_tip).service(accept_tip).service(refer_tip).service(mark_duplicate).service(dismiss_tip);
    cfg.service(reopen_tip);
}

/// An officer's verb on a tip: which tip, which version, and what else it takes.
pub type OnTip<T> = As<Staff, (Id<TipId>, IfMatch, T)>;

/// Where a tip stands after a verb.
#[derive(Serialize, ToSchema)]
pub struct ChangedTip {
    id: Uuid,
    number: String,
    #[schema(schema_with = codes::tip_state)]
    state: &'static str,
    /// Verbs that the state allows.
    allowed: Vec<&'static str>,
    #[schema(schema_with = codes::tip_priority)]
    priority: &'static str,
    /// The first of them, if the tip is a duplicate.
    duplicate_of: Option<Uuid>,
    /// For `If-Match`, as in `ETag`.
    version: i32,
}

impl From<rows::Model> for ChangedTip {
    fn from(tip: rows::Model) -> Self {
        Self {
            id: tip.id.into(),
            state: tip.status.as_str(),
            allowed: State::from_row(tip.status, tip.asked_from).allowed(),
            priority: priority::name(tip.priority),
            duplicate_of: tip.duplicate_of.map(Into::into),
            version: tip.version,
            number: tip.number,
        }
    }
}

pub fn changed(tip: rows::Model) -> Answer {
    versioned(tip.version, ChangedTip::from(tip))
}

/// Why something is done; sealed with the tip, and never shown to the reporter.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[schema(min_length = 1, max_length = 5_000)]
    pub reason: String,
}

/// Take a new tip into review.
#[utoipa::path(
    operation_id = "screenTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    responses((status = 200, description = "In review", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/screen")]
async fn screen_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), ())): OnTip<()>) -> Answer {
    changed(tips::screen(&app, &staff, tip, edit).await?)
}

/// Accept a tip as police work.
#[utoipa::path(
    operation_id = "acceptTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    responses((status = 200, description = "Accepted", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/accept")]
async fn accept_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), ())): OnTip<()>) -> Answer {
    changed(tips::accept(&app, &staff, tip, edit).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Referral {
    /// The agency, outside this line.
    #[schema(min_length = 1, max_length = 500, example = "Hạt Kiểm lâm Quan Sơn")]
    to: String,
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
}

/// Pass a tip to another agency.
#[utoipa::path(
    operation_id = "referTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Referral,
    responses((status = 200, description = "Referred", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/refer")]
async fn refer_tip(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(referral))): OnTip<Body<Referral>>,
) -> Answer {
    changed(tips::refer(&app, &staff, tip, edit, &referral.to, Secret::new(referral.reason)).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Duplication {
    /// Id of the earlier tip about the same matter.
    of: Uuid,
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
}

/// Fold a tip into an earlier one about the same matter: only that one can count as a source.
#[utoipa::path(
    operation_id = "markDuplicate",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Duplication,
    responses((status = 200, description = "Marked", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/mark-duplicate")]
async fn mark_duplicate(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(duplication))): OnTip<Body<Duplication>>,
) -> Answer {
    let (of, reason) = (duplication.of.into(), Secret::new(duplication.reason));
    changed(tips::mark_duplicate(&app, &staff, tip, edit, of, reason).await?)
}

/// Why a tip is no police work.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    Spam,
    Test,
    NotPolice,
}

impl From<Why> for Dismissal {
    fn from(why: Why) -> Self {
        match why {
            Why::Spam => Self::Spam,
            Why::Test => Self::Test,
            Why::NotPolice => Self::NotPolice,
        }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Dismissal)]
struct DismissalBody {
    #[schema(schema_with = codes::dismissal)]
    why: Why,
    #[schema(min_length = 1, max_length = 5_000)]
    reason: String,
}

/// Close a tip that is no police work.
#[utoipa::path(
    operation_id = "dismissTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = DismissalBody,
    responses((status = 200, description = "Dismissed", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/dismiss")]
async fn dismiss_tip(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(dismissal))): OnTip<Body<DismissalBody>>,
) -> Answer {
    let (why, reason) = (dismissal.why.into(), Secret::new(dismissal.reason));
    changed(tips::dismiss(&app, &staff, tip, edit, why, reason).await?)
}

/// Bring a finished tip back into work.
#[utoipa::path(
    operation_id = "reopenTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Reason,
    responses((status = 200, description = "Back in work", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/reopen")]
async fn reopen_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(why))): OnTip<Body<Reason>>) -> Answer {
    changed(tips::reopen(&app, &staff, tip, edit, Secret::new(why.reason)).await?)
}
