use chrono::NaiveDate;

use crate::reference::RetentionRule;

/// What becomes of a tip whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its keys and its words go; what it is counted by stays.
    Words,
    /// The rest of it goes too.
    Row,
}

impl Step {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Row => "row",
        }
    }
}

/// A tip, as far as its time depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub settled: NaiveDate,
    pub has_words: bool,
    /// The last day of a hold.
    pub held_until: Option<NaiveDate>,
}

/// What is due on a day; none: nothing yet, or nothing any more.
pub fn due(rule: &RetentionRule, kept: Kept, today: NaiveDate) -> Option<Step> {
    let over = |until: Option<NaiveDate>| until.is_some_and(|until| until <= today);
    if kept.held_until.is_some_and(|last| today <= last) {
        return None;
    }
    match (over(rule.row_until(kept.settled)), over(rule.words_until(kept.settled)), kept.has_words) {
        (true, _, _) => Some(Step::Row),
        (false, true, true) => Some(Step::Words),
        (false, true, false) | (false, false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{Reference, shipped};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rules() -> Reference {
        Reference::build(shipped().unwrap()).unwrap()
    }

    fn unfounded(reference: &Reference) -> &RetentionRule {
        let outcomes = ["khong_co_that".to_owned()];
        reference.retention_rule_on(day("2024-06-01"), "closed", "ma_tuy", &outcomes).unwrap()
    }

    #[test]
    fn an_unfounded_tip_loses_its_words_first_and_its_row_years_later() {
        let reference = rules();
        let rule = unfounded(&reference);
        assert_eq!(rule.code, "unfounded");
        let kept = Kept { settled: day("2024-01-31"), has_words: true, held_until: None };
        for (today, step) in [
            ("2024-07-30", None),
            ("2024-07-31", Some(Step::Words)),
            ("2029-01-30", Some(Step::Words)),
            ("2029-01-31", Some(Step::Row)),
        ] {
            assert_eq!(due(rule, kept, day(today)), step, "{today}");
        }
        assert_eq!(due(rule, Kept { has_words: false, ..kept }, day("2024-08-01")), None);
        let held = Kept { held_until: Some(day("2030-01-01")), ..kept };
        assert_eq!(due(rule, held, day("2030-01-01")), None);
        assert_eq!(due(rule, held, day("2030-01-02")), Some(Step::Row));
    }

    #[test]
    fn a_rule_is_chosen_by_state_category_and_what_came_of_it() {
        let reference = rules();
        let code = |state: &str, category: &str, outcomes: &[&str]| {
            let outcomes: Vec<String> = outcomes.iter().map(|outcome| (*outcome).to_owned()).collect();
            let rule = reference.retention_rule_on(day("2024-06-01"), state, category, &outcomes);
            rule.map(|rule| rule.code.clone())
        };
        assert_eq!(code("spam", "ma_tuy", &[]).as_deref(), Some("misuse"));
        assert_eq!(code("closed", "giao_thong", &["sai_su_that", "khong_du_tt"]).as_deref(), Some("unfounded"));
        assert_eq!(code("closed", "giao_thong", &["sai_su_that", "xphc"]).as_deref(), Some("closed"));
        assert_eq!(code("closed", "giao_thong", &[]).as_deref(), Some("closed"));
        assert_eq!(code("closed", "ma_tuy", &["khoi_to"]).as_deref(), Some("closed_grave"));
        for open in ["received", "screening", "need_info", "accepted", "verifying", "handled"] {
            assert_eq!(code(open, "ma_tuy", &[]), None, "{open}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_its_time_or_under_a_hold_and_what_is_due_stays_due(
            settled in 0u64..20_000, after in 0u64..20_000, held in prop::option::of(0u64..40_000), has_words: bool,
        ) {
            let reference = rules();
            let rule = unfounded(&reference);
            let at = |days| day("2000-01-01") + chrono::Days::new(days);
            let kept = Kept { settled: at(settled), has_words, held_until: held.map(at) };
            let today = at(settled + after);
            let step = due(rule, kept, today);
            prop_assert!(step.is_none() || kept.held_until.is_none_or(|last| last < today));
            prop_assert!(step.is_none() || rule.words_until(kept.settled).unwrap() <= today);
            prop_assert!(step != Some(Step::Words) || has_words);
            if step.is_some() {
                prop_assert!(due(rule, kept, today + chrono::Days::new(1)).is_some());
            }
        }
    }
}
