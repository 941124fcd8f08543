//! Cursor paging: a page begins after the last row that was seen, so page 10,000 costs what the first does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Rows on a page when the caller names no number.
pub const DEFAULT_LIMIT: u32 = 50;

/// Most rows on a page.
pub const MAX_LIMIT: u32 = 200;

/// The cursor is not one that this server gave out.
#[derive(Debug, thiserror::Error)]
#[error("not a cursor")]
pub struct BadCursor;

/// One page, and where the next one begins (none: this was the last).
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

/// Renders the sort key of the last row seen.
pub fn encode<K: Serialize>(key: &K) -> String {
    serde_json::to_vec(key).map(|json| URL_SAFE_NO_PAD.encode(json)).unwrap_or_default()
}

/// Reads a cursor back; hostile input is an error, never a guess.
pub fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, BadCursor> {
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| BadCursor)?;
    serde_json::from_slice(&json).map_err(|_| BadCursor)
}

/// Number of rows to fetch for a requested page size.
pub fn limit(requested: Option<u32>) -> u32 {
    requested.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
}
