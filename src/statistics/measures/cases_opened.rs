use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::Kind;

pub const CASES_OPENED: Definition = Definition {
    code: "cases_opened",
    label: ["Vụ việc lập từ tin", "Cases opened from tips"],
    form: Form::Count,
    reads: Reads::Sum(&[Term::plus(Kind::CaseOpened)]),
    has_detail: false,
    rule: 1,
    rule_text: [
        "Vụ việc được tính vào ngày lập, theo địa bàn, lĩnh vực, kênh của tin đầu tiên.",
        "A case counts on the day on which it was opened, for the place, category and channel of its first tip.",
    ],
};
