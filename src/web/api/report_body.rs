//! A report as JSON, in one language.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{
    reference::Language,
    reports::{Number, Report, Row, Table},
};

/// A report as JSON: the same for the API and for the command line.
pub fn report_json(report: &Report, language: Language) -> String {
    // Texts and numbers only: serialization has no way to fail.
    serde_json::to_string_pretty(&ReportBody::of(report, language)).unwrap_or_default() + "\n"
}

#[derive(Serialize, ToSchema)]
pub struct ReportBody {
    kind: &'static str,
    title: String,
    /// The period in words.
    period: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The same period before, which it is compared with.
    before_from: NaiveDate,
    before_to: NaiveDate,
    /// The day whose knowledge it is.
    as_of: NaiveDate,
    /// Whose figures.
    scope: String,
    /// The ledger is made up, for demonstration.
    synthetic: bool,
    /// All sums agree; false: not to be used, and not to be published.
    reconciles: bool,
    paragraphs: Vec<ReportParagraph>,
    tables: Vec<ReportTable>,
    checks: Vec<ReportCheck>,
    rules: Vec<ReportRule>,
}

#[derive(Serialize, ToSchema)]
struct ReportParagraph {
    key: &'static str,
    text: String,
}

#[derive(Serialize, ToSchema)]
struct ReportTable {
    key: &'static str,
    title: String,
    /// Head of the rows' labels.
    head: String,
    columns: Vec<ReportColumn>,
    /// The last one, `total`, adds up the others, where they can be added up.
    rows: Vec<ReportRow>,
}

#[derive(Serialize, ToSchema)]
struct ReportColumn {
    key: String,
    label: String,
}

#[derive(Serialize, ToSchema)]
struct ReportRow {
    /// A code, or `total`.
    key: String,
    label: String,
    /// What its figures are measured in, where that is not plain.
    #[schema(required)]
    unit: Option<String>,
    /// One for each column; null: nothing to show, such as a share of nothing.
    #[schema(value_type = Vec<Option<f64>>)]
    values: Vec<Option<Figure>>,
}

#[derive(Serialize, ToSchema)]
struct ReportCheck {
    key: String,
    label: String,
    #[schema(value_type = f64)]
    left: Figure,
    #[schema(value_type = f64)]
    right: Figure,
    holds: bool,
}

#[derive(Serialize, ToSchema)]
struct ReportRule {
    /// Of which figure.
    key: String,
    label: String,
    version: i32,
    text: String,
}

/// A JSON number; a whole one without a point.
struct Figure(Number);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_i64() {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.0.to_f64()),
        }
    }
}

impl ReportBody {
    fn of(report: &Report, language: Language) -> Self {
        let (before_from, before_to) = report.before;
        Self {
            kind: report.kind.as_str(),
            title: report.title.text(language).to_owned(),
            period: report.period.text(language).to_owned(),
            from: report.from,
            to: report.to,
            before_from,
            before_to,
            as_of: report.as_of,
            scope: report.scope.text(language).to_owned(),
            synthetic: report.synthetic,
            reconciles: report.reconciles(),
            paragraphs: paragraphs(report, language),
            tables: report.tables.iter().map(|table| ReportTable::of(table, language)).collect(),
            checks: checks(report, language),
            rules: rules(report, language),
        }
    }
}

impl ReportTable {
    fn of(table: &Table, language: Language) -> Self {
        let column = |column: &crate::reports::Column| ReportColumn {
            key: column.key.clone(),
            label: column.label.text(language).to_owned(),
        };
        Self {
            key: table.key,
            title: table.title.text(language).to_owned(),
            head: table.head.text(language).to_owned(),
            columns: table.columns.iter().map(column).collect(),
            rows: table.rows.iter().map(|row| ReportRow::of(row, language)).collect(),
        }
    }
}

impl ReportRow {
    fn of(row: &Row, language: Language) -> Self {
        Self {
            key: row.key.clone(),
            label: row.label.text(language).to_owned(),
            unit: row.unit.as_ref().map(|unit| unit.text(language).to_owned()),
            values: row.values.iter().map(|value| value.map(Figure)).collect(),
        }
    }
}

fn paragraphs(report: &Report, language: Language) -> Vec<ReportParagraph> {
    let paragraphs = report.paragraphs.iter();
    paragraphs.map(|one| ReportParagraph { key: one.key, text: one.text.text(language).to_owned() }).collect()
}

fn checks(report: &Report, language: Language) -> Vec<ReportCheck> {
    let check = |check: &crate::reports::Check| ReportCheck {
        key: check.key.clone(),
        label: check.label.text(language).to_owned(),
        left: Figure(check.left),
        right: Figure(check.right),
        holds: check.holds(),
    };
    report.checks.iter().map(check).collect()
}

fn rules(report: &Report, language: Language) -> Vec<ReportRule> {
    let rule = |rule: &crate::reports::Rule| ReportRule {
        key: rule.key.clone(),
        label: rule.label.text(language).to_owned(),
        version: rule.version,
        text: rule.text.text(language).to_owned(),
    };
    report.rules.iter().map(rule).collect()
}
