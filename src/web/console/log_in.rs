use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use vault::secret::Secret;

use super::{
    frame::{Frame, Me},
    gate::Entered,
    notice::Notice,
    page::{Page, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    reference::Language,
    staff::{self, LogInError, Tokens},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_log_in).service(log_in).service(log_out).service(choose_language);
}

#[derive(Template)]
#[template(path = "console/templates/log_in.html")]
struct LogInPage {
    f: Frame,
    next: String,
    username: String,
    /// The second factor is asked for; the password has to be typed again, because nothing keeps it meanwhile.
    code_wanted: bool,
    notice: Option<Notice>,
}

/// Where to go after the log-in: into the console, and nowhere else.
pub fn goal(next: &str) -> &str {
    let inside = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && !next.contains("//") { next } else { "/console" }
}

#[get("/log-in")]
async fn show_log_in(f: Frame, query: Query) -> HttpResponse {
    let next = goal(query.get("next").unwrap_or_default()).to_owned();
    if f.is_known() {
        return see(&next);
    }
    Page(LogInPage { f, next, username: String::new(), code_wanted: false, notice: None }).answer(StatusCode::OK)
}

#[post("/log-in")]
async fn log_in(app: Data<App>, req: HttpRequest, f: Frame, typed: Typed) -> HttpResponse {
    match enter(&app, &typed).await {
        Ok(tokens) => into_console(&req, &tokens, goal(typed.get("next"))),
        Err(error) => LogInPage::again(f, &typed, error),
    }
}

async fn enter(app: &App, typed: &Typed) -> Result<Tokens, LogInError> {
    let (name, password) = (typed.get("username").trim(), Secret::new(typed.get("password").to_owned()));
    staff::log_in(app, name, password, typed.filled("code")).await
}

fn into_console(req: &HttpRequest, tokens: &Tokens, next: &str) -> HttpResponse {
    let mut answer = see(next);
    if let Some(entered) = Entered::of(req) {
        entered.jar.keep_tokens(tokens, answer.headers_mut());
    }
    answer
}

impl LogInPage {
    fn again(f: Frame, typed: &Typed, error: LogInError) -> HttpResponse {
        let code_wanted = typed.is_on("code_wanted")
            || matches!(&error, LogInError::CodeRequired | LogInError::WrongCode | LogInError::TooManyCodes);
        let notice = Notice::from_fault(error, f.language);
        let status = notice.status();
        let (next, username) = (goal(typed.get("next")).to_owned(), typed.get("username").to_owned());
        Page(Self { f, next, username, code_wanted, notice: Some(notice) }).answer(status)
    }
}

#[post("/log-out")]
async fn log_out(app: Data<App>, req: HttpRequest, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    staff::log_out(&app, &staff).await?;
    let mut answer = see("/console/log-in");
    if let Some(entered) = Entered::of(&req) {
        entered.jar.drop_tokens(answer.headers_mut());
    }
    Ok(answer)
}

#[post("/language")]
async fn choose_language(req: HttpRequest, typed: Typed) -> Result<HttpResponse, ApiError> {
    let language = Language::parse(typed.get("to")).ok_or_else(|| ApiError::field("to", Code::Invalid))?;
    let mut answer = see(goal(typed.get("next")));
    if let Some(entered) = Entered::of(&req) {
        entered.jar.keep_language(language, answer.headers_mut());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_in_leads_into_the_console_and_nowhere_else() {
        for inside in ["/console", "/console/tips/7", "/console?state=received"] {
            assert_eq!(goal(inside), inside);
        }
        for outside in
            ["", "https://evil.example", "//evil.example", "/console//evil", "/consolex", "/console/\\x", "/"]
        {
            assert_eq!(goal(outside), "/console", "{outside}");
        }
    }
}
