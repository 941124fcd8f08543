//! Every query about who may open a tip.

use chrono::{DateTime, Utc};
use entity::{
    enums::{TipStatus, WrapHolder},
    ids::{OfficeId, OfficerId, TipId, TipReaderId, TipShareId},
    messages, notes, tip_concerns, tip_readers, tip_shares, tip_wraps, tips,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, Set,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::platform::insert::Insert;

/// States in which police still work a tip.
pub const OPEN: [TipStatus; 6] = [
    TipStatus::Received,
    TipStatus::Screening,
    TipStatus::NeedInfo,
    TipStatus::Accepted,
    TipStatus::Verifying,
    TipStatus::Handled,
];

// Readers by name

pub async fn readers_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<tip_readers::Model>, DbErr> {
    readers_of_tips(db, &[tip]).await
}

pub async fn readers_of_tips(db: &impl ConnectionTrait, tips: &[TipId]) -> Result<Vec<tip_readers::Model>, DbErr> {
    tip_readers::Entity::find().filter(tip_readers::Column::TipId.is_in(tips.iter().copied())).all(db).await
}

pub async fn insert_reader(
    txn: &impl ConnectionTrait,
    id: TipReaderId,
    (tip, officer): (TipId, OfficerId),
    by: OfficerId,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = tip_readers::ActiveModel {
        id: Set(id),
        tip_id: Set(tip),
        officer_id: Set(officer),
        named_by: Set(by),
        named_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

pub async fn delete_readers(txn: &impl ConnectionTrait, tip: TipId) -> Result<(), DbErr> {
    tip_readers::Entity::delete_many().filter(tip_readers::Column::TipId.eq(tip)).exec(txn).await.map(|_| ())
}

/// The tips of an office in which an officer is named, and that still have their words: of one whose time is over
/// nothing is lost with its reader, and the names that hide it stay.
pub async fn named_tips(db: &impl ConnectionTrait, office: OfficeId, officer: OfficerId) -> Result<Vec<TipId>, DbErr> {
    let rows = tip_readers::Entity::find().filter(tip_readers::Column::OfficerId.eq(officer)).all(db).await?;
    let tips = tips::Entity::find()
        .select_only()
        .column(tips::Column::Id)
        .filter(tips::Column::OfficeId.eq(office))
        .filter(tips::Column::Sealed.ne(Vec::<u8>::new()))
        .filter(tips::Column::Id.is_in(rows.into_iter().map(|row| row.tip_id)));
    tips.into_tuple().all(db).await
}

/// As `named_tips`, in whichever office.
pub async fn tips_naming(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<TipId>, DbErr> {
    let rows = tip_readers::Entity::find().filter(tip_readers::Column::OfficerId.eq(officer)).all(db).await?;
    let tips = tips::Entity::find()
        .select_only()
        .column(tips::Column::Id)
        .filter(tips::Column::Sealed.ne(Vec::<u8>::new()))
        .filter(tips::Column::Id.is_in(rows.into_iter().map(|row| row.tip_id)));
    tips.into_tuple().all(db).await
}

/// Takes an officer's name, and the wraps that go with it, off some tips.
pub async fn delete_reader(txn: &impl ConnectionTrait, officer: OfficerId, tips: &[TipId]) -> Result<(), DbErr> {
    tip_readers::Entity::delete_many()
        .filter(tip_readers::Column::OfficerId.eq(officer))
        .filter(tip_readers::Column::TipId.is_in(tips.iter().copied()))
        .exec(txn)
        .await?;
    tip_wraps::Entity::delete_many()
        .filter(tip_wraps::Column::Holder.eq(WrapHolder::Officer))
        .filter(tip_wraps::Column::HolderId.eq(Uuid::from(officer)))
        .filter(tip_wraps::Column::TipId.is_in(tips.iter().copied()))
        .exec(txn)
        .await
        .map(|_| ())
}

// Offices that are informed

pub async fn shares_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<tip_shares::Model>, DbErr> {
    tip_shares::Entity::find()
        .filter(tip_shares::Column::TipId.eq(tip))
        .order_by_asc(tip_shares::Column::SharedAt)
        .order_by_asc(tip_shares::Column::Id)
        .all(db)
        .await
}

pub async fn insert_share(
    txn: &impl ConnectionTrait,
    id: TipShareId,
    (tip, office): (TipId, OfficeId),
    by: OfficerId,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = tip_shares::ActiveModel {
        id: Set(id),
        tip_id: Set(tip),
        office_id: Set(office),
        shared_by: Set(by),
        shared_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

pub async fn delete_shares(txn: &impl ConnectionTrait, tip: TipId, offices: &[OfficeId]) -> Result<u64, DbErr> {
    let done = tip_shares::Entity::delete_many()
        .filter(tip_shares::Column::TipId.eq(tip))
        .filter(tip_shares::Column::OfficeId.is_in(offices.iter().copied()))
        .exec(txn)
        .await?;
    Ok(done.rows_affected)
}

// Offices that are concerned

pub async fn concerned_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<OfficeId>, DbErr> {
    let rows = tip_concerns::Entity::find().filter(tip_concerns::Column::TipId.eq(tip)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.office_id).collect())
}

/// Those of some tips that are about one of some offices.
pub async fn concerned_among(
    db: &impl ConnectionTrait,
    tips: &[TipId],
    offices: &[OfficeId],
) -> Result<Vec<TipId>, DbErr> {
    let rows = tip_concerns::Entity::find()
        .filter(tip_concerns::Column::TipId.is_in(tips.iter().copied()))
        .filter(tip_concerns::Column::OfficeId.is_in(offices.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.tip_id).collect())
}

/// Every tip that is about one of some offices: for lists that show tips by other ways than their offices.
pub async fn concerning(db: &impl ConnectionTrait, offices: &[OfficeId]) -> Result<Vec<TipId>, DbErr> {
    let rows = tip_concerns::Entity::find()
        .filter(tip_concerns::Column::OfficeId.is_in(offices.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.tip_id).collect())
}

pub fn concern_inserts(rows: Vec<tip_concerns::Model>) -> Option<Insert> {
    let rows: Vec<_> = rows.into_iter().map(|row| row.into_active_model().reset_all()).collect();
    (!rows.is_empty()).then(|| Insert::of(rows))
}

// What a list leaves out

/// Tips that an officer's lists may show: none that is about one of the officer's offices, and of the restricted ones
/// only those that name the officer.
pub fn seen_by(officer: OfficerId, own_offices: &[OfficeId]) -> Condition {
    let of_this_tip = |table: &'static str| Expr::col((table, "tip_id")).equals(("tips", "id"));
    let readers = || -> SelectStatement {
        Query::select().expr(Expr::val(1)).from("tip_readers").and_where(of_this_tip("tip_readers")).take()
    };
    let named = readers().and_where(tip_readers::Column::OfficerId.eq(officer)).take();
    let concerned = Query::select()
        .expr(Expr::val(1))
        .from("tip_concerns")
        .and_where(of_this_tip("tip_concerns"))
        .and_where(tip_concerns::Column::OfficeId.is_in(own_offices.iter().copied()))
        .take();
    let unrestricted_or_named = Condition::any().add(Expr::exists(readers()).not()).add(Expr::exists(named));
    Condition::all().add(Expr::exists(concerned).not()).add(unrestricted_or_named)
}

/// The tips that `seen_by` leaves out, looked for where they are few.
pub fn hidden_from(officer: OfficerId, own_offices: &[OfficeId]) -> Condition {
    let mut some = Query::select().column(("tip_readers", "tip_id")).from("tip_readers").to_owned();
    let concerned = Query::select()
        .column(("tip_concerns", "tip_id"))
        .from("tip_concerns")
        .and_where(tip_concerns::Column::OfficeId.is_in(own_offices.iter().copied()))
        .to_owned();
    some.union(UnionType::All, concerned);
    Condition::all().add(tips::Column::Id.in_subquery(some)).add(seen_by(officer, own_offices).not())
}

/// Tips that one of some offices was given for information.
pub fn shared_with(offices: &[OfficeId]) -> Condition {
    let shared = Query::select()
        .column(("tip_shares", "tip_id"))
        .from("tip_shares")
        .and_where(tip_shares::Column::OfficeId.is_in(offices.iter().copied()))
        .to_owned();
    Condition::all().add(tips::Column::Id.in_subquery(shared))
}

// Keys

/// Takes every wrap of a tip away; who may open it from now on is written in the same transaction.
pub async fn delete_wraps(txn: &impl ConnectionTrait, tip: TipId) -> Result<(), DbErr> {
    tip_wraps::Entity::delete_many().filter(tip_wraps::Column::TipId.eq(tip)).exec(txn).await.map(|_| ())
}

/// Takes one office's wraps of a tip away.
pub async fn delete_office_wraps(txn: &impl ConnectionTrait, tip: TipId, office: OfficeId) -> Result<(), DbErr> {
    tip_wraps::Entity::delete_many()
        .filter(tip_wraps::Column::TipId.eq(tip))
        .filter(tip_wraps::Column::HolderId.eq(Uuid::from(office)))
        .exec(txn)
        .await
        .map(|_| ())
}

pub async fn insert_wraps(txn: &impl ConnectionTrait, rows: Vec<tip_wraps::ActiveModel>) -> Result<(), DbErr> {
    tip_wraps::Entity::insert_many(rows).exec(txn).await.map(|_| ())
}

/// Open tips of which an office holds a wrap of an epoch before this one.
pub async fn waiting(
    db: &impl ConnectionTrait,
    office: OfficeId,
    epoch: i32,
    after: Option<TipId>,
    limit: u64,
) -> Result<Vec<TipId>, DbErr> {
    let mut rows = open_at(office).select_only().column(tips::Column::Id).filter(Expr::exists(outdated(office, epoch)));
    if let Some(after) = after {
        rows = rows.filter(tips::Column::Id.gt(after));
    }
    rows.order_by_asc(tips::Column::Id).limit(limit).into_tuple().all(db).await
}

/// How many of them there are.
pub async fn count_waiting(db: &impl ConnectionTrait, office: OfficeId, epoch: i32) -> Result<u64, DbErr> {
    open_at(office).filter(Expr::exists(outdated(office, epoch))).count(db).await
}

/// Open tips of which an office holds wraps of this epoch only.
pub async fn count_done(db: &impl ConnectionTrait, office: OfficeId, epoch: i32) -> Result<u64, DbErr> {
    let current = wraps_at(office).and_where(tip_wraps::Column::Epoch.eq(epoch)).to_owned();
    let moved = Expr::exists(outdated(office, epoch)).not();
    open_at(office).filter(Expr::exists(current)).filter(moved).count(db).await
}

/// Open tips that an office works, or has for information. The wraps of those are looked up one by one: of closed ones
/// there may be a hundred times as many, which stay under their epochs.
fn open_at(office: OfficeId) -> Select<tips::Entity> {
    let here = Condition::any().add(tips::Column::OfficeId.eq(office)).add(shared_with(&[office]));
    tips::Entity::find().filter(tips::Column::Status.is_in(OPEN)).filter(here)
}

fn outdated(office: OfficeId, epoch: i32) -> SelectStatement {
    wraps_at(office).and_where(tip_wraps::Column::Epoch.lt(epoch)).to_owned()
}

fn wraps_at(office: OfficeId) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from("tip_wraps")
        .and_where(Expr::col(("tip_wraps", "tip_id")).equals(("tips", "id")))
        .and_where(tip_wraps::Column::HolderId.eq(Uuid::from(office)))
        .and_where(tip_wraps::Column::Holder.is_in([WrapHolder::Office, WrapHolder::OfficeFast]))
        .to_owned()
}

// What is sealed anew

pub async fn set_message(txn: &impl ConnectionTrait, row: &messages::Model, sealed: Vec<u8>) -> Result<(), DbErr> {
    let changed = messages::ActiveModel { id: Set(row.id), sealed: Set(sealed), ..Default::default() };
    changed.update(txn).await.map(|_| ())
}

pub async fn set_note(txn: &impl ConnectionTrait, row: &notes::Model, sealed: Vec<u8>) -> Result<(), DbErr> {
    let changed = notes::ActiveModel { id: Set(row.id), sealed: Set(sealed), ..Default::default() };
    changed.update(txn).await.map(|_| ())
}
