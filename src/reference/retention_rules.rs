//! How long tips are kept.

use chrono::{Months, NaiveDate};
use serde::Deserialize;

use super::{DatedRow, Label, ReferenceError};

/// How long tips of some states are kept, counted from the day on which they were settled.
///
/// The lengths that ship are a beginning and no legal advice: each deployment enters its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    pub code: String,
    /// Of the rules that fit a tip, the one with the lowest holds.
    pub order: u16,
    pub label: Label,
    states: Vec<String>,
    /// Empty: of all categories.
    categories: Vec<String>,
    /// Empty: whatever came of its cases. Else something came, and nothing but these.
    outcomes: Vec<String>,
    words: Months,
    row: Months,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    order: u16,
    label: Label,
    states: Vec<String>,
    categories: Vec<String>,
    outcomes: Vec<String>,
    words_months: u32,
    row_months: u32,
}

impl RetentionRule {
    pub(super) fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let Body { order, label, states, categories, outcomes, words_months, row_months } = row.read()?;
        if states.is_empty() || words_months == 0 || row_months < words_months {
            return Err(ReferenceError::Retention { row: row.name() });
        }
        let (words, row_after) = (Months::new(words_months), Months::new(row_months));
        Ok(Self { code: row.key.clone(), order, label, states, categories, outcomes, words, row: row_after })
    }

    /// Whether the rule is for a tip of this state and category, whose cases had these outcomes.
    #[must_use]
    pub fn fits(&self, state: &str, category: &str, outcomes: &[String]) -> bool {
        let among = |list: &[String], code: &str| list.iter().any(|listed| listed == code);
        let of_category = self.categories.is_empty() || among(&self.categories, category);
        let came_of_it = !outcomes.is_empty() && outcomes.iter().all(|outcome| among(&self.outcomes, outcome));
        among(&self.states, state) && of_category && (self.outcomes.is_empty() || came_of_it)
    }

    /// All states that some tip of this rule can have.
    #[must_use]
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// Months after which its words go, and those after which its row does.
    #[must_use]
    pub fn months(&self) -> (u32, u32) {
        (self.words.as_u32(), self.row.as_u32())
    }

    /// The day on which the words of a tip go that was settled on a day; none: after all calendars.
    #[must_use]
    pub fn words_until(&self, settled: NaiveDate) -> Option<NaiveDate> {
        settled.checked_add_months(self.words)
    }

    /// The day on which its row goes.
    #[must_use]
    pub fn row_until(&self, settled: NaiveDate) -> Option<NaiveDate> {
        settled.checked_add_months(self.row)
    }
}
