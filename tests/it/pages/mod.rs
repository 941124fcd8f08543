//! The resident site as a browser without scripts meets it: links, forms and one cookie.

mod all_pages;
mod errors;
mod every_page;
mod figures;
mod forgery;
mod languages;
mod line;
mod sizes;
mod thread;
