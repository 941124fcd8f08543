use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::Kind;

/// Tips count where they are now: one that was handed over, at the office that took it.
pub(super) const HERE: [Term; 3] =
    [Term::plus(Kind::Received), Term::minus(Kind::HandedOver), Term::plus(Kind::TakenOver)];

pub const RECEIVED: Definition = Definition {
    code: "received",
    label: ["Tin tiếp nhận", "Tips received"],
    form: Form::Count,
    reads: Reads::Sum(&HERE),
    has_detail: false,
    rule: 1,
    rule_text: [
        "Mỗi tin được tính một lần, vào ngày tiếp nhận, cho đơn vị xử lý chính.",
        "A tip counts once, on the day on which it came in, for the office that works it.",
    ],
};
