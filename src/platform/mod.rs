//! What every noun stands on: time, storage, errors, paging, bounded work and logs. Knows no noun.

pub mod clock;
pub mod db;
pub mod fault;
mod group;
pub mod home;
pub mod insert;
pub mod leaving;
pub mod mail;
pub mod pacing;
pub mod paging;
pub mod shedding;
pub mod statement;
pub mod telemetry;
pub mod threads;
