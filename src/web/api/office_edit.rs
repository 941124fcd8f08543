//! Offices as administrators make, change and close them.

use actix_web::{get, post, web::Data};
use chrono::NaiveDate;
use entity::ids::OfficeId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{
    answer::{Answer, created, nothing, versioned},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
    edit::IfMatch,
    path::{Id, OfficeInPath},
};
use crate::{
    app::App,
    staff::Staff,
    units::{self, OfficeDraft, OfficeView},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_office).service(create_office).service(change_office).service(close_office);
}

/// An office as it is edited.
#[derive(Serialize, ToSchema)]
struct OfficeDetail {
    id: Uuid,
    code: String,
    #[schema(schema_with = codes::office_kind)]
    kind: String,
    name_vi: String,
    name_en: String,
    /// The office above it, which oversees it; null: the intake desk.
    parent: Option<Uuid>,
    is_intake: bool,
    /// Codes of the places that it answers for today.
    areas: Vec<String>,
    valid_from: NaiveDate,
    /// The last day, inclusive; null: it is open.
    valid_to: Option<NaiveDate>,
    /// It has a key, so that tips can be sealed to it.
    holds_key: bool,
}

impl From<OfficeView> for OfficeDetail {
    fn from(OfficeView { office, areas, .. }: OfficeView) -> Self {
        Self {
            id: office.id.into(),
            code: office.code,
            kind: office.kind,
            name_vi: office.name.vi,
            name_en: office.name.en,
            parent: office.parent.map(Into::into),
            is_intake: office.is_intake,
            areas,
            valid_from: office.valid_from,
            valid_to: office.valid_to,
            holds_key: office.holds_key,
        }
    }
}

/// Show an office of the caller's, with what an edit of it needs; an administrator sees each.
#[utoipa::path(
    operation_id = "readOffice",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath),
    responses((status = 200, description = "The office", body = OfficeDetail))
)]
#[get("/api/v1/offices/{id}")]
async fn read_office(app: Data<App>, As(staff, Id(id)): As<Staff, Id<OfficeId>>) -> Answer {
    let view = units::read_office(&app, &staff, id).await?;
    versioned(view.version, OfficeDetail::from(view))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOffice {
    /// 1 to 40 letters without accents, digits, `_` or `-`; never changed later.
    #[schema(example = "ca-xa-15013-2027")]
    code: String,
    #[schema(schema_with = codes::office_kind)]
    kind: String,
    #[schema(example = "Công an xã Na Mèo")]
    name_vi: String,
    #[schema(example = "Na Mèo Commune Police")]
    name_en: String,
    /// The office above it, which oversees it.
    parent: Option<Uuid>,
    /// Codes of the places that it answers for, with all below them that no nearer office answers for.
    #[serde(default)]
    #[validate(length(max = 500, code = "too_long"))]
    #[schema(example = json!(["15013"]))]
    areas: Vec<String>,
}

/// Make an office, from today on.
///
/// It has no key, and nothing is sent to it, until its first member is made on the server: `tipline officer add`.
#[utoipa::path(
    operation_id = "createOffice",
    tag = "offices",
    security(("staffBearer" = [])),
    request_body = NewOffice,
    responses((status = 201, description = "Made", body = OfficeDetail))
)]
#[post("/api/v1/offices")]
async fn create_office(app: Data<App>, As(staff, Body(new)): As<Staff, Body<NewOffice>>) -> Answer {
    let NewOffice { code, kind, name_vi, name_en, parent, areas } = new;
    let draft = OfficeDraft { kind, name_vi, name_en, parent: parent.map(Into::into), areas };
    let id = units::create_office(&app, &staff, &code, draft).await?;
    let view = units::read_office(&app, &staff, id).await?;
    created(format!("/api/v1/offices/{id}"), OfficeDetail::from(view))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfficeChange {
    #[schema(schema_with = codes::office_kind)]
    kind: String,
    name_vi: String,
    name_en: String,
    /// The office above it; null for the intake desk alone.
    parent: Option<Uuid>,
    /// All places that it answers for from today on.
    #[validate(length(max = 500, code = "too_long"))]
    areas: Vec<String>,
}

/// Change an office from now on: its names, what stands above it, the places that it answers for.
///
/// Tips that it has stay with it. Offices beneath it go along.
#[utoipa::path(
    operation_id = "changeOffice",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath, IfMatch),
    request_body = OfficeChange,
    responses((status = 204, description = "Changed"), (status = 409, response = Conflict))
)]
#[post("/api/v1/offices/{id}/change")]
async fn change_office(
    app: Data<App>,
    As(staff, (Id(id), IfMatch(seen), Body(new))): As<Staff, (Id<OfficeId>, IfMatch, Body<OfficeChange>)>,
) -> Answer {
    let OfficeChange { kind, name_vi, name_en, parent, areas } = new;
    let draft = OfficeDraft { kind, name_vi, name_en, parent: parent.map(Into::into), areas };
    units::change_office(&app, &staff, seen, id, draft).await?;
    nothing()
}

/// Close an office: nothing is sent to it any more.
///
/// Refused while it has open tips or cases, or offices beneath it, and for the intake desk. Its members keep their keys
/// for what is kept there.
#[utoipa::path(
    operation_id = "closeOffice",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath, IfMatch),
    responses((status = 204, description = "Closed"), (status = 409, response = Conflict))
)]
#[post("/api/v1/offices/{id}/close")]
async fn close_office(
    app: Data<App>,
    As(staff, (Id(id), IfMatch(seen))): As<Staff, (Id<OfficeId>, IfMatch)>,
) -> Answer {
    units::close_office(&app, &staff, seen, id).await?;
    nothing()
}
