//! From figures to a document: pure, so that the same figures always read the same.

use std::collections::HashMap;

use super::{
    Number,
    document::{Check, Column, Row, Rule, TOTAL, Table},
    gather::{Counted, Gathered},
    plan::{Compared, Plan, Split},
    words::{self, both},
};
use crate::{
    reference::Label,
    statistics::{
        invariants::Invariant,
        measures::{Comparison, Form, Measure},
    },
};

/// A figure as it is shown.
pub fn number(measure: Measure, value: i64) -> Number {
    match measure.form() {
        Form::Count | Form::Days => Number::whole(value),
        Form::Milli(_) => Number::thousandths(value),
        Form::Permille { .. } => Number::per_cent(value),
    }
}

/// All tables of a report, in the order of its plan.
pub fn tables(plan: &Plan, gathered: &Gathered) -> Vec<Table> {
    let compared = plan.compared.iter().zip(&gathered.compared).map(|(part, figures)| comparison(part, figures));
    let splits = plan.splits.iter().zip(&gathered.splits).map(|(split, counted)| apart(split, counted));
    compared.chain(splits).collect()
}

fn comparison(part: &Compared, figures: &[Comparison]) -> Table {
    let column = |key: &str, label: Label| Column { key: key.to_owned(), label };
    let columns = vec![
        column("now", both("Kỳ báo cáo", "Period")),
        column("before", both("Cùng kỳ", "Same period before")),
        column("change", both("Tăng, giảm", "Change")),
        column("change_percent", both("Tăng, giảm (%)", "Change (%)")),
        column("target", both("Chỉ tiêu", "Target")),
    ];
    let rows = part.measures.iter().zip(figures).map(|(measure, figure)| {
        let shown = |value: Option<i64>| value.map(|value| number(*measure, value));
        let target = match measure.form() {
            Form::Permille { target } => target,
            Form::Count | Form::Milli(_) | Form::Days => None,
        };
        let values = vec![
            shown(figure.now.total),
            shown(figure.before.total),
            shown(figure.change.number),
            figure.change.permille.map(Number::per_cent),
            shown(target),
        ];
        Row { key: measure.as_str().to_owned(), label: measure.label(), unit: Some(unit_of(*measure)), values }
    });
    let rows = rows.collect();
    Table { key: part.key, title: part.title.clone(), head: both("Chỉ tiêu", "Figure"), columns, rows }
}

fn apart(split: &Split, counted: &Counted) -> Table {
    let columns =
        split.measures.iter().map(|measure| Column { key: measure.as_str().to_owned(), label: measure.label() });
    let cells: Vec<HashMap<&str, i64>> = counted
        .tables
        .iter()
        .map(|table| table.cells.iter().filter_map(|cell| Some((cell.keys.first()?.as_str(), cell.value))).collect())
        .collect();
    let row = |(key, label): &(String, Label)| {
        let values = split.measures.iter().zip(&cells).map(|(measure, cells)| {
            let nothing = measure.is_additive().then_some(0);
            cells.get(key.as_str()).copied().or(nothing).map(|value| number(*measure, value))
        });
        Row { key: key.clone(), label: label.clone(), unit: None, values: values.collect() }
    };
    let mut rows: Vec<Row> = counted.keys.iter().map(row).collect();
    let totals = split.measures.iter().zip(&counted.tables);
    let values = totals.map(|(measure, table)| table.total.map(|value| number(*measure, value))).collect();
    rows.push(Row { key: TOTAL.to_owned(), label: words::total(), unit: None, values });
    Table { key: split.key, title: split.title.clone(), head: split.head.clone(), columns: columns.collect(), rows }
}

/// What every report is held against: the ledger's invariants, and that the parts of each table make its whole.
pub fn checks(plan: &Plan, gathered: &Gathered) -> Vec<Check> {
    let mut checks: Vec<Check> = gathered.invariants.iter().map(invariant).collect();
    for (split, counted) in plan.splits.iter().zip(&gathered.splits) {
        for (measure, table) in split.measures.iter().zip(&counted.tables).filter(|(measure, _)| measure.is_additive())
        {
            let parts = table.cells.iter().map(|cell| cell.value).sum();
            let (title, name) = (&split.title, measure.label());
            checks.push(Check {
                key: format!("{}.{measure}", split.key),
                label: both(
                    &format!("{}: {} = tổng các phần", title.vi, name.vi),
                    &format!("{}: {} = sum of its parts", title.en, name.en),
                ),
                left: number(*measure, table.total.unwrap_or(0)),
                right: number(*measure, parts),
            });
        }
    }
    checks
}

fn invariant(invariant: &Invariant) -> Check {
    Check {
        key: invariant.name.to_owned(),
        label: invariant.label.clone(),
        left: Number::whole(invariant.left),
        right: Number::whole(invariant.right),
    }
}

pub fn rules(plan: &Plan) -> Vec<Rule> {
    let rule = |measure: Measure| Rule {
        key: measure.as_str().to_owned(),
        label: measure.label(),
        version: measure.rule(),
        text: measure.rule_text(),
    };
    plan.measures().into_iter().map(rule).collect()
}

/// What a measure is counted in.
fn unit_of(measure: Measure) -> Label {
    match measure.form() {
        Form::Count => both("số lượng", "number"),
        Form::Days => both("ngày", "days"),
        Form::Permille { .. } => both("%", "%"),
        Form::Milli(unit) => match unit {
            "case" => both("vụ", "cases"),
            "person" => both("người", "persons"),
            "g" => both("gam", "g"),
            "pill" => both("viên", "pills"),
            "gun" => both("khẩu", "guns"),
            "round" => both("viên", "rounds"),
            "kg" => both("kg", "kg"),
            "VND" => both("đồng", "VND"),
            "vehicle" => both("chiếc", "vehicles"),
            "m3" => both("m³", "m³"),
            other => both(other, other),
        },
    }
}
