//! The doors over HTTP. They translate and decide nothing: one request, one service call, one answer.

pub mod api;
pub mod console;
mod headers;
mod lanes;
mod language;
mod network;
pub mod pages;

pub use headers::{DOCS_POLICY, open_up, secure};
use lanes::lane_of;
pub use language::{Lang, language_of};
pub use network::Address;
