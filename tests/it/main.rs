//! Everything that starts the program: one binary, one database for each test, a real socket.
//!
//! SQLite when nothing is said; PostgreSQL with `TIPLINE_TEST_DATABASE=postgres` (`scripts/test` runs both).

mod api;
mod audit;
mod authority;
mod backups;
mod console;
mod corpus;
mod custody;
mod demonstration;
mod ledger;
mod model;
mod pages;
mod retention;
mod storage;
mod support;
