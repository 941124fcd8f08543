//! The resident site: on a phone, with and without scripts, and in a text browser.

mod line;
