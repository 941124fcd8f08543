//! Whether police and reporters talk with each other: questions asked, and how many of them were answered.

use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::Kind;

const RULE: [&str; 2] = [
    "Hỏi lại khi chưa có trả lời vẫn là một câu hỏi; tính theo ngày tiếp nhận tin.",
    "Asking again before an answer came is still one question; counted by the day on which the tip came in.",
];

pub const QUESTIONS_ASKED: Definition = Definition {
    code: "questions_asked",
    label: ["Câu hỏi gửi người báo tin", "Questions to reporters"],
    form: Form::Count,
    reads: Reads::Sum(&[Term::plus(Kind::Asked)]),
    has_detail: false,
    rule: 1,
    rule_text: RULE,
};

pub const QUESTIONS_ANSWERED: Definition = Definition {
    code: "questions_answered",
    label: ["Câu hỏi được trả lời", "Questions answered"],
    reads: Reads::Sum(&[Term::plus(Kind::Answered)]),
    ..QUESTIONS_ASKED
};

pub const TWO_WAY_SHARE: Definition = Definition {
    code: "two_way_share",
    label: ["Tỷ lệ câu hỏi được trả lời", "Share of questions answered"],
    form: Form::Permille { target: None },
    reads: Reads::Share { part: &[Term::plus(Kind::Answered)], whole: &[Term::plus(Kind::Asked)] },
    ..QUESTIONS_ASKED
};
