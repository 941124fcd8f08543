//! What tests stand on: a whole deployment on a real socket and a database of its own, and the people who use it.

pub mod browser;
pub mod database;
pub mod deployment;
pub mod desk;
pub mod http;
pub mod people;
pub mod published;
pub mod rows;
pub mod site;
pub mod totp;

pub use deployment::TestApp;
pub use people::{Officer, Resident, Tip, Worked};
