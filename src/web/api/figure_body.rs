//! Figures as they leave: whole numbers as they are, amounts and shares as decimal numbers.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use crate::{
    reference::{Language, Reference},
    statistics::{
        LinePage, Tabulated,
        measures::{Axis, Cell, Form, Line, Table},
    },
};

#[derive(Serialize, ToSchema)]
pub struct Figure {
    measure: &'static str,
    label: String,
    /// `count`, `amount`, `percent` or `days`.
    form: &'static str,
    /// Of an amount, what it is measured in.
    unit: Option<&'static str>,
    /// Of a share, the percentage that is aimed at.
    #[schema(value_type = Option<f64>)]
    target: Option<Number>,
    from: NaiveDate,
    to: NaiveDate,
    /// The day whose knowledge it is.
    as_of: NaiveDate,
    /// Version of the rule by which it is counted.
    rule: i32,
    rule_text: String,
    /// Places are told as they are today.
    restated: bool,
    /// Null for a share or the days of nothing.
    #[schema(value_type = Option<f64>)]
    total: Option<Number>,
    axes: Vec<FigureAxis>,
    cells: Vec<FigureCell>,
    /// Where it was asked for: the same period before.
    before: Option<FigureBefore>,
    /// The ledger is made up, for demonstration.
    synthetic: bool,
}

#[derive(Serialize, ToSchema)]
struct FigureAxis {
    dimension: &'static str,
    keys: Vec<FigureKey>,
}

#[derive(Serialize, ToSchema)]
struct FigureKey {
    key: String,
    label: String,
}

#[derive(Serialize, ToSchema)]
struct FigureCell {
    /// One for each axis, in their order.
    keys: Vec<String>,
    #[schema(value_type = f64)]
    value: Number,
}

#[derive(Serialize, ToSchema)]
struct FigureBefore {
    from: NaiveDate,
    to: NaiveDate,
    #[schema(value_type = Option<f64>)]
    total: Option<Number>,
    cells: Vec<FigureCell>,
    /// By how much the total rose; below 0 it fell.
    #[schema(value_type = Option<f64>)]
    change: Option<Number>,
    /// The same in percent of the total before; null where that was 0.
    #[schema(value_type = Option<f64>)]
    change_percent: Option<Number>,
}

impl Figure {
    pub fn of(reference: &Reference, told: Tabulated, synthetic: bool, language: Language) -> Self {
        let measure = told.table.query.measure;
        let form = measure.form();
        let axes = told.table.axes.iter().map(|axis| FigureAxis::of(reference, &told, axis, language)).collect();
        let before = told.before.as_ref().map(|(table, change)| FigureBefore {
            from: table.query.from,
            to: table.query.to,
            total: table.total.map(|value| number(form, value)),
            cells: cells(form, table),
            change: change.number.map(|value| number(form, value)),
            change_percent: change.permille.and_then(tenths),
        });
        Self {
            measure: measure.as_str(),
            label: measure.label().text(language).to_owned(),
            form: name(form),
            unit: if let Form::Milli(unit) = form { Some(unit) } else { None },
            target: if let Form::Permille { target } = form { target.and_then(tenths) } else { None },
            from: told.table.query.from,
            to: told.table.query.to,
            as_of: told.table.as_of,
            rule: told.table.rule,
            rule_text: measure.rule_text().text(language).to_owned(),
            restated: told.table.query.restate,
            total: told.table.total.map(|value| number(form, value)),
            axes,
            cells: cells(form, &told.table),
            before,
            synthetic,
        }
    }
}

impl FigureAxis {
    fn of(reference: &Reference, told: &Tabulated, axis: &Axis, language: Language) -> Self {
        let key = |key: &String| FigureKey {
            label: told.label(reference, axis.dimension, key).text(language).to_owned(),
            key: key.clone(),
        };
        Self { dimension: axis.dimension.as_str(), keys: axis.keys.iter().map(key).collect() }
    }
}

fn cells(form: Form, table: &Table) -> Vec<FigureCell> {
    let cell = |Cell { keys, value }: &Cell| FigureCell { keys: keys.clone(), value: number(form, *value) };
    table.cells.iter().map(cell).collect()
}

fn name(form: Form) -> &'static str {
    match form {
        Form::Count => "count",
        Form::Milli(_) => "amount",
        Form::Permille { .. } => "percent",
        Form::Days => "days",
    }
}

fn number(form: Form, value: i64) -> Number {
    let decimal = match form {
        Form::Count | Form::Days => None,
        Form::Milli(_) if value % 1000 == 0 => return Number::from(value / 1000),
        #[expect(clippy::cast_precision_loss, reason = "thousandths of amounts stay far below 2^53")]
        Form::Milli(_) => Number::from_f64(value as f64 / 1000.0),
        Form::Permille { .. } => tenths(value),
    };
    decimal.unwrap_or_else(|| Number::from(value))
}

/// Thousandths as percent with one decimal.
fn tenths(permille: i64) -> Option<Number> {
    #[expect(clippy::cast_precision_loss, reason = "shares are small")]
    let percent = permille as f64 / 10.0;
    Number::from_f64(percent)
}

#[derive(Serialize, ToSchema)]
pub struct FigureLines {
    lines: Vec<FigureLine>,
    /// How many there are in all.
    total: u64,
    /// Pass it as `offset` for those that follow; null: these were the last.
    next_offset: Option<usize>,
}

/// A fact: no name, no time, no words.
#[derive(Serialize, ToSchema)]
struct FigureLine {
    kind: String,
    /// The day on which it became known.
    recorded_on: NaiveDate,
    /// The day in whose period it counts.
    effective_on: NaiveDate,
    office: uuid::Uuid,
    unit: Option<String>,
    category: Option<String>,
    channel: Option<String>,
    mode: Option<&'static str>,
    tip: Option<uuid::Uuid>,
    case: Option<uuid::Uuid>,
    outcome: Option<uuid::Uuid>,
    valuation: Option<uuid::Uuid>,
    detail: Option<String>,
    #[schema(value_type = Option<f64>)]
    amount: Option<Number>,
    amount_unit: Option<String>,
    days: Option<i32>,
    /// Version of the rule by which it counts.
    rule: Option<i32>,
    /// 1; -1 for what ends something that is not among these lines.
    sign: i64,
}

impl From<LinePage> for FigureLines {
    fn from(page: LinePage) -> Self {
        let lines = page.lines.into_iter().map(FigureLine::from).collect();
        Self { lines, total: page.total, next_offset: page.next }
    }
}

impl From<Line> for FigureLine {
    fn from(Line { fact, sign }: Line) -> Self {
        let unit = fact.unit_code.zip(fact.unit_valid_from);
        Self {
            kind: fact.kind,
            recorded_on: fact.recorded_on,
            effective_on: fact.effective_on,
            office: fact.office_id.into(),
            unit: unit.map(|(code, from)| format!("{code}@{from}")),
            category: fact.category,
            channel: fact.channel,
            mode: fact.mode.map(|mode| mode.as_str()),
            tip: fact.tip_id.map(Into::into),
            case: fact.case_id.map(Into::into),
            outcome: fact.outcome_id.map(Into::into),
            valuation: fact.valuation_id.map(Into::into),
            detail: fact.detail,
            amount: fact.amount_milli.map(|milli| number(Form::Milli(""), milli)),
            amount_unit: fact.amount_unit,
            days: fact.days,
            rule: fact.rule,
            sign,
        }
    }
}
