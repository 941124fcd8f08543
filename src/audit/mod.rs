//! What was done, by whom, to what, when; never what it said.
//!
//! A verb writes its row on its own transaction. A row about a reporter's act carries the day only.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audit_rows,
    enums::Actor,
    ids::{AuditId, CaseId, IdentityRequestId, OfficeId, OfficerId, ReleaseId, TipId, ValuationId},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, Set};
use uuid::Uuid;

use crate::{app::App, staff::Staff};

pub mod store;

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
        }
    }

    pub fn id(self) -> Uuid {
        match self {
            Self::Tip(id) => id.into(),
            Self::Case(id) => id.into(),
            Self::Valuation(id) => id.into(),
            Self::Officer(id) => id.into(),
            Self::Office(id) => id.into(),
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
    insert(txn, app, Actor::Officer, Some(staff.id), office, act, object, Some(now), app.clock.day_of(now), None).await
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
    insert(txn, app, Actor::Officer, Some(staff.id), None, act, object, Some(now), day, hash).await
}

/// An act of a reporter: the day, and no time.
pub async fn record_reporter(
    txn: &impl ConnectionTrait,
    app: &App,
    office: Option<OfficeId>,
    act: &'static str,
    object: Object,
) -> Result<(), DbErr> {
    insert(txn, app, Actor::Reporter, None, office, act, object, None, app.clock.today(), None).await
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
    insert(txn, app, Actor::System, None, office, act, object, Some(now), app.clock.day_of(now), None).await
}

#[expect(clippy::too_many_arguments, reason = "one row, one argument a column; private to this file")]
async fn insert(
    txn: &impl ConnectionTrait,
    app: &App,
    actor: Actor,
    officer_id: Option<OfficerId>,
    office_id: Option<OfficeId>,
    act: &'static str,
    object: Object,
    at: Option<DateTime<Utc>>,
    on_day: NaiveDate,
    detail: Option<String>,
) -> Result<(), DbErr> {
    let row = audit_rows::ActiveModel {
        id: Set(AuditId::from(app.chance.uuid())),
        at: Set(at),
        on_day: Set(on_day),
        actor: Set(actor),
        officer_id: Set(officer_id),
        office_id: Set(office_id),
        act: Set(act.to_owned()),
        object_kind: Set(object.kind().to_owned()),
        object_id: Set(Some(object.id())),
        detail: Set(detail),
    };
    row.insert(txn).await.map(|_| ())
}
