use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, LOCATION},
    },
};
use askama::Template;

use super::notice::Notice;
use crate::{reference::Language, web::api::problem::ApiError};

/// Our own style, our own modules, our own pictures; nothing inline, nobody else's host.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A template on its way out.
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    pub fn answer(self, status: StatusCode) -> HttpResponse {
        let Ok(html) = self.0.render() else { return HttpResponse::InternalServerError().finish() };
        HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .body(html)
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.answer(StatusCode::OK)
    }
}

/// What answers a form: where it leads to if it was done; else its page again, which says why not and holds what was
/// typed.
pub async fn done_or_again<T: Template>(
    done: Result<HttpResponse, ApiError>,
    language: Language,
    again: impl AsyncFnOnce(&Notice) -> Result<T, ApiError>,
) -> Result<HttpResponse, ApiError> {
    match done {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let notice = Notice::of(&error, language);
            Ok(Page(again(&notice).await?).answer(notice.status()))
        }
    }
}

/// Shows another page instead; a reload then sends nothing again.
pub fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}
