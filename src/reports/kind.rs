use std::{fmt, str::FromStr};

use crate::reference::Label;

/// What a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// What residents gave police, as the movement *Toàn dân bảo vệ an ninh Tổ quốc* reports it.
    Movement,
    /// Everything that is counted.
    Full,
}

/// The text is no kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("movement or full")]
pub struct UnknownReportKind;

impl ReportKind {
    pub const ALL: [Self; 2] = [Self::Movement, Self::Full];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Movement => "movement",
            Self::Full => "full",
        }
    }

    pub fn title(self) -> Label {
        let (vi, en) = match self {
            Self::Movement => (
                "Báo cáo nguồn tin của Nhân dân trong phong trào Toàn dân bảo vệ an ninh Tổ quốc",
                "Report on what residents told police in the movement All People Protect National Security",
            ),
            Self::Full => (
                "Báo cáo kết quả tiếp nhận, xử lý nguồn tin của Nhân dân",
                "Report on tips from residents and what came of them",
            ),
        };
        Label { vi: vi.to_owned(), en: en.to_owned() }
    }
}

impl fmt::Display for ReportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReportKind {
    type Err = UnknownReportKind;

    fn from_str(text: &str) -> Result<Self, UnknownReportKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownReportKind)
    }
}
