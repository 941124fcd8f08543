//! Reference data as administrators edit them: every list by its name, every code with the days on which it means what.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header::LOCATION, post, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, SchemaType, Type},
    },
};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    answer::{Answer, versioned},
    authority::As,
    body::Body,
    codes,
    day::Day,
    document::NotFound,
    edit::{IfMatch, etag},
    problem::ApiError,
};
use crate::{
    app::App,
    codebook::{self, Codes},
    platform::fault::Code,
    reference::{DatedRow, RowKind, UnitKey},
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_codes)
        .service(add_code)
        .service(change_code)
        .service(end_code)
        .service(withdraw_code)
        .service(record_successors);
}

/// The list that a path names.
struct List(RowKind);

impl FromRequest for List {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kind = req.match_info().get("list").and_then(RowKind::parse);
        ready(kind.map(Self).ok_or_else(|| ApiError::new(Code::NoSuchList)))
    }
}

/// A list of codes that a path names, and one of them. Links between places are a list of no codes.
struct Coded(RowKind, String);

impl FromRequest for Coded {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kind = req.match_info().get("list").and_then(RowKind::parse).filter(|kind| *kind != RowKind::Succession);
        let code = req.match_info().get("code").unwrap_or_default().to_owned();
        ready(kind.map(|kind| Self(kind, code)).ok_or_else(|| ApiError::new(Code::NoSuchList)))
    }
}

/// The same, as the document lists it.
struct ListInPath;

impl IntoParams for ListInPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("list")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("A list of reference data; links between places (`succession`) are listed only"))
            .schema(Some(codes::reference_list()));
        vec![parameter.build()]
    }
}

struct CodeInPath;

impl IntoParams for CodeInPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let code = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let parameter = ParameterBuilder::new()
            .name("code")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("A code of the list"))
            .example(Some("ma_tuy".into()))
            .schema(Some(code));
        vec![parameter.build()]
    }
}

#[derive(Serialize, ToSchema)]
struct CodeRows {
    /// By code, oldest first.
    items: Vec<CodeRow>,
}

/// What a code means on some days.
#[derive(Serialize, ToSchema)]
struct CodeRow {
    #[schema(example = "ma_tuy")]
    code: String,
    valid_from: NaiveDate,
    /// The last day, inclusive; null: until further notice.
    valid_to: Option<NaiveDate>,
    /// As its list has it.
    #[schema(value_type = Object)]
    body: Value,
}

impl From<DatedRow> for CodeRow {
    fn from(row: DatedRow) -> Self {
        Self { code: row.key, valid_from: row.valid_from, valid_to: row.valid_to, body: row.body }
    }
}

impl From<Codes> for CodeRows {
    fn from(codes: Codes) -> Self {
        Self { items: codes.rows.into_iter().map(CodeRow::from).collect() }
    }
}

/// The rows of a code with the edition that an edit of them must name.
fn edited(codes: Codes) -> Answer {
    versioned(codes.edition, CodeRows::from(codes))
}

/// List what every code of a list meant, means and will mean. The `ETag` is the edition of all lists together.
#[utoipa::path(
    operation_id = "listCodes",
    tag = "reference",
    security(("staffBearer" = [])),
    params(ListInPath),
    responses((status = 200, description = "Codes with their days", body = CodeRows))
)]
#[get("/api/v1/reference/{list}")]
async fn list_codes(app: Data<App>, As(staff, List(kind)): As<Staff, List>) -> Answer {
    edited(codebook::list_codes(&app, &staff, kind).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "nuoc_sach", "from": "2027-01-01",
    "body": {"order": 16, "label": {"vi": "Nguồn nước", "en": "Water"}, "examples": [{"vi": "Đầu độc suối", "en": "Poisoned streams"}],
             "priority": "normal", "routing": "covering", "advice": null}
}))]
struct NewCode {
    /// 1 to 40 letters without accents, digits, `_` or `-`.
    code: String,
    /// Today or later; of a retention rule a week from now.
    #[schema(value_type = NaiveDate)]
    from: Day,
    /// As `listCodes` shows those of the list.
    #[schema(value_type = Object)]
    body: Value,
}

/// Add a code that never meant anything. Administrators of the intake desk do, for the whole line.
#[utoipa::path(
    operation_id = "addCode",
    tag = "reference",
    security(("staffBearer" = [])),
    params(ListInPath, IfMatch),
    request_body = NewCode,
    responses((status = 201, description = "Added", body = CodeRows))
)]
#[post("/api/v1/reference/{list}")]
async fn add_code(
    app: Data<App>,
    As(staff, (Coded(kind, _), IfMatch(seen), Body(new))): As<Staff, (Coded, IfMatch, Body<NewCode>)>,
) -> Answer {
    let codes = codebook::add_code(&app, &staff, seen, kind, &new.code, new.from.0, new.body).await?;
    let location = (LOCATION, format!("/api/v1/reference/{kind}"));
    let tag = ("etag", etag(codes.edition));
    Ok(HttpResponse::Created().insert_header(location).insert_header(tag).json(CodeRows::from(codes)))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeChange {
    /// Tomorrow or later; of a retention rule a week from now. What begins on that very day already is written anew.
    #[schema(value_type = NaiveDate)]
    from: Day,
    /// The whole of it, as `listCodes` shows it.
    #[schema(value_type = Object)]
    body: Value,
}

/// Give a code another meaning from a day to come on. What was counted by it keeps the one that it had.
///
/// A place stays the same place: its figures are passed on to what it is from that day on.
#[utoipa::path(
    operation_id = "changeCode",
    tag = "reference",
    security(("staffBearer" = [])),
    params(ListInPath, CodeInPath, IfMatch),
    request_body = CodeChange,
    responses((status = 200, description = "The code as it is from now on", body = CodeRows))
)]
#[post("/api/v1/reference/{list}/{code}/change")]
async fn change_code(
    app: Data<App>,
    As(staff, (Coded(kind, code), IfMatch(seen), Body(new))): As<Staff, (Coded, IfMatch, Body<CodeChange>)>,
) -> Answer {
    edited(codebook::change_code(&app, &staff, seen, kind, &code, new.from.0, new.body).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeEnd {
    /// Today or later, inclusive; of a retention rule six days from now.
    #[schema(value_type = NaiveDate)]
    last_day: Day,
}

/// End a code with a day. What was to begin later is taken back.
#[utoipa::path(
    operation_id = "endCode",
    tag = "reference",
    security(("staffBearer" = [])),
    params(ListInPath, CodeInPath, IfMatch),
    request_body = CodeEnd,
    responses((status = 200, description = "The code as it is from now on", body = CodeRows))
)]
#[post("/api/v1/reference/{list}/{code}/end")]
async fn end_code(
    app: Data<App>,
    As(staff, (Coded(kind, code), IfMatch(seen), Body(end))): As<Staff, (Coded, IfMatch, Body<CodeEnd>)>,
) -> Answer {
    edited(codebook::end_code(&app, &staff, seen, kind, &code, end.last_day.0).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeWithdrawal {
    /// The day on which it was to begin.
    #[schema(value_type = NaiveDate)]
    valid_from: Day,
}

/// Take back what a code was to mean from a day on that has not come yet.
#[utoipa::path(
    operation_id = "withdrawCode",
    tag = "reference",
    security(("staffBearer" = [])),
    params(ListInPath, CodeInPath, IfMatch),
    request_body = CodeWithdrawal,
    responses((status = 200, description = "The code as it is from now on", body = CodeRows))
)]
#[post("/api/v1/reference/{list}/{code}/withdraw")]
async fn withdraw_code(
    app: Data<App>,
    As(staff, (Coded(kind, code), IfMatch(seen), Body(what))): As<Staff, (Coded, IfMatch, Body<CodeWithdrawal>)>,
) -> Answer {
    edited(codebook::withdraw_code(&app, &staff, seen, kind, &code, what.valid_from.0).await?)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Successors {
    /// The place that ends, by code and first day.
    #[schema(example = "15016@2019-12-01")]
    from: String,
    /// Places that begin on the day after its last one; none: nothing is on record.
    #[validate(length(max = 60, code = "too_long"))]
    #[schema(example = json!(["15016@2025-07-01", "15019@2025-07-01"]))]
    heirs: Vec<String>,
}

impl Successors {
    fn keys(&self) -> Result<(UnitKey, Vec<UnitKey>), ApiError> {
        let from = self.from.parse().map_err(|_| ApiError::field("from", Code::UnknownUnit))?;
        let heir = |(at, text): (usize, &String)| {
            text.parse::<UnitKey>().map_err(|_| ApiError::field(format!("heirs[{at}]"), Code::UnknownUnit))
        };
        Ok((from, self.heirs.iter().enumerate().map(heir).collect::<Result<_, _>>()?))
    }
}

/// Say which places take over one that ends: with one it goes whole, with several each takes a part.
#[utoipa::path(
    operation_id = "recordSuccessors",
    tag = "reference",
    security(("staffBearer" = [])),
    params(IfMatch),
    request_body = Successors,
    responses(
        (status = 200, description = "The place that ends", body = CodeRows),
        (status = 404, response = NotFound),
    )
)]
#[post("/api/v1/successors")]
async fn record_successors(
    app: Data<App>,
    As(staff, (IfMatch(seen), Body(new))): As<Staff, (IfMatch, Body<Successors>)>,
) -> Answer {
    let (from, heirs) = new.keys()?;
    edited(codebook::record_successors(&app, &staff, seen, &from, &heirs).await?)
}
