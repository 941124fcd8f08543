//! Reads a request's body, whole and bounded, before anything is decided about it.
//!
//! A body left unread would make the connection break off, and on a bad line the caller would never see why the
//! request was refused.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
    web::Bytes,
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

/// The body; or why it was refused, and what of it is still to come.
pub async fn receive(req: &mut ServiceRequest) -> Result<Received, (ApiError, Payload)> {
    let mut payload = req.take_payload();
    if declared_length(req).is_some_and(|length| length > DRAIN_LIMIT as u64) {
        return Err((ApiError::new(Code::BodyTooLarge), payload));
    }
    let limit = if is_form(req.headers()) { FORM_LIMIT } else { BODY_LIMIT };
    match tokio::time::timeout(PATIENCE, read(&mut payload, limit)).await {
        Ok(Ok(received)) => Ok(received),
        Ok(Err(refused)) => Err((refused, payload)),
        Err(_) => Err((ApiError::new(Code::InvalidRequest), payload)),
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

async fn read(payload: &mut Payload, limit: usize) -> Result<Received, ApiError> {
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

/// An answer to a body that was not read to its end. If nobody held the rest, the framework would go on to read it,
/// however long it is and however slowly it comes; so the connection is closed behind the answer.
pub struct Unread {
    answer: BoxBody,
    _rest: Payload,
}

impl Unread {
    pub fn new(answer: BoxBody, rest: Payload) -> Self {
        Self { answer, _rest: rest }
    }
}

impl MessageBody for Unread {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(cx)
    }
}
