use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get,
    http::header::{CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE},
    web::Data,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::Answer,
    authority::As,
    codes,
    day::Day,
    document::Invalid,
    problem::ApiError,
    query::{Params, from_text},
    report_body::{ReportBody, report_json},
};
use crate::{
    app::App,
    platform::fault::Code,
    reference::Language,
    reports::{self, Asker, Format, Report, ReportKind, ReportQuery},
    staff::Staff,
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(make_report);
}

/// The period; both days belong to it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[param(value_type = NaiveDate, example = "2021-01-01")]
    from: Day,
    #[param(value_type = NaiveDate, example = "2023-12-31")]
    to: Day,
    /// As it stood at the end of this day; without it as it stands now.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<Day>,
    /// How it is written down; without it as JSON.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::report_format, required = false)]
    format: Option<Format>,
    /// Without it by `Accept-Language`.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::report_language, required = false)]
    language: Option<InLanguage>,
}

/// A language by its code, in the one spelling.
struct InLanguage(Language);

impl FromStr for InLanguage {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Language::parse(code).map(Self).ok_or(())
    }
}

impl Query {
    fn of(&self, kind: ReportKind) -> ReportQuery {
        ReportQuery { kind, from: self.from.0, to: self.to.0, as_of: self.as_of.map(|Day(day)| day) }
    }
}

/// What kind of report, in the path.
struct Which(ReportKind);

impl FromRequest for Which {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kind = req.match_info().get("kind").and_then(|kind| kind.parse().ok());
        ready(kind.map(Self).ok_or_else(|| ApiError::new(Code::NoSuchReport)))
    }
}

/// Make a report of a period, of the caller's offices and all beneath them.
///
/// Counted on one snapshot and held against the ledger's invariants: where a sum does not agree, `reconciles` is false
/// and the first paragraph says so. CSV and XLSX hold the same figures as JSON, and no cell that a spreadsheet evaluates.
#[utoipa::path(
    operation_id = "makeReport",
    tag = "reports",
    security(("staffBearer" = [])),
    params(
        ("kind" = String, Path, description = "What for", pattern = "^(movement|full)$", example = "movement"),
        Query
    ),
    responses(
        (status = 200, description = "The report", content(
            (ReportBody = "application/json"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        (status = 422, response = Invalid)
    )
)]
#[get("/api/v1/reports/{kind}")]
async fn make_report(
    app: Data<App>,
    lang: Lang,
    As(staff, (Which(kind), Params(query))): As<Staff, (Which, Params<Query>)>,
) -> Answer {
    let report = reports::make_report(&app, Asker::Officer(&staff), &query.of(kind)).await?;
    written(
        &report,
        query.format.unwrap_or(Format::Json),
        query.language.map_or(lang.0, |InLanguage(language)| language),
    )
}

fn written(report: &Report, format: Format, language: Language) -> Answer {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, format.media_type())).insert_header((CONTENT_LANGUAGE, language.as_str()));
    let name = format!("attachment; filename=\"{}\"", reports::file_name(report, format));
    let body = match format {
        Format::Json => return Ok(answer.body(report_json(report, language))),
        Format::Csv => reports::csv(report, language)?,
        Format::Xlsx => reports::xlsx(report, language)?,
    };
    Ok(answer.insert_header((CONTENT_DISPOSITION, name)).body(body))
}
