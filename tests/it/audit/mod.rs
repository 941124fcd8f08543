//! The record of who did what: its chain, what disturbs it, and who may see it.

mod auditors;
mod mail;
mod nodes;
mod readings;
mod reporters;
mod stored;
mod tampering;

use entity::{audit_links, enums::Role, ids::OfficeId};
use sea_orm::{EntityTrait, QueryOrder};
use tipline::{
    app::App,
    audit::{self, Object},
    jobs::{self, Job},
    staff::Staff,
};
use uuid::Uuid;

use crate::support::{TestApp, deployment::INTAKE};

/// These tests run jobs when it suits them, all as this node.
const NODE: Uuid = Uuid::from_u128(1);

async fn sequence(app: &App) {
    jobs::run(app, Job::SequenceAudit, NODE).await.unwrap();
}

async fn chain(app: &App) -> Vec<audit_links::Model> {
    let links = audit_links::Entity::find().order_by_asc(audit_links::Column::Seq);
    links.all(app.db.read()).await.unwrap()
}

async fn act(app: &App, staff: &Staff, office: OfficeId, act: &'static str) {
    let object = Object::Tip(app.chance.uuid().into());
    app.db.write(async |txn| audit::record_officer(txn, app, staff, Some(office), act, object).await).await.unwrap();
    app.clock.advance(chrono::Duration::seconds(1));
}

/// A deployment with this many acts of one officer at the end of its chain.
async fn with_acts(count: usize) -> (TestApp, Staff, OfficeId) {
    let app = TestApp::spawn().await;
    let staff = app.officer("lan", &[Role::Screener]).await.staff;
    let office = app.office(INTAKE).await;
    sequence(&app.app).await;
    for _ in 0..count {
        act(&app.app, &staff, office, "TipRead").await;
    }
    sequence(&app.app).await;
    (app, staff, office)
}
