//! A report as one table of lines, for programs and for spreadsheets: each line says of which part it is.

use super::{
    Number, WriteError,
    document::{Column, Report, Row, Table},
    inert::inert,
    words,
};
use crate::reference::Language;

/// Columns of every line. Figures stand in `value` with a decimal point; everything else there is text.
pub const HEAD: [&str; 9] = ["part", "key", "label", "row", "row_label", "column", "column_label", "unit", "value"];

/// By this mark spreadsheets know that the text is UTF-8; without it they spoil Vietnamese.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes a report as CSV (RFC 4180).
pub fn csv(report: &Report, language: Language) -> Result<Vec<u8>, WriteError> {
    let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut lines = Lines { csv: writer, language };
    lines.csv.write_record(HEAD)?;
    for (key, label, text) in words::about(report, language) {
        lines.text("about", key, &label, &text)?;
    }
    for paragraph in &report.paragraphs {
        lines.text("text", paragraph.key, "", paragraph.text.text(language))?;
    }
    for table in &report.tables {
        lines.table(table)?;
    }
    lines.checks(report)?;
    for rule in &report.rules {
        let version = rule.version.to_string();
        let label = rule.label.text(language);
        lines.line(["rule", &rule.key, label, "", "", "version", &version, "", rule.text.text(language)])?;
    }
    let body = lines.csv.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok([BYTE_ORDER_MARK.as_bytes(), &body].concat())
}

struct Lines {
    csv: csv::Writer<Vec<u8>>,
    language: Language,
}

impl Lines {
    /// A line whose every text is inert. Figures never pass here: a minus before one is no formula.
    fn line(&mut self, texts: [&str; 9]) -> Result<(), csv::Error> {
        self.csv.write_record(texts.map(inert))
    }

    fn text(&mut self, part: &str, key: &str, label: &str, text: &str) -> Result<(), csv::Error> {
        self.line([part, key, label, "", "", "", "", "", text])
    }

    fn table(&mut self, table: &Table) -> Result<(), csv::Error> {
        for row in &table.rows {
            for (column, value) in table.columns.iter().zip(&row.values) {
                let value = value.map_or(String::new(), Number::plain);
                self.figure(table, row, column, &value)?;
            }
        }
        Ok(())
    }

    fn figure(&mut self, table: &Table, row: &Row, column: &Column, value: &str) -> Result<(), csv::Error> {
        let language = self.language;
        let unit = row.unit.as_ref().map_or("", |unit| unit.text(language));
        let texts = [
            "table",
            table.key,
            table.title.text(language),
            &row.key,
            row.label.text(language),
            &column.key,
            column.label.text(language),
            unit,
        ];
        let texts = texts.map(inert);
        self.csv.write_record(texts.iter().map(String::as_str).chain([value]))
    }

    fn checks(&mut self, report: &Report) -> Result<(), csv::Error> {
        let columns = words::check_columns();
        for check in &report.checks {
            let holds = words::holds(check.holds()).text(self.language).to_owned();
            let label = inert(check.label.text(self.language));
            let values = [check.left.plain(), check.right.plain(), holds];
            for ((column, head), value) in columns.iter().zip(&values) {
                let head = inert(head.text(self.language));
                let texts = ["check", &check.key, &label, "", "", column, &head, "", value];
                self.csv.write_record(texts)?;
            }
        }
        Ok(())
    }
}
