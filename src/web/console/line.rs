//! Whether the line takes tips: a switch for the whole of it and for each office.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::OfficeId;
use uuid::Uuid;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::Staff,
    units::{self, Closure, Scope},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_line).service(turn_line);
}

#[derive(Template)]
#[template(path = "console/templates/line.html")]
struct LinePage {
    f: Frame,
    at: &'static str,
    /// The whole line is closed.
    shut: bool,
    closures: Vec<Closed>,
    close: Form,
    notice: Option<Notice>,
    done: &'static str,
}

/// What is closed, what residents are told, and the form that opens it.
struct Closed {
    name: String,
    message_vi: String,
    message_en: String,
    since: String,
    open: Form,
}

const CLOSE: &str = "close-line";
const OPEN: &str = "open-line";

/// The whole line, as the form names it.
const WHOLE: &str = "line";

#[get("/line")]
async fn show_line(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let mut page = LinePage::load(&app, f, &staff, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl LinePage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let closures = units::list_closures(app).await.map_err(units::CloseLineError::from)?;
        let offices = units::list_offices(app, staff).await?;
        let maker = Maker { f: &f, refused };
        let names = offices.iter().filter(|office| office.holds_key);
        let names = names.map(|office| (office.id.to_string(), office.name.text(f.language).to_owned()));
        let scopes = std::iter::once((WHOLE.to_owned(), f.t("whole_line").to_owned())).chain(names).collect();
        let close = maker
            .form(CLOSE, format!("/console/line/{CLOSE}"), "")
            .with(maker.choice(CLOSE, "scope", WHOLE, scopes))
            .with(maker.field(CLOSE, "message_vi", Kind::Words, ""))
            .with(maker.field(CLOSE, "message_en", Kind::Words, ""))
            .looks(Look::Grave);
        Ok(Self {
            at: "line",
            shut: closures.iter().any(|closure| closure.scope == Scope::Line),
            closures: closures.into_iter().map(|closure| closed(&maker, closure)).collect(),
            close,
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            f,
        })
    }
}

fn closed(maker: &Maker<'_>, closure: Closure) -> Closed {
    let f = maker.f;
    let scope = closure.scope.office().map_or_else(|| WHOLE.to_owned(), |office| office.to_string());
    // Refused or not, it asks for nothing: what is wrong is told on top of the page.
    let open = Maker { f, refused: None }.form(OPEN, format!("/console/line/{OPEN}"), "");
    Closed {
        name: closure.office.map_or_else(|| f.t("whole_line").to_owned(), |name| name.text(f.language).to_owned()),
        message_vi: closure.message.vi,
        message_en: closure.message.en,
        since: f.moment(closure.closed_at),
        open: open.holding("scope", scope).looks(Look::Main),
    }
}

#[post("/line/{verb}")]
async fn turn_line(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let done = turn(&app, &staff, &verb, &typed).await.map(|()| see(&format!("/console/line?done={verb}")));
    let again = async |n: &Notice| LinePage::load(&app, f, &staff, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn turn(app: &App, staff: &Staff, verb: &str, typed: &Typed) -> Result<(), ApiError> {
    let scope = match typed.get("scope") {
        WHOLE => Scope::Line,
        id => {
            Scope::Office(Uuid::try_parse(id).map(OfficeId::from).map_err(|_| ApiError::field("scope", Code::Missing))?)
        }
    };
    match verb {
        CLOSE => Ok(units::close_line(app, staff, scope, typed.get("message_vi"), typed.get("message_en")).await?),
        OPEN => Ok(units::open_line(app, staff, scope).await?),
        _unknown => Err(ApiError::new(Code::NoSuchRoute)),
    }
}
