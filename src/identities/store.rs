use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{
    enums::{OfficerStatus, RequestState, Role},
    identities, identity_decisions, identity_quorums, identity_request_readers, identity_requests, identity_shares,
    ids::{IdentityRequestId, OfficerId, ShareId, TipId},
    officers, role_grants,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set, sea_query::Expr,
};

use super::{SealedIdentity, state::Standing};
use crate::platform::insert::Insert;

/// What writes identities, if there are any, and their shares.
pub fn inserts(sealed: Vec<SealedIdentity>) -> Vec<Insert> {
    let (identities, shares): (Vec<_>, Vec<_>) = sealed.into_iter().map(|one| (one.identity, one.shares)).unzip();
    if identities.is_empty() {
        return Vec::new();
    }
    vec![Insert::of(identities), Insert::of(shares.into_iter().flatten())]
}

pub async fn identity(db: &impl ConnectionTrait, tip: TipId) -> Result<Option<identities::Model>, DbErr> {
    identities::Entity::find_by_id(tip).one(db).await
}

/// All identities: their thresholds, not who anybody is.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<identities::Model>, DbErr> {
    identities::Entity::find().all(db).await
}

pub async fn shares_of_tip(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<identity_shares::Model>, DbErr> {
    identity_shares::Entity::find()
        .filter(identity_shares::Column::TipId.eq(tip))
        .order_by_asc(identity_shares::Column::Id)
        .all(db)
        .await
}

pub async fn shares_of_officer(
    db: &impl ConnectionTrait,
    officer: OfficerId,
) -> Result<Vec<identity_shares::Model>, DbErr> {
    identity_shares::Entity::find().filter(identity_shares::Column::CustodianId.eq(officer)).all(db).await
}

/// Which active custodian holds a share of which identity.
pub async fn live_holders(db: &impl ConnectionTrait) -> Result<Vec<(TipId, OfficerId)>, DbErr> {
    let shares = identity_shares::Entity::find().find_also_related(officers::Entity).all(db).await?;
    let grants = role_grants::Entity::find().filter(role_grants::Column::Role.eq(Role::Custodian)).all(db).await?;
    let custodians: HashSet<OfficerId> = grants.into_iter().map(|grant| grant.officer_id).collect();
    let live = |officer: &officers::Model| officer.status == OfficerStatus::Active && custodians.contains(&officer.id);
    let held = shares.into_iter().filter(|(_, officer)| officer.as_ref().is_some_and(live));
    Ok(held.map(|(share, _)| (share.tip_id, share.custodian_id)).collect())
}

/// Gives a share to another custodian, if it is still with the one who gives it.
pub async fn hand_over(
    txn: &impl ConnectionTrait,
    share: ShareId,
    from: OfficerId,
    to: OfficerId,
    wrap: Vec<u8>,
) -> Result<bool, DbErr> {
    let changes = identity_shares::ActiveModel { custodian_id: Set(to), wrap: Set(wrap), ..Default::default() };
    let done = identity_shares::Entity::update_many()
        .set(changes)
        .filter(identity_shares::Column::Id.eq(share))
        .filter(identity_shares::Column::CustodianId.eq(from))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes away the shares that an officer can no longer open.
pub async fn delete_shares_of(txn: &impl ConnectionTrait, officer: OfficerId) -> Result<(), DbErr> {
    let mine = identity_shares::Column::CustodianId.eq(officer);
    identity_shares::Entity::delete_many().filter(mine).exec(txn).await.map(|_| ())
}

pub async fn insert_request(
    txn: &impl ConnectionTrait,
    row: identity_requests::ActiveModel,
    readers: Vec<identity_request_readers::ActiveModel>,
) -> Result<(), DbErr> {
    let _: identity_requests::Model = row.insert(txn).await?;
    identity_request_readers::Entity::insert_many(readers).exec(txn).await.map(|_| ())
}

pub async fn insert_reader(
    txn: &impl ConnectionTrait,
    row: identity_request_readers::ActiveModel,
) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn request(
    db: &impl ConnectionTrait,
    id: IdentityRequestId,
) -> Result<Option<identity_requests::Model>, DbErr> {
    identity_requests::Entity::find_by_id(id).one(db).await
}

/// The key of a request as it is sealed to one reader; none: it is not for that officer.
pub async fn reader(
    db: &impl ConnectionTrait,
    request: IdentityRequestId,
    officer: OfficerId,
) -> Result<Option<identity_request_readers::Model>, DbErr> {
    identity_request_readers::Entity::find()
        .filter(identity_request_readers::Column::RequestId.eq(request))
        .filter(identity_request_readers::Column::OfficerId.eq(officer))
        .one(db)
        .await
}

/// A part of the list of requests.
#[derive(Clone, Copy, Debug)]
pub struct ListPart {
    pub state: Option<RequestState>,
    /// The last one seen.
    pub after: Option<(DateTime<Utc>, IdentityRequestId)>,
    pub limit: u64,
}

/// Requests that an officer may read, the newest first.
pub async fn requests_for(
    db: &impl ConnectionTrait,
    officer: OfficerId,
    part: ListPart,
) -> Result<Vec<identity_requests::Model>, DbErr> {
    use identity_requests::Column as C;
    let mine = identity_request_readers::Entity::find()
        .select_only()
        .column(identity_request_readers::Column::RequestId)
        .filter(identity_request_readers::Column::OfficerId.eq(officer))
        .into_query();
    let mut rows = identity_requests::Entity::find().filter(C::Id.in_subquery(mine));
    if let Some(state) = part.state {
        rows = rows.filter(C::State.eq(state));
    }
    if let Some((at, id)) = part.after {
        let same_moment = Condition::all().add(C::CreatedAt.eq(at)).add(C::Id.lt(id));
        rows = rows.filter(Condition::any().add(C::CreatedAt.lt(at)).add(same_moment));
    }
    rows.order_by_desc(C::CreatedAt).order_by_desc(C::Id).limit(part.limit).all(db).await
}

/// Requests about some identities that are not at their end.
pub async fn live_requests(
    db: &impl ConnectionTrait,
    tips: Vec<TipId>,
) -> Result<Vec<identity_requests::Model>, DbErr> {
    identity_requests::Entity::find()
        .filter(identity_requests::Column::TipId.is_in(tips))
        .filter(identity_requests::Column::State.is_in([RequestState::Pending, RequestState::Granted]))
        .all(db)
        .await
}

/// Requests whose time is over and that are not marked so.
pub async fn requests_to_end(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<identity_requests::Model>, DbErr> {
    identity_requests::Entity::find()
        .filter(identity_requests::Column::State.is_in([RequestState::Pending, RequestState::Granted]))
        .filter(identity_requests::Column::EndsAt.lte(now))
        .all(db)
        .await
}

/// Moves a request if it still stands where it was read.
pub async fn swap_request(
    txn: &impl ConnectionTrait,
    id: IdentityRequestId,
    from: Standing,
    to: Standing,
    ends_at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let changes = identity_requests::ActiveModel {
        state: Set(to.state),
        approvals: Set(to.approvals),
        refusals: Set(to.refusals),
        ends_at: Set(ends_at),
        ..Default::default()
    };
    let done = identity_requests::Entity::update_many()
        .set(changes)
        .filter(identity_requests::Column::Id.eq(id))
        .filter(identity_requests::Column::State.eq(from.state))
        .filter(identity_requests::Column::Approvals.eq(from.approvals))
        .filter(identity_requests::Column::Refusals.eq(from.refusals))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn insert_decision(txn: &impl ConnectionTrait, row: identity_decisions::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn decisions_of(
    db: &impl ConnectionTrait,
    request: IdentityRequestId,
) -> Result<Vec<identity_decisions::Model>, DbErr> {
    identity_decisions::Entity::find()
        .filter(identity_decisions::Column::RequestId.eq(request))
        .order_by_asc(identity_decisions::Column::DecidedAt)
        .order_by_asc(identity_decisions::Column::Id)
        .all(db)
        .await
}

/// Takes away the shares that were sealed to a request's key.
pub async fn forget_shares(txn: &impl ConnectionTrait, request: IdentityRequestId) -> Result<(), DbErr> {
    identity_decisions::Entity::update_many()
        .col_expr(identity_decisions::Column::ShareWrap, Expr::value(None::<Vec<u8>>))
        .filter(identity_decisions::Column::RequestId.eq(request))
        .exec(txn)
        .await
        .map(|_| ())
}

/// The quorum that holds from now on, if an administrator has set one.
pub async fn newest_quorum(db: &impl ConnectionTrait) -> Result<Option<identity_quorums::Model>, DbErr> {
    identity_quorums::Entity::find()
        .order_by_desc(identity_quorums::Column::SetAt)
        .order_by_desc(identity_quorums::Column::Id)
        .one(db)
        .await
}

pub async fn insert_quorum(txn: &impl ConnectionTrait, row: identity_quorums::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}
