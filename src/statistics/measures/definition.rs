//! How a measure is made of facts. A measure is a `Definition` in a file of its own, and nothing else.

use super::Form;
use crate::statistics::ledger::Kind;

/// A measure: what it is called, what it is made of, and by which rule.
#[derive(Debug)]
pub struct Definition {
    pub code: &'static str,
    /// Vietnamese and English.
    pub label: [&'static str; 2],
    pub form: Form,
    pub reads: Reads,
    /// Whether its details can be told apart: only where all its facts have them.
    pub has_detail: bool,
    /// The version of its rule, and the rule in words.
    pub rule: i32,
    pub rule_text: [&'static str; 2],
}

/// What is added up, divided or ranked.
#[derive(Debug)]
pub enum Reads {
    Sum(&'static [Term]),
    /// Thousandths that the part is of the whole.
    Share {
        part: &'static [Term],
        whole: &'static [Term],
    },
    /// Days of the facts of a kind: those of the one that so many of a hundred do not exceed.
    Percentile {
        kind: Kind,
        percent: i64,
    },
}

/// Facts of a kind that add to a sum, or take away from it.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub kind: Kind,
    pub sign: i64,
    pub details: Details,
    /// Amounts in this unit of measure are added up; none: facts are counted.
    pub amount: Option<&'static str>,
    /// Only what counts by this version of the rule.
    pub rule: Option<i32>,
}

/// Which details count.
#[derive(Clone, Copy, Debug)]
pub enum Details {
    All,
    OneOf(&'static [&'static str]),
    /// This one, and what is finer: `drugs` and `drugs:heroin`.
    Within(&'static str),
}

impl Term {
    pub const fn plus(kind: Kind) -> Self {
        Self { kind, sign: 1, details: Details::All, amount: None, rule: None }
    }

    pub const fn minus(kind: Kind) -> Self {
        Self { sign: -1, ..Self::plus(kind) }
    }

    pub const fn of(self, details: &'static [&'static str]) -> Self {
        Self { details: Details::OneOf(details), ..self }
    }

    pub const fn by_rule(self, rule: i32) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// What outcomes brought in of a kind, in a unit of measure.
    pub const fn brought_in(kind: &'static str, unit: &'static str) -> Self {
        Self { details: Details::Within(kind), amount: Some(unit), ..Self::plus(Kind::Yield) }
    }

    /// Whether a fact of this kind, detail, unit of measure and rule is meant.
    pub fn means(&self, kind: Kind, detail: &str, amount_unit: &str, rule: i32) -> bool {
        self.kind == kind
            && self.details.hold(detail)
            && self.amount.is_none_or(|unit| unit == amount_unit)
            && self.rule.is_none_or(|wanted| wanted == rule)
    }
}

impl Details {
    fn hold(self, detail: &str) -> bool {
        match self {
            Self::All => true,
            Self::OneOf(some) => some.contains(&detail),
            Self::Within(kind) => detail.split_once(':').map_or(detail, |(kind, _)| kind) == kind,
        }
    }
}

impl Reads {
    /// What is added up for a figure: of a share, first the part.
    pub fn terms(&self) -> impl Iterator<Item = &'static Term> {
        let (part, whole): (&'static [Term], &'static [Term]) = match self {
            Self::Sum(terms) => (terms, &[]),
            Self::Share { part, whole } => (part, whole),
            Self::Percentile { .. } => (&[], &[]),
        };
        part.iter().chain(whole)
    }

    /// The kinds of facts that are read, each once.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.terms().map(|term| term.kind).collect();
        if let Self::Percentile { kind, .. } = self {
            kinds.push(*kind);
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}
