//! Every query of this noun.

use chrono::NaiveDate;
use entity::{
    case_tips, cases,
    enums::{CaseStatus, TipStatus, WrapHolder},
    ids::{CaseId, OfficeId, TipId},
    messages, notes, receipts, tip_wraps, tips,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
    sea_query::{Expr, LockBehavior, LockType},
};
use vault::{
    app_secrets::Secrets,
    receipt::{Receipt, ReceiptKeys},
};

use super::custody;
use crate::{app::App, platform::shedding::Overloaded};

pub async fn tip(db: &impl ConnectionTrait, id: TipId) -> Result<Option<tips::Model>, DbErr> {
    tips::Entity::find_by_id(id).one(db).await
}

pub async fn tip_by_number(db: &impl ConnectionTrait, number: &str) -> Result<Option<tips::Model>, DbErr> {
    tips::Entity::find().filter(tips::Column::Number.eq(number)).one(db).await
}

/// A tip, kept from other writers until the transaction ends.
///
/// PostgreSQL locks the row, so that verbs on one tip come one after the other; SQLite has one writer anyway.
pub async fn tip_to_change(txn: &impl ConnectionTrait, id: TipId) -> Result<Option<tips::Model>, DbErr> {
    tips::Entity::find_by_id(id).lock_exclusive().one(txn).await
}

/// Like [`tip_to_change`], but none when somebody else is changing it: for a second tip, on which waiting could mean
/// two who wait for each other.
pub async fn second_tip_to_change(txn: &impl ConnectionTrait, id: TipId) -> Result<Option<tips::Model>, DbErr> {
    tips::Entity::find_by_id(id).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(txn).await
}

/// Those of the tips that nobody else is changing, in the order of their ids, kept so until the transaction ends.
pub async fn unhurried_tips_to_change(txn: &impl ConnectionTrait, ids: Vec<TipId>) -> Result<Vec<tips::Model>, DbErr> {
    tips::Entity::find()
        .filter(tips::Column::Id.is_in(ids))
        .order_by_asc(tips::Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(txn)
        .await
}

pub async fn tips_by_id(db: &impl ConnectionTrait, ids: Vec<TipId>) -> Result<Vec<tips::Model>, DbErr> {
    tips::Entity::find().filter(tips::Column::Id.is_in(ids)).all(db).await
}

/// What a receipt leads to: a receipt keeps the pepper that it was stored with, so each one that the server still
/// holds is tried.
pub async fn derive_all(app: &App, receipt: &Receipt) -> Result<Vec<ReceiptKeys>, Overloaded> {
    let (secrets, receipt) = (app.secrets.clone(), receipt.clone());
    app.cryptography.run(move || derived(&secrets, &receipt)).await
}

/// The same on this thread, which it takes about half a millisecond of for each pepper.
pub(super) fn derived(secrets: &Secrets, receipt: &Receipt) -> Vec<ReceiptKeys> {
    secrets.pepper_versions().into_iter().filter_map(|version| receipt.derive(secrets, version)).collect()
}

/// The tip that a receipt belongs to, with those of the keys derived from it that it was stored with.
pub async fn tip_by_receipt(
    app: &App,
    keys: Vec<ReceiptKeys>,
) -> Result<Option<(tips::Model, receipts::Model, ReceiptKeys)>, DbErr> {
    let Some((found, row)) = tip_by_keys(app, &keys).await? else { return Ok(None) };
    let matching = keys.into_iter().find(|keys| keys.pepper_version == row.pepper_version);
    Ok(matching.map(|keys| (found, row, keys)))
}

/// The tip that one of these keys leads to.
///
/// Hit and miss cost the same queries, as they cost the same derivations: the time of an answer tells nothing.
pub async fn tip_by_keys(app: &App, keys: &[ReceiptKeys]) -> Result<Option<(tips::Model, receipts::Model)>, DbErr> {
    let hashes = keys.iter().map(|keys| keys.lookup.to_vec());
    let row = receipts::Entity::find().filter(receipts::Column::LookupHash.is_in(hashes)).one(app.db.read()).await?;
    let id = row.as_ref().map_or_else(|| TipId::from(app.chance.uuid()), |row| row.tip_id);
    Ok(tip(app.db.read(), id).await?.zip(row))
}

/// Changes a tip if it is still of the version that was read.
pub async fn update_if_version(
    txn: &impl ConnectionTrait,
    id: TipId,
    version: i32,
    changes: tips::ActiveModel,
) -> Result<bool, DbErr> {
    let done = tips::Entity::update_many()
        .set(changes)
        .filter(tips::Column::Id.eq(id))
        .filter(tips::Column::Version.eq(version))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Counts a tip's messages as read, unless it changed since it was read. Reading is no change: the version stays.
pub async fn mark_read(txn: &impl ConnectionTrait, id: TipId, version: i32) -> Result<(), DbErr> {
    tips::Entity::update_many()
        .col_expr(tips::Column::Unread, Expr::value(0))
        .filter(tips::Column::Id.eq(id))
        .filter(tips::Column::Version.eq(version))
        .exec(txn)
        .await
        .map(|_| ())
}

/// Lets the duplicates of one tip be duplicates of another.
pub async fn repoint_duplicates(txn: &impl ConnectionTrait, from: TipId, to: Option<TipId>) -> Result<(), DbErr> {
    tips::Entity::update_many()
        .set(tips::ActiveModel { duplicate_of: Set(to), ..Default::default() })
        .filter(tips::Column::DuplicateOf.eq(from))
        .exec(txn)
        .await
        .map(|_| ())
}

pub async fn duplicates_of(db: &impl ConnectionTrait, id: TipId) -> Result<Vec<tips::Model>, DbErr> {
    tips::Entity::find().filter(tips::Column::DuplicateOf.eq(id)).order_by_asc(tips::Column::Number).all(db).await
}

// Keys

pub async fn wraps_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<tip_wraps::Model>, DbErr> {
    tip_wraps::Entity::find().filter(tip_wraps::Column::TipId.eq(tip)).all(db).await
}

pub async fn insert_wrap(txn: &impl ConnectionTrait, row: tip_wraps::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// The wraps of tips that holders of these kinds have.
pub async fn wraps_held(
    db: &impl ConnectionTrait,
    tips: Vec<TipId>,
    holders: &[WrapHolder],
) -> Result<Vec<tip_wraps::Model>, DbErr> {
    if tips.is_empty() {
        return Ok(Vec::new());
    }
    let of_tips = tip_wraps::Entity::find().filter(tip_wraps::Column::TipId.is_in(tips));
    of_tips.filter(tip_wraps::Column::Holder.is_in(holders.iter().copied())).all(db).await
}

pub async fn has_fast_wrap(db: &impl ConnectionTrait, tip: TipId, office: OfficeId) -> Result<bool, DbErr> {
    let found = tip_wraps::Entity::find()
        .filter(tip_wraps::Column::TipId.eq(tip))
        .filter(tip_wraps::Column::Holder.eq(WrapHolder::OfficeFast))
        .filter(tip_wraps::Column::HolderId.eq(uuid::Uuid::from(office)))
        .count(db)
        .await?;
    Ok(found > 0)
}

/// A tip has one wrap of its reporter, of either kind.
const REPORTERS: [WrapHolder; 2] = [WrapHolder::Reporter, WrapHolder::ReporterFast];

/// The thread's key as the reporter holds it; none after the receipt was given up.
pub async fn reporter_wrap(db: &impl ConnectionTrait, tip: TipId) -> Result<Option<tip_wraps::Model>, DbErr> {
    tip_wraps::Entity::find()
        .filter(tip_wraps::Column::TipId.eq(tip))
        .filter(tip_wraps::Column::Holder.is_in(REPORTERS))
        .one(db)
        .await
}

/// Puts a new receipt's wrap in the place of the former one's.
pub async fn replace_reporter_wrap(txn: &impl ConnectionTrait, tip: TipId, wrap: Vec<u8>) -> Result<(), DbErr> {
    let holder = Set(WrapHolder::ReporterFast);
    tip_wraps::Entity::update_many()
        .set(tip_wraps::ActiveModel { holder, wrap: Set(wrap), ..Default::default() })
        .filter(tip_wraps::Column::TipId.eq(tip))
        .filter(tip_wraps::Column::Holder.is_in(REPORTERS))
        .exec(txn)
        .await
        .map(|_| ())
}

pub async fn delete_reporter_wrap(txn: &impl ConnectionTrait, tip: TipId) -> Result<(), DbErr> {
    tip_wraps::Entity::delete_many()
        .filter(tip_wraps::Column::TipId.eq(tip))
        .filter(tip_wraps::Column::Holder.is_in(REPORTERS))
        .exec(txn)
        .await
        .map(|_| ())
}

// Receipts

pub async fn receipt(db: &impl ConnectionTrait, tip: TipId) -> Result<Option<receipts::Model>, DbErr> {
    receipts::Entity::find_by_id(tip).one(db).await
}

pub async fn has_receipt(db: &impl ConnectionTrait, tip: TipId) -> Result<bool, DbErr> {
    Ok(receipts::Entity::find_by_id(tip).count(db).await? > 0)
}

/// Whether a tip's receipt is still the one with this public key.
pub async fn is_current_receipt(db: &impl ConnectionTrait, tip: TipId, public_key: &[u8]) -> Result<bool, DbErr> {
    Ok(receipt(db, tip).await?.is_some_and(|row| row.public_key == public_key))
}

/// Like [`is_current_receipt`], and keeps it so until the transaction ends.
pub async fn keep_receipt(txn: &impl ConnectionTrait, tip: TipId, public_key: &[u8]) -> Result<bool, DbErr> {
    let row = receipts::Entity::find_by_id(tip).lock_exclusive().one(txn).await?;
    Ok(row.is_some_and(|row| row.public_key == public_key))
}

/// Puts a new receipt in the place of the one with this public key; false when that one is gone.
pub async fn swap_receipt(
    txn: &impl ConnectionTrait,
    tip: TipId,
    public_key: &[u8],
    row: receipts::Model,
) -> Result<bool, DbErr> {
    let done = receipts::Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(receipts::Column::TipId.eq(tip))
        .filter(receipts::Column::PublicKey.eq(public_key))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes the receipt with this public key; false when it is gone already.
pub async fn delete_receipt(txn: &impl ConnectionTrait, tip: TipId, public_key: &[u8]) -> Result<bool, DbErr> {
    let done = receipts::Entity::delete_many()
        .filter(receipts::Column::TipId.eq(tip))
        .filter(receipts::Column::PublicKey.eq(public_key))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many receipts were derived with a version of the pepper.
pub async fn count_receipts_of_pepper(db: &impl ConnectionTrait, version: i32) -> Result<u64, DbErr> {
    receipts::Entity::find().filter(receipts::Column::PepperVersion.eq(version)).count(db).await
}

// What was said and noted

/// A tip's messages in the order in which they were sent.
pub async fn messages_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<messages::Model>, DbErr> {
    messages_of_tips(db, vec![tip]).await
}

pub async fn messages_of_tips(db: &impl ConnectionTrait, tips: Vec<TipId>) -> Result<Vec<messages::Model>, DbErr> {
    if tips.is_empty() {
        return Ok(Vec::new());
    }
    messages::Entity::find()
        .filter(messages::Column::TipId.is_in(tips))
        .order_by_asc(messages::Column::TipId)
        .order_by_asc(messages::Column::Seq)
        .all(db)
        .await
}

pub async fn insert_message(txn: &impl ConnectionTrait, row: messages::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// A tip's notes, oldest first.
pub async fn notes_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<notes::Model>, DbErr> {
    notes::Entity::find()
        .filter(notes::Column::TipId.eq(tip))
        .order_by_asc(notes::Column::WrittenAt)
        .order_by_asc(notes::Column::Id)
        .all(db)
        .await
}

pub async fn insert_note(txn: &impl ConnectionTrait, row: notes::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

// Cases

/// Whether a case is made of a tip already.
pub async fn is_linked(db: &impl ConnectionTrait, tip: TipId, case: CaseId) -> Result<bool, DbErr> {
    let found = case_tips::Entity::find()
        .filter(case_tips::Column::TipId.eq(tip))
        .filter(case_tips::Column::CaseId.eq(case))
        .count(db)
        .await?;
    Ok(found > 0)
}

pub async fn insert_link(txn: &impl ConnectionTrait, row: case_tips::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// The cases that a tip is part of, oldest first.
pub async fn cases_of(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<cases::Model>, DbErr> {
    let links = case_tips::Entity::find().filter(case_tips::Column::TipId.eq(tip)).all(db).await?;
    cases::Entity::find()
        .filter(cases::Column::Id.is_in(links.into_iter().map(|link| link.case_id)))
        .order_by_asc(cases::Column::OpenedAt)
        .order_by_asc(cases::Column::Id)
        .all(db)
        .await
}

/// The tips of a case, each kept from other writers until the transaction ends; always in the same order, so that
/// two who want the same tips do not wait for each other.
pub async fn tips_of_case_to_change(txn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<tips::Model>, DbErr> {
    let links = case_tips::Entity::find().filter(case_tips::Column::CaseId.eq(case)).all(txn).await?;
    tips::Entity::find()
        .filter(tips::Column::Id.is_in(links.into_iter().map(|link| link.tip_id)))
        .order_by_asc(tips::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await
}

/// Whether a tip is part of a case that is still open.
pub async fn has_open_case(db: &impl ConnectionTrait, tip: TipId) -> Result<bool, DbErr> {
    Ok(cases_of(db, tip).await?.iter().any(|case| case.status == CaseStatus::Open))
}

/// Whether an office has tips that somebody still works.
pub async fn has_open(db: &impl ConnectionTrait, office: OfficeId) -> Result<bool, DbErr> {
    let open = tips::Entity::find()
        .filter(tips::Column::OfficeId.eq(office))
        .filter(tips::Column::Status.is_in(custody::store::OPEN));
    Ok(open.count(db).await? > 0)
}

/// How many tips that came in in a span of days are open, whatever the ledger says.
pub async fn count_open(
    db: &impl ConnectionTrait,
    offices: &[OfficeId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<i64, DbErr> {
    use tips::Column as C;
    let open =
        [TipStatus::Received, TipStatus::Screening, TipStatus::NeedInfo, TipStatus::Accepted, TipStatus::Verifying];
    let count = tips::Entity::find()
        .filter(C::OfficeId.is_in(offices.iter().copied()))
        .filter(C::Status.is_in(open))
        .filter(C::ReceivedOn.gte(from))
        .filter(C::ReceivedOn.lte(to))
        .count(db)
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}
