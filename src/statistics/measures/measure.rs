//! All measures by name. A new one is its file and a line here.

use std::{fmt, str::FromStr};

use super::{
    Form, cases_opened, definition::Definition, misuse, outcomes, received, standings, two_way, valuable_share,
    valuable_sources, waiting, yields,
};
use crate::reference::Label;

macro_rules! measures {
    ($($name:ident = $definition:expr),+ $(,)?) => {
        /// What is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Measure { $($name),+ }

        impl Measure {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub fn definition(self) -> &'static Definition {
                match self { $(Self::$name => const { &$definition }),+ }
            }
        }
    };
}

measures! {
    Received = received::RECEIVED,
    ValuableSources = valuable_sources::VALUABLE_SOURCES,
    ValuableShare = valuable_share::VALUABLE_SHARE,
    CasesOpened = cases_opened::CASES_OPENED,
    Outcomes = outcomes::OUTCOMES,
    Resolved = standings::RESOLVED,
    Transferred = standings::TRANSFERS,
    Open = standings::OPEN,
    ResolvedShare = standings::RESOLVED_SHARE,
    Misuse = misuse::MISUSE,
    FirstLookMedian = waiting::FIRST_LOOK_MEDIAN,
    FirstLookP90 = waiting::FIRST_LOOK_P90,
    AcceptanceMedian = waiting::ACCEPTANCE_MEDIAN,
    AcceptanceP90 = waiting::ACCEPTANCE_P90,
    DecisionMedian = waiting::DECISION_MEDIAN,
    DecisionP90 = waiting::DECISION_P90,
    QuestionsAsked = two_way::QUESTIONS_ASKED,
    QuestionsAnswered = two_way::QUESTIONS_ANSWERED,
    TwoWayShare = two_way::TWO_WAY_SHARE,
    Cases = yields::CASES,
    Persons = yields::PERSONS,
    DrugsGrams = yields::DRUGS_GRAMS,
    DrugsPills = yields::DRUGS_PILLS,
    GunsMilitary = yields::GUNS_MILITARY,
    GunsHomeMade = yields::GUNS_HOME_MADE,
    Rounds = yields::ROUNDS,
    Explosives = yields::EXPLOSIVES,
    Fireworks = yields::FIREWORKS,
    Property = yields::PROPERTY,
    Cash = yields::CASH,
    Vehicles = yields::VEHICLES,
    Timber = yields::TIMBER,
    Fines = yields::FINES,
    VictimsRescued = yields::VICTIMS_RESCUED,
    Surrenders = yields::SURRENDERS,
}

/// The text is no measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no measure")]
pub struct UnknownMeasure;

impl Measure {
    pub fn as_str(self) -> &'static str {
        self.definition().code
    }

    pub fn form(self) -> Form {
        self.definition().form
    }

    /// Whether the cells of a table add up to its total: shares and days never do.
    pub fn is_additive(self) -> bool {
        match self.form() {
            Form::Count | Form::Milli(_) => true,
            Form::Permille { .. } | Form::Days => false,
        }
    }

    pub fn has_detail(self) -> bool {
        self.definition().has_detail
    }

    pub fn label(self) -> Label {
        let [vi, en] = self.definition().label.map(str::to_owned);
        Label { vi, en }
    }

    /// The version of the rule by which it is counted.
    pub fn rule(self) -> i32 {
        self.definition().rule
    }

    /// The rule in words.
    pub fn rule_text(self) -> Label {
        let [vi, en] = self.definition().rule_text.map(str::to_owned);
        Label { vi, en }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        Self::ALL.iter().copied().find(|measure| measure.as_str() == text).ok_or(UnknownMeasure)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::reference::{self, Reference};

    #[test]
    fn every_measure_has_a_name_of_its_own_and_a_rule() {
        let codes: BTreeSet<&str> = Measure::ALL.iter().map(|measure| measure.as_str()).collect();
        assert_eq!(codes.len(), Measure::ALL.len());
        for measure in Measure::ALL.iter().copied() {
            assert_eq!(measure.as_str().parse(), Ok(measure));
            assert!(measure.rule() > 0 && !measure.rule_text().vi.is_empty() && !measure.label().en.is_empty());
        }
    }

    #[test]
    fn everything_that_outcomes_can_bring_in_is_measured() {
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        for kind in reference.yield_kinds_on("2023-06-01".parse().unwrap()) {
            for unit in &kind.units {
                let measures = Measure::ALL.iter().filter(|measure| {
                    let mut terms = measure.definition().reads.terms();
                    terms.any(|term| term.means(crate::statistics::ledger::Kind::Yield, &kind.code, unit, 0))
                });
                assert_eq!(measures.count(), 1, "{} in {unit}", kind.code);
            }
        }
    }
}
