//! The police console as officers meet it: pages, forms, cookies, and a browser that runs its modules.

mod administration;
mod custody;
mod forms;
mod hostile;
mod identities;
mod line;
mod log_in;
mod pages;
mod planted;
mod reference;
pub mod scene;
mod tallies;
mod two_officers;
mod words;
