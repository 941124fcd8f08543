//! Meanings of keys, day by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{DatedRow, ReferenceError};

/// Whether what begins with one day and ends with another, or lasts until further notice, holds on a day.
#[must_use]
pub fn holds_on(from: NaiveDate, to: Option<NaiveDate>, day: NaiveDate) -> bool {
    from <= day && to.is_none_or(|last| day <= last)
}

/// What each key meant when; per key without gap or overlap.
#[derive(Clone, Debug)]
pub(super) struct Timeline<T>(BTreeMap<String, Vec<Span<T>>>);

#[derive(Clone, Debug)]
pub(super) struct Span<T> {
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub value: T,
}

impl<T> Span<T> {
    fn holds_on(&self, day: NaiveDate) -> bool {
        holds_on(self.from, self.to, day)
    }

    fn meets(&self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        to.is_none_or(|last| self.from <= last) && self.to.is_none_or(|last| from <= last)
    }
}

impl<T> Timeline<T> {
    /// Reads rows of one kind and checks their days; `read` checks a row by itself.
    pub fn build(
        mut rows: Vec<DatedRow>,
        read: impl Fn(&DatedRow) -> Result<T, ReferenceError>,
    ) -> Result<Self, ReferenceError> {
        rows.sort_by(|a, b| (&a.key, a.valid_from).cmp(&(&b.key, b.valid_from)));
        rows.iter().try_for_each(DatedRow::check_days)?;
        for (before, row) in rows.iter().zip(rows.iter().skip(1)) {
            if before.key == row.key {
                row.check_follows(before)?;
            }
        }
        let mut spans: BTreeMap<String, Vec<Span<T>>> = BTreeMap::new();
        for row in rows {
            let span = Span { from: row.valid_from, to: row.valid_to, value: read(&row)? };
            spans.entry(row.key).or_default().push(span);
        }
        Ok(Self(spans))
    }

    pub fn spans(&self, key: &str) -> &[Span<T>] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.0.values().flatten().map(|span| &span.value)
    }

    /// The first day on which the key means anything.
    pub fn begins(&self, key: &str) -> Option<NaiveDate> {
        self.spans(key).first().map(|span| span.from)
    }

    pub fn on(&self, key: &str, day: NaiveDate) -> Option<&T> {
        self.spans(key).iter().find(|span| span.holds_on(day)).map(|span| &span.value)
    }

    pub fn starting(&self, key: &str, from: NaiveDate) -> Option<&T> {
        self.spans(key).iter().find(|span| span.from == from).map(|span| &span.value)
    }

    /// What holds on a day, lowest rank first, then by key.
    pub fn all_on<R: Ord>(&self, day: NaiveDate, rank: impl Fn(&T) -> R) -> Vec<&T> {
        let spans = self.0.values().flatten().filter(|span| span.holds_on(day));
        let mut values: Vec<&T> = spans.map(|span| &span.value).collect();
        values.sort_by_key(|value| rank(value));
        values
    }

    /// Whether the key means something on every day from `from` to `to` inclusive.
    pub fn covers(&self, key: &str, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        // Spans of a key have no gaps, so only the two ends can be missing.
        let spans = self.spans(key);
        let starts = spans.first().is_some_and(|first| first.from <= from);
        let lasts = spans.last().is_some_and(|span| match (span.to, to) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(last), Some(to)) => to <= last,
        });
        starts && lasts
    }

    /// Every meaning of the key that holds on some day from `from` to `to` inclusive.
    pub fn during(&self, key: &str, from: NaiveDate, to: Option<NaiveDate>) -> impl Iterator<Item = &T> {
        self.spans(key).iter().filter(move |span| span.meets(from, to)).map(|span| &span.value)
    }
}
