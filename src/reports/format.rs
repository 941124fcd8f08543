use std::{fmt, str::FromStr};

use super::Report;
use crate::platform::fault::{Code, Fault, Public};

/// How a report is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Json,
    Csv,
    Xlsx,
}

/// The text is no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("json, csv or xlsx")]
pub struct UnknownFormat;

impl Format {
    pub const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Xlsx];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.as_str() == text).ok_or(UnknownFormat)
    }
}

/// A report could not be written down. Nothing that anybody asked for is wrong: the texts in it are.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("XLSX: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

impl Fault for WriteError {
    fn public(&self) -> Public {
        match self {
            Self::Csv(_) | Self::Xlsx(_) => Code::Internal.into(),
        }
    }
}

/// What a report's file is called: `movement-2021-01-01-2023-12-31.xlsx`.
pub fn file_name(report: &Report, format: Format) -> String {
    format!("{}-{}-{}.{format}", report.kind, report.from, report.to)
}
