//! The tip line that police run and residents can trust.
//!
//! Rooms, in the direction of their imports: `platform` and `reference` know no noun; the nouns (`tips`, `cases`,
//! `outcomes`, `valuations`, `statistics`, `disclosure`, `releases`, `reports`, `units`, `codebook`, `staff`,
//! `identities`, `escrow`, `doctor`, `audit`, `backups`, `retention`) know no HTTP; the doors (`web`, `jobs`, `cli`,
//! `demo`) decide nothing; `server` puts it together.

pub mod app;
pub mod audit;
pub mod backups;
pub mod cases;
pub mod cli;
pub mod codebook;
pub mod config;
pub mod demo;
pub mod disclosure;
pub mod doctor;
pub mod escrow;
pub mod identities;
pub mod jobs;
pub mod outcomes;
pub mod platform;
pub mod reference;
pub mod releases;
pub mod reports;
pub mod retention;
pub mod server;
pub mod staff;
pub mod statistics;
pub mod tips;
pub mod units;
pub mod valuations;
pub mod web;
