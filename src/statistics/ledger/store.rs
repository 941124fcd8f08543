//! Every query of the ledger: lines are added, sums follow, and nothing is ever changed or taken away.

use std::str::FromStr;

use entity::{
    facts,
    ids::{CaseId, FactId, TipId, ValuationId},
    rollups,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic, PaginatorTrait, QueryFilter, Set,
    Statement, StreamTrait, Value,
};

use super::{Fact, Kind, Level, Rollups, Slice, written};
use crate::{platform::insert::Insert, reference::UnitKey};

/// Rows of one statement; a database takes some thirty thousand values at once.
pub const AT_ONCE: usize = 1000;

/// What adds lines.
pub fn inserts(rows: &[facts::ActiveModel]) -> impl Iterator<Item = Insert> {
    rows.chunks(AT_ONCE).map(|part| Insert::of(part.iter().cloned()))
}

/// The key of a sum, in the order in which it is stored and read.
const KEY: [rollups::Column; 12] = {
    use rollups::Column as C;
    [
        C::Slice,
        C::Kind,
        C::Effective,
        C::Recorded,
        C::OfficeId,
        C::Unit,
        C::Category,
        C::Channel,
        C::Detail,
        C::AmountUnit,
        C::Days,
        C::Rule,
    ]
};

/// What adds sums to those that stand, in the order of their keys.
pub fn additions(sums: Rollups) -> Vec<Insert> {
    use rollups::Column as C;
    let rows: Vec<rollups::ActiveModel> = sums.into_iter().map(rollup_row).collect();
    let added = |part: &[rollups::ActiveModel]| Insert::of(part.iter().cloned());
    rows.chunks(AT_ONCE).map(|part| added(part).or_add(&KEY, &[C::Facts, C::AmountMilli])).collect()
}

fn rollup_row((key, sum): (super::RollupKey, super::Sum)) -> rollups::ActiveModel {
    rollups::ActiveModel {
        slice: Set(key.level.name(key.slice)),
        kind: Set(key.kind.as_str().to_owned()),
        effective: Set(key.effective),
        recorded: Set(key.recorded),
        office_id: Set(key.office),
        unit: Set(key.unit),
        category: Set(key.category),
        channel: Set(key.channel),
        detail: Set(key.detail),
        amount_unit: Set(key.amount_unit),
        days: Set(key.days),
        rule: Set(key.rule),
        facts: Set(sum.facts),
        amount_milli: Set(sum.amount_milli),
    }
}

/// Whether a tip has a fact of a kind.
pub async fn has(db: &impl ConnectionTrait, kind: Kind, tip: TipId) -> Result<bool, DbErr> {
    let of_tip = facts::Entity::find().filter(facts::Column::TipId.eq(tip));
    Ok(of_tip.filter(facts::Column::Kind.eq(kind.as_str())).count(db).await? > 0)
}

/// How a case began.
pub async fn case_opened(db: &impl ConnectionTrait, case: CaseId) -> Result<Option<Fact>, DbErr> {
    let of_case = facts::Entity::find().filter(facts::Column::CaseId.eq(case));
    let row = of_case.filter(facts::Column::Kind.eq(Kind::CaseOpened.as_str())).one(db).await?;
    row.map(fact).transpose()
}

/// How a valuation began.
pub async fn attested(db: &impl ConnectionTrait, valuation: ValuationId) -> Result<Option<Fact>, DbErr> {
    let of_valuation = facts::Entity::find().filter(facts::Column::ValuationId.eq(valuation));
    let row = of_valuation.filter(facts::Column::Kind.eq(Kind::Attested.as_str())).one(db).await?;
    row.map(fact).transpose()
}

/// All lines, as texts that `written::lines` reads, in the order in which they lie: sorting them by anything would read
/// the table here and there.
pub async fn lines<C: StreamTrait>(db: &C) -> Result<C::Stream<'_>, DbErr> {
    let backend = db.get_database_backend();
    let statement = match backend {
        DbBackend::Sqlite => in_parts(),
        _ => format!("SELECT {} FROM facts", written::as_text(backend, &written::LINE)),
    };
    db.stream_raw(Statement::from_string(backend, statement)).await
}

/// A text for each of 4096 parts of the ids: the table lies in their order.
fn in_parts() -> String {
    let lines = written::all_as_one(DbBackend::Sqlite);
    let (first, last) = ("0".repeat(29), "f".repeat(29));
    let of_part = format!("id BETWEEN unhex(printf('%03x', n) || '{first}') AND unhex(printf('%03x', n) || '{last}')");
    format!(
        "WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE n < 4095) \
         SELECT (SELECT {lines} FROM facts WHERE {of_part}) FROM part"
    )
}

/// The sums of a slice, at a level, and a kind, as texts that `written::sums` reads.
pub async fn sums<C: StreamTrait>(db: &C, (level, slice): (Level, Slice), kind: Kind) -> Result<C::Stream<'_>, DbErr> {
    use rollups::Column as C;
    let backend = db.get_database_backend();
    let columns: Vec<&str> = KEY.iter().chain(&[C::Facts, C::AmountMilli]).map(IdenStatic::as_str).collect();
    let sum = written::as_text(backend, &columns);
    let statement = match backend {
        DbBackend::Sqlite => {
            let together = format!("SELECT string_agg({sum}, '{}') FROM rollups", written::NEXT);
            format!("{together} WHERE slice = ? AND kind = ? GROUP BY effective")
        }
        _ => format!("SELECT {sum} FROM rollups WHERE slice = $1 AND kind = $2"),
    };
    let wanted = [level.name(slice), kind.to_string()].map(Value::from);
    db.stream_raw(Statement::from_sql_and_values(backend, statement, wanted)).await
}

pub async fn delete_rollups(txn: &impl ConnectionTrait) -> Result<(), DbErr> {
    rollups::Entity::delete_many().exec(txn).await.map(|_| ())
}

pub fn row(id: FactId, fact: Fact) -> facts::ActiveModel {
    let (unit_code, unit_valid_from) = fact.unit.map(|unit| (unit.code, unit.valid_from)).unzip();
    facts::ActiveModel {
        id: Set(id),
        kind: Set(fact.kind.as_str().to_owned()),
        recorded_on: Set(fact.recorded_on),
        effective_on: Set(fact.effective_on),
        office_id: Set(fact.office),
        unit_code: Set(unit_code),
        unit_valid_from: Set(unit_valid_from),
        category: Set(fact.category),
        channel: Set(fact.channel),
        mode: Set(fact.mode),
        tip_id: Set(fact.tip),
        case_id: Set(fact.case),
        outcome_id: Set(fact.outcome),
        valuation_id: Set(fact.valuation),
        detail: Set(fact.detail),
        amount_milli: Set(fact.amount_milli),
        amount_unit: Set(fact.amount_unit),
        days: Set(fact.days),
        rule: Set(fact.rule),
    }
}

/// A line as it was written down.
pub fn fact(row: facts::Model) -> Result<Fact, DbErr> {
    let unit = row.unit_code.zip(row.unit_valid_from);
    Ok(Fact {
        kind: kind(&row.kind)?,
        recorded_on: row.recorded_on,
        effective_on: row.effective_on,
        office: row.office_id,
        unit: unit.map(|(code, valid_from)| UnitKey { code, valid_from }),
        category: row.category,
        channel: row.channel,
        mode: row.mode,
        tip: row.tip_id,
        case: row.case_id,
        outcome: row.outcome_id,
        valuation: row.valuation_id,
        detail: row.detail,
        amount_milli: row.amount_milli,
        amount_unit: row.amount_unit,
        days: row.days,
        rule: row.rule,
    })
}

pub fn kind(text: &str) -> Result<Kind, DbErr> {
    Kind::from_str(text).map_err(|error| DbErr::Custom(format!("{text}: {error}")))
}
