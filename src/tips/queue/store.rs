//! Every query about the queue.

use chrono::NaiveDate;
use entity::{
    enums::{TipStatus, WrapHolder},
    ids::{OfficeId, OfficerId, TipId},
    tip_wraps, tips,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, FromQueryResult, JoinType,
    PartialModelTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, SelectModel, Selector,
    sea_query::{Expr, Func, Order, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{platform::statement::with_limits_written, tips::custody};

/// How many tips of a state.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct StateCount {
    pub status: TipStatus,
    pub tips: i64,
}

/// How many tips of each of some states, whatever states the filter names. Of a state that has more than `most` of it,
/// that there are more (`most + 1`), and no further is counted; none: all are.
pub async fn count_states(
    db: &impl ConnectionTrait,
    filter: &QueueFilter,
    states: &[TipStatus],
    most: impl Fn(TipStatus) -> Option<u64>,
) -> Result<Vec<StateCount>, DbErr> {
    let all = QueueFilter { states: states.to_vec(), reader: None, ..filter.clone() };
    // All less what is hidden, instead of what is seen: the hidden ones are few, and all are counted by the index.
    let hidden = match filter.reader {
        Some(reader) => {
            let hidden = narrowed(&all).filter(custody::store::hidden_from(reader, &filter.own_offices));
            by_state(hidden).all(db).await?
        }
        None => Vec::new(),
    };
    let hidden = |status| hidden.iter().find(|count| count.status == status).map_or(0, |count| count.tips.max(0));
    let parts = states.iter().map(|status| {
        let of_state = QueueFilter { states: vec![*status], ..all.clone() };
        // As many more as are hidden: what is left when these are taken off tells whether there are more.
        up_to(
            &of_state,
            most(*status).map(|most| most.saturating_add(1).saturating_add(hidden(*status).unsigned_abs())),
        )
    });
    let Some(statement) = parts.reduce(|mut all, part| all.union(UnionType::All, part).take()) else {
        return Ok(Vec::new());
    };
    let statement = with_limits_written(&statement, db.get_database_backend());
    let mut counts = StateCount::find_by_statement(statement).all(db).await?;
    let most = |status| most(status).and_then(|most| i64::try_from(most).ok()).map_or(i64::MAX, |most| most + 1);
    counts.iter_mut().for_each(|count| count.tips = (count.tips - hidden(count.status)).min(most(count.status)));
    counts.retain(|count| count.tips > 0);
    Ok(counts)
}

/// Counts tips of one state, at most so many: by the index, in which they lie side by side.
fn up_to(filter: &QueueFilter, most: Option<u64>) -> SelectStatement {
    let lot = narrowed(filter).select_only().column(tips::Column::Status).limit(most).into_query();
    Query::select()
        .column(("lot", "status"))
        .expr_as(Func::count(Expr::col(("lot", "status"))), "tips")
        .from_subquery(lot, "lot")
        .group_by_col(("lot", "status"))
        .take()
}

fn by_state(rows: Select<tips::Entity>) -> Selector<SelectModel<StateCount>> {
    // Of the state, which stands in the index: the rows with their sealed words stay unread.
    let counted = rows.select_only().column(tips::Column::Status).column_as(tips::Column::Status.count(), "tips");
    counted.group_by(tips::Column::Status).into_model()
}

/// What a queue is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    pub offices: Vec<OfficeId>,
    pub states: Vec<TipStatus>,
    pub category: Option<String>,
    pub unit: Option<String>,
    pub assignee: Option<Option<OfficerId>>,
    /// Tips that the offices have for information, instead of those that they work.
    pub informed: bool,
    /// For whom: what is hidden from this officer is left out.
    pub reader: Option<OfficerId>,
    /// Offices in which the reader has any role.
    pub own_offices: Vec<OfficeId>,
}

/// Tips of one priority from a place in the queue on.
#[derive(Clone, Copy, Debug)]
pub struct QueuePart {
    pub priority: i16,
    /// The last one seen.
    pub after: Option<(NaiveDate, TipId)>,
    /// How many to leave out from there on.
    pub skip: u64,
    pub limit: u64,
}

/// A tip in the queue: all but its sealed words.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "tips::Entity")]
pub struct QueueRow {
    pub id: TipId,
    pub number: String,
    pub office_id: OfficeId,
    pub status: TipStatus,
    pub category: String,
    pub priority: i16,
    pub unit_code: Option<String>,
    pub received_on: NaiveDate,
    pub assignee_id: Option<OfficerId>,
    pub unread: i32,
    pub message_count: i32,
    pub version: i32,
}

/// Tips of one priority, the longest waiting first.
///
/// One priority at a time, because an index that runs down by priority and up by day is asked for the other way
/// round by nobody: so each part is read straight from the index, however long the queue.
pub async fn queue(db: &impl ConnectionTrait, filter: &QueueFilter, part: QueuePart) -> Result<Vec<QueueRow>, DbErr> {
    let rows = QueueRow::select_cols(in_queue(filter, part).select_only()).into_query();
    QueueRow::find_by_statement(with_limits_written(&rows, db.get_database_backend())).all(db).await
}

/// Those of some tips that are still in the queue, in no order.
pub async fn still_queued(
    db: &impl ConnectionTrait,
    filter: &QueueFilter,
    ids: Vec<TipId>,
) -> Result<Vec<QueueRow>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    narrowed(filter).filter(tips::Column::Id.is_in(ids)).into_partial_model().all(db).await
}

/// A tip as a search reads it: what its place in the queue is, and what is sealed.
#[derive(Debug)]
pub struct SealedRow {
    pub id: TipId,
    pub received_on: NaiveDate,
    pub number: String,
    pub message_count: i32,
    pub sealed: Vec<u8>,
}

/// The same as it came from the database, once for each fast wrap: reading it out is left to other threads than the
/// caller's.
pub struct UnreadRow(QueryResult);

impl UnreadRow {
    /// Where the tip stands among those of its priority.
    pub fn place(&self) -> Result<(NaiveDate, TipId), DbErr> {
        Ok((self.0.try_get_by_index(1)?, self.0.try_get_by_index(0)?))
    }

    pub fn tip(&self) -> Result<SealedRow, DbErr> {
        let (received_on, id) = self.place()?;
        Ok(SealedRow {
            id,
            received_on,
            number: self.0.try_get_by_index(2)?,
            message_count: self.0.try_get_by_index(3)?,
            sealed: self.0.try_get_by_index(4)?,
        })
    }

    pub fn fast_wrap(&self) -> Result<Option<tip_wraps::Model>, DbErr> {
        let Some(wrap) = self.0.try_get_by_index(7)? else { return Ok(None) };
        Ok(Some(tip_wraps::Model {
            // Of no use to who opens it, and a tenth of what the driver takes for a row.
            id: Uuid::nil().into(),
            tip_id: self.place()?.1,
            holder: WrapHolder::OfficeFast,
            holder_id: self.0.try_get_by_index(5)?,
            epoch: self.0.try_get_by_index(6)?,
            wrap,
        }))
    }
}

/// Tips as [`queue`] lists them, in no order, with the fast wraps that the offices of the filter hold: a row for each
/// wrap, and one without for a tip that has none.
///
/// One statement for both, and no column more than is read: what a driver takes for a row and a column is most of what
/// a search costs.
pub async fn queue_sealed(
    db: &impl ConnectionTrait,
    filter: &QueueFilter,
    part: QueuePart,
) -> Result<Vec<UnreadRow>, DbErr> {
    use sea_orm::sea_query::ExprTrait as _;
    use tips::Column as C;
    // In this order they are read out.
    let columns = [C::Id, C::ReceivedOn, C::Number, C::MessageCount, C::Sealed];
    let lot = in_queue(filter, part).select_only().columns(columns).into_query();
    let held = Condition::all()
        .add(Expr::col(("tip_wraps", "tip_id")).equals(("lot", "id")))
        .add(tip_wraps::Column::Holder.eq(WrapHolder::OfficeFast))
        .add(tip_wraps::Column::HolderId.is_in(filter.offices.iter().map(|office| Uuid::from(*office))));
    let statement = Query::select()
        .columns(columns.map(|column| ("lot", column)))
        .columns(["holder_id", "epoch", "wrap"].map(|column| ("tip_wraps", column)))
        .from_subquery(lot, "lot")
        .join(JoinType::LeftJoin, "tip_wraps", held)
        .take();
    let rows = db.query_all_raw(with_limits_written(&statement, db.get_database_backend())).await?;
    Ok(rows.into_iter().map(UnreadRow).collect())
}

/// More lanes than this are read as one, all of which is sorted at each look: some databases refuse a statement of several
/// hundred parts, and all take their time to plan it.
const MOST_LANES: usize = 60;

/// The filters of the lanes that make up a queue: each is of one office and, if states are named, of one state. In an
/// index a lane lies in its order; several together don't.
fn lanes(queue: &QueueFilter) -> Vec<QueueFilter> {
    let named = TipStatus::ALL.iter().filter(|state| queue.states.contains(state));
    let mut states: Vec<Vec<TipStatus>> = named.map(|state| vec![*state]).collect();
    if states.is_empty() {
        states.push(Vec::new());
    }
    if queue.informed || !(2..=MOST_LANES).contains(&queue.offices.len().saturating_mul(states.len())) {
        return vec![queue.clone()];
    }
    let of = |office: OfficeId, states: &Vec<TipStatus>| QueueFilter {
        offices: vec![office],
        states: states.clone(),
        ..queue.clone()
    };
    queue.offices.iter().flat_map(|office| states.iter().map(|states| of(*office, states))).collect()
}

/// A part of the queue, in its order.
fn in_queue(filter: &QueueFilter, part: QueuePart) -> Select<tips::Entity> {
    let lanes = lanes(filter);
    if let [lane] = lanes.as_slice() {
        let rows = in_order(in_lane(lane, part)).limit(part.limit);
        return if part.skip > 0 { rows.offset(part.skip) } else { rows };
    }
    // As many of each lane as of all together: the first of them are the first of all.
    let reach = part.skip.saturating_add(part.limit);
    let firsts = lanes.iter().map(|lane| {
        let columns = [tips::Column::Id, tips::Column::ReceivedOn];
        let first = in_order(in_lane(lane, part)).select_only().columns(columns).limit(reach).into_query();
        // SQLite takes no limit in a part of a union but in a table of its own.
        Query::select().columns(columns.map(|column| ("lane", column))).from_subquery(first, "lane").take()
    });
    let firsts = firsts.reduce(|mut all, lane| all.union(UnionType::All, lane).take()).unwrap_or_default();
    let mut merged = Query::select().column(("lanes", "id")).from_subquery(firsts, "lanes").take();
    merged.order_by(("lanes", "received_on"), Order::Asc).order_by(("lanes", "id"), Order::Asc).limit(part.limit);
    if part.skip > 0 {
        merged.offset(part.skip);
    }
    in_order(tips::Entity::find().filter(tips::Column::Id.in_subquery(merged)))
}

fn in_lane(lane: &QueueFilter, part: QueuePart) -> Select<tips::Entity> {
    use sea_orm::sea_query::ExprTrait as _;
    let rows = narrowed(lane).filter(tips::Column::Priority.eq(part.priority));
    let Some((day, id)) = part.after else { return rows };
    // Both at once, as they lie in the index: on a day on which many came, it is begun where they go on.
    let place = Expr::tuple([Expr::col(("tips", "received_on")), Expr::col(("tips", "id"))]);
    rows.filter(place.gt(Expr::tuple([Expr::val(day), Expr::val(id)])))
}

fn in_order(rows: Select<tips::Entity>) -> Select<tips::Entity> {
    rows.order_by_asc(tips::Column::ReceivedOn).order_by_asc(tips::Column::Id)
}

fn narrowed(filter: &QueueFilter) -> Select<tips::Entity> {
    use sea_orm::sea_query::ExprTrait as _;
    let of_offices = if filter.informed {
        custody::store::shared_with(&filter.offices)
    } else {
        Condition::all().add(tips::Column::OfficeId.is_in(filter.offices.iter().copied()))
    };
    let mut rows = tips::Entity::find().filter(of_offices);
    if let Some(reader) = filter.reader {
        rows = rows.filter(custody::store::seen_by(reader, &filter.own_offices));
    }
    if !filter.states.is_empty() {
        // As words of the statement, of which there are few: where they are values, PostgreSQL plans each look anew,
        // because it finds less to do than on average for those of which it knows that they are rare.
        let states = filter.states.iter().map(|state| Expr::Constant(state.as_str().into()));
        rows = rows.filter(Expr::col(("tips", "status")).is_in(states));
    }
    if let Some(category) = &filter.category {
        rows = rows.filter(tips::Column::Category.eq(category));
    }
    if let Some(unit) = &filter.unit {
        rows = rows.filter(tips::Column::UnitCode.eq(unit));
    }
    match filter.assignee {
        None => {}
        Some(None) => rows = rows.filter(tips::Column::AssigneeId.is_null()),
        Some(Some(officer)) => rows = rows.filter(tips::Column::AssigneeId.eq(officer)),
    }
    rows
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;
    use crate::platform::db::Db;

    /// What SQLite says of how it reads a part of a queue.
    async fn plan(db: &Db, queue: &QueueFilter) -> String {
        let after = Some((NaiveDate::default(), Uuid::nil().into()));
        let part = QueuePart { priority: 0, after, skip: 0, limit: 51 };
        let rows = QueueRow::select_cols(in_queue(queue, part).select_only()).into_query();
        let mut statement = with_limits_written(&rows, DbBackend::Sqlite);
        statement.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
        let steps = db.read().query_all_raw(statement).await.unwrap();
        steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap() + "\n").collect()
    }

    #[tokio::test]
    async fn a_lane_is_read_from_its_place_on_and_not_what_lies_before() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Db::sqlite_url(&folder.path().join("tips.db"))).await.unwrap();
        db.migrate_up().await.unwrap();
        let one = QueueFilter { offices: vec![Uuid::nil().into()], ..Default::default() };
        let whole = plan(&db, &one).await;
        assert!(whole.contains("INDEX tips_queue (office_id=? AND priority=? AND (received_on,id)>(?,?))"), "{whole}");
        assert!(!whole.contains("ORDER BY"), "{whole}");
        let offices = vec![Uuid::nil().into(), Uuid::max().into()];
        let several = QueueFilter { offices, states: vec![TipStatus::Received, TipStatus::Accepted], ..one };
        let merged = plan(&db, &several).await;
        let lane = "INDEX tips_lane (office_id=? AND status=? AND priority=? AND (received_on,id)>(?,?))";
        assert_eq!(merged.matches(lane).count(), 4, "{merged}");
        // Of what was found in all of them, not of a lane.
        assert!(merged.matches("ORDER BY").count() <= 4, "{merged}");
        db.close().await.unwrap();
    }
}
