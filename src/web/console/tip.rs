use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::{TipId, ValuationId};

use super::{
    form::{Form, Maker},
    frame::{Frame, Me, date},
    hub::Hub,
    notice::Notice,
    page::{Page, see},
    query::Query,
    tip_forms::{Around, custody, fill, moves},
    tip_verbs::{Verb, act},
    tip_view::Tip,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    retention::{self, HoldError},
    staff::Staff,
    tips::{self, TipView},
    units, valuations,
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_tip).service(move_tip).service(judge_value);
}

#[derive(Template)]
#[template(path = "console/templates/tip.html")]
struct TipPage {
    f: Frame,
    tip: Tip,
    moves: Vec<Form>,
    custody: Vec<Form>,
    may_ask: bool,
    may_reply: bool,
    may_note: bool,
    /// What was typed for the reporter, and for colleagues.
    text: String,
    note: String,
    notice: Option<(String, Notice)>,
    templates: Vec<(usize, &'static str, &'static str)>,
    others: Vec<String>,
    done: &'static str,
}

/// Ready answers; the reporter reads Vietnamese whatever the officer reads.
const TEMPLATES: [&str; 5] = ["thanks", "more", "when", "forwarded", "result"];

#[derive(Template)]
#[template(path = "console/templates/conflict.html")]
struct ConflictPage {
    f: Frame,
    tip: Tip,
    verb: &'static str,
    /// What the officer saw: state, assignee, grade, number of messages; empty if the page did not say.
    seen: Vec<String>,
    /// What the officer typed, in the form that it was typed in.
    form: Form,
    possible: bool,
    notice: Notice,
}

#[get("/tips/{id}")]
async fn show_tip(
    app: Data<App>,
    hub: Data<Hub>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<TipId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let others = hub.meet(id, staff.id, &staff.display_name, app.clock.now());
    let page = TipPage::load(&app, f, &staff, id, None, others).await?;
    Ok(Page(page.telling(&query)).answer(StatusCode::OK))
}

/// What was sent and refused.
type Refused<'a> = Option<(Verb, &'a Typed, &'a Notice)>;

impl TipPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        id: TipId,
        refused: Refused<'_>,
        others: Vec<String>,
    ) -> Result<Self, ApiError> {
        let view = tips::read(app, staff, id).await?;
        let around = Around::of(app, staff, &view).await?;
        let held_until = held_until(app, staff, &view).await?;
        let allowed = view.allowed.clone();
        let maker = Maker { f: &f, refused: refused.map(|(verb, typed, notice)| (verb.as_str(), typed, notice)) };
        let mut tip = Tip::of(app, &maker, view);
        tip.names(&around.offices, f.language);
        tip.held_until = held_until;
        let moves = moves(&maker, &tip, &allowed, &around);
        let custody = custody(&maker, &tip, &allowed, &around);
        let typed = |verbs: &[Verb]| match refused {
            Some((verb, typed, _)) if verbs.contains(&verb) => typed.get("text").to_owned(),
            Some(_) | None => String::new(),
        };
        Ok(Self {
            may_ask: allowed.contains(&"ask"),
            may_reply: allowed.contains(&"reply"),
            may_note: allowed.contains(&"note"),
            text: typed(&[Verb::Ask, Verb::Reply]),
            note: typed(&[Verb::Note]),
            notice: refused.map(|(verb, _, notice)| (verb.as_str().to_owned(), notice.clone())),
            templates: templates(&f),
            done: "",
            others,
            moves,
            custody,
            tip,
            f,
        })
    }

    /// What was just done, and a ready answer that was chosen without scripts.
    fn telling(mut self, query: &Query) -> Self {
        self.done = query.told("done", self.f.language);
        let chosen = query.parse::<usize>("template").and_then(|at| self.templates.get(at));
        if let Some((_, _, text)) = chosen {
            self.text = (*text).to_owned();
        }
        self
    }
}

impl Around {
    /// Whoever has a tip for information only names nobody: it is another office's.
    async fn of(app: &App, staff: &Staff, tip: &TipView) -> Result<Self, ApiError> {
        let members = if tip.informed { Vec::new() } else { units::list_members(app, staff, tip.office).await? };
        Ok(Self { members, offices: units::list_desks(app, staff).await? })
    }
}

async fn held_until(app: &App, staff: &Staff, tip: &TipView) -> Result<String, ApiError> {
    match retention::read_hold(app, staff, tip.id).await {
        Ok(hold) => Ok(date(hold.until)),
        Err(HoldError::NoSuchHold) => Ok(String::new()),
        Err(error) => Err(error.into()),
    }
}

fn templates(f: &Frame) -> Vec<(usize, &'static str, &'static str)> {
    let text = |name: &str| super::texts::text(&format!("template_{name}_text"), crate::reference::Language::Vi);
    let label = |name: &str| super::texts::text(&format!("template_{name}"), f.language);
    TEMPLATES.iter().enumerate().map(|(at, name)| (at, label(name), text(name))).collect()
}

#[post("/tips/{id}/{verb}")]
async fn move_tip(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<TipId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let verb: Verb = verb_of(&req)?;
    match act(&app, &staff, id, typed.get("version").parse().ok(), verb, &typed).await {
        Ok(Some(page)) => Ok(see(&page)),
        Ok(None) => Ok(see(&after(&app, &staff, id, verb).await)),
        Err(error) => not_done(&app, f, &staff, id, (verb, &typed), &error).await,
    }
}

/// The tip again, or the queue if it is another office's or other officers' from now on.
async fn after(app: &App, staff: &Staff, id: TipId, verb: Verb) -> String {
    // A store that breaks now is told of by the page that is shown next.
    let stays = tips::may_read(app, staff, id).await.unwrap_or(true);
    if stays {
        format!("/console/tips/{id}?done={}", verb.as_str())
    } else {
        format!("/console?told={}", verb.as_str())
    }
}

fn verb_of(req: &HttpRequest) -> Result<Verb, ApiError> {
    let verb = req.match_info().get("verb").and_then(|verb| verb.parse().ok());
    verb.ok_or_else(|| ApiError::new(Code::NoSuchRoute))
}

/// The page again with what was typed; both versions side by side if somebody was faster.
async fn not_done(
    app: &App,
    f: Frame,
    staff: &Staff,
    id: TipId,
    (verb, typed): (Verb, &Typed),
    error: &ApiError,
) -> Result<HttpResponse, ApiError> {
    let notice = Notice::of(error, f.language);
    let status = notice.status();
    if matches!(error.code(), Code::Stale | Code::ConcurrentChange | Code::InvalidMove) {
        let page = ConflictPage::load(app, f, staff, id, (verb, typed), notice).await?;
        return Ok(Page(page).answer(status));
    }
    let page = TipPage::load(app, f, staff, id, Some((verb, typed, &notice)), Vec::new()).await?;
    Ok(Page(page).answer(status))
}

impl ConflictPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        id: TipId,
        (verb, typed): (Verb, &Typed),
        notice: Notice,
    ) -> Result<Self, ApiError> {
        let view = tips::read(app, staff, id).await?;
        let possible = view.allowed.contains(&verb.as_str());
        let around = Around::of(app, staff, &view).await?;
        let maker = Maker { f: &f, refused: Some((verb.as_str(), typed, &notice)) };
        let mut tip = Tip::of(app, &maker, view);
        tip.names(&around.offices, f.language);
        let form = fill(&maker, &tip, verb, "", &around);
        let seen = typed.get("seen").split('|').map(str::to_owned).collect::<Vec<_>>();
        let seen = if seen.len() == 4 { seen } else { Vec::new() };
        Ok(Self { tip, verb: verb.as_str(), seen, form, possible, notice, f })
    }
}

#[post("/valuations/{id}/{verdict}")]
async fn judge_value(
    app: Data<App>,
    req: HttpRequest,
    Me(staff): Me,
    Id(id): Id<ValuationId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    match req.match_info().get("verdict") {
        Some("confirm") => valuations::confirm(&app, &staff, id).await?,
        Some("revoke") => valuations::revoke(&app, &staff, id, typed.secret("reason")).await?,
        Some(_) | None => return Err(ApiError::new(Code::NoSuchRoute)),
    };
    Ok(see(super::log_in::goal(typed.get("back"))))
}
