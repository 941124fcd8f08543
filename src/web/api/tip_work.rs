//! Work on a tip: who has it, what is said about it and to its reporter.

use actix_web::{post, web::Data};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::Answer,
    authority::As,
    body::Body,
    edit::IfMatch,
    path::{Id, TipInPath},
    tip_moves::{ChangedTip, OnTip, changed},
};
use crate::{
    app::App,
    tips::{self, Grade},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(assign_tip).service(ask_reporter).service(reply_to_reporter).service(note_tip).service(grade_tip);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Assignment {
    /// Id of an officer of the tip's office; null: nobody.
    #[serde(deserialize_with = "given")]
    #[schema(required)]
    assignee: Option<Uuid>,
}

/// Has to be there, if only as null: a forgotten field must not take the tip from somebody.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    Option::deserialize(deserializer)
}

/// Give a tip to an officer of its office, or to nobody.
#[utoipa::path(
    operation_id = "assignTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Assignment,
    responses((status = 200, description = "Assigned", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/assign")]
async fn assign_tip(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(assignment))): OnTip<Body<Assignment>>,
) -> Answer {
    changed(tips::assign(&app, &staff, tip, edit, assignment.assignee.map(Into::into)).await?)
}

/// Something said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[schema(min_length = 1, max_length = 5_000)]
    pub text: String,
}

/// Ask the reporter; the tip waits for the answer.
#[utoipa::path(
    operation_id = "askReporter",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Words,
    responses((status = 200, description = "Asked", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/ask")]
async fn ask_reporter(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(said))): OnTip<Body<Words>>) -> Answer {
    changed(tips::ask(&app, &staff, tip, edit, Secret::new(said.text)).await?)
}

/// Tell the reporter something that needs no answer.
#[utoipa::path(
    operation_id = "replyToReporter",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Words,
    responses((status = 200, description = "Told", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/reply")]
async fn reply_to_reporter(
    app: Data<App>,
    As(staff, (Id(tip), IfMatch(edit), Body(said))): OnTip<Body<Words>>,
) -> Answer {
    changed(tips::reply(&app, &staff, tip, edit, Secret::new(said.text)).await?)
}

/// Note something for colleagues; the reporter's key does not open it.
#[utoipa::path(
    operation_id = "noteTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = Words,
    responses((status = 200, description = "Noted", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/note")]
async fn note_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(said))): OnTip<Body<Words>>) -> Answer {
    changed(tips::note(&app, &staff, tip, edit, Secret::new(said.text)).await?)
}

/// How far source and information are trusted (Admiralty code). A grade is not a value.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Grading)]
struct GradeBody {
    /// A (reliable) to F (unknown).
    #[schema(value_type = String, pattern = "^[A-F]$", example = "C")]
    source: char,
    /// 1 (confirmed) to 6 (cannot be judged).
    #[schema(minimum = 1, maximum = 6, example = 3)]
    information: u8,
    #[schema(max_length = 5_000)]
    reason: Option<String>,
}

/// Grade a tip; earlier grades stay in its history.
#[utoipa::path(
    operation_id = "gradeTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath, IfMatch),
    request_body = GradeBody,
    responses((status = 200, description = "Graded", body = ChangedTip))
)]
#[post("/api/v1/tips/{id}/grade")]
async fn grade_tip(app: Data<App>, As(staff, (Id(tip), IfMatch(edit), Body(given))): OnTip<Body<GradeBody>>) -> Answer {
    let grade = Grade { source: given.source, information: given.information, reason: given.reason };
    changed(tips::grade(&app, &staff, tip, edit, grade).await?)
}
