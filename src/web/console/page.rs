use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, LOCATION},
    },
};
use askama::Template;

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

/// Shows another page instead; a reload then sends nothing again.
pub fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}
