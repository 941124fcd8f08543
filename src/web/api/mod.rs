//! The REST API: one file per noun, with what it takes, what it gives and its handlers.
//!
//! A request passes the `door` (which reads its body and renders problems), finds its handler, is told apart by
//! `As` (who), `Id` (what), `IfMatch` (which version), `Params` and `Body` (how), and ends in one service call.
//! `document` is made from the handlers, so that it cannot say anything else than they do.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

mod answer;
mod authority;
mod body;
mod codes;
mod day;
mod docs;
mod document;
mod door;
mod edit;
mod fallback;
pub(in crate::web) mod path;
pub(in crate::web) mod problem;
mod public;
mod query;
pub(in crate::web) mod receipts;
pub(in crate::web) mod receive;
mod scan;
pub(in crate::web) mod texts;

pub(in crate::web) mod audit;
mod cases;
mod codebook;
mod doctor;
mod enrolment;
mod figure_body;
mod figure_path;
mod figures;
mod health;
mod holds;
mod identity_quorum;
mod identity_requests;
mod line;
mod me;
mod office_edit;
mod officers;
mod offices;
mod outcomes;
mod recovery;
mod reference;
mod release_body;
mod releases;
mod report_body;
mod reporter;
mod reports;
mod sessions;
mod staff_tips;
mod statistics;
mod tickets;
mod tip_cases;
mod tip_custody;
mod tip_moves;
mod tip_view;
mod tip_work;
mod tips;
mod valuations;

pub use document::{document, document_json};
pub use door::door;
pub use report_body::report_json;

/// Puts the whole API on a server.
pub fn configure(cfg: &mut web::ServiceConfig) {
    routes(&mut ServiceConfig::new(cfg));
    docs::page(cfg);
    cfg.default_service(web::to(fallback::fallback));
}

/// Every documented operation.
fn routes(cfg: &mut ServiceConfig<'_>) {
    for noun in [
        health::routes,
        docs::routes,
        reference::routes,
        codebook::routes,
        tickets::routes,
        tips::routes,
        reporter::routes,
        enrolment::routes,
        sessions::routes,
        recovery::routes,
        me::routes,
        staff_tips::routes,
        tip_moves::routes,
        tip_work::routes,
        tip_custody::routes,
        holds::routes,
        tip_cases::routes,
        cases::routes,
        outcomes::routes,
        valuations::routes,
        identity_requests::routes,
        identity_quorum::routes,
        statistics::routes,
        figures::routes,
        releases::routes,
        public::routes,
        reports::routes,
        offices::routes,
        office_edit::routes,
        officers::routes,
        doctor::routes,
        line::routes,
        audit::routes,
    ] {
        cfg.configure(noun);
    }
}
