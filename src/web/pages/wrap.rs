//! How pages travel: packed, and those that tell of a receipt or a thread in envelopes of one size. What the API tells
//! a reporter travels in the same envelopes.
//!
//! Who watches the line sees sizes. A right receipt and a wrong one, a thread with an answer and one without, a tip
//! that was taken: all fit the smallest envelope. A long talk takes a larger one; that much is seen. A front proxy must
//! pass answers on as they are: one that packs again undoes it.

use std::io::Write;

use actix_web::{
    HttpRequest,
    body::{BoxBody, MessageBody},
    dev::ServiceResponse,
    http::{
        Method, StatusCode,
        header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue},
    },
    web::Bytes,
};
use flate2::{Compression, GzBuilder};

/// Bytes of an envelope, head and body together: well within one round trip of a fresh connection.
const ENVELOPE: usize = 8 * 1024;

/// A gzip member's head is this long, and what is in the field after it is skipped by whoever unpacks (RFC 1952).
const GZIP_HEAD: usize = 10;
const HAS_EXTRA: u8 = 4;

/// The longest extra field.
const MOST_EXTRA: usize = 0xFFFF;

/// Packs a page on its way out, and fills an answer that would tell something by its size. Call it when the head is
/// complete.
pub fn wrap(res: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let kind = res.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let (is_page, is_data) = (kind.starts_with(b"text/html"), kind.ends_with(b"json"));
    let sealed = (is_page && tells(res.request())) || (is_data && tells_in_data(res.request()));
    if !(is_page || sealed) || res.headers().contains_key(CONTENT_ENCODING) {
        return res;
    }
    let packs = is_page && takes_gzip(res.request().headers());
    let head = sealed.then(|| head_size(res.status(), res.headers()));
    let mut encoded = false;
    let mut res = res.map_body(|_, body| match body.try_into_bytes() {
        Ok(page) if packs => {
            let packed = packed(&page, head);
            encoded = packed.is_some();
            BoxBody::new(packed.map_or(page, Bytes::from))
        }
        Ok(page) => BoxBody::new(filled(&page, head)),
        // A stream: of those neither is made.
        Err(stream) => stream,
    });
    if encoded {
        res.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    res
}

/// Whether the page would tell something by its size: it answers a form, or shows a thread.
fn tells(req: &HttpRequest) -> bool {
    let path = req.path().strip_prefix("/en").unwrap_or(req.path());
    req.method() == Method::POST || path.starts_with("/thread")
}

/// The same of the API: what a reporter sends and reads. White space after it is no part of it (RFC 8259, section 2).
fn tells_in_data(req: &HttpRequest) -> bool {
    let sends = req.method() == Method::POST && matches!(req.path(), "/api/v1/tickets" | "/api/v1/tips");
    sends || req.path().starts_with("/api/v1/reporter/")
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    let mut codings = accepted.flat_map(|value| value.split(',')).map(|coding| coding.replace(' ', ""));
    codings.any(|coding| coding == "gzip" || (coding.starts_with("gzip;q=") && !coding.starts_with("gzip;q=0")))
}

/// As the head is written; the rest of it has one length for all answers.
fn head_size(status: StatusCode, headers: &HeaderMap) -> usize {
    let lines = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    status.canonical_reason().unwrap_or_default().len() + lines.sum::<usize>()
}

/// None if it cannot be packed, which writing into memory always can.
fn packed(page: &[u8], head: Option<usize>) -> Option<Vec<u8>> {
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::default());
    gzip.write_all(page).ok()?;
    let mut packed = gzip.finish().ok()?;
    if let Some(head) = head {
        let encoding = "content-encoding: gzip\r\n".len();
        let missing = missing(head + encoding + packed.len() + 2).min(MOST_EXTRA);
        *packed.get_mut(3)? |= HAS_EXTRA;
        let length = u16::try_from(missing).ok()?.to_le_bytes();
        packed.splice(GZIP_HEAD..GZIP_HEAD, length.into_iter().chain(std::iter::repeat_n(0, missing)));
    }
    Some(packed)
}

/// White space after the page, for whoever unpacks nothing.
fn filled(page: &[u8], head: Option<usize>) -> Vec<u8> {
    let missing = head.map_or(0, |head| missing(head + page.len()));
    page.iter().copied().chain(std::iter::repeat_n(b'\n', missing)).collect()
}

fn missing(size: usize) -> usize {
    size.next_multiple_of(ENVELOPE) - size
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_page_fills_its_envelope_and_is_the_page(page in "\\PC{0,3000}", head in 0_usize..3000) {
            let packed = packed(page.as_bytes(), Some(head)).unwrap();
            prop_assert_eq!((head + "content-encoding: gzip\r\n".len() + packed.len()) % ENVELOPE, 0);
            let mut unpacked = String::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut unpacked).unwrap();
            prop_assert_eq!(unpacked, page);
        }

        #[test]
        fn a_plain_page_fills_its_envelope(page in "\\PC{0,3000}", head in 0_usize..3000) {
            let filled = filled(page.as_bytes(), Some(head));
            prop_assert_eq!((head + filled.len()) % ENVELOPE, 0);
            prop_assert!(filled.starts_with(page.as_bytes()));
        }
    }
}
