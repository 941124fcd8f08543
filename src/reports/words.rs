//! Words that stand in every report.

use chrono::NaiveDate;

use super::document::Report;
use crate::reference::{Label, Language};

pub fn both(vi: &str, en: &str) -> Label {
    Label { vi: vi.to_owned(), en: en.to_owned() }
}

/// A day as people write it.
pub fn day(day: NaiveDate, language: Language) -> String {
    let format = match language {
        Language::Vi => "%d/%m/%Y",
        Language::En => "%-d %B %Y",
    };
    day.format(format).to_string()
}

/// What the report is: keys, labels and texts, in the order to show.
pub fn about(report: &Report, language: Language) -> Vec<(&'static str, String, String)> {
    let line = |key, label: Label, text: &str| (key, label.text(language).to_owned(), text.to_owned());
    let span = |(from, to)| format!("{} - {}", day(from, language), day(to, language));
    let mut lines = vec![
        line("title", both("Tên báo cáo", "Report"), report.title.text(language)),
        line("period", both("Kỳ báo cáo", "Period"), report.period.text(language)),
        line("days", both("Từ ngày - đến ngày", "Days"), &span((report.from, report.to))),
        line("before", both("So với cùng kỳ", "Compared with"), &span(report.before)),
        line("as_of", both("Số liệu tính đến hết ngày", "As known on"), &day(report.as_of, language)),
        line("scope", both("Đơn vị", "Offices"), report.scope.text(language)),
        line("reconciles", both("Đối chiếu số liệu", "Sums"), reconciles(report.reconciles()).text(language)),
    ];
    if report.synthetic {
        lines.push(line("synthetic", both("Lưu ý", "Note"), synthetic().text(language)));
    }
    lines
}

pub fn synthetic() -> Label {
    both("Số liệu mẫu, không có thật.", "Made-up figures, for demonstration only.")
}

pub fn reconciles(holds: bool) -> Label {
    if holds {
        both("Các số liệu khớp nhau.", "All sums agree.")
    } else {
        both(
            "SỐ LIỆU KHÔNG KHỚP: không sử dụng và không công bố báo cáo này.",
            "THE SUMS DO NOT AGREE: do not use or publish this report.",
        )
    }
}

pub fn holds(holds: bool) -> Label {
    if holds { both("khớp", "agrees") } else { both("KHÔNG KHỚP", "DOES NOT AGREE") }
}

pub fn sheet_report() -> Label {
    both("Báo cáo", "Report")
}

pub fn checks() -> Label {
    both("Đối chiếu", "Sums that must agree")
}

/// What is said of each check.
pub fn check_columns() -> [(&'static str, Label); 3] {
    [("left", both("Vế trái", "Left")), ("right", both("Vế phải", "Right")), ("holds", both("Kết quả", "Result"))]
}

pub fn rules() -> Label {
    both("Cách tính", "Rules of counting")
}

pub fn rule_columns() -> [Label; 3] {
    [both("Chỉ tiêu", "Figure"), both("Phiên bản", "Version"), both("Cách tính", "Rule")]
}

pub fn unit_of_measure() -> Label {
    both("Đơn vị tính", "Unit")
}

pub fn total() -> Label {
    both("Tổng số", "Total")
}
