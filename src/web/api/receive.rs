//! Reads a request's body, whole and bounded, before anything is decided about it.
//!
//! A body left unread would make the connection break off, and on a bad line the caller would never see why the
//! request was refused.

use std::time::Duration;

use actix_web::{
    HttpMessage,
    dev::ServiceRequest,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
};
use futures::StreamExt;
use zeroize::Zeroizing;

use super::problem::ApiError;
use crate::platform::fault::Code;

/// Largest body. The longest narrative, 20,000 characters of four bytes each and escaped, is well below.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Largest form. A narrative that is far too long must come back to whoever typed it.
const FORM_LIMIT: usize = DRAIN_LIMIT;

/// What is over the limit is still read, up to here, so that the refusal arrives; beyond, the connection breaks.
const DRAIN_LIMIT: usize = 4 * BODY_LIMIT;

/// A body of full length over a line of 3 kB/s; whoever is slower holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(90);

/// A body, kept for the extractor that wants it and wiped when the request ends.
pub struct Received(pub Zeroizing<Vec<u8>>);

pub async fn receive(req: &mut ServiceRequest) -> Result<Received, ApiError> {
    if declared_length(req).is_some_and(|length| length > DRAIN_LIMIT as u64) {
        return Err(ApiError::new(Code::BodyTooLarge));
    }
    match tokio::time::timeout(PATIENCE, read(req)).await {
        Ok(received) => received,
        Err(_) => Err(ApiError::new(Code::InvalidRequest)),
    }
}

/// Whether the body is what a page's form sends.
pub fn is_form(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn declared_length(req: &ServiceRequest) -> Option<u64> {
    req.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(req: &mut ServiceRequest) -> Result<Received, ApiError> {
    let limit = if is_form(req.headers()) { FORM_LIMIT } else { BODY_LIMIT };
    let mut payload = req.take_payload();
    let (mut body, mut seen) = (Zeroizing::new(Vec::new()), 0usize);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(Code::InvalidRequest))?;
        seen = seen.saturating_add(chunk.len());
        if seen > DRAIN_LIMIT {
            break;
        }
        if seen <= limit {
            append(&mut body, &chunk);
        }
    }
    if seen > limit { Err(ApiError::new(Code::BodyTooLarge)) } else { Ok(Received(body)) }
}

/// Grows into a new buffer and wipes the old one; `Vec` would leave its former place as it was.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    if body.capacity() - body.len() < chunk.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((body.len() + chunk.len()) * 2));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}
