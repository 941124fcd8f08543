//! What came of a case, as an officer types it: the decision, and up to a few things that it brought in.

use super::{
    form::{Form, Kind, Look, Maker},
    queue_view::Choice,
    typed::Typed,
};
use crate::{
    app::App,
    cases::CaseView,
    outcomes::{NewOutcome, NewYield},
    platform::fault::{Code, FieldFault},
    web::api::problem::ApiError,
};

/// Rows for yields on the page; who needs more records what is left in a second outcome of the same day.
const ROWS: usize = 4;

pub struct OutcomeForm {
    pub form: Form,
    pub rows: Vec<YieldRow>,
}

pub struct YieldRow {
    pub at: usize,
    pub kinds: Vec<Choice>,
    pub amount: String,
    pub error: Option<&'static str>,
}

impl OutcomeForm {
    pub fn of(app: &App, maker: &Maker<'_>, case: &CaseView) -> Self {
        let (f, verb, today) = (maker.f, "record-outcome", app.clock.today());
        let kinds = app.reference.outcome_kinds_on(today).into_iter();
        let kinds = kinds.map(|kind| (kind.code.clone(), kind.label.text(f.language).to_owned())).collect();
        let form = maker
            .form(verb, format!("/console/cases/{}/record-outcome", case.id), "r")
            .with(maker.choice(verb, "kind", "", kinds))
            .with(maker.field(verb, "decided_on", Kind::Day, &super::frame::date(today)))
            .with(maker.field(verb, "action_confirmed", Kind::Tick, ""))
            .with(maker.field(verb, "note", Kind::Words, ""))
            .looks(Look::Main);
        let refused = maker.refused.filter(|(of, _, _)| *of == verb);
        let rows = (0..ROWS).map(|at| {
            let typed = |name: &str| refused.map_or("", |(_, typed, _)| typed.get(&format!("{name}_{at}"))).to_owned();
            let paths = ["amount", "kind", "unit", "choice"].map(|part| format!("yields[{at}].{part}"));
            let error = refused.and_then(|(_, _, notice)| paths.iter().find_map(|path| notice.at(path)));
            YieldRow { at, kinds: yields(app, maker, &typed("yield")), amount: typed("amount"), error }
        });
        Self { rows: rows.collect(), form }
    }
}

/// Every kind with each of its units and finer kinds: one choice says it all.
fn yields(app: &App, maker: &Maker<'_>, chosen: &str) -> Vec<Choice> {
    let f = maker.f;
    let mut choices =
        vec![Choice { code: String::new(), label: f.t("no_yield").to_owned(), chosen: chosen.is_empty() }];
    for kind in app.reference.yield_kinds_on(app.clock.today()) {
        let finer: Vec<(&str, &str)> = if kind.kinds.is_empty() {
            vec![("", "")]
        } else {
            kind.kinds.iter().map(|one| (one.code.as_str(), one.label.text(f.language))).collect()
        };
        for unit in &kind.units {
            for (code, label) in &finer {
                let value = format!("{}|{code}|{unit}", kind.code);
                let finer = if label.is_empty() { String::new() } else { format!(", {label}") };
                let label = format!("{}{finer} — {}", kind.label.text(f.language), f.label("unit", unit));
                choices.push(Choice { chosen: value == chosen, code: value, label });
            }
        }
    }
    choices
}

pub fn read(typed: &Typed) -> Result<NewOutcome, ApiError> {
    let decided_on = typed.day("decided_on")?.ok_or_else(|| ApiError::field("decided_on", Code::Missing))?;
    let (mut yields, mut faults) = (Vec::new(), Vec::new());
    for at in 0..ROWS {
        let (kind, amount) = (format!("yield_{at}"), format!("amount_{at}"));
        match (typed.filled(&kind), typed.filled(&amount)) {
            (None, None) => (),
            (Some(kind), Some(amount)) => match item(kind, amount) {
                Some(item) => yields.push(item),
                None => faults.push(FieldFault::new(format!("yields[{at}].amount"), Code::AmountInvalid)),
            },
            (Some(_), None) => faults.push(FieldFault::new(format!("yields[{at}].amount"), Code::Missing)),
            (None, Some(_)) => faults.push(FieldFault::new(format!("yields[{at}].kind"), Code::Missing)),
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::new(faults));
    }
    Ok(NewOutcome {
        kind: typed.get("kind").to_owned(),
        decided_on,
        action_confirmed: typed.is_on("action_confirmed"),
        note: typed.secret_if_filled("note"),
        yields,
    })
}

/// `12,5` as Vietnamese write it; `12.5` too. Thousands are not grouped: a point would mean two things.
fn item(kind: &str, amount: &str) -> Option<NewYield> {
    let mut parts = kind.split('|');
    let (kind, choice, unit) = (parts.next()?, parts.next()?, parts.next()?);
    let amount: f64 = amount.replace(' ', "").replace(',', ".").parse().ok()?;
    let choice = (!choice.is_empty()).then(|| choice.to_owned());
    Some(NewYield { kind: kind.to_owned(), choice, amount, unit: unit.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        for (typed, amount) in [("12,5", 12.5), ("12.5", 12.5), ("1 200", 1200.0), ("3", 3.0)] {
            assert_eq!(item("drugs|heroin|g", typed).map(|item| item.amount), Some(amount));
        }
        for typed in ["", "hai", "1.200.000", "1,2,3"] {
            assert!(item("cash||VND", typed).is_none(), "{typed}");
        }
    }
}
