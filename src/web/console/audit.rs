//! Who did what, for auditors: the record with its filters, page by page, and as a file.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::OfficeId;
use uuid::Uuid;

use super::{
    acts::ACTS,
    frame::{Frame, Me, date},
    notice::Notice,
    page::Page,
    query::Query,
    queue_view::Choice,
    typed::day,
};
use crate::{
    app::App,
    audit::{self, Entry, Filter},
    staff::{self, Staff},
    units::{self, OfficeRow},
    web::api::{
        audit::{Format, file},
        problem::ApiError,
    },
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_audit).service(export_audit);
}

#[derive(Template)]
#[template(path = "console/templates/audit.html")]
struct AuditPage {
    f: Frame,
    rows: Vec<Row>,
    acts: Vec<Choice>,
    officers: Vec<Choice>,
    offices: Vec<Choice>,
    /// Id of the object that is looked at, if one is.
    object: String,
    from: String,
    to: String,
    narrowed: bool,
    /// The filters as a query, for the files.
    query: String,
    next: Option<String>,
    notice: Option<Notice>,
}

struct Row {
    seq: i64,
    when: String,
    who: String,
    act: String,
    detail: String,
    kind: String,
    /// The object's id, and the address of all that was done to it.
    object: Option<(String, String)>,
    office: String,
}

const FILTERS: [&str; 6] = ["act", "officer", "object", "office", "from", "to"];

fn filter(query: &Query) -> Filter {
    let id = |name: &str| query.get(name).and_then(|text| Uuid::try_parse(text.trim()).ok());
    Filter {
        act: query.get("act").map(str::to_owned),
        officer: id("officer").map(Into::into),
        object: id("object"),
        office: id("office").map(Into::into),
        from: query.get("from").and_then(day),
        to: query.get("to").and_then(day),
        limit: None,
        cursor: query.get("cursor").map(str::to_owned),
    }
}

#[get("/audit")]
async fn list_audit(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let wanted = filter(&query);
    let (items, next, notice) = match audit::list(&app, &staff, &wanted).await {
        Ok(page) => (page.items, page.next_cursor, None),
        Err(error) => match ApiError::from(error) {
            error if error.fields().is_empty() => return Err(error),
            error => (Vec::new(), None, Some(Notice::of(&error, f.language))),
        },
    };
    let page = AuditPage::of(&app, f, &staff, &query, &wanted).await?;
    let page = page.showing(items, next, notice, &query, &units::list_desks(&app, &staff).await?);
    let status = page.notice.as_ref().map_or(StatusCode::OK, Notice::status);
    Ok(Page(page).answer(status))
}

impl AuditPage {
    /// The page with its filters, before anything is shown.
    async fn of(app: &App, f: Frame, staff: &Staff, query: &Query, wanted: &Filter) -> Result<Self, ApiError> {
        let officers = staff::list_officers(app, staff).await?.into_iter();
        let offices = units::list_offices(app, staff).await?;
        let kept = query.only(&FILTERS);
        let act = |code: &&str| Choice {
            chosen: wanted.act.as_deref() == Some(code),
            code: (*code).to_owned(),
            label: f.label("act", code).to_owned(),
        };
        let mut acts: Vec<Choice> = ACTS.iter().map(act).collect();
        acts.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(Self {
            rows: Vec::new(),
            acts,
            officers: officers
                .map(|one| Choice {
                    chosen: wanted.officer == Some(one.id),
                    code: one.id.to_string(),
                    label: format!("{} ({})", one.display_name, one.username),
                })
                .collect(),
            offices: offices
                .iter()
                .map(|one| Choice {
                    chosen: wanted.office == Some(one.id),
                    code: one.id.to_string(),
                    label: one.name.text(f.language).to_owned(),
                })
                .collect(),
            object: wanted.object.map_or_else(String::new, |id| id.to_string()),
            from: query.get("from").unwrap_or_default().to_owned(),
            to: query.get("to").unwrap_or_default().to_owned(),
            narrowed: FILTERS.iter().any(|name| query.get(name).is_some()),
            query: kept.text().trim_start_matches('?').to_owned(),
            next: None,
            notice: None,
            f,
        })
    }

    fn showing(
        self,
        items: Vec<Entry>,
        next: Option<String>,
        notice: Option<Notice>,
        query: &Query,
        offices: &[OfficeRow],
    ) -> Self {
        let kept = query.only(&FILTERS);
        let next = next.map(|cursor| format!("/console/audit{}", kept.with("cursor", &cursor)));
        let rows = items.into_iter().map(|entry| row(&self.f, &kept, offices, entry)).collect();
        Self { rows, next, notice, ..self }
    }
}

fn row(f: &Frame, kept: &Query, offices: &[OfficeRow], entry: Entry) -> Row {
    let who = entry.username.unwrap_or_else(|| f.label("actor", entry.actor.as_str()).to_owned());
    let object = entry.object.map(|id| {
        let id = id.to_string();
        let address = format!("/console/audit{}", kept.with("object", &id));
        (id, address)
    });
    Row {
        seq: entry.seq,
        when: entry.at.map_or_else(|| date(entry.on_day), |at| f.moment(at)),
        who,
        act: f.label("act", &entry.act).to_owned(),
        detail: entry.detail.unwrap_or_default(),
        kind: f.label("object", &entry.object_kind).to_owned(),
        object,
        office: entry.office.map_or_else(String::new, |id| named(f, offices, id)),
    }
}

fn named(f: &Frame, offices: &[OfficeRow], id: OfficeId) -> String {
    let office = offices.iter().find(|office| office.id == id);
    office.map_or_else(|| id.to_string(), |office| office.name.text(f.language).to_owned())
}

/// All that the filters let through, as the API writes it.
#[get("/audit/export")]
async fn export_audit(app: Data<App>, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let format = query.parse("format").unwrap_or_default();
    let export = audit::export(&app, &staff, &filter(&query)).await?;
    Ok(file(app, export, format))
}

/// The files that the page offers.
impl AuditPage {
    fn files(&self) -> [(&'static str, String); 2] {
        [("CSV", Format::Csv), ("JSON", Format::Lines)].map(|(name, format)| {
            let rest = if self.query.is_empty() { String::new() } else { format!("&{}", self.query) };
            (name, format!("/console/audit/export?format={}{rest}", format.as_str()))
        })
    }
}
