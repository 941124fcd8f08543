use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::TipId;
use uuid::Uuid;

use super::{
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, see},
    query::Query,
    queue_filter::{NARROWING, filter, lane},
    queue_view::{Choice, Row, Tab, categories, choices, office_names, places, row, tabs},
    tip_verbs::{Verb, act},
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::{self, Permission, SavedView, Staff},
    tips, units,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_queue).service(act_on_many).service(save_view).service(forget_view);
}

#[derive(Template)]
#[template(path = "console/templates/queue.html")]
struct QueuePage {
    f: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    categories: Vec<Choice>,
    places: Vec<Choice>,
    priorities: Vec<Choice>,
    assignees: Vec<Choice>,
    q: String,
    lane: &'static str,
    /// The address of this queue, without a place in it.
    here: String,
    next: Option<String>,
    /// Of a search: how many tips were read through, of how many.
    scanned: Option<(u64, u64)>,
    narrowed: bool,
    done: Option<(u32, u32)>,
    /// What was done to a tip that is not here any more.
    told: &'static str,
    notice: Option<Notice>,
    may_screen: bool,
    /// Saved views: id, name, address, and whether it is this one.
    views: Vec<View>,
}

struct View {
    id: String,
    name: String,
    address: String,
    here: bool,
}

#[get("")]
async fn show_queue(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    if !f.may(Permission::ReadTips) {
        return Ok(see("/console/offices"));
    }
    let wanted = filter(&query, &staff);
    let counts = tips::count_states(&app, &staff, &tips::Filter { q: None, ..filter(&query, &staff) }).await?;
    let (page, notice) = match tips::list(&app, &staff, &wanted).await {
        Ok(page) => (page, None),
        Err(error) => (tips::TipPage::default(), Some(Notice::from_fault(error, f.language))),
    };
    let whole = match query.get("q") {
        Some(_) => Some(whole(&app, &staff, &query, &tips::Filter { q: None, ..filter(&query, &staff) }).await?),
        None => None,
    };
    let scanned = whole.map(|whole| (read_so_far(&query, page.scanned).min(whole), whole));
    let offices = office_names(&units::list_offices(&app, &staff).await?, f.language);
    let rows = page.items.into_iter().map(|tip| row(&app, &f, &offices, tip)).collect();
    let tabs = tabs(&query, &counts);
    let views = staff::list_views(&app, &staff).await?;
    let shown = Shown { query: &query, rows, tabs, next: page.next_cursor, scanned, notice, views };
    Ok(QueuePage::of(&app, f, shown).answer())
}

/// What was found, and by which address.
struct Shown<'a> {
    query: &'a Query,
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    next: Option<String>,
    /// Tips that a search has read through on this page and those before it, of how many.
    scanned: Option<(u64, u64)>,
    notice: Option<Notice>,
    views: Vec<SavedView>,
}

impl QueuePage {
    fn of(app: &App, f: Frame, shown: Shown<'_>) -> Self {
        let Shown { query, rows, tabs, next, scanned, notice, views } = shown;
        let narrowing = query.only(&NARROWING);
        let step = scanned.map_or(String::new(), |(read, whole)| format!("&read={read}&of={whole}"));
        let next = next.map(|cursor| format!("/console{}{step}", narrowing.with("cursor", &cursor)));
        Self {
            categories: categories(app, query, f.language),
            places: places(app, query, f.language),
            priorities: choices(&f, query, "priority", "priority", &["urgent", "high", "normal"]),
            assignees: choices(&f, query, "assignee", "assignee", &["me", "none"]),
            q: query.get("q").unwrap_or_default().to_owned(),
            lane: lane(query).as_str(),
            here: format!("/console{}", narrowing.text()),
            views: views.into_iter().map(|view| View::of(view, &narrowing)).collect(),
            narrowed: NARROWING.iter().any(|name| *name != "lane" && query.get(name).is_some()),
            done: query.parse("done").zip(query.parse("refused").or(Some(0))),
            told: query.told("told", f.language),
            may_screen: f.may(Permission::Screen),
            f,
            tabs,
            rows,
            next,
            scanned,
            notice,
        }
    }

    fn answer(self) -> HttpResponse {
        let status = self.notice.as_ref().map_or(StatusCode::OK, Notice::status);
        Page(self).answer(status)
    }
}

/// How many tips a search has to read through: counted on its first page, and said from page to page since.
async fn whole(app: &App, staff: &Staff, query: &Query, lane: &tips::Filter) -> Result<u64, ApiError> {
    match query.get("cursor").and_then(|_| query.parse("of")) {
        Some(whole) => Ok(whole),
        None => Ok(tips::count_lane(app, staff, lane).await?),
    }
}

/// How many it has read through on this page and those before it.
fn read_so_far(query: &Query, now: u64) -> u64 {
    query.parse("read").unwrap_or(0_u64).saturating_add(now)
}

impl View {
    fn of(view: SavedView, narrowing: &Query) -> Self {
        let address = format!("/console?{}", view.filter);
        let here = address == format!("/console{}", narrowing.text());
        Self { id: view.id.to_string(), name: view.name, address, here }
    }
}

/// Keeps this view of the queue; the words that were searched for are nobody's to keep.
#[post("/views")]
async fn save_view(app: Data<App>, Me(staff): Me, typed: Typed) -> Result<HttpResponse, ApiError> {
    let shown = Query::read(typed.get("back").split_once('?').map_or("", |(_, query)| query));
    let kept = shown.only(&NARROWING).with("q", "");
    staff::save_view(&app, &staff, typed.get("name"), kept.trim_start_matches('?')).await?;
    Ok(see(&format!("/console{kept}")))
}

#[post("/views/{id}/forget")]
async fn forget_view(app: Data<App>, req: HttpRequest, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    let id = req.match_info().get("id").and_then(|id| Uuid::try_parse(id).ok());
    let id = id.ok_or_else(|| ApiError::new(Code::NoSuchRoute))?;
    staff::forget_view(&app, &staff, id.into()).await?;
    Ok(see("/console"))
}

/// The same verb on several tips: each for itself, so that one that somebody else changed holds up no other.
#[post("/queue")]
async fn act_on_many(app: Data<App>, Me(staff): Me, typed: Typed) -> Result<HttpResponse, ApiError> {
    let verb: Verb = typed.get("verb").parse().map_err(|()| ApiError::new(Code::NoSuchRoute))?;
    let (done, refused) = many(&app, &staff, verb, &typed).await;
    let back = Query::read(typed.get("back").split_once('?').map_or("", |(_, query)| query)).only(&NARROWING);
    let told = Query::read(&format!("{}&done={done}&refused={refused}", back.text().trim_start_matches('?')));
    Ok(see(&format!("/console{}", told.text())))
}

async fn many(app: &App, staff: &Staff, verb: Verb, typed: &Typed) -> (u32, u32) {
    let (mut done, mut refused) = (0, 0);
    for chosen in typed.all("tip") {
        let (id, version) = chosen.split_once(':').unwrap_or((chosen, ""));
        let Ok(id) = Uuid::try_parse(id) else { continue };
        match act(app, staff, TipId::from(id), version.parse().ok(), verb, typed).await {
            Ok(_) => done += 1,
            Err(_) => refused += 1,
        }
    }
    (done, refused)
}
