//! The resident site: on a phone, with and without scripts, and in a text browser.

mod every_page;
mod hostile;
pub mod line;
mod pages;
mod text_browser;
mod tour;
