//! What was done, by whom, to what, when; never what it said.
//!
//! A verb writes its row on its own transaction. A row about a reporter's act carries the day only.
//!
//! Soon after, a job `sequence`s the rows: each gets a place in a chain of hashes, so that nothing can be edited, left
//! out, put in or exchanged unseen. `write_checkpoint` signs the chain's head, hourly and at stop, into a file outside
//! the database; `verify` walks the chain and names the first row that is wrong. Auditors `list` and `export` what has
//! its place. The row that tells of a stored tip covers its ciphertexts (`of_sealed`, `replaced`). Limits: who writes to the database while the line runs can invent an act, or take one away before it
//! was sequenced (a second for officers' acts, a day for reporters'); who holds the secrets too can rewrite what came
//! after the last checkpoint.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audit_rows,
    enums::Actor,
    ids::{AuditId, CaseId, IdentityRequestId, OfficeId, OfficerId, ReleaseId, TipId, ValuationId},
    tips,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{app::App, platform::insert::insert_together, staff::Staff};

mod checkpoint;
mod export;
mod list;
mod replaced;
mod sequence;
pub mod store;
mod verify;

pub use checkpoint::{CheckpointError, last_checkpoint, read_checkpoints, sign_head, write_checkpoint};
pub use export::{Export, export};
pub use list::{AuditError, Entry, Filter, list};
pub use sequence::{BATCH, any_due, sequence};
pub use store::{EXPIRED, FEW_ACTS};
pub use verify::{Tampering, Verdict, verify, verify_without_secrets};

/// The object of an act.
#[derive(Clone, Copy, Debug)]
pub enum Object {
    Tip(TipId),
    Case(CaseId),
    Valuation(ValuationId),
    Officer(OfficerId),
    Office(OfficeId),
    Release(ReleaseId),
    IdentityRequest(IdentityRequestId),
    /// A report over an office and all beneath it.
    Report(OfficeId),
    /// A figure over an office and all beneath it.
    Figure(OfficeId),
}

impl Object {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Tip(_) => "tip",
            Self::Case(_) => "case",
            Self::Valuation(_) => "valuation",
            Self::Officer(_) => "officer",
            Self::Office(_) => "office",
            Self::Release(_) => "release",
            Self::IdentityRequest(_) => "identity_request",
            Self::Report(_) => "report",
            Self::Figure(_) => "figure",
        }
    }

    pub fn id(self) -> Uuid {
        match self {
            Self::Tip(id) => id.into(),
            Self::Case(id) => id.into(),
            Self::Valuation(id) => id.into(),
            Self::Officer(id) => id.into(),
            Self::Office(id) | Self::Report(id) | Self::Figure(id) => id.into(),
            Self::Release(id) => id.into(),
            Self::IdentityRequest(id) => id.into(),
        }
    }
}

/// An act of an officer, in the past tense: `TipScreened`.
pub async fn record_officer(
    txn: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    office: Option<OfficeId>,
    act: &'static str,
    object: Object,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    insert(txn, row(app, Actor::Officer, Some(staff.id), office, act, object, Some(now), app.clock.day_of(now), None))
        .await
}

/// An act of an officer on something frozen: with its hash, so that the chain vouches for it.
pub async fn record_frozen(
    txn: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    act: &'static str,
    object: Object,
    hash: &str,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    let (day, hash) = (app.clock.day_of(now), Some(hash.to_owned()));
    insert(txn, row(app, Actor::Officer, Some(staff.id), None, act, object, Some(now), day, hash)).await
}

/// An act of an officer with what it was about, in codes and days: `movement 2023-01-01 2023-12-31`. Never in words.
pub async fn record_detailed(
    txn: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    office: Option<OfficeId>,
    act: &'static str,
    object: Object,
    detail: String,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    let day = app.clock.day_of(now);
    insert(txn, row(app, Actor::Officer, Some(staff.id), office, act, object, Some(now), day, Some(detail))).await
}

/// That a tip was sealed anew, with the hash of its ciphertexts: what was recorded last is what counts.
pub async fn record_sealed(
    txn: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    act: &'static str,
    tip: &tips::Model,
) -> Result<(), DbErr> {
    insert(txn, of_sealed(app, Some(staff), act, tip)).await
}

/// A row to be stored with a tip: that it was, with the hash of its ciphertexts. From then on the chain tells when it
/// is exchanged. `author`: the officer who stores it; none when a reporter does.
pub fn of_sealed(app: &App, author: Option<&Staff>, act: &'static str, tip: &tips::Model) -> audit_rows::Model {
    let (object, office, detail) = (Object::Tip(tip.id), Some(tip.office_id), Some(replaced::seal_of(tip)));
    match author {
        None => row(app, Actor::Reporter, None, office, act, object, None, app.clock.today(), detail),
        Some(staff) => {
            let now = app.clock.now();
            let day = app.clock.day_of(now);
            row(app, Actor::Officer, Some(staff.id), office, act, object, Some(now), day, detail)
        }
    }
}

/// An act of a reporter: the day, and no time.
pub async fn record_reporter(
    txn: &impl ConnectionTrait,
    app: &App,
    office: Option<OfficeId>,
    act: &'static str,
    object: Object,
) -> Result<(), DbErr> {
    insert(txn, row(app, Actor::Reporter, None, office, act, object, None, app.clock.today(), None)).await
}

/// An act of the program itself or of its operator at the command line.
pub async fn record_system(
    txn: &impl ConnectionTrait,
    app: &App,
    office: Option<OfficeId>,
    act: &'static str,
    object: Object,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    insert(txn, row(app, Actor::System, None, office, act, object, Some(now), app.clock.day_of(now), None)).await
}

async fn insert(txn: &impl ConnectionTrait, row: audit_rows::Model) -> Result<(), DbErr> {
    insert_together(txn, store::inserts(vec![row])).await
}

#[expect(clippy::too_many_arguments, reason = "one row, one argument a column; private to this file")]
fn row(
    app: &App,
    actor: Actor,
    officer_id: Option<OfficerId>,
    office_id: Option<OfficeId>,
    act: &'static str,
    object: Object,
    at: Option<DateTime<Utc>>,
    on_day: NaiveDate,
    detail: Option<String>,
) -> audit_rows::Model {
    audit_rows::Model {
        // What was done with one thing lies together; its order is not told.
        id: AuditId::from(app.chance.uuid_beside(object.id())),
        at,
        on_day,
        actor,
        officer_id,
        office_id,
        act: act.to_owned(),
        object_kind: object.kind().to_owned(),
        object_id: Some(object.id()),
        detail,
    }
}
