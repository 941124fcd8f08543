use super::{
    Form,
    definition::{Definition, Reads},
    received::HERE,
    valuable_sources::COUNTED,
};
pub const VALUABLE_SHARE: Definition = Definition {
    code: "valuable_share",
    label: ["Tỷ lệ nguồn tin có giá trị", "Share of valuable sources"],
    form: Form::Permille { target: None },
    reads: Reads::Share { part: &COUNTED, whole: &HERE },
    has_detail: false,
    rule: 1,
    rule_text: [
        "Số nguồn tin có giá trị (theo ngày có kết quả quyết định) chia cho số tin tiếp nhận trong kỳ.",
        "Valuable sources (by the day of the deciding outcome) divided by the tips received in the period.",
    ],
};
