//! Lines and sums as texts, for a recount, which reads all of them: what a driver takes is so much a row and a column,
//! ten times what the database itself takes.

use chrono::NaiveDate;
use entity::ids::OfficeId;
use sea_orm::{DbBackend, DbErr};
use uuid::Uuid;

use super::{
    Sum,
    compact::{Counted, Summed},
};

/// Between the columns of a row: in no code.
const BETWEEN: char = '\u{1f}';

/// Between rows of one text.
pub const NEXT: char = '\u{1e}';

/// What of a line is added up, in the order in which `lines` reads it.
pub const LINE: [&str; 14] = [
    "kind",
    "effective_on",
    "recorded_on",
    "office_id",
    "unit_code",
    "unit_valid_from",
    "category",
    "channel",
    "mode",
    "detail",
    "amount_unit",
    "amount_milli",
    "days",
    "rule",
];

/// An expression for a row as one text. Both databases write each column as text and what is not there as nothing, and
/// days as ISO 8601; of an id SQLite would write the bytes.
pub fn as_text(backend: DbBackend, columns: &[&str]) -> String {
    let text = |column: &&str| match (*column, backend) {
        ("office_id", DbBackend::Sqlite) => format!("hex({column})"),
        _ => (*column).to_owned(),
    };
    format!("concat({})", columns.iter().map(text).collect::<Vec<_>>().join(&format!(", '{BETWEEN}', ")))
}

/// An expression for all lines as one text that `lines` reads; null if there is none.
pub fn all_as_one(backend: DbBackend) -> String {
    format!("string_agg({}, '{NEXT}')", as_text(backend, &LINE))
}

/// Hands the lines of a text to whoever adds them up, and tells how many there were.
pub fn lines(text: &str, mut add: impl FnMut(&Counted<'_>)) -> Result<u64, DbErr> {
    let mut number = 0;
    for row in text.split(NEXT) {
        let [
            kind,
            effective_on,
            recorded_on,
            office_id,
            unit_code,
            unit_from,
            category,
            channel,
            mode,
            detail,
            amount_unit,
            amount_milli,
            days,
            rule,
        ] = columns(row)?;
        let unit_from = given(unit_from).map(day).transpose()?;
        add(&Counted {
            kind,
            effective_on: day(effective_on)?,
            recorded_on: day(recorded_on)?,
            office_id: office(office_id)?,
            unit: unit_from.map(|from| (unit_code, from)),
            category,
            channel,
            mode,
            detail,
            amount_unit,
            amount_milli: given(amount_milli).map(whole).transpose()?,
            days: given(days).map(whole).transpose()?,
            rule: given(rule).map(whole).transpose()?,
        });
        number += 1;
    }
    Ok(number)
}

/// Hands the sums of a text over, each with what its facts are alike in: the columns of a key as they are stored, and the
/// two that are added up.
pub fn sums(text: &str, mut each: impl FnMut(&Summed<'_>, Sum)) -> Result<(), DbErr> {
    for row in text.split(NEXT) {
        let [
            slice,
            kind,
            effective,
            recorded,
            office_id,
            unit,
            category,
            channel,
            detail,
            amount_unit,
            days,
            rule,
            facts,
            amount_milli,
        ] = columns(row)?;
        let key = Summed {
            slice,
            kind,
            effective: day(effective)?,
            recorded: day(recorded)?,
            office: office(office_id)?,
            unit,
            category,
            channel,
            detail,
            amount_unit,
            days: whole(days)?,
            rule: whole(rule)?,
        };
        each(&key, Sum { facts: whole(facts)?, amount_milli: whole(amount_milli)? });
    }
    Ok(())
}

fn columns<const N: usize>(row: &str) -> Result<[&str; N], DbErr> {
    let (mut columns, mut found) = ([""; N], 0);
    for column in row.split(BETWEEN) {
        if let Some(place) = columns.get_mut(found) {
            *place = column;
        }
        found += 1;
    }
    if found == N { Ok(columns) } else { Err(unreadable(row)) }
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// `2022-02-03`; the library's own reading of dates takes ten times as long.
fn day(text: &str) -> Result<NaiveDate, DbErr> {
    let read = || {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    read().ok_or_else(|| unreadable(text))
}

fn office(text: &str) -> Result<OfficeId, DbErr> {
    Uuid::try_parse(text).map(OfficeId::from).map_err(|_| unreadable(text))
}

fn whole<T: std::str::FromStr>(text: &str) -> Result<T, DbErr> {
    text.parse().map_err(|_| unreadable(text))
}

fn unreadable(text: &str) -> DbErr {
    DbErr::Custom(format!("the ledger holds what is no line and no sum: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_line_is_refused_and_not_left_out() {
        let line = ["received", "2022-02-03", "2022-02-04", "0123456789ABCDEF0123456789ABCDEF", "", "", "ma_tuy"];
        let line = [line.as_slice(), &["web", "anonymous", "", "", "", "", ""]].concat();
        let read = |columns: &[&str]| lines(&columns.join("\u{1f}"), |_| ());
        assert_eq!(read(&line), Ok(1));
        read(&line[1..]).unwrap_err();
        read(&[&line[..], &["one more"]].concat()).unwrap_err();
        for (at, wrong) in
            [(1, ""), (1, "3.2.2022"), (2, "2022-02-30"), (3, "somewhere"), (5, "x"), (11, "1.5"), (13, "-")]
        {
            let mut changed = line.clone();
            changed[at] = wrong;
            read(&changed).unwrap_err();
        }
    }
}
