//! The doors over HTTP. They translate and decide nothing: one request, one service call, one answer.

pub mod api;
pub mod console;
mod headers;
mod language;
pub mod pages;

pub use headers::{DOCS_POLICY, open_up, secure};
pub use language::{Lang, language_of};
