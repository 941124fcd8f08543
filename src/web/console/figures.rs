use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::{
    chart::{Bar, Chart},
    frame::{Frame, Me, date},
    notice::Notice,
    page::Page,
    query::Query,
    queue_view::Choice,
    typed::day,
};
use crate::{
    app::App,
    reference::Language,
    reports::Number,
    statistics::{
        self, Asked, LinePage, Tabulated,
        measures::{Axis, Dimension, Form, Line, Measure, Table},
        periods::Period,
    },
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_figure).service(show_lines);
}

#[derive(Template)]
#[template(path = "console/templates/figures.html")]
struct FiguresPage {
    f: Frame,
    measures: Vec<Choice>,
    by: Vec<Choice>,
    and: Vec<Choice>,
    from: String,
    to: String,
    as_of: String,
    restate: bool,
    compare: bool,
    figure: Option<Figure>,
    notice: Option<Notice>,
}

struct Figure {
    label: String,
    unit: String,
    total: String,
    target: String,
    /// The same period before: its days, its total, and by how much it rose.
    before: Option<(String, String, String)>,
    as_of: String,
    rule: i32,
    rule_text: String,
    heads: Vec<String>,
    /// A column shows the period before.
    compared: bool,
    rows: Vec<Row>,
    chart: Option<Chart>,
    lines: String,
}

struct Row {
    label: String,
    /// Figure, and where it is opened to its lines.
    cells: Vec<(String, String)>,
    before: Option<String>,
}

/// What the address asks for: this year's valuable sources by month, if it asks for nothing.
fn asked(query: &Query, today: NaiveDate) -> Asked {
    let by: Vec<Dimension> = ["by", "and"].iter().filter_map(|name| query.parse(name)).collect();
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let given = |name: &str| query.get(name).and_then(day);
    Asked {
        measure: query.parse("measure").unwrap_or(Measure::ValuableSources),
        from: given("from").unwrap_or(year),
        to: given("to").unwrap_or(today),
        by: if query.get("measure").is_none() && by.is_empty() { vec![Dimension::Period(Period::Month)] } else { by },
        as_of: given("as_of"),
        restate: query.get("restate").is_some(),
        compare: query.get("compare").is_some(),
    }
}

#[get("/figures")]
async fn show_figure(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> HttpResponse {
    let asked = asked(&query, app.clock.today());
    let (figure, notice) = match statistics::tabulate(&app, &staff, &asked).await {
        Ok(told) => (Some(figure(&app, &f, &told, &asked)), None),
        Err(error) => (None, Some(Notice::from_fault(error, f.language))),
    };
    let status = notice.as_ref().map_or(StatusCode::OK, Notice::status);
    Page(FiguresPage::of(f, &asked, figure, notice)).answer(status)
}

impl FiguresPage {
    fn of(f: Frame, asked: &Asked, figure: Option<Figure>, notice: Option<Notice>) -> Self {
        let measure = |measure: &Measure| Choice {
            code: measure.as_str().to_owned(),
            label: measure.label().text(f.language).to_owned(),
            chosen: *measure == asked.measure,
        };
        let dimensions = |chosen: Option<&Dimension>| -> Vec<Choice> {
            let one = |by: &Dimension| Choice {
                code: by.as_str().to_owned(),
                label: f.label("by", by.as_str()).to_owned(),
                chosen: chosen == Some(by),
            };
            Dimension::ALL.iter().map(one).collect()
        };
        Self {
            measures: Measure::ALL.iter().map(measure).collect(),
            by: dimensions(asked.by.first()),
            and: dimensions(asked.by.get(1)),
            from: date(asked.from),
            to: date(asked.to),
            as_of: asked.as_of.map_or_else(String::new, date),
            restate: asked.restate,
            compare: asked.compare,
            figure,
            notice,
            f,
        }
    }
}

fn figure(app: &App, f: &Frame, told: &Tabulated, asked: &Asked) -> Figure {
    let (measure, language) = (asked.measure, f.language);
    let total = |table: &Table| table.total.map_or_else(|| "–".to_owned(), |value| written(measure, value, language));
    let label = |axis: &Axis, key: &String| told.label(&app.reference, axis.dimension, key).text(language).to_owned();
    let before = told.before.as_ref().map(|(table, change)| {
        let span = format!("{} – {}", date(table.query.from), date(table.query.to));
        let number = change.number.map_or_else(String::new, |number| signed(measure, number, language));
        let share = change.permille.map_or_else(String::new, |share| format!(" ({})", percent(share, language)));
        (span, total(table), format!("{number}{share}"))
    });
    let (heads, rows) = match told.table.axes.as_slice() {
        [] => (Vec::new(), Vec::new()),
        [only] => (vec![f.t("number").to_owned()], rows(told, asked, only, &[], language, &label)),
        [first, second, ..] => {
            let heads = second.keys.iter().map(|key| label(second, key)).collect();
            (heads, rows(told, asked, first, &second.keys, language, &label))
        }
    };
    Figure {
        label: measure.label().text(language).to_owned(),
        unit: unit(f, measure),
        total: total(&told.table),
        target: target(measure, language),
        before,
        as_of: date(told.table.as_of),
        rule: told.table.rule,
        rule_text: measure.rule_text().text(language).to_owned(),
        chart: chart(told, measure, language, &label),
        lines: lines_address(asked, ""),
        compared: rows.iter().any(|row| row.before.is_some()),
        heads,
        rows,
    }
}

fn rows(
    told: &Tabulated,
    asked: &Asked,
    first: &Axis,
    second: &[String],
    language: Language,
    label: &impl Fn(&Axis, &String) -> String,
) -> Vec<Row> {
    let cell = |keys: &[&str]| {
        let value = told.table.value(keys);
        let text = value.map_or_else(|| "–".to_owned(), |value| written(asked.measure, value, language));
        let opened =
            if value.is_some_and(|value| value != 0) { lines_address(asked, &keys.join(",")) } else { String::new() };
        (text, opened)
    };
    let before = |key: &str| {
        let (table, _) = told.before.as_ref()?;
        // Periods before have other keys; all else is told apart alike.
        if second.is_empty() { table.value(&[key]).map(|value| written(asked.measure, value, language)) } else { None }
    };
    let row = |key: &String| Row {
        label: label(first, key),
        cells: if second.is_empty() {
            vec![cell(&[key])]
        } else {
            second.iter().map(|other| cell(&[key, other])).collect()
        },
        before: before(key),
    };
    first.keys.iter().map(row).collect()
}

fn chart(
    told: &Tabulated,
    measure: Measure,
    language: Language,
    label: &impl Fn(&Axis, &String) -> String,
) -> Option<Chart> {
    let [only] = told.table.axes.as_slice() else { return None };
    let bar = |key: &String| {
        let value = told.table.value(&[key]).unwrap_or(0);
        let before = told.before.as_ref().and_then(|(table, _)| table.value(&[key]));
        Bar { label: label(only, key), value, text: written(measure, value, language), before }
    };
    Chart::of(only.keys.iter().map(bar).collect())
}

fn written(measure: Measure, value: i64, language: Language) -> String {
    match measure.form() {
        Form::Count | Form::Days => Number::whole(value).written(language),
        Form::Milli(_) => Number::thousandths(value).written(language),
        Form::Permille { .. } => percent(value, language),
    }
}

fn signed(measure: Measure, value: i64, language: Language) -> String {
    let text = written(measure, value, language);
    if value > 0 { format!("+{text}") } else { text }
}

fn percent(permille: i64, language: Language) -> String {
    format!("{} %", Number::per_cent(permille).written(language))
}

fn unit(f: &Frame, measure: Measure) -> String {
    match measure.form() {
        Form::Count | Form::Permille { .. } => String::new(),
        Form::Days => f.t("age_days").to_owned(),
        Form::Milli(unit) => f.label("unit", unit).to_owned(),
    }
}

fn target(measure: Measure, language: Language) -> String {
    match measure.form() {
        Form::Permille { target: Some(target) } => percent(target, language),
        Form::Permille { target: None } | Form::Count | Form::Milli(_) | Form::Days => String::new(),
    }
}

fn lines_address(asked: &Asked, key: &str) -> String {
    let by = |at: usize| asked.by.get(at).map_or("", |by| by.as_str());
    let (from, to) = (asked.from.to_string(), asked.to.to_string());
    let as_of = asked.as_of.map_or_else(String::new, |day| day.to_string());
    let restate = if asked.restate { "yes" } else { "" };
    let all = [
        ("measure", asked.measure.as_str()),
        ("from", &from),
        ("to", &to),
        ("by", by(0)),
        ("and", by(1)),
        ("as_of", &as_of),
        ("restate", restate),
        ("key", key),
    ];
    let given: Vec<&(&str, &str)> = all.iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("/console/figures/lines?{}", serde_urlencoded::to_string(given).unwrap_or_default())
}

#[derive(Template)]
#[template(path = "console/templates/lines.html")]
struct LinesPage {
    f: Frame,
    measure: String,
    span: String,
    key: String,
    total: u64,
    lines: Vec<LineRow>,
    next: Option<String>,
    back: String,
}

struct LineRow {
    kind: String,
    recorded_on: String,
    effective_on: String,
    place: String,
    category: String,
    detail: String,
    amount: String,
    tip: Option<String>,
    case: Option<String>,
    minus: bool,
}

#[get("/figures/lines")]
async fn show_lines(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let asked = asked(&query, app.clock.today());
    let keys: Vec<String> = query.get("key").map(|key| key.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let from = query.parse("offset").unwrap_or(0);
    let page = statistics::open_lines(&app, &staff, &asked, &keys, from).await?;
    Ok(Page(LinesPage::of(&app, f, &query, &asked, page)).answer(StatusCode::OK))
}

impl LinesPage {
    fn of(app: &App, f: Frame, query: &Query, asked: &Asked, page: LinePage) -> Self {
        let next = page.next.map(|at| format!("/console/figures/lines{}", query.with("offset", &at.to_string())));
        let narrowing = query.only(&["measure", "from", "to", "by", "and", "as_of", "restate"]);
        Self {
            measure: asked.measure.label().text(f.language).to_owned(),
            span: format!("{} – {}", date(asked.from), date(asked.to)),
            key: query.get("key").unwrap_or_default().to_owned(),
            total: page.total,
            lines: page.lines.into_iter().map(|line| line_row(app, &f, line)).collect(),
            next,
            back: format!("/console/figures{}", narrowing.text()),
            f,
        }
    }
}

fn line_row(app: &App, f: &Frame, Line { fact, sign }: Line) -> LineRow {
    let place = fact.unit_code.as_deref().and_then(|code| app.reference.unit_on(code, fact.unit_valid_from?));
    let category = fact.category.as_deref().and_then(|code| app.reference.category_on(code, fact.recorded_on));
    let amount = fact.amount_milli.map(|milli| Number::thousandths(milli).written(f.language));
    let unit = fact.amount_unit.as_deref().map_or("", |unit| f.label("unit", unit));
    LineRow {
        kind: f.label("fact", &fact.kind).to_owned(),
        recorded_on: date(fact.recorded_on),
        effective_on: date(fact.effective_on),
        place: place.map_or_else(String::new, |unit| unit.name.text(f.language).to_owned()),
        category: category.map_or_else(String::new, |category| category.label.text(f.language).to_owned()),
        detail: fact.detail.unwrap_or_default(),
        amount: amount.map_or_else(String::new, |amount| format!("{amount} {unit}")),
        tip: fact.tip_id.map(|id| id.to_string()),
        case: fact.case_id.map(|id| id.to_string()),
        minus: sign < 0,
    }
}
