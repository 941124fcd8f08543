//! All renderings of one report say the same, whatever stands in its texts.

use std::collections::BTreeMap;

use super::{
    Number, ReportKind,
    document::{Check, Column, Paragraph, Report, Row, Rule, TOTAL, Table},
    inert::{inert, is_active},
    words::both,
};
use crate::reference::{Label, Language};

/// Texts that spreadsheets would run if they were let.
const HOSTILE: [&str; 8] = [
    "=1+1",
    "+84 900 000 001",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=HYPERLINK(A1)",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "plain, \"quoted\"\nand broken",
];

pub fn hostile() -> Report {
    let label = |text: &str| both(text, text);
    let row = |(at, text): (usize, &&str)| Row {
        key: format!("row-{at}"),
        label: label(text),
        unit: (at % 2 == 0).then(|| label(text)),
        values: vec![Some(Number::whole(at as i64 - 4)), None, Some(Number::thousandths(1_234_567))],
    };
    let columns = HOSTILE.iter().take(3).enumerate();
    let mut rows: Vec<Row> = HOSTILE.iter().enumerate().map(row).collect();
    rows.push(Row {
        key: TOTAL.to_owned(),
        label: label("Tổng số"),
        unit: None,
        values: vec![Some(Number::whole(-4)); 3],
    });
    let day = |text: &str| text.parse().unwrap();
    Report {
        kind: ReportKind::Movement,
        title: label("=TODAY()"),
        period: label("Năm 2021-2023"),
        from: day("2021-01-01"),
        to: day("2023-12-31"),
        before: (day("2018-01-01"), day("2020-12-31")),
        as_of: day("2024-01-15"),
        scope: label("@office"),
        synthetic: true,
        paragraphs: vec![Paragraph { key: "movement", text: label("=1+1") }],
        tables: vec![Table {
            key: "hostile",
            title: label("=Sheet[1]/x"),
            head: label("-head"),
            columns: columns.map(|(at, text)| Column { key: format!("c{at}"), label: label(text) }).collect(),
            rows,
        }],
        checks: vec![Check {
            key: "sum".to_owned(),
            label: label("=A1"),
            left: Number::whole(1),
            right: Number::whole(2),
        }],
        rules: vec![Rule { key: "r".to_owned(), label: label("+r"), version: 1, text: label("@rule") }],
    }
}

fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    let lines = read(&super::csv(&hostile(), Language::Vi).unwrap());
    for cell in lines.iter().flatten() {
        assert!(!is_active(cell) || cell.parse::<f64>().is_ok(), "{cell:?}");
    }
    assert!(lines.iter().flatten().any(|cell| cell == "'=1+1"));
}

#[test]
fn the_csv_holds_every_figure_of_the_document() {
    let report = hostile();
    let lines = read(&super::csv(&report, Language::En).unwrap());
    let mut figures = BTreeMap::new();
    for line in lines.iter().filter(|line| line[0] == "table") {
        figures.insert((line[1].clone(), line[3].clone(), line[5].clone()), line[8].clone());
    }
    let (mut told, table) = (0, &report.tables[0]);
    for row in &table.rows {
        for (column, value) in table.columns.iter().zip(&row.values) {
            told += 1;
            let key = (table.key.to_owned(), row.key.clone(), column.key.clone());
            assert_eq!(figures[&key], value.map_or(String::new(), Number::plain));
        }
    }
    assert_eq!(figures.len(), told);
    let row = lines.iter().find(|line| line[3] == "row-0").unwrap();
    assert_eq!(row[4], inert(HOSTILE[0]));
}

#[test]
fn a_report_that_does_not_reconcile_says_so_in_every_rendering() {
    let report = hostile();
    assert!(!report.reconciles());
    let csv = String::from_utf8(super::csv(&report, Language::Vi).unwrap()).unwrap();
    assert!(csv.contains("SỐ LIỆU KHÔNG KHỚP") && csv.contains("KHÔNG KHỚP"));
}

#[test]
fn the_same_report_makes_the_same_workbook() {
    let report = hostile();
    assert_eq!(super::xlsx(&report, Language::Vi).unwrap(), super::xlsx(&report, Language::Vi).unwrap());
}

#[test]
fn texts_of_both_languages_are_kept_apart() {
    let report = Report { scope: Label { vi: "xã".to_owned(), en: "commune".to_owned() }, ..hostile() };
    let english = String::from_utf8(super::csv(&report, Language::En).unwrap()).unwrap();
    assert!(english.contains("commune") && !english.contains("xã"));
}
