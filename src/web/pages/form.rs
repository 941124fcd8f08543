use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use crate::{
    platform::fault::Code,
    web::api::{
        problem::ApiError,
        receive::{Received, is_form},
    },
};

/// What a page's form sent. A form on another site's page cannot send it.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Form<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(req).map(Self))
    }
}

fn read<T: DeserializeOwned>(req: &HttpRequest) -> Result<T, ApiError> {
    if !is_from_here(req) {
        return Err(ApiError::new(Code::Forbidden));
    }
    let extensions = req.extensions();
    let received = extensions.get::<Received>().filter(|_| is_form(req.headers()));
    let Received(body) = received.ok_or_else(|| ApiError::new(Code::InvalidRequest))?;
    serde_urlencoded::from_bytes(body).map_err(|_| ApiError::new(Code::InvalidRequest))
}

/// Browsers say whose page a request comes from (Fetch Metadata). Those that do not are held by the forms' tokens
/// and by the cookie, which goes with no request of another site. `Origin` does not serve: under `no-referrer` it is
/// `null` even from our own pages.
pub fn is_from_here(req: &HttpRequest) -> bool {
    let site = req.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}
