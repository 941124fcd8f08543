//! The schema, one table with its indexes a step, or a change of what is there, up and down on SQLite and PostgreSQL
//! alike.
//!
//! A released step is never edited; a later one changes what it made. SQLite would run a step without a transaction
//! unless told so: each step asks for one, so that no half of it stays.

pub use sea_orm_migration::{Migration, MigrationTrait, MigratorTrait};

mod schema;

mod m001_settings;
mod m002_reference_rows;
mod m003_offices;
mod m004_office_areas;
mod m005_officers;
mod m006_office_keys;
mod m007_office_key_wraps;
mod m008_role_grants;
mod m009_sessions;
mod m010_recovery_codes;
mod m011_tips;
mod m012_tip_wraps;
mod m013_receipts;
mod m014_messages;
mod m015_notes;
mod m016_identities;
mod m017_identity_shares;
mod m018_cases;
mod m019_case_tips;
mod m020_outcomes;
mod m021_yields;
mod m022_valuations;
mod m023_audit_rows;
mod m024_facts;
mod m025_rollups;
mod m026_releases;
mod m027_release_cells;
mod m028_release_lines;
mod m029_audit_links;
mod m030_audit_pending;
mod m031_job_claims;
mod m032_tip_holds;
mod m035_identity_requests;
mod m036_identity_request_readers;
mod m037_identity_decisions;
mod m038_identity_quorums;
mod m039_escrows;
mod m042_key_consents;
mod m043_key_links;
mod m044_tip_shares;
mod m045_tip_readers;
mod m046_tip_concerns;
mod m052_saved_views;
mod m061_closures;
mod m065_case_wraps;
mod m066_case_holds;
mod m073_backups;
mod m074_quarters;
mod m075_lean_indexes;
mod m076_late_facts;
mod m077_words_in_place;
mod m078_acts_by_turn;
mod m079_lanes;
mod m080_acts_by_officer;

/// All steps, oldest first.
pub struct Migrator;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m001_settings::Migration),
            Box::new(m002_reference_rows::Migration),
            Box::new(m003_offices::Migration),
            Box::new(m004_office_areas::Migration),
            Box::new(m005_officers::Migration),
            Box::new(m006_office_keys::Migration),
            Box::new(m007_office_key_wraps::Migration),
            Box::new(m008_role_grants::Migration),
            Box::new(m009_sessions::Migration),
            Box::new(m010_recovery_codes::Migration),
            Box::new(m011_tips::Migration),
            Box::new(m012_tip_wraps::Migration),
            Box::new(m013_receipts::Migration),
            Box::new(m014_messages::Migration),
            Box::new(m015_notes::Migration),
            Box::new(m016_identities::Migration),
            Box::new(m017_identity_shares::Migration),
            Box::new(m018_cases::Migration),
            Box::new(m019_case_tips::Migration),
            Box::new(m020_outcomes::Migration),
            Box::new(m021_yields::Migration),
            Box::new(m022_valuations::Migration),
            Box::new(m023_audit_rows::Migration),
            Box::new(m024_facts::Migration),
            Box::new(m025_rollups::Migration),
            Box::new(m026_releases::Migration),
            Box::new(m027_release_cells::Migration),
            Box::new(m028_release_lines::Migration),
            Box::new(m029_audit_links::Migration),
            Box::new(m030_audit_pending::Migration),
            Box::new(m031_job_claims::Migration),
            Box::new(m032_tip_holds::Migration),
            Box::new(m035_identity_requests::Migration),
            Box::new(m036_identity_request_readers::Migration),
            Box::new(m037_identity_decisions::Migration),
            Box::new(m038_identity_quorums::Migration),
            Box::new(m039_escrows::Migration),
            Box::new(m042_key_consents::Migration),
            Box::new(m043_key_links::Migration),
            Box::new(m044_tip_shares::Migration),
            Box::new(m045_tip_readers::Migration),
            Box::new(m046_tip_concerns::Migration),
            Box::new(m052_saved_views::Migration),
            Box::new(m061_closures::Migration),
            Box::new(m065_case_wraps::Migration),
            Box::new(m066_case_holds::Migration),
            Box::new(m073_backups::Migration),
            Box::new(m074_quarters::Migration),
            Box::new(m075_lean_indexes::Migration),
            Box::new(m076_late_facts::Migration),
            Box::new(m077_words_in_place::Migration),
            Box::new(m078_acts_by_turn::Migration),
            Box::new(m079_lanes::Migration),
            Box::new(m080_acts_by_officer::Migration),
        ]
    }
}
