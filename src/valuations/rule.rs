//! What makes a source valuable: versioned, and printed with every count.

use crate::reference::{Language, Qualifies};

/// The version of the rule. It is kept with every valuation: what counted by one version never counts by another.
pub const RULE: i32 = 1;

pub const VI: &str = "Một nguồn tin được tính một lần, vào kỳ có kết quả xử lý quyết định, khi một cán bộ ký xác nhận và một \
    cán bộ khác có thẩm quyền duyệt, và có ít nhất một căn cứ: kết quả là khởi tố, xử phạt vi phạm hành chính, ngăn \
    chặn, thu hồi, bắt truy nã, đưa đi cai nghiện, hoặc chuyển cơ quan khác đã xác nhận có xử lý; hoặc kết quả có thu \
    giữ, số vụ, số đối tượng lớn hơn 0; hoặc nguồn tin giúp xác định, khẳng định người hoặc địa điểm trong vụ việc \
    đang có. Tin trùng được gộp vào tin đầu tiên. Nguồn tin bị hủy có lý do thì không tính từ ngày hủy.";

pub const EN: &str = "A source counts once, in the period of the deciding outcome, when one officer attests it and a \
    different officer with the right confirms it, and at least one ground holds: the outcome is a prosecution, an \
    administrative penalty, a prevention, a recovery, the arrest of a wanted person, rehabilitation, or a transfer \
    with confirmed action; or it yielded something above 0; or it identified or confirmed a person or place in an \
    existing case. A duplicate folds into the first. Once revoked, with a reason, it counts no more from that day on.";

/// The current version in words.
pub fn text(language: Language) -> &'static str {
    match language {
        Language::Vi => VI,
        Language::En => EN,
    }
}

/// Whether at least one ground of the rule holds.
pub fn qualifies(kind: Qualifies, action_confirmed: bool, has_yield: bool, identified: bool) -> bool {
    let by_outcome = match kind {
        Qualifies::Always => true,
        Qualifies::WithAction => action_confirmed,
        Qualifies::Never => false,
    };
    by_outcome || has_yield || identified
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{self, Reference};

    fn kind() -> impl Strategy<Value = Qualifies> {
        prop::sample::select(Qualifies::ALL)
    }

    #[test]
    fn the_shipped_kinds_are_those_of_the_rule() {
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        let day = "2023-06-01".parse().unwrap();
        let codes = |confirmed: bool| -> Vec<String> {
            let kinds = reference.outcome_kinds_on(day).into_iter();
            kinds
                .filter(|kind| qualifies(kind.qualifies, confirmed, false, false))
                .map(|kind| kind.code.clone())
                .collect()
        };
        assert_eq!(codes(false), ["khoi_to", "xphc", "cai_nghien", "ngan_chan", "thu_hoi", "bat_truy_na"]);
        assert_eq!(codes(true), ["khoi_to", "chuyen", "xphc", "cai_nghien", "ngan_chan", "thu_hoi", "bat_truy_na"]);
    }

    proptest! {
        #[test]
        fn any_one_ground_is_enough(kind in kind(), action: bool, has_yield: bool, identified: bool) {
            let holds = qualifies(kind, action, has_yield, identified);
            prop_assert!(holds || !(has_yield || identified || kind == Qualifies::Always));
            // Another ground never takes value away.
            prop_assert!(!holds || qualifies(kind, true, has_yield, identified));
            prop_assert!(!holds || qualifies(kind, action, true, identified));
            prop_assert!(!holds || qualifies(kind, action, has_yield, true));
        }

        #[test]
        fn without_a_ground_nothing_counts(action: bool) {
            prop_assert!(!qualifies(Qualifies::Never, action, false, false));
            prop_assert!(!qualifies(Qualifies::WithAction, false, false, false));
        }
    }
}
