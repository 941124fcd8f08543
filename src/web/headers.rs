//! Headers that every answer carries, whatever made it.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Data is not a page: nothing in it may be run, shown inside another page or fetched from elsewhere.
const DATA_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The reference page runs its own scripts and asks its own host, nobody else's. Its interface sets style
/// attributes and draws icons from `data:` URLs in its style sheet; without these two it cannot be read.
pub const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Announces a made-up ledger.
const SYNTHETIC: HeaderName = HeaderName::from_static("tipline-synthetic");

/// What is here has been published: any site may read it, and an answer may say that caches keep it.
const PUBLIC: &str = "/api/v1/public/";

/// The console's style and modules: the same for everybody, and their addresses name their version.
const FILES: &str = "/console/assets/";

/// Lets other origins read what is public, errors too. Call it after `secure`, with the `Cache-Control` of the answer.
pub fn open_up(headers: &mut HeaderMap, path: &str, cache_control: Option<HeaderValue>) {
    if let (true, Some(keep)) = (path.starts_with(FILES), &cache_control) {
        headers.insert(CACHE_CONTROL, keep.clone());
    }
    if !path.starts_with(PUBLIC) {
        return;
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(HeaderName::from_static("access-control-expose-headers"), HeaderValue::from_static("ETag"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    if let Some(keep) = cache_control {
        headers.insert(CACHE_CONTROL, keep);
    }
}

/// Adds the headers that keep an answer out of caches, histories, frames and other origins' reach.
pub fn secure(headers: &mut HeaderMap, synthetic: bool) {
    let fixed = [
        // A phone is shared by a family: nothing that was read here stays on it.
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(DATA_POLICY));
    }
    if synthetic {
        headers.insert(SYNTHETIC, HeaderValue::from_static("true"));
    }
}
