//! Rows, not rules: one file per table, ids that cannot be mixed up, enums with one spelling.
//!
//! What a reporter caused carries a day and never a time. Whatever somebody wrote is in a column named `sealed` or
//! `.._sealed`, and opens only with keys that are not here.

pub mod enums;
pub mod ids;

pub mod audit_rows;
pub mod case_tips;
pub mod cases;
pub mod facts;
pub mod identities;
pub mod identity_shares;
pub mod messages;
pub mod notes;
pub mod office_areas;
pub mod office_key_wraps;
pub mod office_keys;
pub mod officers;
pub mod offices;
pub mod outcomes;
pub mod receipts;
pub mod recovery_codes;
pub mod reference_rows;
pub mod release_cells;
pub mod release_lines;
pub mod releases;
pub mod role_grants;
pub mod rollups;
pub mod saved_views;
pub mod sessions;
pub mod settings;
pub mod tip_wraps;
pub mod tips;
pub mod valuations;
pub mod yields;
