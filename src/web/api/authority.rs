//! Who is asking: found out before anything else of a request is judged.

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web::Data};
use futures::future::LocalBoxFuture;

use super::problem::ApiError;
use crate::{
    app::App,
    platform::fault::Code,
    staff::{self, Staff},
    tips::thread,
};

/// The caller, and then the rest of the request: extractors that stand side by side would let a stranger learn
/// what is wrong with a body that is none of their business.
pub struct As<A, T>(pub A, pub T);

/// Somebody whom a bearer token names.
pub trait Authority: Sized {
    async fn authenticate(app: &App, token: &str) -> Result<Self, ApiError>;
}

impl Authority for Staff {
    async fn authenticate(app: &App, token: &str) -> Result<Self, ApiError> {
        Ok(staff::authenticate(app, token).await?)
    }
}

impl Authority for thread::Reporter {
    async fn authenticate(app: &App, token: &str) -> Result<Self, ApiError> {
        Ok(thread::authenticate(app, token).await?)
    }
}

impl<A, T> FromRequest for As<A, T>
where
    A: Authority + 'static,
    T: FromRequest + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let app = req.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
            let caller = A::authenticate(app, bearer(&req)?).await?;
            let rest = T::from_request(&req, &mut payload).await.map_err(Into::into)?;
            Ok(Self(caller, rest))
        })
    }
}

/// The token of `Authorization: Bearer`; the scheme's name in any case (RFC 9110, 11.1).
fn bearer(req: &HttpRequest) -> Result<&str, ApiError> {
    let header = req.headers().get(AUTHORIZATION).ok_or_else(|| ApiError::new(Code::TokenMissing))?;
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        Ok(token.trim())
    } else {
        Err(ApiError::new(Code::TokenInvalid))
    }
}
