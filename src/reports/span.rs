//! A period in words.

use chrono::{Datelike, NaiveDate};

use super::words;
use crate::{
    reference::{Label, Language},
    statistics::periods::Period,
};

/// Kinds of periods that have a name, the plainest first.
const NAMED: [Period; 7] = [
    Period::Month,
    Period::Quarter,
    Period::Year,
    Period::PoliceMonth,
    Period::SafetyYear,
    Period::ProcuracyYear,
    Period::SchoolYear,
];

/// How a report's head names a period: `Năm 2023`, `Năm 2021-2023`, or its days.
pub fn name_of(from: NaiveDate, to: NaiveDate) -> Label {
    if let Some(period) = named(from, to) {
        return period.label_of(&period.key_of(from));
    }
    match years(from, to) {
        Some((first, last)) => words::both(&format!("Năm {first}-{last}"), &format!("{first}-{last}")),
        None => words::both(
            &format!("Từ ngày {} đến ngày {}", words::day(from, Language::Vi), words::day(to, Language::Vi)),
            &format!("{} to {}", words::day(from, Language::En), words::day(to, Language::En)),
        ),
    }
}

/// How a sentence names it: `năm 2023`, `từ năm 2021-2023`, `từ ngày 15/05/2023 đến ngày 14/06/2023`.
pub fn in_a_sentence(from: NaiveDate, to: NaiveDate) -> Label {
    let name = name_of(from, to);
    let from_year = if years(from, to).is_some() { "từ " } else { "" };
    let vi = format!("{from_year}{}", uncapitalised(&name.vi));
    let en = match named(from, to) {
        Some(Period::Month | Period::PoliceMonth | Period::Year) => format!("In {}", name.en),
        Some(Period::Quarter | Period::SafetyYear | Period::ProcuracyYear | Period::SchoolYear) => {
            format!("In {}", uncapitalised(&name.en))
        }
        None if years(from, to).is_some() => format!("In {}", name.en),
        None => format!("From {}", name.en),
    };
    Label { vi, en }
}

fn named(from: NaiveDate, to: NaiveDate) -> Option<Period> {
    NAMED.into_iter().find(|period| period.around(from) == (from, to))
}

/// Reads a period's short name: `2023`, `2023-Q2`, `2023-06`, `2021-2023`.
pub fn period(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (first, rest) = text.split_once('-').unwrap_or((text, ""));
    let january = |year: &str| NaiveDate::from_ymd_opt(number(year, 4)?, 1, 1);
    let january_of_first = january(first)?;
    let month = |month: u32| january_of_first.with_month(month);
    match (rest.len(), rest.strip_prefix('Q')) {
        (0, _) => (text.len() == 4).then(|| Period::Year.around(january_of_first)),
        (2, Some(quarter)) => {
            let quarter = number(quarter, 1)?.checked_sub(1)?;
            Some(Period::Quarter.around(month(u32::try_from(quarter).ok()? * 3 + 1)?))
        }
        (2, None) => Some(Period::Month.around(month(u32::try_from(number(rest, 2)?).ok()?)?)),
        (4, _) => {
            let last = january(rest)?;
            (january_of_first < last).then(|| (january_of_first, Period::Year.around(last).1))
        }
        (_, _) => None,
    }
}

fn number(text: &str, digits: usize) -> Option<i32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// First and last, if it is made of whole calendar years and of more than one.
fn years(from: NaiveDate, to: NaiveDate) -> Option<(i32, i32)> {
    let whole = (from.month(), from.day(), to.month(), to.day()) == (1, 1, 12, 31);
    (whole && from.year() < to.year()).then(|| (from.year(), to.year()))
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_named_as_police_name_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (from, to, head, sentence, english) in [
            ("2021-01-01", "2023-12-31", "Năm 2021-2023", "từ năm 2021-2023", "In 2021-2023"),
            ("2023-01-01", "2023-12-31", "Năm 2023", "năm 2023", "In 2023"),
            ("2023-04-01", "2023-06-30", "Quý 2/2023", "quý 2/2023", "In quarter 2, 2023"),
            ("2023-06-01", "2023-06-30", "Tháng 6/2023", "tháng 6/2023", "In June 2023"),
            (
                "2022-11-01",
                "2023-10-31",
                "Năm an toàn khu dân cư 2023",
                "năm an toàn khu dân cư 2023",
                "In residential safety year 2023",
            ),
            (
                "2023-06-02",
                "2023-07-09",
                "Từ ngày 02/06/2023 đến ngày 09/07/2023",
                "từ ngày 02/06/2023 đến ngày 09/07/2023",
                "From 2 June 2023 to 9 July 2023",
            ),
        ] {
            assert_eq!(name_of(day(from), day(to)).vi, head);
            assert_eq!(in_a_sentence(day(from), day(to)).vi, sentence);
            assert_eq!(in_a_sentence(day(from), day(to)).en, english);
        }
    }

    #[test]
    fn short_names_are_read() {
        let read = |text: &str| period(text).map(|(from, to)| format!("{from} {to}"));
        for (text, span) in [
            ("2023", "2023-01-01 2023-12-31"),
            ("2023-Q2", "2023-04-01 2023-06-30"),
            ("2024-02", "2024-02-01 2024-02-29"),
            ("2021-2023", "2021-01-01 2023-12-31"),
        ] {
            assert_eq!(read(text).as_deref(), Some(span), "{text}");
        }
        for text in [
            "",
            "23",
            "2023-",
            "2023-Q5",
            "2023-Q0",
            "2023-13",
            "2023-6",
            "2023-2021",
            "2023-2023",
            "2023-06-01",
            "-2023",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
