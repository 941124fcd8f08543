//! Reference data: what holds today, and each list with all that its codes meant, mean and will mean.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use chrono::NaiveDate;
use serde_json::Value;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me, date},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    reference_form::{at_fields, body, fields, name_of},
    typed::Typed,
};
use crate::{
    app::App,
    codebook,
    platform::fault::Code,
    reference::{DatedRow, Label, RowKind},
    staff::Staff,
    units,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_reference).service(show_list).service(add_code);
}

/// Lists that are edited, in the order in which pages name them.
pub const LISTS: [RowKind; 6] = [
    RowKind::Category,
    RowKind::Channel,
    RowKind::OutcomeKind,
    RowKind::YieldKind,
    RowKind::RetentionRule,
    RowKind::Unit,
];

#[derive(Template)]
#[template(path = "console/templates/reference.html")]
struct ReferencePage {
    f: Frame,
    at: &'static str,
    /// Address, title and rows of each list.
    tables: Vec<(String, String, Vec<Coded>)>,
}

/// A code, its text, and what else matters of it.
type Coded = (String, String, String);

/// What the line counts by and offers, as it holds today: key, text, and what else matters.
#[get("/reference")]
async fn show_reference(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    staff.must_be_ready().map_err(|refused| ApiError::new(refused.code()))?;
    let table = |kind: RowKind| {
        let title = f.label("list", kind.as_str()).to_owned();
        (format!("/console/reference/{kind}"), title, of_today(&app, &f, kind))
    };
    let tables = LISTS.iter().map(|kind| table(*kind)).collect();
    Ok(Page(ReferencePage { f, at: "reference", tables }).answer(StatusCode::OK))
}

fn of_today(app: &App, f: &Frame, kind: RowKind) -> Vec<Coded> {
    let (r, day, l) = (&app.reference, app.clock.today(), f.language);
    let coded = |code: &str, label: &Label, more: String| (code.to_owned(), label.text(l).to_owned(), more);
    match kind {
        RowKind::Category => {
            let more = |examples: &[Label]| examples.iter().map(|label| label.text(l)).collect::<Vec<_>>().join(" · ");
            let all = r.categories_on(day).into_iter();
            all.map(|one| coded(&one.code, &one.label, more(&one.examples))).collect()
        }
        RowKind::Unit => {
            let all = r.units_on(day).into_iter();
            all.map(|one| coded(&one.key.code, &one.name, date(one.key.valid_from))).collect()
        }
        RowKind::Channel => {
            let more = |staff_only: bool| if staff_only { f.t("field_staff_only") } else { "" }.to_owned();
            r.channels_on(day).into_iter().map(|one| coded(&one.code, &one.label, more(one.staff_only))).collect()
        }
        RowKind::OutcomeKind => {
            let all = r.outcome_kinds_on(day).into_iter();
            all.map(|one| coded(&one.code, &one.label, f.label("qualifies", one.qualifies.as_str()).into())).collect()
        }
        RowKind::YieldKind => {
            r.yield_kinds_on(day).into_iter().map(|one| coded(&one.code, &one.label, one.units.join(", "))).collect()
        }
        RowKind::RetentionRule => {
            let more = |(words, row): (u32, u32)| {
                format!("{} {words} · {} {row}", f.t("field_words_months"), f.t("field_row_months"))
            };
            r.retention_rules_on(day).into_iter().map(|one| coded(&one.code, &one.label, more(one.months()))).collect()
        }
        RowKind::Succession => Vec::new(),
    }
}

/// The list that an address names.
pub fn list_in(req: &HttpRequest) -> Result<RowKind, ApiError> {
    let kind = req.match_info().get("list").and_then(RowKind::parse);
    kind.filter(|kind| LISTS.contains(kind)).ok_or_else(|| ApiError::new(Code::NoSuchList))
}

/// Whether a row has been, holds, or is to come.
pub fn standing(row: &DatedRow, today: NaiveDate) -> &'static str {
    match (row.valid_from > today, row.holds_on(today)) {
        (true, _) => "coming",
        (false, true) => "holds",
        (false, false) => "past",
    }
}

/// Whether the page offers to edit; the services decide.
pub async fn may_edit(app: &App, staff: &Staff) -> bool {
    units::must_administer_all(app, staff).await.is_ok()
}

#[derive(Template)]
#[template(path = "console/templates/reference_list.html")]
struct ListPage {
    f: Frame,
    title: String,
    rows: Vec<ListRow>,
    add: Option<Form>,
    notice: Option<Notice>,
    done: &'static str,
}

struct ListRow {
    href: String,
    code: String,
    name: String,
    days: String,
    standing: &'static str,
}

pub const ADD: &str = "add-code";

#[get("/reference/{list}")]
async fn show_list(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = ListPage::load(&app, f, &staff, list_in(&req)?, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl ListPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        kind: RowKind,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let codes = codebook::list_codes(app, staff, kind).await?;
        let maker = Maker { f: &f, refused };
        let form = || {
            let mut form = maker
                .form(ADD, format!("/console/reference/{kind}"), "")
                .holding("version", codes.edition.to_string())
                .with(maker.field(ADD, "code", Kind::Line, ""))
                .with(maker.field(ADD, "from", Kind::Day, ""));
            form.fields.extend(fields(app, &maker, ADD, kind, &Value::Null));
            form.looks(Look::Main)
        };
        let today = app.clock.today();
        let row = |row: &DatedRow| ListRow {
            href: format!("/console/reference/{kind}/{}", row.key),
            code: row.key.clone(),
            name: name_of(&row.body, f.language),
            days: days(row),
            standing: standing(row, today),
        };
        Ok(Self {
            title: f.label("list", kind.as_str()).to_owned(),
            add: may_edit(app, staff).await.then(form),
            rows: codes.rows.iter().map(row).collect(),
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            f,
        })
    }
}

/// `01/07/2025 – 31/12/2026`
pub fn days(row: &DatedRow) -> String {
    format!("{} – {}", date(row.valid_from), row.valid_to.map_or_else(String::new, date))
}

#[post("/reference/{list}")]
async fn add_code(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (kind, language) = (list_in(&req)?, f.language);
    let done = add(&app, &staff, kind, &typed).await.map_err(|error| at_fields(error, kind));
    let again = async |n: &Notice| ListPage::load(&app, f, &staff, kind, Some((ADD, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn add(app: &App, staff: &Staff, kind: RowKind, typed: &Typed) -> Result<HttpResponse, ApiError> {
    let from = typed.day("from")?.ok_or_else(|| ApiError::field("from", Code::Missing))?;
    let code = typed.get("code").trim();
    codebook::add_code(app, staff, typed.version(), kind, code, from, body(kind, typed)).await?;
    Ok(see(&format!("/console/reference/{kind}/{code}?done={ADD}")))
}
