use chrono::{DateTime, Duration, Utc};
use entity::{
    enums::{RequestState, Verdict},
    identity_decisions, identity_requests, identity_shares,
    ids::{IdentityDecisionId, IdentityRequestId},
};
use sea_orm::{DbErr, Set, SqlErr};
use vault::secret::Secret;

use super::{
    RequestError, end_requests,
    read_request::{Opened, Request, open_request, read_request, standing},
    request_identity::share_of,
    sealed,
    state::{self, Event, Standing},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::FieldFault,
    staff::{Permission, Staff},
    tips::{MAX_TEXT, REASON, text_fault},
};

/// How long the requester may read a granted identity.
const READ_HOURS: i64 = 24;

/// A custodian agrees: his own share, opened with his session's key, is sealed to the request's key.
pub async fn approve(
    app: &App,
    staff: &Staff,
    id: IdentityRequestId,
    reason: Secret<String>,
) -> Result<Request, RequestError> {
    decide(app, staff, id, Event::Approve, reason).await
}

/// A custodian refuses, for good: a request that too many refuse has to be made anew.
pub async fn refuse(
    app: &App,
    staff: &Staff,
    id: IdentityRequestId,
    reason: Secret<String>,
) -> Result<Request, RequestError> {
    decide(app, staff, id, Event::Refuse, reason).await
}

async fn decide(
    app: &App,
    staff: &Staff,
    id: IdentityRequestId,
    event: Event,
    reason: Secret<String>,
) -> Result<Request, RequestError> {
    staff.must(Permission::Custody)?;
    if let Some(code) = text_fault(reason.expose(), MAX_TEXT, REASON) {
        return Err(RequestError::Fields(vec![FieldFault::new("reason", code)]));
    }
    end_requests(app).await?;
    let opened = open_request(app, staff, id).await?;
    // A share must not go to a key that the requester did not make.
    sealed::open_grounds(&opened.key, &opened.row)?;
    let shares = store::shares_of_tip(app.db.read(), opened.row.tip_id).await?;
    let share = share_of(&shares, staff.id).ok_or(RequestError::NotCustodian)?;
    if opened.row.requester_id == staff.id {
        return Err(RequestError::OwnCustody);
    }
    let from = standing(&opened.row);
    let to = state::next(from, event)?;
    let decision = decision(app, staff, &opened, share, event, &reason).await?;
    let (act, ends_at) = match event {
        Event::Approve => ("IdentityRequestApproved", end_of(app, &opened.row, to)),
        Event::Refuse | Event::End => ("IdentityRequestRefused", opened.row.ends_at),
    };
    app.db
        .write(async |txn| {
            store::insert_decision(txn, decision).await?;
            if !store::swap_request(txn, id, from, to, ends_at).await? {
                return Err(RequestError::ConcurrentChange);
            }
            if to.state == RequestState::Refused {
                store::forget_shares(txn, id).await?;
            }
            let object = Object::IdentityRequest(id);
            audit::record_officer(txn, app, staff, Some(opened.row.office_id), act, object).await?;
            Ok(())
        })
        .await
        .map_err(already_decided)?;
    read_request(app, staff, id).await
}

/// The day of the requester begins with the approval that grants.
fn end_of(app: &App, row: &identity_requests::Model, to: Standing) -> DateTime<Utc> {
    match (row.state, to.state) {
        (RequestState::Pending, RequestState::Granted) => app.clock.now() + Duration::hours(READ_HOURS),
        (_, _) => row.ends_at,
    }
}

async fn decision(
    app: &App,
    staff: &Staff,
    opened: &Opened,
    share: &identity_shares::Model,
    event: Event,
    reason: &Secret<String>,
) -> Result<identity_decisions::ActiveModel, RequestError> {
    let id = IdentityDecisionId::from(app.chance.uuid());
    let (verdict, share_wrap) = match event {
        Event::Approve => (Verdict::Approved, Some(reseal(app, staff, opened, share).await?)),
        Event::Refuse | Event::End => (Verdict::Refused, None),
    };
    Ok(identity_decisions::ActiveModel {
        id: Set(id),
        request_id: Set(opened.row.id),
        share_id: Set(share.id),
        custodian_id: Set(staff.id),
        verdict: Set(verdict),
        share_wrap: Set(share_wrap),
        sealed: Set(sealed::seal_why(&opened.key, id, opened.row.id, reason.expose(), &app.chance)),
        decided_at: Set(app.clock.now()),
    })
}

async fn reseal(
    app: &App,
    staff: &Staff,
    opened: &Opened,
    share: &identity_shares::Model,
) -> Result<Vec<u8>, RequestError> {
    let identity = store::identity(app.db.read(), share.tip_id).await?.ok_or(RequestError::NoIdentity)?;
    // Checked here, so that a share that would spoil the key is found by the one who holds it.
    let plain = sealed::open_share(&staff.private, share, &identity.commitment).ok_or(RequestError::ShareDamaged)?;
    sealed::reseal_share(&opened.row, share.id, &plain, &app.chance).ok_or(RequestError::ShareDamaged)
}

/// The share is voted on already, by this custodian or by the one who handed it over.
fn already_decided(error: RequestError) -> RequestError {
    let unique = |error: &DbErr| matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)));
    match error {
        RequestError::Store(error) if unique(&error) => RequestError::AlreadyDecided,
        other => other,
    }
}
