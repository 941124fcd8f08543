use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::enums::CaseStatus;

use super::{
    frame::{Frame, Me, date},
    page::Page,
    query::Query,
    queue_view::office_names,
};
use crate::{
    app::App,
    cases::{self, CaseRow, Filter},
    units,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_cases);
}

#[derive(Template)]
#[template(path = "console/templates/cases.html")]
struct CasesPage {
    f: Frame,
    state: &'static str,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    id: String,
    number: String,
    title: Option<String>,
    state: &'static str,
    office: String,
    opened_by: String,
    opened_on: String,
    closed_on: String,
    tips: u64,
}

#[get("/cases")]
async fn list_cases(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let status = query.get("state").map_or(Some(CaseStatus::Open), CaseStatus::parse);
    let filter = Filter { office: None, status, limit: None, cursor: query.get("cursor").map(str::to_owned) };
    let page = cases::list(&app, &staff, &filter).await?;
    let offices = office_names(&units::list_offices(&app, &staff).await?, f.language);
    let show = |case: CaseRow| Row {
        id: case.id.to_string(),
        number: case.number,
        title: case.title,
        state: case.status.as_str(),
        office: offices.get(&case.office).cloned().unwrap_or_default(),
        opened_by: case.opened_by.name,
        opened_on: date(app.clock.day_of(case.opened_at)),
        closed_on: case.closed_at.map_or_else(String::new, |at| date(app.clock.day_of(at))),
        tips: case.tips,
    };
    let next = page.next_cursor.map(|cursor| format!("/console/cases{}", query.with("cursor", &cursor)));
    let rows = page.items.into_iter().map(show).collect();
    let state = status.map_or("all", CaseStatus::as_str);
    Ok(Page(CasesPage { f, state, rows, next }).answer(StatusCode::OK))
}
