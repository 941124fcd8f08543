//! Answers that went well.

use actix_web::{
    HttpResponse,
    http::header::{ETAG, LOCATION},
};
use serde::Serialize;

use super::{edit::etag, problem::ApiError};

pub type Answer = Result<HttpResponse, ApiError>;

pub fn ok(body: impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// With the version that an edit must name.
pub fn versioned(version: i32, body: impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().insert_header((ETAG, etag(version))).json(body))
}

/// Made, with no address of its own.
pub fn made(body: impl Serialize) -> Answer {
    Ok(HttpResponse::Created().json(body))
}

/// Made, and where it is found.
pub fn created(location: String, body: impl Serialize) -> Answer {
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(body))
}

pub fn nothing() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

/// On record, and not done yet.
pub fn accepted() -> Answer {
    Ok(HttpResponse::Accepted().finish())
}
