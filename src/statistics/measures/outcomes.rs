use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::Kind;

pub const OUTCOMES: Definition = Definition {
    code: "outcomes",
    label: ["Kết quả xử lý", "Outcomes"],
    form: Form::Count,
    reads: Reads::Sum(&[Term::plus(Kind::Outcome)]),
    has_detail: true,
    rule: 1,
    rule_text: [
        "Kết quả được tính vào ngày quyết định, theo tin đầu tiên của vụ việc; không tính hai lần.",
        "An outcome counts on the day of the decision, for the first tip of its case; never twice.",
    ],
};
