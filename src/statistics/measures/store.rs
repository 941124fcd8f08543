//! Sums of facts, and the facts behind them. Nothing here knows what a measure is.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{enums::Mode, facts, ids::OfficeId, rollups};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, Func},
};

use super::near::{Days, EVER, Near, Sign, next, previous};
use crate::statistics::ledger::{
    BEFORE_ALL, Counted, Kept, Kind, Level, NO_DAYS, Slice, end_of_half, quarters_within, written,
};

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
    /// As finely as this; none: days are not kept apart.
    pub day: Option<Level>,
    pub office: bool,
    pub kept: Kept,
}

/// Facts that are alike in all that is kept apart; what is not is empty.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    pub kind: String,
    /// Any day of the half month or quarter.
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

/// Adds up the facts of a region: whole quarters and half months from the sums that stand, and line by line those by
/// which these are too many or too few.
///
/// Where a period begins and ends with a half month, and nothing was recorded since the day asked for, there are none
/// of the second kind.
pub async fn tallies(
    db: &impl ConnectionTrait,
    region: &Region,
    apart: Apart,
    edges: &mut Edges,
) -> Result<Vec<Tally>, DbErr> {
    let Some(slice) = Slice::keeping(apart.kept) else {
        return lines_apart(db, region, (region.from, region.to), (BEFORE_ALL, region.known), apart).await;
    };
    let anything_later = edges.anything_since(db, next(region.known)).await?;
    let near = Near::of(region, anything_later);
    let mut tallies = sums(db, (region, near), slice, apart, edges).await?;
    for (effective, recorded, sign) in near.differences(region) {
        let lines = edges.lines(db, region, (effective, recorded)).await?;
        let alike = alike(lines, region, apart).into_iter();
        tallies.extend(alike.map(|tally| if sign == Sign::TooMany { tally.taken_away() } else { tally }));
    }
    Ok(tallies)
}

/// The sums of whole half months and quarters.
async fn sums(
    db: &impl ConnectionTrait,
    (region, near): (&Region, Near),
    slice: Slice,
    apart: Apart,
    edges: &mut Edges,
) -> Result<Vec<Tally>, DbErr> {
    let Near { from, to, known, .. } = near;
    let by_half = |span, recorded| standing(db, region, (Level::Half, slice), span, recorded, apart);
    // Of quarters that were not over, more may have become known since than before.
    let quarters = quarters_within(from, Ord::min(to, region.known)).filter(|_| apart.day != Some(Level::Half));
    let Some((first, last)) = quarters else { return by_half((from, to), Recorded::By(known)).await };
    let mut tallies = standing(db, region, (Level::Quarter, slice), (first, last), Recorded::By(known), apart).await?;
    for span in [(from, previous(first)), (next(last), to)] {
        if span.0 <= span.1 {
            tallies.extend(by_half(span, Recorded::By(known)).await?);
        }
    }
    if edges.anything_since(db, next(known)).await? {
        let later = by_half((first, last), Recorded::After(known)).await?;
        tallies.extend(later.into_iter().map(Tally::taken_away));
    }
    Ok(tallies)
}

/// Adds up lines that are alike in what is kept apart: a day has hundreds, and every measure goes through them.
fn alike<'a>(lines: impl Iterator<Item = &'a Tally>, region: &Region, apart: Apart) -> Vec<Tally> {
    let kept = apart.kept;
    let text = |is_kept: bool, text: &str| if is_kept { text.to_owned() } else { String::new() };
    let mut sums: HashMap<_, (&Tally, i64, i64)> = HashMap::new();
    for line in lines.filter(|line| region.kinds.iter().any(|kind| kind.as_str() == line.kind)) {
        let key = (
            (&line.kind, apart.day.map(|_| line.day), apart.office.then_some(line.office_id)),
            (kept.unit.then_some(&line.unit), kept.category.then_some(&line.category)),
            ((kept.channel || kept.mode).then_some(&line.channel), kept.days.then_some(line.days)),
            (&line.detail, &line.amount_unit, line.rule),
        );
        let (_, facts, amount_milli) = sums.entry(key).or_insert((line, 0, 0));
        *facts += line.facts;
        *amount_milli += line.amount_milli;
    }
    let tally = |(line, facts, amount_milli): (&Tally, i64, i64)| Tally {
        kind: line.kind.clone(),
        day: apart.day.map_or(region.from, |_| line.day),
        office_id: line.office_id.filter(|_| apart.office),
        unit: text(kept.unit, &line.unit),
        category: text(kept.category, &line.category),
        channel: text(kept.channel || kept.mode, &line.channel),
        detail: line.detail.clone(),
        amount_unit: line.amount_unit.clone(),
        days: if kept.days { line.days } else { NO_DAYS },
        rule: line.rule,
        facts,
        amount_milli,
    };
    sums.into_values().map(tally).collect()
}

/// Lines at the edges of regions. A report asks for the same ones again and again, kept apart in many ways and as known
/// on several days: they are read once, as they are.
#[derive(Default)]
pub struct Edges {
    read: Vec<(Wanted, Vec<Line>)>,
    /// Whether anything was recorded from a day on.
    since: Vec<(NaiveDate, bool)>,
    /// Reads along whatever else may be asked for: of all kinds, and of the days of one span whatever the other is.
    whole: bool,
}

#[derive(PartialEq, Eq)]
struct Wanted {
    kinds: Vec<Kind>,
    offices: Vec<OfficeId>,
    effective: Days,
    recorded: Days,
}

/// A line, and the day on which it was recorded.
type Line = (Tally, NaiveDate);

impl Edges {
    pub fn of_all_kinds() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Whether anything was recorded from a day on. Nothing was after today, which figures are mostly asked for: one
    /// look spares reading whole periods to find nothing.
    async fn anything_since(&mut self, db: &impl ConnectionTrait, day: NaiveDate) -> Result<bool, DbErr> {
        use facts::Column as C;
        if let Some((_, anything)) = self.since.iter().find(|(asked, _)| *asked == day) {
            return Ok(*anything);
        }
        let mut anything = false;
        for later in known_within((day, EVER.1), EVER) {
            // By kind and day, because so the indexes begin.
            let later = later.filter(C::Kind.is_in(Kind::ALL.iter().map(|kind| kind.as_str())));
            let one = later.select_only().column(C::Id).limit(1).into_tuple::<uuid::Uuid>().one(db).await?;
            anything = one.is_some();
            if anything {
                break;
            }
        }
        self.since.push((day, anything));
        Ok(anything)
    }

    /// Lines that count on days of the first span and were recorded on days of the second; of more kinds than asked for,
    /// perhaps.
    async fn lines(
        &mut self,
        db: &impl ConnectionTrait,
        region: &Region,
        (effective, recorded): (Days, Days),
    ) -> Result<impl Iterator<Item = &Tally>, DbErr> {
        let wanted = self.wanted(region, (effective, recorded));
        let at = match self.read.iter().position(|(read, _)| *read == wanted) {
            Some(at) => at,
            None => {
                let lines = single_lines(db, &wanted).await?;
                self.read.push((wanted, lines));
                self.read.len() - 1
            }
        };
        let read = self.read.get(at).map_or(&[][..], |(_, lines)| lines);
        let within = |(first, last): Days, day: NaiveDate| first <= day && day <= last;
        let asked = move |(line, day): &&Line| within(effective, line.day) && within(recorded, *day);
        Ok(read.iter().filter(asked).map(|(line, _)| line))
    }

    fn wanted(&self, region: &Region, (effective, recorded): (Days, Days)) -> Wanted {
        let offices = region.offices.clone();
        if !self.whole {
            return Wanted { kinds: region.kinds.clone(), offices, effective, recorded };
        }
        // Whatever the other span is: these are hardly more lines, and serve whoever asks next.
        let (effective, recorded) = if recorded.0 == BEFORE_ALL { (effective, EVER) } else { (EVER, recorded) };
        Wanted { kinds: Kind::ALL.to_vec(), offices, effective, recorded }
    }
}

impl Tally {
    fn taken_away(self) -> Self {
        Self { facts: -self.facts, amount_milli: -self.amount_milli, ..self }
    }
}

/// First days of the half months of a span.
fn halves_between(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    std::iter::successors(Some(from), |half| end_of_half(*half).succ_opt()).take_while(|half| *half <= to).collect()
}

/// When the facts of sums became known.
#[derive(Clone, Copy)]
enum Recorded {
    By(NaiveDate),
    After(NaiveDate),
}

/// Half months that are named one by one: then what became known after one of them is found without reading what did
/// before. Longer spans are as well read through.
const NAMED: usize = 240;

/// The sums of the half months or quarters of a span.
async fn standing(
    db: &impl ConnectionTrait,
    region: &Region,
    (level, slice): (Level, Slice),
    (from, to): (NaiveDate, NaiveDate),
    recorded: Recorded,
    apart: Apart,
) -> Result<Vec<Tally>, DbErr> {
    use rollups::Column as C;
    let kept = apart.kept;
    let mut rows = rollups::Entity::find()
        .select_only()
        .filter(C::Slice.eq(level.name(slice)))
        .filter(C::Kind.is_in(region.kinds.iter().map(|kind| kind.as_str())))
        // By the index, PostgreSQL would read the whole span of it once more for each office.
        .filter(unindexed(C::OfficeId).is_in(region.offices.iter().copied()));
    rows = match (recorded, halves_between(from, to)) {
        (Recorded::By(day), _) => rows.filter(C::Effective.between(from, to)).filter(C::Recorded.lte(day)),
        (Recorded::After(day), halves) if halves.len() <= NAMED => {
            rows.filter(C::Effective.is_in(halves)).filter(C::Recorded.gt(day))
        }
        (Recorded::After(day), _) => rows.filter(C::Effective.between(from, to)).filter(C::Recorded.gt(day)),
    };
    rows = told(rows, "kind", Some(C::Kind.into_expr()), "");
    rows = told(rows, "day", apart.day.map(|_| C::Effective.into_expr()), region.from);
    rows = told(rows, "office_id", apart.office.then(|| C::OfficeId.into_expr()), None::<uuid::Uuid>);
    rows = told(rows, "unit", apart.kept.unit.then(|| C::Unit.into_expr()), "");
    rows = told(rows, "category", apart.kept.category.then(|| C::Category.into_expr()), "");
    rows = told(rows, "channel", (kept.channel || kept.mode).then(|| C::Channel.into_expr()), "");
    rows = told(rows, "detail", Some(C::Detail.into_expr()), "");
    rows = told(rows, "amount_unit", Some(C::AmountUnit.into_expr()), "");
    rows = told(rows, "days", apart.kept.days.then(|| C::Days.into_expr()), NO_DAYS);
    rows = told(rows, "rule", Some(C::Rule.into_expr()), 0);
    rows.column_as(whole(C::Facts.into_expr().sum()), "facts")
        .column_as(whole(C::AmountMilli.into_expr().sum()), "amount_milli")
        .into_model()
        .all(db)
        .await
}

/// A column that no index is looked up by.
fn unindexed(column: impl ColumnTrait) -> Expr {
    Func::coalesce([column.into_expr(), column.into_expr()]).into()
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

/// Each line as a tally of its own, read as one text. Nearly all differ in something: having the database look for
/// those that don't costs more than it spares.
async fn single_lines(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Line>, DbErr> {
    let mut lines = Vec::new();
    for part in within((&wanted.kinds, &wanted.offices), wanted.effective, wanted.recorded) {
        let all = Expr::cust(written::all_as_one(db.get_database_backend()));
        let text = part.select_only().expr(all).into_tuple::<Option<String>>().one(db).await?;
        if let Some(text) = text.flatten() {
            written::lines(&text, |line| lines.push((Tally::from(line), line.recorded_on)))?;
        }
    }
    Ok(lines)
}

impl From<&Counted<'_>> for Tally {
    fn from(line: &Counted<'_>) -> Self {
        Self {
            kind: line.kind.to_owned(),
            day: line.effective_on,
            office_id: Some(line.office_id),
            unit: line.unit.map(|(code, from)| format!("{code}@{from}")).unwrap_or_default(),
            category: line.category.to_owned(),
            channel: format!("{}/{}", line.channel, line.mode),
            detail: line.detail.to_owned(),
            amount_unit: line.amount_unit.to_owned(),
            days: line.days.unwrap_or(NO_DAYS),
            rule: line.rule.unwrap_or(0),
            facts: 1,
            amount_milli: line.amount_milli.unwrap_or(0),
        }
    }
}

async fn lines_apart(
    db: &impl ConnectionTrait,
    region: &Region,
    effective: (NaiveDate, NaiveDate),
    recorded: (NaiveDate, NaiveDate),
    apart: Apart,
) -> Result<Vec<Tally>, DbErr> {
    let mut tallies = Vec::new();
    for part in within((&region.kinds, &region.offices), effective, recorded) {
        tallies.extend(part_apart(db, part.select_only(), region, apart).await?);
    }
    Ok(tallies)
}

async fn part_apart(
    db: &impl ConnectionTrait,
    mut rows: Select<facts::Entity>,
    region: &Region,
    apart: Apart,
) -> Result<Vec<Tally>, DbErr> {
    use facts::Column as C;
    rows = told(rows, "kind", Some(C::Kind.into_expr()), "");
    rows = told(rows, "day", apart.day.map(|_| C::EffectiveOn.into_expr()), region.from);
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

/// Facts in parts, each of which an index finds by the narrower of the two spans.
fn within((kinds, offices): (&[Kind], &[OfficeId]), effective: Days, recorded: Days) -> Vec<Select<facts::Entity>> {
    use facts::Column as C;
    let parts = if recorded.0 == BEFORE_ALL {
        let counted = facts::Entity::find().filter(C::EffectiveOn.between(effective.0, effective.1));
        vec![counted.filter(unindexed(C::RecordedOn).between(recorded.0, recorded.1))]
    } else {
        known_within(recorded, effective).to_vec()
    };
    let asked = |part: Select<facts::Entity>| {
        part.filter(C::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
            .filter(C::OfficeId.is_in(offices.iter().copied()))
    };
    parts.into_iter().map(asked).collect()
}

/// Facts that became known in a span and count in another: those that count on the very day, and those that don't, which
/// have an index of their own.
fn known_within(recorded: Days, effective: Days) -> [Select<facts::Entity>; 2] {
    use facts::Column as C;
    let (first, last) = (Ord::max(recorded.0, effective.0), Ord::min(recorded.1, effective.1));
    let known_at_once = C::RecordedOn.into_expr().eq(C::EffectiveOn.into_expr());
    let known_late = C::RecordedOn.into_expr().ne(C::EffectiveOn.into_expr());
    [
        facts::Entity::find().filter(C::EffectiveOn.between(first, last)).filter(known_at_once),
        facts::Entity::find()
            .filter(known_late)
            .filter(C::RecordedOn.between(recorded.0, recorded.1))
            .filter(unindexed(C::EffectiveOn).between(effective.0, effective.1)),
    ]
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
            days: row.days.unwrap_or(NO_DAYS),
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
    let spans = ((region.from, region.to), (BEFORE_ALL, region.known));
    let narrow = Condition::all()
        .add_option(narrow.category.map(|category| C::Category.eq(category)))
        .add_option(narrow.channel.map(|channel| C::Channel.eq(channel)))
        .add_option(narrow.mode.map(|mode| C::Mode.eq(mode)))
        .add_option(narrow.office.map(|office| C::OfficeId.eq(office)));
    let mut lines = Vec::new();
    for part in within((&region.kinds, &region.offices), spans.0, spans.1) {
        lines.extend(part.filter(narrow.clone()).all(db).await?);
    }
    Ok(lines)
}
