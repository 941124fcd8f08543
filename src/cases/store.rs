//! Every query of this noun.

use chrono::{DateTime, Utc};
use entity::{
    case_tips, case_wraps, cases,
    enums::{CaseStatus, TipStatus},
    ids::{CaseId, OfficeId, TipId},
    tips,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};

pub async fn case(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<cases::Model>, DbErr> {
    cases::Entity::find_by_id(id).one(db).await
}

pub async fn case_by_number(db: &impl ConnectionTrait, number: &str) -> Result<Option<cases::Model>, DbErr> {
    cases::Entity::find().filter(cases::Column::Number.eq(number)).one(db).await
}

/// A case, kept from other writers until the transaction ends; take it before its tips.
pub async fn case_to_change(txn: &impl ConnectionTrait, id: CaseId) -> Result<Option<cases::Model>, DbErr> {
    cases::Entity::find_by_id(id).lock_exclusive().one(txn).await
}

pub async fn insert(txn: &impl ConnectionTrait, row: cases::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// Whether an office has cases that are not closed.
pub async fn has_open(db: &impl ConnectionTrait, office: OfficeId) -> Result<bool, DbErr> {
    use cases::Column as C;
    let open = cases::Entity::find().filter(C::OfficeId.eq(office)).filter(C::Status.eq(CaseStatus::Open));
    Ok(open.count(db).await? > 0)
}

pub async fn number_exists(db: &impl ConnectionTrait, number: &str) -> Result<bool, DbErr> {
    Ok(cases::Entity::find().filter(cases::Column::Number.eq(number)).count(db).await? > 0)
}

/// Changes a case if it is still of the version that was read.
pub async fn update_if_version(
    txn: &impl ConnectionTrait,
    id: CaseId,
    version: i32,
    changes: cases::ActiveModel,
) -> Result<bool, DbErr> {
    let done = cases::Entity::update_many()
        .set(changes)
        .filter(cases::Column::Id.eq(id))
        .filter(cases::Column::Version.eq(version))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Some open cases of an office that are under an epoch before this one, kept from other writers.
pub async fn outdated(
    txn: &impl ConnectionTrait,
    office: OfficeId,
    epoch: i32,
    limit: u64,
) -> Result<Vec<cases::Model>, DbErr> {
    outdated_in(office, epoch).order_by_asc(cases::Column::Id).limit(limit).lock_exclusive().all(txn).await
}

pub async fn count_outdated(db: &impl ConnectionTrait, office: OfficeId, epoch: i32) -> Result<u64, DbErr> {
    outdated_in(office, epoch).count(db).await
}

fn outdated_in(office: OfficeId, epoch: i32) -> Select<cases::Entity> {
    let under_older = case_wraps::Entity::find()
        .select_only()
        .column(case_wraps::Column::CaseId)
        .filter(case_wraps::Column::Epoch.lt(epoch))
        .into_query();
    cases::Entity::find()
        .filter(cases::Column::OfficeId.eq(office))
        .filter(cases::Column::Status.eq(CaseStatus::Open))
        .filter(cases::Column::Id.in_subquery(under_older))
}

// Keys

/// The key of a case as it is sealed; none: its time is over.
pub async fn wrap(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<case_wraps::Model>, DbErr> {
    case_wraps::Entity::find_by_id(id).one(db).await
}

pub async fn wraps(db: &impl ConnectionTrait, ids: Vec<CaseId>) -> Result<Vec<case_wraps::Model>, DbErr> {
    case_wraps::Entity::find().filter(case_wraps::Column::CaseId.is_in(ids)).all(db).await
}

pub async fn insert_wrap(txn: &impl ConnectionTrait, id: CaseId, epoch: i32, wrap: Vec<u8>) -> Result<(), DbErr> {
    let row = case_wraps::ActiveModel { case_id: Set(id), epoch: Set(epoch), wrap: Set(wrap) };
    row.insert(txn).await.map(|_| ())
}

/// Puts a wrap in the place of the one that was read, if that is still there.
pub async fn replace_wrap(
    txn: &impl ConnectionTrait,
    former: &case_wraps::Model,
    epoch: i32,
    wrap: Vec<u8>,
) -> Result<(), DbErr> {
    let newer = case_wraps::ActiveModel { epoch: Set(epoch), wrap: Set(wrap), ..Default::default() };
    case_wraps::Entity::update_many()
        .set(newer)
        .filter(case_wraps::Column::CaseId.eq(former.case_id))
        .filter(case_wraps::Column::Epoch.eq(former.epoch))
        .exec(txn)
        .await
        .map(|_| ())
}

/// A part of the list of cases.
#[derive(Clone, Debug)]
pub struct ListPart {
    pub offices: Vec<OfficeId>,
    pub status: Option<CaseStatus>,
    /// The last one seen.
    pub after: Option<(DateTime<Utc>, CaseId)>,
    pub limit: u64,
}

/// Cases of some offices, newest first.
pub async fn list(db: &impl ConnectionTrait, part: ListPart) -> Result<Vec<cases::Model>, DbErr> {
    let mut rows = cases::Entity::find().filter(cases::Column::OfficeId.is_in(part.offices));
    if let Some(status) = part.status {
        rows = rows.filter(cases::Column::Status.eq(status));
    }
    if let Some((at, id)) = part.after {
        let same_moment = Condition::all().add(cases::Column::OpenedAt.eq(at)).add(cases::Column::Id.lt(id));
        let after = Condition::any().add(cases::Column::OpenedAt.lt(at)).add(same_moment);
        rows = rows.filter(cases::Column::OpenedAt.lte(at)).filter(after);
    }
    rows.order_by_desc(cases::Column::OpenedAt).order_by_desc(cases::Column::Id).limit(part.limit).all(db).await
}

/// A tip as a case shows it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "tips::Entity")]
pub struct TipLine {
    pub id: TipId,
    pub number: String,
    pub status: TipStatus,
    pub category: String,
}

/// The tips that a case is made of, by number.
pub async fn tips_of(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<TipLine>, DbErr> {
    let links = case_tips::Entity::find().filter(case_tips::Column::CaseId.eq(case)).all(db).await?;
    tips::Entity::find()
        .filter(tips::Column::Id.is_in(links.into_iter().map(|link| link.tip_id)))
        .order_by_asc(tips::Column::Number)
        .into_partial_model()
        .all(db)
        .await
}

/// How many tips a case is made of.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct TipCount {
    pub case_id: CaseId,
    pub tips: i64,
}

pub async fn tip_counts(db: &impl ConnectionTrait, cases: Vec<CaseId>) -> Result<Vec<TipCount>, DbErr> {
    case_tips::Entity::find()
        .select_only()
        .column(case_tips::Column::CaseId)
        .column_as(case_tips::Column::Id.count(), "tips")
        .filter(case_tips::Column::CaseId.is_in(cases))
        .group_by(case_tips::Column::CaseId)
        .into_model()
        .all(db)
        .await
}
