use chrono::Duration;
use entity::{
    enums::RequestState,
    identities, identity_request_readers, identity_requests, identity_shares,
    ids::{IdentityRequestId, OfficerId, TipId, WrapId},
    officers, tips as tip_rows,
};
use sea_orm::{DbErr, Set, SqlErr};
use vault::{
    digest::fingerprint,
    keys::{self, PublicKey, SymmetricKey},
    secret::Secret,
};

use super::{
    RequestError, end_requests,
    read_request::{Request, read_request},
    sealed::{self, Grounds},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::Faults,
    staff::{self, Permission, Staff},
    tips::{self, LINE, MAX_LINE, MAX_TEXT, REASON, text_fault},
};

/// Custodians have two weeks to decide. What they have given by then is taken back.
const DECIDE_DAYS: i64 = 14;

/// An investigator asks who a confidential reporter is. Why, and on what legal ground, is sealed to the custodians
/// of this identity and to the requester; whoever holds a share himself cannot ask.
pub async fn request_identity(
    app: &App,
    staff: &Staff,
    tip: TipId,
    reason: Secret<String>,
    legal_ground: Secret<String>,
) -> Result<Request, RequestError> {
    let tip = tips::open_for(app, staff, tip, Permission::Investigate).await?.tip;
    let mut faults = Faults::default();
    if let Some(code) = text_fault(reason.expose(), MAX_TEXT, REASON) {
        faults.add("reason", code);
    }
    if let Some(code) = text_fault(legal_ground.expose(), MAX_LINE, LINE) {
        faults.add("legal_ground", code);
    }
    faults.into_result().map_err(RequestError::Fields)?;
    end_requests(app).await?;
    let db = app.db.read();
    let identity = store::identity(db, tip.id).await?.ok_or(RequestError::NoIdentity)?;
    let shares = store::shares_of_tip(db, tip.id).await?;
    if shares.iter().any(|share| share.custodian_id == staff.id) {
        return Err(RequestError::OwnCustody);
    }
    let readers = shares.iter().map(|share| share.custodian_id).chain([staff.id]).collect();
    let readers = staff::store::officers_by_id(db, readers).await?;
    let grounds = (reason.expose().clone(), legal_ground.expose().clone());
    let (row, readers) = prepare(app, staff, &tip, &identity, &readers, grounds)?;
    let id = row.id.clone().unwrap();
    app.db
        .write(async |txn| {
            store::insert_request(txn, row, readers).await?;
            audit::record_officer(txn, app, staff, Some(tip.office_id), "IdentityRequested", Object::Tip(tip.id)).await
        })
        .await
        .map_err(|error: DbErr| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => RequestError::AlreadyRequested,
            _ => error.into(),
        })?;
    read_request(app, staff, id).await
}

type Rows = (identity_requests::ActiveModel, Vec<identity_request_readers::ActiveModel>);

/// Makes the request's two keys and seals them.
fn prepare(
    app: &App,
    staff: &Staff,
    tip: &tip_rows::Model,
    identity: &identities::Model,
    readers: &[officers::Model],
    (reason, legal_ground): (String, String),
) -> Result<Rows, DbErr> {
    let id = IdentityRequestId::from(app.chance.uuid());
    let (private, public) = keys::generate_pair(&app.chance);
    let key = SymmetricKey::generate(&app.chance);
    let public_key = public.to_bytes();
    let grounds = Grounds { reason, legal_ground, key: fingerprint(&public_key) };
    let now = app.clock.now();
    let row = identity_requests::ActiveModel {
        id: Set(id),
        tip_id: Set(tip.id),
        office_id: Set(tip.office_id),
        requester_id: Set(staff.id),
        state: Set(RequestState::Pending),
        threshold: Set(identity.threshold),
        holders: Set(identity.holders),
        approvals: Set(0),
        refusals: Set(0),
        public_key: Set(public_key),
        // To the key that the requester holds, not to the one that the database says is his.
        private_wrap: Set(sealed::seal_private(&staff.private.public(), id, staff.id, &private, &app.chance)),
        sealed: Set(sealed::seal_grounds(&key, id, tip.id, &grounds, &app.chance)),
        created_at: Set(now),
        ends_at: Set(now + Duration::days(DECIDE_DAYS)),
    };
    let readers = readers.iter().map(|officer| reader_row(app, id, officer, &key)).collect::<Result<_, _>>()?;
    Ok((row, readers))
}

/// A request's key, sealed to one who may read what it says.
pub(super) fn reader_row(
    app: &App,
    request: IdentityRequestId,
    officer: &officers::Model,
    key: &SymmetricKey,
) -> Result<identity_request_readers::ActiveModel, DbErr> {
    let public = public_of(officer)?;
    Ok(identity_request_readers::ActiveModel {
        id: Set(WrapId::from(app.chance.uuid())),
        request_id: Set(request),
        officer_id: Set(officer.id),
        wrap: Set(sealed::seal_reader(&public, request, officer.id, key, &app.chance)),
    })
}

pub(super) fn public_of(officer: &officers::Model) -> Result<PublicKey, DbErr> {
    PublicKey::from_bytes(&officer.public_key)
        .map_err(|_| DbErr::Custom(format!("the public key of officer {} is damaged", officer.id)))
}

/// The share of an identity that an officer holds.
pub(super) fn share_of(shares: &[identity_shares::Model], officer: OfficerId) -> Option<&identity_shares::Model> {
    shares.iter().find(|share| share.custodian_id == officer)
}
