//! Codes of reference data as forms: what each list asks for, how a body fills a form, and what was typed as a body.

use serde_json::{Value, json};

use super::{
    form::{Field, Kind, Maker},
    frame::Frame,
    typed::Typed,
};
use crate::{
    app::App,
    codebook,
    platform::fault::FieldFault,
    reference::{Language, Priority, Qualifies, Routing, RowKind, UnitKind},
    web::api::problem::ApiError,
};

/// How a part of a body is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    /// A text in each language, in fields of their own.
    Label,
    /// The same, or nothing.
    OptionalLabel,
    /// One of several codes.
    One(Codes),
    /// Any number of them.
    Many(Codes),
    Tick,
    /// A line each: `Vietnamese | English`.
    Labels,
    /// A line each: `code | Vietnamese | English`.
    Choices,
    /// Codes with commas between.
    Codes,
}

/// What there is to choose from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codes {
    Priorities,
    Routings,
    Qualifies,
    PlaceKinds,
    /// Places above.
    Parents,
    /// Of tips that nobody works any more.
    States,
    Categories,
    Outcomes,
}

/// A part of a body, what its field is called, and how it is typed.
type Part = (&'static str, &'static str, Shape);

const ORDER: Part = ("order", "order", Shape::Number);
const LABEL: Part = ("label", "label", Shape::Label);

/// What the bodies of a list are made of, in the order of the form.
const fn parts(kind: RowKind) -> &'static [Part] {
    match kind {
        RowKind::Category => &[
            LABEL,
            ("examples", "examples", Shape::Labels),
            ("priority", "priority", Shape::One(Codes::Priorities)),
            ("routing", "routing", Shape::One(Codes::Routings)),
            ("advice", "advice", Shape::OptionalLabel),
            ORDER,
        ],
        RowKind::Channel => &[LABEL, ("staff_only", "staff_only", Shape::Tick), ORDER],
        RowKind::OutcomeKind => &[LABEL, ("qualifies", "qualifies", Shape::One(Codes::Qualifies)), ORDER],
        RowKind::YieldKind => &[
            LABEL,
            ("units", "units", Shape::Codes),
            ("whole", "whole", Shape::Tick),
            ("kinds", "kinds", Shape::Choices),
            ORDER,
        ],
        RowKind::RetentionRule => &[
            LABEL,
            ("states", "states", Shape::Many(Codes::States)),
            ("categories", "categories", Shape::Many(Codes::Categories)),
            ("outcomes", "outcomes", Shape::Many(Codes::Outcomes)),
            ("words_months", "words_months", Shape::Number),
            ("row_months", "row_months", Shape::Number),
            ORDER,
        ],
        RowKind::Unit => &[
            ("name", "label", Shape::Label),
            ("kind", "unit_kind", Shape::One(Codes::PlaceKinds)),
            ("parent", "parent", Shape::One(Codes::Parents)),
            ("remote", "remote", Shape::Tick),
            ("population", "population", Shape::Number),
        ],
        RowKind::Succession => &[],
    }
}

/// The fields of a verb that asks for a body, filled with one that stands; `Null`: a new code.
pub fn fields(app: &App, maker: &Maker<'_>, verb: &str, kind: RowKind, stands: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for (key, name, shape) in parts(kind) {
        let value = &stands[*key];
        match shape {
            Shape::Label | Shape::OptionalLabel => {
                let (vi, en) = in_languages(name);
                fields.push(maker.field(verb, vi, Kind::Line, value["vi"].as_str().unwrap_or_default()));
                fields.push(maker.field(verb, en, Kind::Line, value["en"].as_str().unwrap_or_default()));
            }
            Shape::One(codes) => {
                let chosen = value.as_str().unwrap_or_default();
                fields.push(maker.choice(verb, name, chosen, options(app, maker.f, *codes, &[chosen.to_owned()])));
            }
            Shape::Many(codes) => {
                let ticked = texts(value);
                let options = options(app, maker.f, *codes, &ticked);
                fields.push(maker.several(verb, name, ticked, options));
            }
            Shape::Tick => fields.push(maker.field(verb, name, Kind::Tick, &written(value, *shape))),
            Shape::Labels | Shape::Choices => {
                fields.push(maker.field(verb, name, Kind::Words, &written(value, *shape)));
            }
            Shape::Number | Shape::Codes => fields.push(maker.field(verb, name, Kind::Line, &written(value, *shape))),
        }
    }
    fields
}

/// What was typed, as a body. What is none of it a body's reader refuses, and says where.
pub fn body(kind: RowKind, typed: &Typed) -> Value {
    let parts = parts(kind).iter().map(|(key, name, shape)| ((*key).to_owned(), part(name, *shape, typed)));
    Value::Object(parts.collect())
}

fn part(name: &'static str, shape: Shape, typed: &Typed) -> Value {
    let lines = || typed.get(name).lines().map(str::trim).filter(|line| !line.is_empty());
    match shape {
        Shape::Label | Shape::OptionalLabel => {
            let (vi, en) = in_languages(name);
            let blank = typed.filled(vi).is_none() && typed.filled(en).is_none();
            if blank && shape == Shape::OptionalLabel {
                return Value::Null;
            }
            json!({ "vi": typed.get(vi), "en": typed.get(en) })
        }
        Shape::Number => match typed.filled(name) {
            None => Value::Null,
            Some(text) => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
        },
        Shape::One(_) => typed.filled(name).map_or(Value::Null, |code| json!(code)),
        Shape::Many(_) => json!(typed.all(name).collect::<Vec<_>>()),
        Shape::Tick => json!(typed.is_on(name)),
        Shape::Labels => lines().map(label).collect(),
        Shape::Choices => {
            let choice = |line: &str| {
                let (code, rest) = line.split_once('|').unwrap_or((line, ""));
                json!({ "code": code.trim(), "label": label(rest) })
            };
            lines().map(choice).collect()
        }
        Shape::Codes => {
            let codes = typed.get(name).split([',', ';', ' ', '\n']).map(str::trim);
            codes.filter(|code| !code.is_empty()).collect()
        }
    }
}

fn label(line: &str) -> Value {
    let (vi, en) = line.split_once('|').unwrap_or((line, ""));
    json!({ "vi": vi.trim(), "en": en.trim() })
}

/// What a body says, part by part, in words.
pub fn told(app: &App, f: &Frame, kind: RowKind, body: &Value) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    for (key, name, shape) in parts(kind) {
        let value = &body[*key];
        match shape {
            Shape::Label | Shape::OptionalLabel => {
                let (vi, en) = in_languages(name);
                for (name, language) in [(vi, Language::Vi), (en, Language::En)] {
                    told.push((f.t(&format!("field_{name}")), value[language.as_str()].as_str().unwrap_or("–").into()));
                }
            }
            Shape::One(codes) | Shape::Many(codes) => {
                let mut chosen = texts(value);
                chosen.extend(value.as_str().map(str::to_owned));
                let options = options(app, f, *codes, &chosen);
                let names = options.into_iter().filter(|(code, _)| chosen.contains(code)).map(|(_, name)| name);
                told.push((f.t(&format!("field_{name}")), or_dash(names.collect::<Vec<_>>().join(", "))));
            }
            Shape::Tick => {
                let said = f.t(if value.as_bool() == Some(true) { "yes_word" } else { "no_word" });
                told.push((f.t(&format!("field_{name}")), said.to_owned()));
            }
            Shape::Number | Shape::Labels | Shape::Choices | Shape::Codes => {
                let text = written(value, *shape).lines().collect::<Vec<_>>().join(" · ");
                told.push((f.t(&format!("field_{name}")), or_dash(text)));
            }
        }
    }
    told
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// What a code is called by a body.
pub fn name_of(body: &Value, language: Language) -> String {
    let label = if body["name"].is_object() { &body["name"] } else { &body["label"] };
    label[language.as_str()].as_str().unwrap_or_default().to_owned()
}

/// A refusal with its faults at the form's fields; those of other rows keep the rows' names.
pub fn at_fields(error: ApiError, kind: RowKind) -> ApiError {
    if error.fields().is_empty() {
        return error;
    }
    let moved = error.fields().iter().map(|fault| FieldFault::new(field_of(&fault.field, kind), fault.code));
    ApiError::new(moved.collect::<Vec<_>>())
}

/// `body.label.vi` → `label_vi`, `body.examples[2].en` → `examples`.
fn field_of(path: &str, kind: RowKind) -> String {
    let Some(path) = path.strip_prefix("body.") else { return path.to_owned() };
    let mut segments = path.split(['.', '[']);
    let key = segments.next().unwrap_or_default();
    let Some((_, name, shape)) = parts(kind).iter().find(|(part, _, _)| *part == key) else { return path.to_owned() };
    match shape {
        Shape::Label | Shape::OptionalLabel => {
            let (vi, en) = in_languages(name);
            if segments.next() == Some("en") { en } else { vi }.to_owned()
        }
        _ => (*name).to_owned(),
    }
}

fn in_languages(name: &str) -> (&'static str, &'static str) {
    if name == "advice" { ("advice_vi", "advice_en") } else { ("label_vi", "label_en") }
}

/// A value as it is typed.
fn written(value: &Value, shape: Shape) -> String {
    let pair = |label: &Value| [&label["vi"], &label["en"]].map(|text| text.as_str().unwrap_or_default()).join(" | ");
    let items = value.as_array().into_iter().flatten();
    match shape {
        Shape::Number => value.as_u64().map_or_else(String::new, |number| number.to_string()),
        Shape::Tick => if value.as_bool() == Some(true) { "yes" } else { "" }.to_owned(),
        Shape::Labels => items.map(pair).collect::<Vec<_>>().join("\n"),
        Shape::Choices => {
            let line = |choice: &Value| {
                format!("{} | {}", choice["code"].as_str().unwrap_or_default(), pair(&choice["label"]))
            };
            items.map(line).collect::<Vec<_>>().join("\n")
        }
        Shape::Codes => texts(value).join(", "),
        Shape::Label | Shape::OptionalLabel | Shape::One(_) | Shape::Many(_) => {
            value.as_str().unwrap_or_default().to_owned()
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What can be chosen, by code and in words; what was chosen before stays among it.
fn options(app: &App, f: &Frame, codes: Codes, chosen: &[String]) -> Vec<(String, String)> {
    let (r, today) = (&app.reference, app.clock.today());
    let coded = |kind: &str, codes: &[&str]| -> Vec<(String, String)> {
        codes.iter().map(|code| ((*code).to_owned(), f.label(kind, code).to_owned())).collect()
    };
    let mut options = match codes {
        Codes::Priorities => coded("priority", &Priority::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()),
        Codes::Routings => coded("routing", &Routing::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()),
        Codes::Qualifies => coded("qualifies", &Qualifies::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()),
        Codes::PlaceKinds => coded("placekind", &UnitKind::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()),
        Codes::States => coded("state", &codebook::settled_states().map(|status| status.as_str()).collect::<Vec<_>>()),
        Codes::Parents => parents(app, f),
        Codes::Categories => {
            let all = r.categories_on(today).into_iter();
            all.map(|one| (one.code.clone(), one.label.text(f.language).to_owned())).collect()
        }
        Codes::Outcomes => {
            let all = r.outcome_kinds_on(today).into_iter();
            all.map(|one| (one.code.clone(), one.label.text(f.language).to_owned())).collect()
        }
    };
    for code in chosen.iter().filter(|code| !code.is_empty()) {
        if !options.iter().any(|(known, _)| known == code) {
            options.push((code.clone(), code.clone()));
        }
    }
    options
}

/// Places that others can stand under, now or later; the province stands under none.
fn parents(app: &App, f: &Frame) -> Vec<(String, String)> {
    let today = app.clock.today();
    let mut parents = vec![(String::new(), "–".to_owned())];
    for unit in app.reference.all_units() {
        let lasts = unit.valid_to.is_none_or(|last| today <= last);
        let known = parents.iter().any(|(code, _)| *code == unit.key.code);
        if lasts && !known && unit.kind.level() < UnitKind::Ban.level() {
            parents.push((unit.key.code.clone(), format!("{} · {}", unit.name.text(f.language), unit.key.code)));
        }
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::shipped;

    /// As a form sends a body that stands in it.
    fn sent(kind: RowKind, stands: &Value) -> Typed {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (key, name, shape) in parts(kind) {
            let value = &stands[*key];
            match shape {
                Shape::Label | Shape::OptionalLabel => {
                    let (vi, en) = in_languages(name);
                    for (name, language) in [(vi, "vi"), (en, "en")] {
                        pairs.push((name.to_owned(), value[language].as_str().unwrap_or_default().to_owned()));
                    }
                }
                Shape::Many(_) => pairs.extend(texts(value).into_iter().map(|code| ((*name).to_owned(), code))),
                _ => pairs.push(((*name).to_owned(), written(value, *shape))),
            }
        }
        Typed::from_pairs(pairs)
    }

    #[test]
    fn a_form_that_is_sent_as_it_stands_changes_nothing() {
        for row in shipped().unwrap() {
            if row.kind != RowKind::Succession {
                let again = body(row.kind, &sent(row.kind, &row.body));
                for (key, value) in row.body.as_object().unwrap() {
                    assert_eq!(&again[key], value, "{} {key}", row.name());
                }
            }
        }
    }

    #[test]
    fn faults_stand_at_the_fields_of_the_form() {
        for (kind, path, field) in [
            (RowKind::Category, "body.label.en", "label_en"),
            (RowKind::Category, "body.label", "label_vi"),
            (RowKind::Category, "body.advice.vi", "advice_vi"),
            (RowKind::Category, "body.examples[2].en", "examples"),
            (RowKind::Unit, "body.name.vi", "label_vi"),
            (RowKind::Unit, "body.kind", "unit_kind"),
            (RowKind::Unit, "unit 15013@2025-07-01", "unit 15013@2025-07-01"),
            (RowKind::Unit, "from", "from"),
        ] {
            assert_eq!(field_of(path, kind), field);
        }
    }
}
