//! The police console: the officers' pages over the same services as the API. They decide nothing.
//!
//! Every request passes the `gate`, which finds out who asks (`cookies`, renewed by `hub` within a shift), holds forms
//! to their session, and turns refusals into pages. `frame` is what every page shares, `typed` what a form sent,
//! `texts` what is said in each language. All works without scripts; `assets` hold the one style and small modules of
//! our own, which add keys, liveness (`live`) and nothing else.

use actix_web::{middleware::from_fn, web};

mod account;
mod acts;
mod assets;
mod audit;
mod case;
mod case_view;
mod cases;
mod chart;
mod cookies;
mod custodians;
mod doctor;
mod enrol;
mod figures;
mod form;
mod frame;
mod gate;
mod hub;
mod identities;
mod line;
mod live;
mod log_in;
mod members;
mod notice;
mod office_edit;
mod offices;
mod outcome_form;
mod page;
mod query;
mod queue;
mod queue_filter;
mod queue_view;
mod reference;
mod reference_code;
mod reference_form;
mod releases;
mod reload;
mod reports;
mod retention;
mod style;
mod texts;
mod tip;
mod tip_forms;
mod tip_verbs;
mod tip_view;
mod typed;
mod write_down;

pub use hub::Hub;

/// Puts the console on a server. `hub` is shared by its threads.
pub fn configure(cfg: &mut web::ServiceConfig, hub: web::Data<Hub>) {
    let mut scope = web::scope("/console").wrap(from_fn(gate::gate));
    for noun in [
        assets::routes,
        log_in::routes,
        account::routes,
        queue::routes,
        tip::routes,
        write_down::routes,
        identities::routes,
        audit::routes,
        doctor::routes,
        custodians::routes,
        enrol::routes,
        members::routes,
        retention::routes,
        line::routes,
        cases::routes,
        case::routes,
        figures::routes,
        releases::routes,
        reports::routes,
        offices::routes,
        office_edit::routes,
        reference::routes,
        reference_code::routes,
        live::routes,
        style::routes,
        reload::routes,
    ] {
        scope = scope.configure(noun);
    }
    // On the application: the gate stands around the scope and would not see what is kept inside.
    cfg.app_data(hub).service(scope);
}
