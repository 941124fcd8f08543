//! What was refused before a page could answer: no such address, too large, not from here.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, RETRY_AFTER},
};
use askama::Template;

use super::{frame::Frame, page::Page, wrong::Wrong};
use crate::web::api::problem::ApiError;

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    f: Frame,
    text: &'static str,
    /// Something was typed.
    sent: bool,
}

/// Whether somebody looks at the answer in a browser.
pub fn is_wanted(req: &HttpRequest) -> bool {
    let accept = req.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !req.path().starts_with("/api/") && accept.contains("text/html")
}

/// The refusal as a page. The door has logged what broke.
pub fn refuse(req: &HttpRequest, error: &ApiError) -> HttpResponse {
    let mut f = Frame::of(req);
    // An address that does not exist does not exist in the other language either.
    f.path = f.path.map(|_| "/".to_owned());
    let wrong = Wrong::silent(error, f.language);
    let text = wrong.whole.or_else(|| wrong.fields.first().map(|field| field.text)).unwrap_or_default();
    let sent = f.path.is_none();
    let mut answer = Page(RefusalPage { f, text, sent }).answer(wrong.status());
    if let Some(seconds) = error.retry_after() {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}
