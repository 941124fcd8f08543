//! Keys of rollups in a few bytes, with texts as numbers: a whole ledger's sums fit into memory, and adding a line to
//! them takes no copy of a text.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entity::ids::OfficeId;
use foldhash::fast::RandomState;
use sea_orm::DbErr;

use super::{
    Level, NO_DAYS, RollupKey, Slice, Sum,
    rollup::{NO_RULE, levels_of_slices, way_of},
    store,
};

/// A line, as far as it is added up; what it has not is empty.
pub struct Counted<'a> {
    pub kind: &'a str,
    pub effective_on: NaiveDate,
    pub recorded_on: NaiveDate,
    pub office_id: OfficeId,
    pub unit: Option<(&'a str, NaiveDate)>,
    pub category: &'a str,
    pub channel: &'a str,
    pub mode: &'a str,
    pub detail: &'a str,
    pub amount_unit: &'a str,
    pub amount_milli: Option<i64>,
    pub days: Option<i32>,
    pub rule: Option<i32>,
}

/// What the facts of a stored sum are alike in, as it is written down.
pub struct Summed<'a> {
    /// With its level.
    pub slice: &'a str,
    pub kind: &'a str,
    pub effective: NaiveDate,
    pub recorded: NaiveDate,
    pub office: OfficeId,
    pub unit: &'a str,
    pub category: &'a str,
    pub channel: &'a str,
    pub detail: &'a str,
    pub amount_unit: &'a str,
    pub days: i32,
    pub rule: i32,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    level: Level,
    slice: Slice,
    kind: u32,
    effective: i32,
    recorded: i32,
    office: OfficeId,
    unit: (u32, i32),
    category: u32,
    channel: (u32, u32),
    detail: u32,
    amount_unit: u32,
    days: i32,
    rule: i32,
}

/// Sums of lines, by compact keys.
#[derive(Default)]
pub struct Sums {
    numbers: HashMap<String, u32, RandomState>,
    texts: Vec<String>,
    sums: HashMap<Key, Sum, RandomState>,
}

/// No day: that of a unit that is not known.
const NO_DAY: i32 = i32::MIN;

impl Sums {
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    /// Adds a line to every slice, at every level.
    pub fn add(&mut self, line: &Counted<'_>) {
        let whole = Key {
            level: Level::Half,
            slice: Slice::Total,
            kind: self.number(line.kind),
            effective: 0,
            recorded: 0,
            office: line.office_id,
            unit: self.unit(line.unit),
            category: self.number(line.category),
            channel: (self.number(line.channel), self.number(line.mode)),
            detail: self.number(line.detail),
            amount_unit: self.number(line.amount_unit),
            days: line.days.unwrap_or(NO_DAYS),
            rule: line.rule.unwrap_or(NO_RULE),
        };
        let (no_unit, nothing) = (self.unit(None), self.number(""));
        for (level, slice) in levels_of_slices().filter(|(_, slice)| slice.has(line.days)) {
            let kept = slice.kept();
            let (effective, recorded) = level.days(line.effective_on, line.recorded_on);
            let key = Key {
                level,
                slice,
                effective: effective.num_days_from_ce(),
                recorded: recorded.num_days_from_ce(),
                unit: if kept.unit { whole.unit } else { no_unit },
                category: if kept.category { whole.category } else { nothing },
                channel: (
                    if kept.channel { whole.channel.0 } else { nothing },
                    if kept.mode { whole.channel.1 } else { nothing },
                ),
                days: if kept.days { whole.days } else { NO_DAYS },
                ..whole
            };
            let sum = self.sums.entry(key).or_default();
            sum.facts += 1;
            sum.amount_milli += line.amount_milli.unwrap_or(0);
        }
    }

    /// Takes out the sum that a row should have.
    pub fn take(&mut self, row: &Summed<'_>) -> Option<Sum> {
        let unit = row.unit.split_once('@').and_then(|(code, from)| Some((code, from.parse().ok()?)));
        let (channel, mode) = row.channel.rsplit_once('/').unwrap_or(("", ""));
        let (level, slice) = Level::named(row.slice)?;
        let key = Key {
            level,
            slice,
            kind: self.number(row.kind),
            effective: row.effective.num_days_from_ce(),
            recorded: row.recorded.num_days_from_ce(),
            office: row.office,
            unit: self.unit(unit),
            category: self.number(row.category),
            channel: (self.number(channel), self.number(mode)),
            detail: self.number(row.detail),
            amount_unit: self.number(row.amount_unit),
            days: row.days,
            rule: row.rule,
        };
        self.sums.remove(&key)
    }

    /// All sums with their keys written out, in any order.
    pub fn written_out(&self) -> impl Iterator<Item = Result<(RollupKey, Sum), DbErr>> {
        self.sums.iter().map(|(key, sum)| Ok((self.write_out(key)?, *sum)))
    }

    fn write_out(&self, key: &Key) -> Result<RollupKey, DbErr> {
        let day = |days| NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default();
        let (code, from) = key.unit;
        Ok(RollupKey {
            level: key.level,
            slice: key.slice,
            kind: store::kind(self.text(key.kind))?,
            effective: day(key.effective),
            recorded: day(key.recorded),
            office: key.office,
            unit: if from == NO_DAY { String::new() } else { format!("{}@{}", self.text(code), day(from)) },
            category: self.text(key.category).to_owned(),
            channel: way_of(key.slice.kept(), Some(self.text(key.channel.0)), Some(self.text(key.channel.1))),
            detail: self.text(key.detail).to_owned(),
            amount_unit: self.text(key.amount_unit).to_owned(),
            days: key.days,
            rule: key.rule,
        })
    }

    fn unit(&mut self, unit: Option<(&str, NaiveDate)>) -> (u32, i32) {
        match unit {
            Some((code, from)) => (self.number(code), from.num_days_from_ce()),
            None => (self.number(""), NO_DAY),
        }
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // A ledger with four thousand million different codes has other worries.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }
}
