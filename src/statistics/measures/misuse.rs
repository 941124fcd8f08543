use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::{DUPLICATE, Kind, SPAM, TEST};

const ENDINGS: [&str; 3] = [DUPLICATE, SPAM, TEST];

/// The outcome of a malicious report.
const FALSE: &str = "sai_su_that";

pub const MISUSE: Definition = Definition {
    code: "misuse",
    label: ["Tin trùng, tin rác, tin thử, tin sai sự thật", "Duplicates, spam, tests and false reports"],
    form: Form::Count,
    reads: Reads::Sum(&[
        Term::plus(Kind::Settled).of(&ENDINGS),
        Term::minus(Kind::Unsettled).of(&ENDINGS),
        Term::plus(Kind::Outcome).of(&[FALSE]),
    ]),
    has_detail: true,
    rule: 1,
    rule_text: [
        "Tin trùng, rác, thử tính theo ngày tiếp nhận; tin cố ý sai sự thật tính theo ngày kết luận.",
        "Duplicates, spam and tests count by the day they came in; wilfully false reports by the day of the finding.",
    ],
};
