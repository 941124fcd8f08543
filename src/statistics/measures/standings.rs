//! Where tips stand: every tip received is open, transferred or resolved.

use super::{
    Form,
    definition::{Definition, Reads, Term},
};
use crate::statistics::ledger::{DUPLICATE, HANDLED, Kind, NOT_POLICE, SPAM, TEST, TRANSFERRED};

const ENDINGS: [&str; 5] = [HANDLED, DUPLICATE, SPAM, TEST, NOT_POLICE];
const ENDED: [Term; 2] = [Term::plus(Kind::Settled).of(&ENDINGS), Term::minus(Kind::Unsettled).of(&ENDINGS)];
const PASSED_ON: [Term; 2] =
    [Term::plus(Kind::Settled).of(&[TRANSFERRED]), Term::minus(Kind::Unsettled).of(&[TRANSFERRED])];

pub const RESOLVED: Definition = Definition {
    code: "resolved",
    label: ["Tin đã giải quyết", "Tips resolved"],
    form: Form::Count,
    reads: Reads::Sum(&ENDED),
    has_detail: true,
    rule: 1,
    rule_text: [
        "Tin tiếp nhận trong kỳ đã có kết quả xử lý hoặc đã khép lại (trùng, rác, thử, không thuộc thẩm quyền).",
        "Tips received in the period that were handled or closed (duplicate, spam, test, no police matter).",
    ],
};

pub const TRANSFERS: Definition = Definition {
    code: "transferred",
    label: ["Tin đã chuyển nơi khác", "Tips transferred"],
    form: Form::Count,
    reads: Reads::Sum(&PASSED_ON),
    has_detail: false,
    rule: 1,
    rule_text: [
        "Tin tiếp nhận trong kỳ đã chuyển cơ quan khác.",
        "Tips received in the period that were passed to another agency.",
    ],
};

pub const OPEN: Definition = Definition {
    code: "open",
    label: ["Tin đang xử lý", "Tips still open"],
    form: Form::Count,
    reads: Reads::Sum(&[
        Term::plus(Kind::Received),
        Term::minus(Kind::HandedOver),
        Term::plus(Kind::TakenOver),
        Term::minus(Kind::Settled),
        Term::plus(Kind::Unsettled),
    ]),
    has_detail: false,
    rule: 1,
    rule_text: [
        "Tin tiếp nhận trong kỳ chưa giải quyết và chưa chuyển.",
        "Tips received in the period that are neither resolved nor transferred.",
    ],
};

/// Of what was not passed on; the national target is 90 % or more.
pub const RESOLVED_SHARE: Definition = Definition {
    code: "resolved_share",
    label: ["Tỷ lệ giải quyết", "Share resolved"],
    form: Form::Permille { target: Some(900) },
    reads: Reads::Share {
        part: &ENDED,
        whole: &[
            Term::plus(Kind::Received),
            Term::minus(Kind::HandedOver),
            Term::plus(Kind::TakenOver),
            Term::minus(Kind::Settled).of(&[TRANSFERRED]),
            Term::plus(Kind::Unsettled).of(&[TRANSFERRED]),
        ],
    },
    has_detail: false,
    rule: 1,
    rule_text: [
        "Số tin đã giải quyết chia cho số tin tiếp nhận trong kỳ trừ số đã chuyển; chỉ tiêu từ 90 %.",
        "Tips resolved divided by tips received in the period less those transferred; the target is 90 % or more.",
    ],
};
