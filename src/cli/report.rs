use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use clap::Args;

use super::{CommandError, serve};
use crate::{
    app::App,
    config::Config,
    reference::Language,
    reports::{self, Asker, Format, Report as Document, ReportKind, ReportQuery},
    units, web,
};

/// Figures of a period as one document. Nothing leaves that points at a person, but small figures do: a report is for
/// the police, and what the public gets is a release.
#[derive(Args)]
pub(super) struct Report {
    /// movement or full.
    #[arg(default_value = "movement", value_parser = |text: &str| text.parse::<ReportKind>())]
    kind: ReportKind,
    /// 2023, 2023-Q2, 2023-06 or 2021-2023.
    #[arg(long, value_name = "PERIOD", value_parser = period, conflicts_with_all = ["from", "to"])]
    period: Option<(NaiveDate, NaiveDate)>,
    /// First day: 2023-05-15.
    #[arg(long, value_name = "DAY", requires = "to", required_unless_present = "period")]
    from: Option<NaiveDate>,
    /// Last day; it belongs to the period.
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
    /// As it stood at the end of this day.
    #[arg(long, value_name = "DAY")]
    as_of: Option<NaiveDate>,
    /// Code of the office whose figures, with all beneath it; without it all offices.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    /// json, csv or xlsx; without it by the name of the file, else json.
    #[arg(long, value_parser = |text: &str| text.parse::<Format>())]
    format: Option<Format>,
    /// vi or en.
    #[arg(long, default_value = "vi", value_parser = language)]
    language: Language,
    /// Write here instead of to the standard output; an existing file is replaced.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn period(text: &str) -> Result<(NaiveDate, NaiveDate), &'static str> {
    reports::period(text).ok_or("2023, 2023-Q2, 2023-06 or 2021-2023")
}

fn language(code: &str) -> Result<Language, &'static str> {
    Language::parse(code).ok_or("vi or en")
}

impl Report {
    /// Makes the report and writes it down; one whose sums do not agree is written too, and then told as a fault.
    pub(super) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let format = self.format.or_else(|| format_of(self.output.as_deref()?)).unwrap_or(Format::Json);
        if format == Format::Xlsx && self.output.is_none() && io::stdout().is_terminal() {
            return Err(CommandError::NoTerminal);
        }
        let app = serve::open(config).await?;
        let made = self.make(&app).await;
        app.db.close().await?;
        let report = made?;
        let bytes = match format {
            Format::Json => web::api::report_json(&report, self.language).into_bytes(),
            Format::Csv => reports::csv(&report, self.language)?,
            Format::Xlsx => reports::xlsx(&report, self.language)?,
        };
        match &self.output {
            Some(path) => write(path, &bytes)?,
            None => io::stdout().lock().write_all(&bytes)?,
        }
        if report.reconciles() { Ok(()) } else { Err(CommandError::DoesNotReconcile) }
    }

    async fn make(&self, app: &App) -> Result<Document, CommandError> {
        let office = match &self.office {
            Some(code) => {
                let office = units::store::office_by_code(app.db.read(), code).await?;
                Some(office.ok_or_else(|| CommandError::NoSuchOffice(code.clone()))?.id)
            }
            None => None,
        };
        // The command line has asked for one or the other.
        let (from, to) = self.period.or(self.from.zip(self.to)).unwrap_or_default();
        let query = ReportQuery { kind: self.kind, from, to, as_of: self.as_of };
        Ok(reports::make_report(app, Asker::Operator(office), &query).await?)
    }
}

fn format_of(path: &Path) -> Option<Format> {
    path.extension()?.to_str()?.to_ascii_lowercase().parse().ok()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    fs::write(path, bytes).map_err(|source| CommandError::File { path: path.to_owned(), source })
}
