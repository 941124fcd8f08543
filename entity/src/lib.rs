//! Rows, not rules: one file per table, ids that cannot be mixed up, enums with one spelling.
//!
//! What a reporter caused carries a day and never a time. Whatever somebody wrote is in a column named `sealed` or
//! `.._sealed`, and opens only with keys that are not here.

pub mod enums;
pub mod ids;

pub mod audit_links;
pub mod audit_pending;
pub mod audit_rows;
pub mod backups;
pub mod case_holds;
pub mod case_tips;
pub mod case_wraps;
pub mod cases;
pub mod closures;
pub mod escrows;
pub mod facts;
pub mod identities;
pub mod identity_decisions;
pub mod identity_quorums;
pub mod identity_request_readers;
pub mod identity_requests;
pub mod identity_shares;
pub mod job_claims;
pub mod key_consents;
pub mod key_links;
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
pub mod tip_concerns;
pub mod tip_holds;
pub mod tip_readers;
pub mod tip_shares;
pub mod tip_wraps;
pub mod tips;
pub mod valuations;
pub mod yields;
