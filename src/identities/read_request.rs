use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    enums::{RequestState, Verdict},
    identity_decisions, identity_requests,
    ids::{IdentityRequestId, OfficerId, TipId},
};
use sea_orm::DbErr;
use vault::keys::SymmetricKey;

use super::{
    RequestError, end_requests,
    request_identity::share_of,
    sealed,
    state::{self, Standing},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{self, Permission, Staff},
    tips,
};

/// A request as its requester and the custodians see it.
pub struct Request {
    pub id: IdentityRequestId,
    pub tip: TipId,
    pub number: String,
    pub requester: (OfficerId, String),
    pub reason: String,
    pub legal_ground: String,
    pub state: RequestState,
    pub threshold: i32,
    pub holders: i32,
    pub approvals: i32,
    pub refusals: i32,
    pub created_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub decisions: Vec<Decision>,
    /// What the officer who looks may still decide.
    pub allowed: Vec<&'static str>,
}

/// What one custodian said.
pub struct Decision {
    pub custodian: (OfficerId, String),
    pub verdict: Verdict,
    pub reason: String,
    pub decided_at: DateTime<Utc>,
}

/// A request, and the key to what is said on it.
pub(super) struct Opened {
    pub row: identity_requests::Model,
    pub key: SymmetricKey,
}

pub(super) fn standing(row: &identity_requests::Model) -> Standing {
    Standing {
        state: row.state,
        threshold: row.threshold,
        holders: row.holders,
        approvals: row.approvals,
        refusals: row.refusals,
    }
}

/// Finds a request that is sealed to the officer; any other does not exist for him.
pub(super) async fn open_request(app: &App, staff: &Staff, id: IdentityRequestId) -> Result<Opened, RequestError> {
    let db = app.db.read();
    let row = store::request(db, id).await?.ok_or(RequestError::NoSuchRequest)?;
    let reader = store::reader(db, id, staff.id).await?.ok_or(RequestError::NoSuchRequest)?;
    let key = sealed::open_reader(&staff.private, id, staff.id, &reader.wrap).map_err(|_| RequestError::NoKey)?;
    Ok(Opened { row, key })
}

/// Opens a request for its requester or a custodian: why, on what legal ground, and what was decided.
pub async fn read_request(app: &App, staff: &Staff, id: IdentityRequestId) -> Result<Request, RequestError> {
    staff.must_be_ready()?;
    end_requests(app).await?;
    let opened = open_request(app, staff, id).await?;
    let office = Some(opened.row.office_id);
    app.db
        .write(async |txn| {
            let object = Object::IdentityRequest(id);
            audit::record_officer(txn, app, staff, office, "IdentityRequestRead", object).await
        })
        .await?;
    view(app, staff, opened).await
}

/// Shows a request without putting it on record; for lists, whose reading is one act.
pub(super) async fn view(app: &App, staff: &Staff, opened: Opened) -> Result<Request, RequestError> {
    let (db, Opened { row, key }) = (app.db.read(), opened);
    let tip = tips::store::tip(db, row.tip_id).await?.ok_or(RequestError::NoSuchRequest)?;
    let decisions = store::decisions_of(db, row.id).await?;
    let shares = store::shares_of_tip(db, row.tip_id).await?;
    let share = share_of(&shares, staff.id);
    let mine = share.is_some_and(|share| decisions.iter().all(|decision| decision.share_id != share.id));
    let may = mine && row.requester_id != staff.id && staff.must(Permission::Custody).is_ok();
    let spoken = decisions.iter().map(|decision| decision.custodian_id).chain([row.requester_id]).collect();
    let officers = staff::store::officers_by_id(db, spoken).await?;
    let names: HashMap<OfficerId, String> = officers.into_iter().map(|o| (o.id, o.display_name)).collect();
    let grounds = sealed::open_grounds(&key, &row)?;
    let decisions = decisions.iter().map(|decision| told(&key, &names, decision)).collect::<Result<_, _>>()?;
    Ok(Request {
        id: row.id,
        tip: row.tip_id,
        number: tip.number,
        requester: named(&names, row.requester_id),
        reason: grounds.reason,
        legal_ground: grounds.legal_ground,
        state: row.state,
        threshold: row.threshold,
        holders: row.holders,
        approvals: row.approvals,
        refusals: row.refusals,
        created_at: row.created_at,
        ends_at: row.ends_at,
        decisions,
        allowed: if may { state::allowed(standing(&row)) } else { Vec::new() },
    })
}

fn told(
    key: &SymmetricKey,
    names: &HashMap<OfficerId, String>,
    row: &identity_decisions::Model,
) -> Result<Decision, DbErr> {
    Ok(Decision {
        custodian: named(names, row.custodian_id),
        verdict: row.verdict,
        reason: sealed::open_why(key, row)?,
        decided_at: row.decided_at,
    })
}

fn named(names: &HashMap<OfficerId, String>, id: OfficerId) -> (OfficerId, String) {
    (id, names.get(&id).cloned().unwrap_or_default())
}
