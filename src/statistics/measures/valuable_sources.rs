use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::{statistics::ledger::Kind, valuations::rule};

/// Confirmed and not revoked.
pub const COUNTED: [Term; 2] =
    [Term::plus(Kind::Confirmed).by_rule(rule::RULE), Term::minus(Kind::Revoked).by_rule(rule::RULE)];

pub const VALUABLE_SOURCES: Definition = Definition {
    code: "valuable_sources",
    label: ["Nguồn tin có giá trị", "Valuable sources"],
    form: Form::Count,
    reads: Reads::Sum(&COUNTED),
    has_detail: false,
    rule: rule::RULE,
    rule_text: [rule::VI, rule::EN],
};
