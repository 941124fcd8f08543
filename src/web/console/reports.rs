use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    web::{Data, ServiceConfig},
};
use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::{
    frame::{Frame, Me, date},
    notice::Notice,
    page::Page,
    query::Query,
    typed::day,
};
use crate::{
    app::App,
    platform::fault::Code,
    reference::Language,
    reports::{self, Asker, Format, Report, ReportKind, ReportQuery, TOTAL},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(choose_report).service(show_report);
}

#[derive(Template)]
#[template(path = "console/templates/reports.html")]
struct ReportsPage {
    f: Frame,
    kinds: Vec<(&'static str, String)>,
    from: String,
    to: String,
    notice: Option<Notice>,
}

/// Last year, which is over.
fn usual(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let year = today.year() - 1;
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
    (day(1, 1), day(12, 31))
}

fn asked(query: &Query, kind: ReportKind, today: NaiveDate) -> ReportQuery {
    let (from, to) = usual(today);
    let given = |name: &str| query.get(name).and_then(day);
    ReportQuery { kind, from: given("from").unwrap_or(from), to: given("to").unwrap_or(to), as_of: given("as_of") }
}

#[get("/reports")]
async fn choose_report(app: Data<App>, f: Frame, query: Query) -> Page<ReportsPage> {
    Page(ReportsPage::of(f, &asked(&query, ReportKind::Movement, app.clock.today()), None))
}

impl ReportsPage {
    fn of(f: Frame, asked: &ReportQuery, notice: Option<Notice>) -> Self {
        let kinds = ReportKind::ALL.iter().map(|kind| (kind.as_str(), kind.title().text(f.language).to_owned()));
        Self { kinds: kinds.collect(), from: date(asked.from), to: date(asked.to), notice, f }
    }
}

/// Laid out as Vietnamese administrative documents are (Nghị định 30/2020/NĐ-CP, appendix I): the agency on the left,
/// the national name and motto on the right, place and day, the title, the text, recipients and signature at the foot.
#[derive(Template)]
#[template(path = "console/templates/report.html")]
struct ReportPage {
    f: Frame,
    superior: String,
    agency: String,
    place_and_day: String,
    title: String,
    period: String,
    before: String,
    as_of: String,
    reconciles: bool,
    paragraphs: Vec<String>,
    tables: Vec<Table>,
    checks: Vec<(String, String, String, bool)>,
    rules: Vec<(String, i32, String)>,
    synthetic: bool,
    csv: String,
    xlsx: String,
}

struct Table {
    title: String,
    head: String,
    columns: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    label: String,
    unit: String,
    values: Vec<String>,
    total: bool,
}

#[get("/reports/{kind}")]
async fn show_report(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let kind = req.match_info().get("kind").and_then(|kind| kind.parse().ok());
    let kind: ReportKind = kind.ok_or_else(|| ApiError::new(Code::NoSuchReport))?;
    let asked = asked(&query, kind, app.clock.today());
    match reports::make_report(&app, Asker::Officer(&staff), &asked).await {
        Ok(report) => answer(&app, f, &query, &report),
        Err(error) => {
            let notice = Notice::from_fault(error, f.language);
            let status = notice.status();
            Ok(Page(ReportsPage::of(f, &asked, Some(notice))).answer(status))
        }
    }
}

fn answer(app: &App, f: Frame, query: &Query, report: &Report) -> Result<HttpResponse, ApiError> {
    let format: Option<Format> = query.parse("format");
    let body = match format {
        Some(Format::Csv) => reports::csv(report, f.language)?,
        Some(Format::Xlsx) => reports::xlsx(report, f.language)?,
        Some(Format::Json) | None => return Ok(Page(ReportPage::of(app, f, query, report)).answer(StatusCode::OK)),
    };
    let format = format.unwrap_or(Format::Csv);
    let name = format!("attachment; filename=\"{}\"", reports::file_name(report, format));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, format.media_type())).insert_header((CONTENT_DISPOSITION, name));
    Ok(answer.body(body))
}

impl ReportPage {
    fn of(app: &App, f: Frame, query: &Query, report: &Report) -> Self {
        let l = f.language;
        let today = app.clock.today();
        let place_and_day = match l {
            Language::Vi => format!("…, ngày {:02} tháng {:02} năm {}", today.day(), today.month(), today.year()),
            Language::En => format!("…, {}", date(today)),
        };
        let narrowing = query.only(&["from", "to", "as_of"]);
        let file = |format: Format| {
            format!("/console/reports/{}{}", report.kind.as_str(), narrowing.with("format", format.as_str()))
        };
        let checks = report.checks.iter().map(|check| {
            let label = check.label.text(l).to_owned();
            (label, check.left.written(l), check.right.written(l), check.holds())
        });
        let rules = report.rules.iter();
        Self {
            superior: f.t("superior").to_owned(),
            agency: report.scope.text(l).to_owned(),
            place_and_day,
            title: about(report.title.text(l), f.t("report_begins")),
            period: report.period.text(l).to_owned(),
            before: format!("{} – {}", date(report.before.0), date(report.before.1)),
            as_of: date(report.as_of),
            reconciles: report.reconciles(),
            paragraphs: report.paragraphs.iter().map(|one| one.text.text(l).to_owned()).collect(),
            tables: report.tables.iter().map(|table| table_of(table, l)).collect(),
            checks: checks.collect(),
            rules: rules.map(|rule| (rule.label.text(l).into(), rule.version, rule.text.text(l).into())).collect(),
            synthetic: report.synthetic,
            csv: file(Format::Csv),
            xlsx: file(Format::Xlsx),
            f,
        }
    }
}

/// What a report is about: that it is a report stands above already.
fn about(title: &str, begins: &str) -> String {
    let mut rest = title.strip_prefix(begins).unwrap_or(title).trim_start().chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

fn table_of(table: &reports::Table, l: Language) -> Table {
    let row = |row: &reports::Row| Row {
        label: row.label.text(l).to_owned(),
        unit: row.unit.as_ref().map_or_else(String::new, |unit| unit.text(l).to_owned()),
        values: row.values.iter().map(|value| value.map_or_else(|| "–".into(), |value| value.written(l))).collect(),
        total: row.key == TOTAL,
    };
    Table {
        title: table.title.text(l).to_owned(),
        head: table.head.text(l).to_owned(),
        columns: table.columns.iter().map(|column| column.label.text(l).to_owned()).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}
