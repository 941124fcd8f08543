//! Every query about the queue.

use chrono::NaiveDate;
use entity::{
    enums::{TipStatus, WrapHolder},
    ids::{OfficeId, OfficerId, TipId},
    tip_wraps, tips,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, SelectModel, Selector,
    sea_query::{Expr, Func, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::tips::custody;

/// How many tips of a state.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct StateCount {
    pub status: TipStatus,
    pub tips: i64,
}

/// How many tips of each of some states, whatever states the filter names. Of a state that has more than `most`, that
/// there are more (`most + 1`), and no further is counted; none: all are.
pub async fn count_states(
    db: &impl ConnectionTrait,
    filter: &QueueFilter,
    states: &[TipStatus],
    most: Option<u64>,
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
        up_to(&of_state, most.map(|most| most.saturating_add(1).saturating_add(hidden(*status).unsigned_abs())))
    });
    let Some(statement) = parts.reduce(|mut all, part| all.union(UnionType::All, part).to_owned()) else {
        return Ok(Vec::new());
    };
    let mut counts = StateCount::find_by_statement(db.get_database_backend().build(&statement)).all(db).await?;
    let most = most.and_then(|most| i64::try_from(most).ok()).map_or(i64::MAX, |most| most.saturating_add(1));
    counts.iter_mut().for_each(|count| count.tips = (count.tips - hidden(count.status)).min(most));
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
        .to_owned()
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
    in_queue(filter, part).into_partial_model().all(db).await
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
        .to_owned();
    let rows = db.query_all_raw(db.get_database_backend().build(&statement)).await?;
    Ok(rows.into_iter().map(UnreadRow).collect())
}

fn in_queue(filter: &QueueFilter, part: QueuePart) -> Select<tips::Entity> {
    let mut rows = narrowed(filter).filter(tips::Column::Priority.eq(part.priority));
    if let Some((day, id)) = part.after {
        let later_on_the_day = Condition::all().add(tips::Column::ReceivedOn.eq(day)).add(tips::Column::Id.gt(id));
        let after = Condition::any().add(tips::Column::ReceivedOn.gt(day)).add(later_on_the_day);
        // The first says nothing new, but tells the database where in the index to begin.
        rows = rows.filter(tips::Column::ReceivedOn.gte(day)).filter(after);
    }
    if part.skip > 0 {
        rows = rows.offset(part.skip);
    }
    rows.order_by_asc(tips::Column::ReceivedOn).order_by_asc(tips::Column::Id).limit(part.limit)
}

fn narrowed(filter: &QueueFilter) -> Select<tips::Entity> {
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
        rows = rows.filter(tips::Column::Status.is_in(filter.states.iter().copied()));
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
