//! The one way into the console: who asks, whether a form is its own, and what a refusal looks like.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header::HeaderMap},
    middleware::Next,
    web::Data,
};
use askama::Template;
use vault::form;

use super::{
    cookies::Jar,
    frame::Frame,
    hub::Hub,
    notice::Notice,
    page::{Page, see},
    typed::{TOKEN, Typed},
};
use crate::{
    app::App,
    platform::fault::{Code, Kind},
    staff::{self, Pending, Permission, Staff, Tokens},
    web::{api::problem::ApiError, pages::is_from_here},
};

/// Who asks, as the gate found out; kept with the request.
#[derive(Clone)]
pub struct Entered {
    pub staff: Option<Staff>,
    /// For streams, which ask again from time to time.
    pub access: String,
    /// What this browser's forms are bound to.
    pub binding: String,
    pub jar: Jar,
    /// What the doctor found, for administrators.
    pub warnings: usize,
}

/// Pages that ask who somebody is, and pages that need not know.
const OPEN: [&str; 3] = ["/console/log-in", "/console/language", "/console/enrol"];
const ASSETS: &str = "/console/assets/";

/// What an officer can reach before a first password is changed or a second factor enrolled.
const ACCOUNT: [&str; 3] = ["/console/account", "/console/log-out", "/console/language"];

pub async fn gate(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.path().starts_with(ASSETS) {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    }
    let (entered, cookies) = match enter(req.request()).await {
        Ok(entered) => entered,
        Err(error) => return Ok(refused(req, &error)),
    };
    let (pending, known) = (entered.staff.as_ref().map(|staff| staff.pending), entered.staff.is_some());
    req.extensions_mut().insert(entered);
    let is_open = OPEN.contains(&req.path());
    let mut res = if !known && !is_open {
        let answer = ask_to_log_in(req.request());
        req.into_response(answer)
    } else if let Err(error) = check_form(req.request()) {
        refused(req, &error)
    } else if let Some(Some(pending)) = pending.filter(|_| !ACCOUNT.iter().any(|path| req.path().starts_with(path))) {
        req.into_response(first(pending))
    } else {
        turned(next.call(req).await?.map_into_boxed_body())
    };
    for (name, value) in cookies {
        res.headers_mut().append(name, value);
    }
    Ok(res)
}

/// Finds out who asks, renews a session that is about to end, and tells which cookies that takes.
async fn enter(req: &HttpRequest) -> Result<(Entered, HeaderMap), ApiError> {
    let app = req.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
    let hub = req.app_data::<Data<Hub>>().ok_or_else(|| ApiError::new(Code::Internal))?;
    let (mut jar, mut cookies) = (Jar::of(req), HeaderMap::new());
    let mut staff = match &jar.access {
        Some(token) => known(staff::authenticate(app, token).await.map_err(ApiError::from))?,
        None => None,
    };
    if staff.is_none()
        && let Some(token) = jar.refresh.clone()
    {
        let renewed: Option<Tokens> = known(hub.refresh(app, &token).await.map_err(ApiError::from))?;
        if let Some(tokens) = &renewed {
            staff = known(staff::authenticate(app, &tokens.access).await.map_err(ApiError::from))?;
            jar.access = Some(tokens.access.clone());
        }
        match (&renewed, &staff) {
            (Some(tokens), Some(_)) => jar.keep_tokens(tokens, &mut cookies),
            (_, _) => jar.drop_tokens(&mut cookies),
        }
    }
    let binding = match (&staff, &jar.before) {
        (Some(staff), _) => staff.session.to_string(),
        (None, Some(before)) => before.clone(),
        (None, None) => {
            let before = app.chance.uuid().to_string();
            jar.keep_before(&before, &mut cookies);
            before
        }
    };
    let warnings = match &staff {
        Some(staff) if req.method() == Method::GET && staff.must(Permission::Administer).is_ok() => {
            hub.warnings(app, staff).await
        }
        Some(_) | None => 0,
    };
    Ok((Entered { staff, access: jar.access.clone().unwrap_or_default(), binding, jar, warnings }, cookies))
}

/// None for who cannot be told; anything else that went wrong stays wrong.
fn known<T>(told: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(error) if error.code().kind() == Kind::Unauthenticated => Ok(None),
        Err(error) => Err(error),
    }
}

/// What changes something comes from a page of this session, and from nowhere else.
fn check_form(req: &HttpRequest) -> Result<(), ApiError> {
    if req.method() == Method::GET {
        return Ok(());
    }
    let (Some(app), Some(entered)) = (req.app_data::<Data<App>>(), Entered::of(req)) else {
        return Err(ApiError::new(Code::Internal));
    };
    let typed = Typed::of(req)?;
    let genuine = form::is_genuine(&entered.binding, typed.get(TOKEN), &app.secrets);
    if is_from_here(req) && genuine { Ok(()) } else { Err(ApiError::new(Code::Forbidden)) }
}

impl Entered {
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().cloned()
    }
}

/// What an officer has to do before anything else.
fn first(pending: Pending) -> HttpResponse {
    match pending {
        Pending::PasswordChange => see("/console/account"),
        Pending::SecondFactor => see("/console/account/factor"),
    }
}

#[derive(Template)]
#[template(path = "console/templates/ended.html")]
struct EndedPage {
    f: Frame,
    words: Vec<(String, String)>,
}

/// To the log-in and back; what was typed when the session ended is shown, so that it is not lost.
fn ask_to_log_in(req: &HttpRequest) -> HttpResponse {
    if req.method() == Method::GET {
        let path = req.uri().path_and_query().map_or("/console", |path| path.as_str());
        let back = serde_urlencoded::to_string([("next", path)]).unwrap_or_default();
        return see(&format!("/console/log-in?{back}"));
    }
    let words = Typed::of(req).unwrap_or_default().words();
    Page(EndedPage { f: Frame::of(req), words }).answer(StatusCode::UNAUTHORIZED)
}

#[derive(Template)]
#[template(path = "console/templates/refused.html")]
struct RefusedPage {
    f: Frame,
    notice: Notice,
}

/// A bare error, ours or the framework's, as a page.
fn turned(res: ServiceResponse) -> ServiceResponse {
    let Some(error) = res.response().error() else {
        if !is_bare(&res) {
            return res;
        }
        let page = refusal(res.request(), &ApiError::of_status(res.status()));
        return res.into_response(page);
    };
    let unnamed = ApiError::of_status(res.status());
    let page = match error.as_error::<ApiError>() {
        Some(error) => refusal(res.request(), error),
        None => refusal(res.request(), &unnamed),
    };
    res.into_response(page)
}

fn is_bare(res: &ServiceResponse) -> bool {
    res.status().is_client_error() && !res.headers().contains_key(actix_web::http::header::CONTENT_TYPE)
}

fn refused(req: ServiceRequest, error: &ApiError) -> ServiceResponse {
    let page = refusal(req.request(), error);
    req.into_response(page)
}

fn refusal(req: &HttpRequest, error: &ApiError) -> HttpResponse {
    let f = Frame::of(req);
    let notice = Notice::of(error, f.language);
    let status = notice.status();
    Page(RefusedPage { f, notice }).answer(status)
}
