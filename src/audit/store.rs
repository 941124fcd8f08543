use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{
    audit_links, audit_pending, audit_rows,
    enums::Actor,
    ids::{AuditId, OfficeId, OfficerId, TipId},
    role_grants, tips,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait as _, Func, NullOrdering, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::Object;
use crate::platform::{insert::Insert, statement::with_limits_written};

/// Acts on one object, oldest first. Within a day, reporters' acts (which have no time) come first.
pub async fn of_object(db: &impl ConnectionTrait, object: Object) -> Result<Vec<audit_rows::Model>, DbErr> {
    audit_rows::Entity::find()
        .filter(audit_rows::Column::ObjectKind.eq(object.kind()))
        .filter(audit_rows::Column::ObjectId.eq(object.id()))
        .order_by_asc(audit_rows::Column::OnDay)
        .order_by_with_nulls(audit_rows::Column::At, Order::Asc, NullOrdering::First)
        .order_by_asc(audit_rows::Column::Id)
        .all(db)
        .await
}

/// What writes acts, and that they wait for their places in the chain.
pub fn inserts(rows: Vec<audit_rows::Model>) -> [Insert; 2] {
    let waits =
        |row: &audit_rows::Model| audit_pending::Model { audit_id: row.id, actor: row.actor, on_day: row.on_day };
    let waits: Vec<_> = rows.iter().map(|row| waits(row).into_active_model().reset_all()).collect();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    [Insert::of(rows), Insert::of(waits)]
}

/// Whose acts wait.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waiting {
    /// Of reporters, up to this day.
    Reporters(NaiveDate),
    /// Of all others.
    Others,
}

impl Waiting {
    fn rows(self) -> Select<audit_pending::Entity> {
        use audit_pending::Column as C;
        let all = audit_pending::Entity::find();
        match self {
            Self::Reporters(day) => all.filter(C::Actor.eq(Actor::Reporter)).filter(C::OnDay.lte(day)),
            // By name, and not as all but one: so they are looked up among any number of reporters' acts.
            Self::Others => all.filter(C::Actor.is_in(Actor::ALL.iter().copied().filter(|a| *a != Actor::Reporter))),
        }
    }
}

const WAITS: (&str, &str) = ("audit_pending", "audit_id");
const ACT: (&str, &str) = ("audit_rows", "id");
const OBJECT: (&str, &str) = ("audit_rows", "object_id");

/// The row of a table that has what a row of this query has.
///
/// What there is of it is always asked for so. `NOT IN` would make a list of a whole table, and PostgreSQL reads the list
/// through for each row once it takes more memory than a query gets, some hundred thousand acts (`work_mem`).
fn beside(table: &'static str, column: &'static str, here: (&'static str, &'static str)) -> SelectStatement {
    Query::select().expr(Expr::val(1)).from(table).and_where(Expr::col((table, column)).equals(here)).to_owned()
}

pub(super) async fn any_waits(db: &impl ConnectionTrait, waiting: Waiting) -> Result<bool, DbErr> {
    Ok(waiting.rows().limit(1).one(db).await?.is_some())
}

/// Acts that are next in the chain: by their times, and those of reporters, which have none, by their days and ids.
pub(super) async fn next(
    txn: &impl ConnectionTrait,
    waiting: Waiting,
    limit: u64,
) -> Result<Vec<audit_rows::Model>, DbErr> {
    if let Waiting::Reporters(_) = waiting {
        return next_by_turn(txn, waiting, limit).await;
    }
    let acts = waiting
        .rows()
        .select_only()
        .column(audit_pending::Column::AuditId)
        .filter(Expr::exists(beside("audit_rows", "id", WAITS)))
        .filter(Expr::exists(beside("audit_links", "audit_id", WAITS)).not());
    audit_rows::Entity::find()
        .filter(audit_rows::Column::Id.in_subquery(acts.into_query()))
        .order_by_asc(audit_rows::Column::At)
        .order_by_asc(audit_rows::Column::Id)
        .limit(limit)
        .all(txn)
        .await
}

/// As they lie in the index, and what is not there or has its place already is passed over.
///
/// Not by one statement: of what waits and has no place PostgreSQL expects a single act, and for each thousand reads all
/// that wait.
async fn next_by_turn(
    txn: &impl ConnectionTrait,
    waiting: Waiting,
    limit: u64,
) -> Result<Vec<audit_rows::Model>, DbErr> {
    use audit_pending::Column as C;
    let (mut acts, mut after): (Vec<audit_rows::Model>, Option<(NaiveDate, AuditId)>) = (Vec::new(), None);
    while let missing @ 1.. = limit.saturating_sub(acts.len() as u64) {
        let turn = || Expr::tuple([Expr::col(C::OnDay), Expr::col(C::AuditId)]);
        let later = after.map(|(day, id)| turn().gt(Expr::tuple([Expr::val(day), Expr::val(id)])));
        let lot = waiting.rows().filter(Condition::all().add_option(later)).order_by_asc(C::OnDay);
        let lot = lot.order_by_asc(C::AuditId).limit(missing).all(txn).await?;
        let Some(last) = lot.last() else { break };
        after = Some((last.on_day, last.audit_id));
        let waits: Vec<AuditId> = lot.iter().map(|act| act.audit_id).collect();
        let placed = audit_links::Entity::find().filter(audit_links::Column::AuditId.is_in(waits.iter().copied()));
        let placed = placed.select_only().column(audit_links::Column::AuditId).into_tuple().all(txn).await?;
        let placed: HashSet<AuditId> = placed.into_iter().collect();
        let mut found = rows_by_id(txn, waits.into_iter().filter(|act| !placed.contains(act))).await?;
        found.sort_by_key(|row| (row.on_day, row.id));
        acts.append(&mut found);
    }
    Ok(acts)
}

/// Puts acts in their places; they wait no longer.
pub(super) async fn place(txn: &impl ConnectionTrait, links: Vec<audit_links::Model>) -> Result<(), DbErr> {
    let placed: Vec<AuditId> = links.iter().map(|link| link.audit_id).collect();
    let links = links.into_iter().map(|link| link.into_active_model().reset_all());
    audit_links::Entity::insert_many(links).exec_without_returning(txn).await?;
    let waits = audit_pending::Entity::delete_many().filter(audit_pending::Column::AuditId.is_in(placed));
    waits.exec(txn).await.map(|_| ())
}

pub(super) async fn newest_link(db: &impl ConnectionTrait) -> Result<Option<audit_links::Model>, DbErr> {
    audit_links::Entity::find().order_by_desc(audit_links::Column::Seq).one(db).await
}

/// The next stretch of the chain, oldest first.
pub(super) async fn links_after(
    db: &impl ConnectionTrait,
    seq: i64,
    limit: u64,
) -> Result<Vec<audit_links::Model>, DbErr> {
    use audit_links::Column as C;
    audit_links::Entity::find().filter(C::Seq.gt(seq)).order_by_asc(C::Seq).limit(limit).all(db).await
}

pub(super) async fn rows_by_id(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AuditId>,
) -> Result<Vec<audit_rows::Model>, DbErr> {
    audit_rows::Entity::find().filter(audit_rows::Column::Id.is_in(ids)).all(db).await
}

pub(super) async fn count_waiting(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    audit_pending::Entity::find().count(db).await
}

/// An act that neither is in the chain nor waits for it.
pub(super) async fn unplaced(db: &impl ConnectionTrait) -> Result<Option<AuditId>, DbErr> {
    let row = audit_rows::Entity::find()
        .filter(Expr::exists(beside("audit_links", "audit_id", ACT)).not())
        .filter(Expr::exists(beside("audit_pending", "audit_id", ACT)).not())
        .order_by_asc(audit_rows::Column::Id);
    Ok(row.one(db).await?.map(|row| row.id))
}

/// A note that an act waits, without the act, or with an act that has its place already.
pub(super) async fn wrongly_waiting(db: &impl ConnectionTrait) -> Result<Option<AuditId>, DbErr> {
    use audit_pending::Column as C;
    let wrong = Condition::any().add(Expr::exists(beside("audit_rows", "id", WAITS)).not()).add(Expr::exists(beside(
        "audit_links",
        "audit_id",
        WAITS,
    )));
    let row = audit_pending::Entity::find().filter(wrong).order_by_asc(C::AuditId);
    Ok(row.one(db).await?.map(|row| row.audit_id))
}

/// What begins the detail of a row that covers a tip's ciphertexts.
pub(super) const SEALED: &str = "sealed:";

/// Acts that store a tip for the first time.
const STORED: [&str; 2] = ["TipSubmitted", "TipWrittenDown"];

/// The act that takes a tip's row away.
pub const EXPIRED: &str = "TipExpired";

/// The next stretch of tips that still have their words, in the order of their ids.
pub(super) async fn sealed_tips_after(
    db: &impl ConnectionTrait,
    after: Option<TipId>,
    limit: u64,
) -> Result<Vec<tips::Model>, DbErr> {
    use tips::Column as C;
    tips::Entity::find()
        .filter(Condition::all().add_option(after.map(|id| C::Id.gt(id))))
        .filter(C::Sealed.ne(Vec::<u8>::new()))
        .order_by_asc(C::Id)
        .limit(limit)
        .all(db)
        .await
}

/// The rows that cover these tips' ciphertexts, each tip's last one last: by days, and within a day reporters' first,
/// because nobody seals a tip anew before it came in.
pub(super) async fn seals_of(db: &impl ConnectionTrait, tips: Vec<Uuid>) -> Result<Vec<audit_rows::Model>, DbErr> {
    use audit_rows::Column as C;
    audit_rows::Entity::find()
        .filter(C::ObjectKind.eq("tip"))
        .filter(C::ObjectId.is_in(tips))
        .filter(C::Detail.starts_with(SEALED))
        .order_by_asc(C::OnDay)
        .order_by_with_nulls(C::At, Order::Asc, NullOrdering::First)
        .all(db)
        .await
}

/// A row that stored a tip which is not there, though no act took it away.
pub(super) async fn stored_and_gone(db: &impl ConnectionTrait) -> Result<Option<audit_rows::Model>, DbErr> {
    use audit_rows::Column as C;
    // Beside an act, another one has no other name than the table's.
    let expired = Alias::new("expired");
    let expired = Query::select()
        .expr(Expr::val(1))
        .from_as("audit_rows", expired.clone())
        // Named too, because the index of objects begins with their kind.
        .and_where(Expr::col((expired.clone(), C::ObjectKind)).eq("tip"))
        .and_where(Expr::col((expired.clone(), C::Act)).eq(EXPIRED))
        .and_where(Expr::col((expired, C::ObjectId)).equals(OBJECT))
        .to_owned();
    audit_rows::Entity::find()
        .filter(C::Act.is_in(STORED))
        .filter(C::Detail.starts_with(SEALED))
        .filter(C::ObjectId.is_not_null())
        .filter(Expr::exists(beside("tips", "id", OBJECT)).not())
        .filter(Expr::exists(expired).not())
        .order_by_asc(C::Id)
        .one(db)
        .await
}

/// What of the record is to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct ListPart {
    /// Offices whose acts may be seen.
    pub offices: Vec<OfficeId>,
    pub act: Option<String>,
    pub officer: Option<OfficerId>,
    pub object: Option<Uuid>,
    pub office: Option<OfficeId>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Older than this place.
    pub before: Option<i64>,
    pub limit: u64,
}

/// So many acts, or fewer, are found by what they are and sorted. Of more, those at the end of the record are soon met by
/// walking back from there, while of few acts in a long record the walk would meet all others.
pub const FEW_ACTS: u64 = 2_000;

/// Acts with their places, newest first. What has no place yet is not shown: it would tell when a reporter acted.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    part: ListPart,
) -> Result<Vec<(audit_links::Model, Option<audit_rows::Model>)>, DbErr> {
    let few = up_to_few(&part);
    let mut count = Query::select();
    count.expr(Func::count(Expr::col(("acts", "id")))).from_subquery(few.clone(), "acts");
    let counted = db.query_one_raw(with_limits_written(&count, db.get_database_backend())).await?;
    let counted: i64 = counted.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let wanted = if counted.unsigned_abs() > FEW_ACTS {
        narrowed(&part).add(seen_from(&part.offices).into_iter().fold(Condition::any(), Condition::add))
    } else {
        Condition::all().add(audit_links::Column::AuditId.in_subquery(few))
    };
    audit_links::Entity::find()
        .find_also_related(audit_rows::Entity)
        .filter(wanted)
        .filter(Condition::all().add_option(part.before.map(|seq| audit_links::Column::Seq.lt(seq))))
        .order_by_desc(audit_links::Column::Seq)
        .limit(part.limit)
        .all(db)
        .await
}

/// Ids of the acts that are asked for: all if they are few, else more than [`FEW_ACTS`]. Each way by which an act is seen has an
/// index of its own, which a database does not use where the ways stand in one condition.
fn up_to_few(part: &ListPart) -> SelectStatement {
    let ways = seen_from(&part.offices).into_iter().map(|way| {
        let acts = audit_rows::Entity::find().filter(way).filter(narrowed(part));
        let acts = acts.select_only().column(audit_rows::Column::Id).limit(FEW_ACTS + 1).into_query();
        // SQLite takes no limit in a part of a union but in a table of its own.
        Query::select().column(("way", "id")).from_subquery(acts, "way").take()
    });
    ways.reduce(|mut all, way| all.union(UnionType::All, way).take()).unwrap_or_default()
}

/// What is asked for, of all that may be seen.
fn narrowed(part: &ListPart) -> Condition {
    use audit_rows::Column as C;
    Condition::all()
        .add(not_hidden(&part.offices))
        .add_option(part.act.as_deref().map(|act| C::Act.eq(act)))
        .add_option(part.officer.map(|officer| C::OfficerId.eq(officer)))
        .add_option(part.object.map(|object| C::ObjectId.eq(object)))
        .add_option(part.office.map(|office| C::OfficeId.eq(office)))
        .add_option(part.from.map(|day| C::OnDay.gte(day)))
        .add_option(part.to.map(|day| C::OnDay.lte(day)))
}

/// Not about a tip that another office has by now: a tip may have gone where these offices must not look.
fn not_hidden(offices: &[OfficeId]) -> Condition {
    use audit_rows::Column as C;
    let elsewhere =
        beside("tips", "id", OBJECT).and_where(tips::Column::OfficeId.is_not_in(offices.iter().copied())).to_owned();
    Condition::any().add(C::ObjectKind.ne("tip")).add(Expr::exists(elsewhere).not())
}

/// The ways by which an act is seen: as one of the offices, and as one of no office (somebody logged in) by who works
/// there, or on who does.
fn seen_from(offices: &[OfficeId]) -> [Condition; 3] {
    use audit_rows::Column as C;
    let members = || {
        let of_offices = role_grants::Column::OfficeId.is_in(offices.iter().copied());
        let members = role_grants::Entity::find().filter(of_offices).select_only();
        members.column(role_grants::Column::OfficerId).into_query()
    };
    let of_nowhere = || Condition::all().add(C::OfficeId.is_null());
    [
        Condition::all().add(C::OfficeId.is_in(offices.iter().copied())),
        of_nowhere().add(C::OfficerId.in_subquery(members())),
        of_nowhere().add(C::ObjectKind.eq("officer")).add(C::ObjectId.in_subquery(members())),
    ]
}
