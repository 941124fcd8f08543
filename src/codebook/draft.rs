use entity::enums::TipStatus;
use serde_json::Value;

use super::EditError;
use crate::{
    platform::fault::{Code, FieldFault},
    reference::{DatedRow, Reference, RowKind},
    tips::{custody::store::OPEN, line_fault},
};

/// A label in a list, on a phone.
const MAX_LABEL: usize = 120;

/// What a resident is told before writing: some sentences.
const MAX_ADVICE: usize = 500;

/// More than anybody reads in one list.
const MAX_ITEMS: usize = 60;

/// A body without white space around its texts, each of which can be shown, in one line that reads as it is written.
///
/// Which fields there are is for `reference` to say, which reads each kind strictly.
pub(super) fn tidy(mut body: Value) -> Result<Value, EditError> {
    // A list could be read as a body, too, field by field; nobody could read that again.
    if !body.is_object() {
        return Err(EditError::field("body", Code::Invalid));
    }
    let mut faults = Vec::new();
    walk(&mut body, "body".to_owned(), &mut faults);
    if faults.is_empty() { Ok(body) } else { Err(EditError::Fields(faults)) }
}

/// Ends: a request's nesting was limited when it was read.
fn walk(value: &mut Value, path: String, faults: &mut Vec<FieldFault>) {
    match value {
        Value::String(text) => {
            *text = text.trim().to_owned();
            let most = if path.starts_with("body.advice") { MAX_ADVICE } else { MAX_LABEL };
            if let Some(code) = line_fault(text, most) {
                faults.push(FieldFault::new(path, code));
            }
        }
        Value::Array(items) if items.len() > MAX_ITEMS => faults.push(FieldFault::new(path, Code::TooLong)),
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                walk(item, format!("{path}[{at}]"), faults);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields.iter_mut() {
                walk(item, format!("{path}.{}", shown(name)), faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

/// The name of a field as an error may repeat it: one that looks like none is the caller's text.
pub(super) fn shown(name: &str) -> &str {
    let plain = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { name } else { "?" }
}

/// States in which nobody works a tip any more: of these a retention rule can be.
pub fn settled_states() -> impl Iterator<Item = TipStatus> {
    TipStatus::ALL.iter().copied().filter(|status| !OPEN.contains(status))
}

/// A retention rule is for settled states, and for codes that there are.
pub(super) fn check_rule(reference: &Reference, rule: &DatedRow) -> Result<(), EditError> {
    let codes = |field: &str| rule.body[field].as_array().into_iter().flatten().filter_map(Value::as_str);
    let settled = |code: &str| settled_states().any(|status| status.as_str() == code);
    let known = |kind, code: &str| reference.begins(kind, code).is_some();
    let mut faults = Vec::new();
    if !codes("states").all(settled) {
        faults.push(FieldFault::new("body.states", Code::Invalid));
    }
    if !codes("categories").all(|code| known(RowKind::Category, code)) {
        faults.push(FieldFault::new("body.categories", Code::UnknownCategory));
    }
    if !codes("outcomes").all(|code| known(RowKind::OutcomeKind, code)) {
        faults.push(FieldFault::new("body.outcomes", Code::UnknownOutcomeKind));
    }
    if faults.is_empty() { Ok(()) } else { Err(EditError::Fields(faults)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::reference::shipped;

    #[test]
    fn texts_are_trimmed_and_judged_where_they_stand() {
        let body = json!({ "label": { "vi": "  Tin cũ\u{3000}", "en": "Old" }, "order": 3 });
        assert_eq!(tidy(body).unwrap()["label"]["vi"], "Tin cũ");
        let body = json!({
            "label": { "vi": " ", "en": "a\u{202e}b" }, "advice": { "vi": "d".repeat(500), "en": "d".repeat(501) },
            "examples": [{ "vi": "a\nb", "en": "W".repeat(121) }], "Họ tên": "\u{0}",
        });
        let Err(EditError::Fields(mut faults)) = tidy(body) else { panic!() };
        faults.sort_by(|a, b| a.field.cmp(&b.field));
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_ref(), fault.code)).collect();
        let expected = [
            ("body.?", Code::ControlCharacter),
            ("body.advice.en", Code::TooLong),
            ("body.examples[0].en", Code::TooLong),
            ("body.examples[0].vi", Code::ControlCharacter),
            ("body.label.en", Code::BidiControl),
            ("body.label.vi", Code::Empty),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_ships_would_be_taken() {
        let rows = shipped().unwrap();
        let reference = Reference::build(rows.clone()).unwrap();
        for row in rows {
            assert_eq!(tidy(row.body.clone()).unwrap(), row.body, "{}", row.name());
            if row.kind == RowKind::RetentionRule {
                check_rule(&reference, &row).unwrap();
            }
        }
    }
}
