use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, LOCATION},
    },
};
use askama::Template;

use super::frame::POLICY;

/// A template on its way out.
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    pub fn answer(self, status: StatusCode) -> HttpResponse {
        let Ok(html) = self.0.render() else { return HttpResponse::InternalServerError().finish() };
        HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str()))
            .body(html)
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.answer(StatusCode::OK)
    }
}

/// Shows another page instead; a reload then sends nothing again.
pub fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}
