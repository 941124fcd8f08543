//! A case as its page shows it: every text made, nothing left to work out.

use chrono::{DateTime, Utc};
use entity::enums::ValuationState;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, date},
    tip_view::{Offer, value_forms},
};
use crate::{
    app::App,
    cases::{CaseTip, CaseView},
    outcomes::{OutcomeView, ValuationRef, YieldView},
    reports::Number,
    staff::Permission,
};

pub struct Case {
    pub number: String,
    pub title: String,
    pub state: &'static str,
    pub opened: String,
    pub closed: String,
    pub tips: Vec<TipOf>,
    pub outcomes: Vec<Outcome>,
    pub timeline: Vec<Step>,
    pub moves: Vec<Form>,
}

pub struct TipOf {
    pub id: String,
    pub number: String,
    pub state: &'static str,
    pub category: String,
}

pub struct Outcome {
    pub id: String,
    pub kind: String,
    pub decided_on: String,
    pub action_confirmed: bool,
    pub note: String,
    pub yields: Vec<String>,
    pub recorded: String,
    pub values: Vec<Value>,
    /// Attest that one of these tips was valuable by it.
    pub attest: Option<Form>,
}

pub struct Value {
    pub tip: String,
    pub number: String,
    pub state: &'static str,
    pub steps: String,
    pub forms: Vec<Form>,
}

/// Something that happened, when, and who did it.
pub struct Step {
    at: DateTime<Utc>,
    pub when: String,
    pub what: String,
    pub who: String,
    pub text: String,
}

impl Case {
    pub fn of(app: &App, maker: &Maker<'_>, case: CaseView) -> Self {
        let f = maker.f;
        let outcomes = case.outcomes.iter().map(|outcome| outcome_of(app, maker, &case, outcome)).collect();
        let label = |tip: &CaseTip| {
            let category = app.reference.category_on(&tip.category, app.clock.day_of(case.opened_at));
            category.map_or_else(|| tip.category.clone(), |category| category.label.text(f.language).to_owned())
        };
        let tip = |tip: &CaseTip| TipOf {
            id: tip.id.to_string(),
            number: tip.number.clone(),
            state: tip.state.as_str(),
            category: label(tip),
        };
        Self {
            outcomes,
            timeline: timeline(app, f, &case),
            moves: moves(maker, &case),
            tips: case.tips.iter().map(tip).collect(),
            opened: format!("{} · {}", f.moment(case.opened_at), case.opened_by.name),
            closed: case.closed_at.map_or_else(String::new, |at| f.moment(at)),
            number: case.number,
            title: case.title,
            state: case.status.as_str(),
        }
    }
}

fn outcome_of(app: &App, maker: &Maker<'_>, case: &CaseView, outcome: &OutcomeView) -> Outcome {
    let f = maker.f;
    Outcome {
        id: outcome.id.to_string(),
        kind: outcome_label(app, f, outcome),
        decided_on: date(outcome.decided_on),
        action_confirmed: outcome.action_confirmed,
        note: outcome.note.clone().unwrap_or_default(),
        yields: outcome.yields.iter().map(|item| yield_label(app, f, outcome, item)).collect(),
        recorded: format!("{} · {}", outcome.recorded_by.name, f.moment(outcome.recorded_at)),
        values: outcome.valuations.iter().map(|value| value_of(maker, case, value)).collect(),
        attest: attest(maker, case, outcome),
    }
}

fn outcome_label(app: &App, f: &Frame, outcome: &OutcomeView) -> String {
    let kind = app.reference.outcome_kind_on(&outcome.kind, outcome.decided_on);
    kind.map_or_else(|| outcome.kind.clone(), |kind| kind.label.text(f.language).to_owned())
}

fn yield_label(app: &App, f: &Frame, outcome: &OutcomeView, item: &YieldView) -> String {
    let kind = app.reference.yield_kind_on(&item.kind, outcome.decided_on);
    let label = kind.map_or(item.kind.as_str(), |kind| kind.label.text(f.language));
    let choice =
        kind.zip(item.choice.as_ref()).and_then(|(kind, code)| kind.kinds.iter().find(|one| one.code == *code));
    let choice = choice.map_or_else(String::new, |choice| format!(" ({})", choice.label.text(f.language)));
    // Amounts were read with three decimals at most.
    let amount = Number::thousandths((item.amount * 1000.0).round() as i64).written(f.language);
    format!("{label}{choice}: {amount} {}", f.label("unit", &item.unit))
}

fn value_of(maker: &Maker<'_>, case: &CaseView, value: &ValuationRef) -> Value {
    let f = maker.f;
    let may = f.may_in(case.office, Permission::Confirm);
    let mine = f.is_me(&value.attested_by.id);
    let offer = match value.state {
        ValuationState::Attested => Offer { confirm: may && !mine, revoke: may || mine },
        ValuationState::Confirmed => Offer { confirm: false, revoke: may },
        ValuationState::Revoked => Offer { confirm: false, revoke: false },
    };
    let tip = case.tips.iter().find(|tip| tip.id == value.tip);
    let mut steps = format!("{} {}", f.t("attested_by"), value.attested_by.name);
    if let Some(officer) = &value.confirmed_by {
        steps = format!("{steps} · {} {}", f.t("confirmed_by"), officer.name);
    }
    if let Some(officer) = &value.revoked_by {
        steps = format!("{steps} · {} {}", f.t("revoked_by"), officer.name);
    }
    Value {
        tip: value.tip.to_string(),
        number: tip.map_or_else(String::new, |tip| tip.number.clone()),
        state: value.state.as_str(),
        forms: value_forms(maker, &value.id.to_string(), &format!("/console/cases/{}", case.id), &offer),
        steps,
    }
}

/// A tip whose value stands already by another outcome is refused by the service, which says so.
fn attest(maker: &Maker<'_>, case: &CaseView, outcome: &OutcomeView) -> Option<Form> {
    let live = |tip: &&CaseTip| {
        !outcome.valuations.iter().any(|value| value.tip == tip.id && value.state != ValuationState::Revoked)
    };
    let tips: Vec<(String, String)> =
        case.tips.iter().filter(live).map(|tip| (tip.id.to_string(), tip.number.clone())).collect();
    if tips.is_empty() || !maker.f.may_in(case.office, Permission::Investigate) {
        return None;
    }
    let verb = "attest-value";
    // Several outcomes have such a form: a refused one is held against its outcome.
    let own = maker.refused.filter(|(_, typed, _)| typed.get("outcome") == outcome.id.to_string());
    let maker = Maker { f: maker.f, refused: own };
    let form = maker.form(verb, format!("/console/cases/{}/{verb}", case.id), "");
    let mut form = form
        .holding("outcome", outcome.id.to_string())
        .with(maker.choice(verb, "tip", "", tips))
        .with(maker.field(verb, "reason", Kind::Words, ""))
        .with(maker.field(verb, "identified", Kind::Tick, ""));
    for field in &mut form.fields {
        field.id = format!("{}-{}", field.id, outcome.id);
    }
    Some(form)
}

fn moves(maker: &Maker<'_>, case: &CaseView) -> Vec<Form> {
    let form = |verb: &'static str, key| {
        let form = maker.form(verb, format!("/console/cases/{}/{verb}", case.id), key);
        form.holding("version", case.version.to_string())
    };
    let mut forms = Vec::new();
    for verb in &case.allowed {
        match *verb {
            "close" => forms.push(form("close", "x").with(maker.field("close", "note", Kind::Words, ""))),
            "reopen" => forms.push(form("reopen", "o").with(maker.field("reopen", "reason", Kind::Words, ""))),
            "link-case" => forms.push(form("link-tip", "l").with(maker.field("link-tip", "of", Kind::Line, ""))),
            _shown_elsewhere => (),
        }
    }
    if let Some(first) = forms.first_mut().filter(|form| form.verb == "reopen") {
        first.look = Look::Main;
    }
    forms
}

/// All that is told of a case, the newest first.
fn timeline(app: &App, f: &Frame, case: &CaseView) -> Vec<Step> {
    let step = |at, what: String, who: &str, text: &str| Step {
        at,
        when: f.moment(at),
        what,
        who: who.to_owned(),
        text: text.to_owned(),
    };
    let mut steps = vec![step(case.opened_at, f.t("case_opened").to_owned(), &case.opened_by.name, "")];
    for note in &case.notes {
        steps.push(step(note.at, f.label("case_act", &note.act).to_owned(), &note.officer.name, &note.text));
    }
    for outcome in &case.outcomes {
        let what = format!("{}: {}", f.t("outcome_recorded"), outcome_label(app, f, outcome));
        steps.push(step(outcome.recorded_at, what, &outcome.recorded_by.name, ""));
        for value in &outcome.valuations {
            let number = case.tips.iter().find(|tip| tip.id == value.tip).map_or("", |tip| tip.number.as_str());
            let told = [
                ("value_attested", Some(&value.attested_by), Some(value.attested_at)),
                ("value_confirmed", value.confirmed_by.as_ref(), value.confirmed_at),
                ("value_revoked", value.revoked_by.as_ref(), value.revoked_at),
            ];
            for (key, officer, at) in told {
                if let (Some(officer), Some(at)) = (officer, at) {
                    steps.push(step(at, format!("{} {number}", f.t(key)), &officer.name, ""));
                }
            }
        }
    }
    steps.sort_by_key(|step| std::cmp::Reverse(step.at));
    steps
}
