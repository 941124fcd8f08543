//! Sums of facts, and the facts behind them. Nothing here knows what a measure is.

use chrono::NaiveDate;
use entity::{enums::Mode, facts, ids::OfficeId, rollups};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait},
};

use crate::statistics::ledger::{Kept, Kind, Slice, end_of_half, start_of_half};

/// Which facts: of these kinds and offices, counting in a span of days, known in a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub kinds: Vec<Kind>,
    pub offices: Vec<OfficeId>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Known by the end of this day.
    pub known: NaiveDate,
}

/// What sums are kept apart by, beside kind, detail, unit of measure and rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    pub day: bool,
    pub office: bool,
    pub kept: Kept,
}

impl Apart {
    const EVERYTHING: Self = Self {
        day: true,
        office: true,
        kept: Kept { days: true, unit: true, category: true, channel: true, mode: true },
    };
}

/// Facts that are alike in all that is kept apart; what is not is empty.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    pub kind: String,
    /// Any day of the half month.
    pub day: NaiveDate,
    pub office_id: Option<OfficeId>,
    /// `code@valid_from`, or empty.
    pub unit: String,
    pub category: String,
    /// `channel/mode`, either empty if it is not kept apart.
    pub channel: String,
    pub detail: String,
    pub amount_unit: String,
    pub days: i32,
    pub rule: i32,
    pub facts: i64,
    pub amount_milli: i64,
}

/// Adds up the facts of a region: whole half months from the sums that stand, less what of these lies outside.
///
/// Days at the edges are read line by line. Where a period begins and ends with a half month, and nothing was
/// recorded since the day asked for, there are none.
pub async fn tallies(
    db: &impl ConnectionTrait,
    region: &Region,
    apart: Apart,
    edges: &mut Edges,
) -> Result<Vec<Tally>, DbErr> {
    let Some(slice) = Slice::keeping(apart.kept) else {
        return lines_apart(db, region, (region.from, region.to), (MIN, region.known), apart).await;
    };
    let mut tallies = standing(db, region, slice, apart).await?;
    let whole = (start_of_half(region.from), end_of_half(region.to));
    let known = end_of_half(region.known);
    let later = next(region.known);
    let known_later = later <= known && edges.anything_since(db, later).await?;
    let outside = [
        (before(whole.0, region.from), (MIN, known)),
        (after(region.to, whole.1), (MIN, known)),
        (known_later.then_some((region.from, region.to)), (later, known)),
    ];
    for (effective, recorded) in outside {
        let Some(effective) = effective else { continue };
        let lines = edges.lines(db, region, effective, recorded).await?;
        let asked = |line: &&Tally| region.kinds.iter().any(|kind| kind.as_str() == line.kind);
        tallies.extend(lines.iter().filter(asked).cloned().map(Tally::taken_away));
    }
    Ok(tallies)
}

/// Lines at the edges of regions. A report asks for the same ones again and again, kept apart in many ways: they are
/// read once, with all kept apart.
#[derive(Default)]
pub struct Edges {
    read: Vec<(Region, NaiveDate, Vec<Tally>)>,
    /// Whether anything was recorded from a day on.
    since: Option<(NaiveDate, bool)>,
    /// Reads every kind along.
    whole: bool,
}

impl Edges {
    pub fn of_all_kinds() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Whether anything was recorded from a day on. Nothing was after today, which figures are mostly asked for: one
    /// look spares reading whole periods to find nothing.
    async fn anything_since(&mut self, db: &impl ConnectionTrait, day: NaiveDate) -> Result<bool, DbErr> {
        use facts::Column as C;
        if let Some((_, anything)) = self.since.filter(|(asked, _)| *asked == day) {
            return Ok(anything);
        }
        // By kind and day, because so the index begins.
        let kinds = Kind::ALL.iter().map(|kind| kind.as_str());
        let later = facts::Entity::find().filter(C::Kind.is_in(kinds)).filter(C::RecordedOn.gte(day));
        let anything = later.select_only().column(C::Id).limit(1).into_tuple::<uuid::Uuid>().one(db).await?.is_some();
        self.since = Some((day, anything));
        Ok(anything)
    }

    async fn lines(
        &mut self,
        db: &impl ConnectionTrait,
        region: &Region,
        effective: (NaiveDate, NaiveDate),
        recorded: (NaiveDate, NaiveDate),
    ) -> Result<&[Tally], DbErr> {
        let wanted = Region {
            kinds: if self.whole { Kind::ALL.to_vec() } else { region.kinds.clone() },
            offices: region.offices.clone(),
            from: effective.0,
            to: effective.1,
            known: recorded.1,
        };
        let known = |(region, since, _): &(Region, NaiveDate, Vec<Tally>)| *region == wanted && *since == recorded.0;
        let at = match self.read.iter().position(known) {
            Some(at) => at,
            None => {
                let lines = lines_apart(db, &wanted, effective, recorded, Apart::EVERYTHING).await?;
                self.read.push((wanted, recorded.0, lines));
                self.read.len() - 1
            }
        };
        Ok(self.read.get(at).map_or(&[], |(_, _, lines)| lines))
    }
}

impl Tally {
    fn taken_away(self) -> Self {
        Self { facts: -self.facts, amount_milli: -self.amount_milli, ..self }
    }
}

/// Before any day of ours, and a date on every database.
const MIN: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// The days from `start` to before `day`; none if there are none.
fn before(start: NaiveDate, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    day.pred_opt().filter(|last| *last >= start).map(|last| (start, last))
}

fn after(day: NaiveDate, end: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    day.succ_opt().filter(|first| *first <= end).map(|first| (first, end))
}

async fn standing(db: &impl ConnectionTrait, region: &Region, slice: Slice, apart: Apart) -> Result<Vec<Tally>, DbErr> {
    use rollups::Column as C;
    let kept = apart.kept;
    let mut rows = rollups::Entity::find()
        .select_only()
        .filter(C::Slice.eq(slice.as_str()))
        .filter(C::Kind.is_in(region.kinds.iter().map(|kind| kind.as_str())))
        .filter(C::Effective.gte(start_of_half(region.from)))
        .filter(C::Effective.lte(region.to))
        .filter(C::Recorded.lte(region.known))
        .filter(C::OfficeId.is_in(region.offices.iter().copied()));
    rows = told(rows, "kind", Some(C::Kind.into_expr()), "");
    rows = told(rows, "day", apart.day.then(|| C::Effective.into_expr()), region.from);
    rows = told(rows, "office_id", apart.office.then(|| C::OfficeId.into_expr()), None::<uuid::Uuid>);
    rows = told(rows, "unit", apart.kept.unit.then(|| C::Unit.into_expr()), "");
    rows = told(rows, "category", apart.kept.category.then(|| C::Category.into_expr()), "");
    rows = told(rows, "channel", (kept.channel || kept.mode).then(|| C::Channel.into_expr()), "");
    rows = told(rows, "detail", Some(C::Detail.into_expr()), "");
    rows = told(rows, "amount_unit", Some(C::AmountUnit.into_expr()), "");
    rows = told(rows, "days", apart.kept.days.then(|| C::Days.into_expr()), crate::statistics::ledger::NO_DAYS);
    rows = told(rows, "rule", Some(C::Rule.into_expr()), 0);
    rows.column_as(whole(C::Facts.into_expr().sum()), "facts")
        .column_as(whole(C::AmountMilli.into_expr().sum()), "amount_milli")
        .into_model()
        .all(db)
        .await
}

/// Selects and groups by an expression, or selects a stand-in where it is not kept apart.
fn told<E: EntityTrait>(
    rows: Select<E>,
    name: &'static str,
    by: Option<Expr>,
    otherwise: impl Into<sea_orm::Value>,
) -> Select<E> {
    match by {
        Some(by) => rows.column_as(by.clone(), name).group_by(by),
        None => rows.column_as(Expr::val(otherwise), name),
    }
}

/// A sum as an integer: PostgreSQL sums those into a number of any length.
fn whole(sum: Expr) -> Expr {
    Expr::expr(sum.if_null(0)).cast_as(Alias::new("bigint"))
}

#[derive(FromQueryResult)]
struct LineTally {
    kind: String,
    day: NaiveDate,
    office_id: Option<OfficeId>,
    unit_code: Option<String>,
    unit_valid_from: Option<NaiveDate>,
    category: Option<String>,
    channel: Option<String>,
    mode: Option<Mode>,
    detail: Option<String>,
    amount_unit: Option<String>,
    days: Option<i32>,
    rule: Option<i32>,
    facts: i64,
    amount_milli: i64,
}

async fn lines_apart(
    db: &impl ConnectionTrait,
    region: &Region,
    effective: (NaiveDate, NaiveDate),
    recorded: (NaiveDate, NaiveDate),
    apart: Apart,
) -> Result<Vec<Tally>, DbErr> {
    use facts::Column as C;
    let mut rows = within(region, effective, recorded).select_only();
    rows = told(rows, "kind", Some(C::Kind.into_expr()), "");
    rows = told(rows, "day", apart.day.then(|| C::EffectiveOn.into_expr()), region.from);
    rows = told(rows, "office_id", apart.office.then(|| C::OfficeId.into_expr()), None::<uuid::Uuid>);
    rows = told(rows, "unit_code", apart.kept.unit.then(|| C::UnitCode.into_expr()), None::<String>);
    rows = told(rows, "unit_valid_from", apart.kept.unit.then(|| C::UnitValidFrom.into_expr()), None::<NaiveDate>);
    rows = told(rows, "category", apart.kept.category.then(|| C::Category.into_expr()), None::<String>);
    rows = told(rows, "channel", apart.kept.channel.then(|| C::Channel.into_expr()), None::<String>);
    rows = told(rows, "mode", apart.kept.mode.then(|| C::Mode.into_expr()), None::<String>);
    rows = told(rows, "detail", Some(C::Detail.into_expr()), "");
    rows = told(rows, "amount_unit", Some(C::AmountUnit.into_expr()), "");
    rows = told(rows, "days", apart.kept.days.then(|| C::Days.into_expr()), None::<i32>);
    rows = told(rows, "rule", Some(C::Rule.into_expr()), 0);
    let found: Vec<LineTally> = rows
        .column_as(C::Id.count(), "facts")
        .column_as(whole(C::AmountMilli.into_expr().sum()), "amount_milli")
        .into_model()
        .all(db)
        .await?;
    Ok(found.into_iter().map(Tally::from).collect())
}

fn within(
    region: &Region,
    effective: (NaiveDate, NaiveDate),
    recorded: (NaiveDate, NaiveDate),
) -> Select<facts::Entity> {
    use facts::Column as C;
    facts::Entity::find()
        .filter(C::Kind.is_in(region.kinds.iter().map(|kind| kind.as_str())))
        .filter(C::EffectiveOn.gte(effective.0))
        .filter(C::EffectiveOn.lte(effective.1))
        .filter(C::RecordedOn.gte(recorded.0))
        .filter(C::RecordedOn.lte(recorded.1))
        .filter(C::OfficeId.is_in(region.offices.iter().copied()))
}

impl From<LineTally> for Tally {
    fn from(row: LineTally) -> Self {
        let unit = row.unit_code.zip(row.unit_valid_from);
        Self {
            kind: row.kind,
            day: row.day,
            office_id: row.office_id,
            unit: unit.map(|(code, from)| format!("{code}@{from}")).unwrap_or_default(),
            category: row.category.unwrap_or_default(),
            channel: format!("{}/{}", row.channel.unwrap_or_default(), row.mode.map_or("", Mode::as_str)),
            detail: row.detail.unwrap_or_default(),
            amount_unit: row.amount_unit.unwrap_or_default(),
            days: row.days.unwrap_or(crate::statistics::ledger::NO_DAYS),
            rule: row.rule.unwrap_or(0),
            facts: row.facts,
            amount_milli: row.amount_milli,
        }
    }
}

/// What lines are narrowed to, beside their region.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    pub category: Option<String>,
    pub channel: Option<String>,
    pub mode: Option<Mode>,
    pub office: Option<OfficeId>,
}

/// The lines of a region.
pub async fn lines(db: &impl ConnectionTrait, region: &Region, narrow: Narrow) -> Result<Vec<facts::Model>, DbErr> {
    use facts::Column as C;
    let mut rows = within(region, (region.from, region.to), (MIN, region.known));
    if let Some(category) = narrow.category {
        rows = rows.filter(C::Category.eq(category));
    }
    if let Some(channel) = narrow.channel {
        rows = rows.filter(C::Channel.eq(channel));
    }
    if let Some(mode) = narrow.mode {
        rows = rows.filter(C::Mode.eq(mode));
    }
    if let Some(office) = narrow.office {
        rows = rows.filter(C::OfficeId.eq(office));
    }
    rows.all(db).await
}
