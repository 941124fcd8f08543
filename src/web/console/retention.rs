//! Which tips' and cases' time is over, for those who may hold one.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{
    frame::{Frame, Me, date},
    page::Page,
};
use crate::{
    app::App,
    retention::{self, Due, Step, What},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_plan);
}

#[derive(Template)]
#[template(path = "console/templates/retention.html")]
struct RetentionPage {
    f: Frame,
    at: &'static str,
    rows: Vec<Row>,
    /// More are due than the page shows.
    more: usize,
    /// Rules that hold today: what it is called, and the months after which words and row go.
    rules: Vec<(String, (u32, u32))>,
}

struct Row {
    /// Where its page is, as long as it has words to show.
    href: Option<String>,
    number: String,
    step: &'static str,
    rule: String,
    settled: String,
}

/// Rows on the page: who holds tips one by one reads no more than these at once.
const ROWS: usize = 200;

#[get("/retention")]
async fn show_plan(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    let due = retention::plan_for(&app, &staff).await?;
    let more = due.len().saturating_sub(ROWS);
    let label = |due: &Due| {
        let rules = app.reference.retention_rules_on(app.clock.today());
        let rule = rules.iter().find(|rule| rule.code == due.rule);
        rule.map_or_else(|| due.rule.clone(), |rule| rule.label.text(f.language).to_owned())
    };
    let rows = due.iter().take(ROWS).map(|due| row(due, label(due))).collect();
    let rules = app.reference.retention_rules_on(app.clock.today());
    let rules = rules.iter().map(|rule| (rule.label.text(f.language).to_owned(), rule.months())).collect();
    Ok(Page(RetentionPage { f, at: "retention", rows, more, rules }).answer(StatusCode::OK))
}

fn row(due: &Due, rule: String) -> Row {
    Row {
        href: (due.step == Step::Words).then(|| page_of(due.what)),
        number: due.number.clone(),
        step: due.step.as_str(),
        rule,
        settled: date(due.settled),
    }
}

fn page_of(what: What) -> String {
    match what {
        What::Tip(tip) => format!("/console/tips/{tip}"),
        What::Case(case) => format!("/console/cases/{case}"),
    }
}
