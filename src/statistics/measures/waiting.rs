//! How long tips wait: for a first look, for acceptance, for a decision. Whole days, because no time of day is kept.

use super::{
    Form,
    definition::{Definition, Reads},
};
use crate::statistics::ledger::Kind;

const MEDIAN: i64 = 50;
const MOST: i64 = 90;

const fn days(
    code: &'static str,
    label: [&'static str; 2],
    kind: Kind,
    percent: i64,
    rule_text: [&'static str; 2],
) -> Definition {
    Definition {
        code,
        label,
        form: Form::Days,
        reads: Reads::Percentile { kind, percent },
        has_detail: false,
        rule: 1,
        rule_text,
    }
}

const LOOK: [&str; 2] = [
    "Số ngày từ khi tiếp nhận đến khi cán bộ xem xét lần đầu, theo ngày tiếp nhận; tin chưa xem xét không tính.",
    "Days from receipt to an officer's first decision, by the day of receipt; tips without one are left out.",
];
const ACCEPTANCE: [&str; 2] = [
    "Số ngày từ khi tiếp nhận đến khi thụ lý lần đầu, theo ngày tiếp nhận; tin chưa thụ lý không tính.",
    "Days from receipt to first acceptance, by the day of receipt; tips that are not accepted are left out.",
];
const DECISION: [&str; 2] = [
    "Số ngày từ khi tiếp nhận đến quyết định đầu tiên, theo ngày quyết định.",
    "Days from receipt to the first decision, by the day of the decision.",
];

pub const FIRST_LOOK_MEDIAN: Definition = days(
    "first_look_median",
    ["Thời gian xem xét lần đầu (trung vị)", "Time to first look (median)"],
    Kind::Screened,
    MEDIAN,
    LOOK,
);
pub const FIRST_LOOK_P90: Definition = days(
    "first_look_p90",
    ["Thời gian xem xét lần đầu (90 % số tin)", "Time to first look (90th percentile)"],
    Kind::Screened,
    MOST,
    LOOK,
);
pub const ACCEPTANCE_MEDIAN: Definition = days(
    "acceptance_median",
    ["Thời gian thụ lý (trung vị)", "Time to acceptance (median)"],
    Kind::Accepted,
    MEDIAN,
    ACCEPTANCE,
);
pub const ACCEPTANCE_P90: Definition = days(
    "acceptance_p90",
    ["Thời gian thụ lý (90 % số tin)", "Time to acceptance (90th percentile)"],
    Kind::Accepted,
    MOST,
    ACCEPTANCE,
);
pub const DECISION_MEDIAN: Definition = days(
    "decision_median",
    ["Thời gian đến quyết định (trung vị)", "Time to decision (median)"],
    Kind::Decided,
    MEDIAN,
    DECISION,
);
pub const DECISION_P90: Definition = days(
    "decision_p90",
    ["Thời gian đến quyết định (90 % số tin)", "Time to decision (90th percentile)"],
    Kind::Decided,
    MOST,
    DECISION,
);
