//! A report as a workbook: a sheet that tells, a sheet for each table, a sheet of rules. Texts are texts and numbers
//! are numbers; no cell holds anything to work out.

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    Number, WriteError,
    document::{Report, Row, TOTAL, Table},
    inert::is_active,
    words,
};
use crate::reference::Language;

/// Writes a report as XLSX. The same report gives the same bytes: it is dated by its figures, not by its making.
pub fn xlsx(report: &Report, language: Language) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let day = report.as_of;
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, to_u8(day.month()), to_u8(day.day()))?;
    let title = report.title.text(language);
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    story(book.add_worksheet(), report, language)?;
    let mut names = vec![words::sheet_report().text(language).to_owned()];
    for table in &report.tables {
        let name = sheet_name(table.title.text(language), &names);
        figures(book.add_worksheet().set_name(&name)?, table, language)?;
        names.push(name);
    }
    rules(book.add_worksheet(), report, (language, &names))?;
    Ok(book.save_to_buffer()?)
}

fn to_u8(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(1)
}

const LABEL_WIDTH: f64 = 44.0;
const UNIT_WIDTH: f64 = 14.0;
const NUMBER_WIDTH: f64 = 18.0;
const TEXT_WIDTH: f64 = 110.0;

/// A4.
const PAPER: u8 = 9;

/// The first sheet: what, of when, whose, the text, and whether the sums agree.
fn story(sheet: &mut Worksheet, report: &Report, language: Language) -> Result<(), XlsxError> {
    paper(sheet.set_name(words::sheet_report().text(language))?)?;
    sheet.set_column_width(0, LABEL_WIDTH)?.set_column_width(1, TEXT_WIDTH)?;
    let (mut row, bold, wrap) = (0, Format::new().set_bold(), wrapped());
    for (_, label, value) in words::about(report, language) {
        text(sheet, (row, 0), &label, &bold)?;
        text(sheet, (row, 1), &value, &wrap)?;
        row += 1;
    }
    row += 1;
    for paragraph in &report.paragraphs {
        text(sheet, (row, 1), paragraph.text.text(language), &wrap)?;
        row += 1;
    }
    row += 1;
    for (at, (_, label)) in (1..).zip(words::check_columns()) {
        text(sheet, (row, at), label.text(language), &bold)?;
    }
    text(sheet, (row, 0), words::checks().text(language), &bold)?;
    for check in &report.checks {
        row += 1;
        text(sheet, (row, 0), check.label.text(language), &wrap)?;
        number(sheet, (row, 1), Some(check.left), false)?;
        number(sheet, (row, 2), Some(check.right), false)?;
        text(sheet, (row, 3), words::holds(check.holds()).text(language), &wrap)?;
    }
    Ok(())
}

/// A table from the first cell on: heads in row 1, one row a line, labels in column A.
fn figures(sheet: &mut Worksheet, table: &Table, language: Language) -> Result<(), XlsxError> {
    paper(sheet)?;
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let with_units = table.rows.iter().any(|row| row.unit.is_some());
    let mut heads = vec![table.head.text(language)];
    let unit_head = words::unit_of_measure();
    if with_units {
        heads.push(unit_head.text(language));
    }
    let first = heads.len();
    heads.extend(table.columns.iter().map(|column| column.label.text(language)));
    for (at, label) in (0..).zip(&heads) {
        text(sheet, (0, at), label, &head)?;
        sheet.set_column_width(at, if usize::from(at) < first { UNIT_WIDTH } else { NUMBER_WIDTH })?;
    }
    sheet.set_column_width(0, LABEL_WIDTH)?.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
    for (at, row) in (1..).zip(&table.rows) {
        line(sheet, at, row, (with_units, language))?;
    }
    Ok(())
}

fn line(sheet: &mut Worksheet, at: u32, row: &Row, (with_units, language): (bool, Language)) -> Result<(), XlsxError> {
    let total = row.key == TOTAL;
    let style = if total { wrapped().set_bold() } else { wrapped() };
    text(sheet, (at, 0), row.label.text(language), &style)?;
    if with_units {
        text(sheet, (at, 1), row.unit.as_ref().map_or("", |unit| unit.text(language)), &style)?;
    }
    for (column, value) in (1 + u16::from(with_units)..).zip(&row.values) {
        number(sheet, (at, column), *value, total)?;
    }
    Ok(())
}

/// The last sheet: by which rule each figure was counted.
fn rules(sheet: &mut Worksheet, report: &Report, (language, names): (Language, &[String])) -> Result<(), XlsxError> {
    paper(sheet.set_name(sheet_name(words::rules().text(language), names))?)?;
    sheet.set_column_width(0, LABEL_WIDTH)?.set_column_width(1, UNIT_WIDTH)?.set_column_width(2, TEXT_WIDTH)?;
    let (bold, wrap) = (Format::new().set_bold(), wrapped());
    for (at, label) in (0..).zip(words::rule_columns()) {
        text(sheet, (0, at), label.text(language), &bold)?;
    }
    for (at, rule) in (1..).zip(&report.rules) {
        text(sheet, (at, 0), rule.label.text(language), &wrap)?;
        number(sheet, (at, 1), Some(Number::whole(rule.version.into())), false)?;
        text(sheet, (at, 2), rule.text.text(language), &wrap)?;
    }
    Ok(())
}

fn paper(sheet: &mut Worksheet) -> Result<&mut Worksheet, XlsxError> {
    Ok(sheet.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(1, 0))
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// Writes a text as a text. One that looks like a formula also bears the mark by which a spreadsheet leaves it alone
/// when somebody edits the cell.
fn text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, style: &Format) -> Result<(), XlsxError> {
    let style = if is_active(text) { style.clone().set_quote_prefix() } else { style.clone() };
    sheet.write_string_with_format(row, column, text, &style)?;
    Ok(())
}

fn number(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: Option<Number>,
    bold: bool,
) -> Result<(), XlsxError> {
    let Some(value) = value else { return Ok(()) };
    let style = Format::new().set_align(FormatAlign::Top);
    let style = style.set_num_format(if value.is_whole() { "#,##0" } else { "#,##0.0##" });
    let style = if bold { style.set_bold() } else { style };
    sheet.write_number_with_format(row, column, value.to_f64(), &style)?;
    Ok(())
}

/// As long as a sheet's name may be.
const NAME_LENGTH: usize = 31;

/// A name that a sheet may bear and that no other bears. Programs take names that differ in case only for the same.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let clean: String =
        title.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let is_free = |name: &String| taken.iter().all(|taken| taken.to_lowercase() != name.to_lowercase());
    let numbered = |number: usize| {
        let ending = if number == 1 { String::new() } else { format!(" {number}") };
        let room = NAME_LENGTH - ending.len();
        let start: String = utf16_prefix(clean.trim(), room);
        format!("{}{ending}", start.trim_end())
    };
    (1..=taken.len() + 1).map(numbered).find(is_free).unwrap_or_default()
}

/// Spreadsheets count letters as UTF-16 does.
fn utf16_prefix(text: &str, room: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= room
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_titles_make_names_that_workbooks_take(titles in prop::collection::vec("\\PC{1,60}|Giá trị", 1..12)) {
            let (mut names, mut book) = (Vec::new(), Workbook::new());
            for title in titles.iter().filter(|title| !title.trim_matches([' ', '\'']).is_empty()) {
                let name = sheet_name(title, &names);
                prop_assume!(!name.is_empty());
                prop_assert!(book.add_worksheet().set_name(&name).is_ok(), "{name:?}");
                names.push(name);
            }
            prop_assert!(names.is_empty() || book.save_to_buffer().is_ok());
        }
    }
}
