//! Requests to learn who a confidential reporter is: the requester's page and the custodians'.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::{enums::RequestState, ids::IdentityRequestId};
use vault::secret::Secret;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    tip_view::contact,
    typed::Typed,
};
use crate::{
    app::App,
    identities::{self, Request, RequestFilter},
    platform::fault::Code,
    staff::Staff,
    tips::Identity,
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_requests).service(show_request).service(decide);
}

#[derive(Template)]
#[template(path = "console/templates/identity_requests.html")]
struct RequestsPage {
    f: Frame,
    at: &'static str,
    /// Codes of states, and which is shown.
    tabs: Vec<(&'static str, bool)>,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    id: String,
    number: String,
    state: &'static str,
    requester: String,
    votes: String,
    asked: String,
    /// This officer has something to do here.
    mine: bool,
}

#[get("/identity-requests")]
async fn list_requests(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let state = query.get("state").and_then(RequestState::parse);
    let filter = RequestFilter { state, limit: None, cursor: query.get("cursor").map(str::to_owned) };
    let page = identities::list_requests(&app, &staff, &filter).await?;
    let rows = page.items.iter().map(|request| row(&f, request)).collect();
    let next = page.next_cursor.map(|cursor| format!("/console/identity-requests{}", query.with("cursor", &cursor)));
    let codes = RequestState::ALL.iter().map(|one| (one.as_str(), state == Some(*one)));
    let tabs = std::iter::once(("all", state.is_none())).chain(codes).collect();
    Ok(Page(RequestsPage { f, at: "requests", tabs, rows, next }).answer(StatusCode::OK))
}

fn row(f: &Frame, request: &Request) -> Row {
    Row {
        id: request.id.to_string(),
        number: request.number.clone(),
        state: request.state.as_str(),
        requester: request.requester.1.clone(),
        votes: votes(f, request),
        asked: f.moment(request.created_at),
        mine: !request.allowed.is_empty() || is_open(f, request),
    }
}

/// Approvals that there are, and how many it takes: `1 (needed 2)`.
fn votes(f: &Frame, request: &Request) -> String {
    format!("{} ({} {})", request.approvals, f.t("of_needed"), request.threshold)
}

/// Granted, and to this officer.
fn is_open(f: &Frame, request: &Request) -> bool {
    request.state == RequestState::Granted && f.is_me(&request.requester.0)
}

#[derive(Template)]
#[template(path = "console/templates/identity_request.html")]
struct RequestPage {
    f: Frame,
    tip: String,
    number: String,
    state: &'static str,
    requester: String,
    reason: String,
    legal_ground: String,
    votes: String,
    refusals: i32,
    asked: String,
    ends: String,
    decisions: Vec<Decided>,
    forms: Vec<Form>,
    /// What was opened: label and text.
    identity: Option<Vec<(&'static str, String)>>,
    done: &'static str,
}

struct Decided {
    who: String,
    verdict: &'static str,
    reason: String,
    at: String,
}

#[get("/identity-requests/{id}")]
async fn show_request(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<IdentityRequestId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = RequestPage::load(&app, f, &staff, id, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl RequestPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        id: IdentityRequestId,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let request = identities::read_request(app, staff, id).await?;
        let forms = forms(&Maker { f: &f, refused }, &request);
        let decided = request.decisions.iter().map(|decision| Decided {
            who: decision.custodian.1.clone(),
            verdict: decision.verdict.as_str(),
            reason: decision.reason.clone(),
            at: f.moment(decision.decided_at),
        });
        Ok(Self {
            tip: request.tip.to_string(),
            state: request.state.as_str(),
            votes: votes(&f, &request),
            refusals: request.refusals,
            asked: f.moment(request.created_at),
            ends: f.moment(request.ends_at),
            decisions: decided.collect(),
            forms,
            identity: None,
            done: "",
            number: request.number,
            requester: request.requester.1,
            reason: request.reason,
            legal_ground: request.legal_ground,
            f,
        })
    }
}

fn forms(maker: &Maker<'_>, request: &Request) -> Vec<Form> {
    let form = |verb: &'static str| maker.form(verb, format!("/console/identity-requests/{}/{verb}", request.id), "");
    let reason = |verb| maker.field(verb, "reason", Kind::Words, "");
    let mut forms = Vec::new();
    if request.allowed.contains(&"approve") {
        forms.push(form("approve").with(reason("approve")).looks(Look::Main));
    }
    if request.allowed.contains(&"refuse") {
        forms.push(form("refuse").with(reason("refuse")).looks(Look::Grave));
    }
    if is_open(maker.f, request) {
        forms.push(form("open").looks(Look::Main));
    }
    forms
}

/// What a form of a request does.
enum Done {
    Decided,
    Opened(Identity),
}

#[post("/identity-requests/{id}/{verb}")]
async fn decide(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<IdentityRequestId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let done = match act(&app, &staff, id, &verb, &typed).await {
        Ok(Done::Decided) => Ok(see(&format!("/console/identity-requests/{id}?done={verb}"))),
        Ok(Done::Opened(identity)) => opened(&app, f.clone(), &staff, id, &identity).await,
        Err(error) => Err(error),
    };
    let again = async |n: &Notice| RequestPage::load(&app, f, &staff, id, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn opened(
    app: &App,
    f: Frame,
    staff: &Staff,
    id: IdentityRequestId,
    who: &Identity,
) -> Result<HttpResponse, ApiError> {
    let told = contact(&f, who);
    let mut page = RequestPage::load(app, f, staff, id, None).await?;
    page.identity = Some(told);
    Ok(Page(page).answer(StatusCode::OK))
}

async fn act(app: &App, staff: &Staff, id: IdentityRequestId, verb: &str, typed: &Typed) -> Result<Done, ApiError> {
    let reason: Secret<String> = typed.secret("reason");
    match verb {
        "approve" => drop(identities::approve(app, staff, id, reason).await?),
        "refuse" => drop(identities::refuse(app, staff, id, reason).await?),
        // By a form: what a browser fetches ahead, or again, opens nobody's name.
        "open" => return Ok(Done::Opened(identities::read_identity(app, staff, id).await?)),
        _unknown => return Err(ApiError::new(Code::NoSuchRoute)),
    }
    Ok(Done::Decided)
}
