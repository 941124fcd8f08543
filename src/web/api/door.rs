//! The one way in and out: every request passes here before it is routed, every answer before it is sent.

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    },
    middleware::Next,
    web::Data,
};

use super::{
    problem::ApiError,
    receive::{self, Unread},
};
use crate::{
    app::App,
    platform::{fault::Code, shedding::Overloaded},
    web::{lane_of, open_up, pages, secure},
};

/// Reads the body, routes, renders problems and secures the answer.
///
/// HEAD is answered as GET: the connection leaves the body out, and the headers are those of the real answer.
pub async fn door(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let synthetic = req.app_data::<Data<App>>().is_some_and(|app| app.settings.synthetic);
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let (mut res, unread) = match receive::receive(&mut req).await {
        Ok(received) => {
            req.extensions_mut().insert(received);
            (in_lane(req, next).await?, None)
        }
        Err((refused, rest)) => (req.error_response(refused), Some(rest)),
    };
    if res.status().is_client_error() || res.status().is_server_error() {
        res = render(res);
    }
    // Pages that tell it in their own words leave the number to this.
    if res.status() == StatusCode::SERVICE_UNAVAILABLE && !res.headers().contains_key(RETRY_AFTER) {
        res.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    let (path, kept) = (res.request().path().to_owned(), res.headers().get(CACHE_CONTROL).cloned());
    secure(res.headers_mut(), synthetic);
    open_up(res.headers_mut(), &path, kept);
    let res = pages::wrap(res);
    Ok(match unread {
        Some(rest) => res.map_body(|_, body| BoxBody::new(Unread::new(body, rest))),
        None => res,
    })
}

/// Answers as soon as the lane of the request has a place for it, and says so if it has none.
async fn in_lane(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let lane = req.app_data::<Data<App>>().and_then(|app| {
        let known = req.headers().contains_key(AUTHORIZATION);
        lane_of(&app.lanes, req.path(), known).cloned()
    });
    let _place = match lane {
        Some(lane) => match lane.enter().await {
            Ok(place) => Some(place),
            Err(Overloaded) => return Ok(req.error_response(ApiError::new(Code::Overloaded))),
        },
        None => None,
    };
    Ok(next.call(req).await?.map_into_boxed_body())
}

/// Turns a bare error, ours or the framework's, into a problem.
fn render(res: ServiceResponse) -> ServiceResponse {
    if res.headers().contains_key(CONTENT_TYPE) && res.response().error().is_none() {
        return res;
    }
    let unnamed = ApiError::of_status(res.status());
    let error = res.response().error().and_then(|error| error.as_error::<ApiError>()).unwrap_or(&unnamed);
    if let Some(cause) = error.cause() {
        // The pattern of the path, not the path: an id in a log would tell which tip was looked at.
        let operation = res.request().match_pattern().unwrap_or_default();
        let (method, code) = (res.request().method().as_str(), error.code().as_str());
        tracing::error!(method, operation, code, cause, "refused");
    }
    let request = res.request();
    let answer = if pages::is_wanted(request) { pages::refuse(request, error) } else { error.render(request) };
    res.into_response(answer)
}
