use super::draft::shown;
use crate::{
    platform::fault::{Code, FieldFault},
    reference::ReferenceError,
};

/// What to tell an administrator whose rows do not go together: at the field of the edited row, or else which row it is
/// that could not stay, such as `unit 15013@2025-07-01`, whose parent would end before it.
pub(super) fn fault_of(error: &ReferenceError, edited: &str) -> FieldFault {
    let (field, code) = place_of(error);
    match error.row() {
        // Links between places are edited as a part of the place.
        Some(row) if row != edited && !row.starts_with("succession") => FieldFault::new(row.to_owned(), code),
        Some(_) | None => FieldFault::new(field, code),
    }
}

fn place_of(error: &ReferenceError) -> (String, Code) {
    let at = |field: &str, code| (field.to_owned(), code);
    match error {
        ReferenceError::File { .. } | ReferenceError::Unreadable { .. } | ReferenceError::AreaOutsideOffice { .. } => {
            at("body", Code::Invalid)
        }
        ReferenceError::Code { .. } => at("code", Code::CodeMalformed),
        ReferenceError::Body { field, source, .. } => body_fault(field, &source.to_string()),
        ReferenceError::EndsBeforeStart { .. } => at("last_day", Code::PeriodReversed),
        ReferenceError::Duplicate { .. } | ReferenceError::Overlap { .. } | ReferenceError::Gap { .. } => {
            at("from", Code::RowsUnconnected)
        }
        ReferenceError::NoParent { .. } => at("body.parent", Code::ParentMissing),
        ReferenceError::ParentNotAbove { .. } => at("body.parent", Code::ParentNotAbove),
        ReferenceError::SuccessionKey { .. } | ReferenceError::Shares { .. } => at("heirs", Code::Invalid),
        ReferenceError::NoSuchUnit { .. } => at("heirs", Code::UnknownUnit),
        ReferenceError::NotAdjacent { .. } => at("heirs", Code::NotAdjacent),
        ReferenceError::Choices { .. } => at("body.units", Code::ChoicesInvalid),
        ReferenceError::Retention { .. } => at("body.words_months", Code::RetentionUnsound),
    }
}

/// Reads what serde says of a field: it puts a missing one beside the path, and never without quoting the value.
fn body_fault(path: &str, said: &str) -> (String, Code) {
    let name = |before: &str| said.strip_prefix(before).and_then(|rest| rest.split('`').next());
    let path: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).map(segment).collect();
    match (name("missing field `"), name("unknown field `")) {
        (Some(missing), _) => ([vec!["body"], path, vec![missing]].concat().join("."), Code::Missing),
        (None, Some(_)) => ([vec!["body"], path].concat().join("."), Code::UnknownField),
        (None, None) => ([vec!["body"], path].concat().join("."), Code::Invalid),
    }
}

/// A name with the places in its lists, `examples[2]`.
fn segment(part: &str) -> &str {
    if shown(part.split('[').next().unwrap_or_default()) == "?" { "?" } else { part }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::reference::{DatedRow, Reference, RowKind};

    fn fault(kind: RowKind, key: &str, body: Value) -> (String, Code) {
        let row =
            DatedRow { kind, key: key.to_owned(), valid_from: "2026-03-01".parse().unwrap(), valid_to: None, body };
        let edited = row.name();
        let fault = fault_of(&Reference::build(vec![row]).unwrap_err(), &edited);
        (fault.field.into_owned(), fault.code)
    }

    #[test]
    fn a_wrong_body_is_told_by_field() {
        let label = json!({ "vi": "Thư", "en": "Letter" });
        for (body, field, code) in [
            (json!({ "label": label, "staff_only": true }), "body.order", Code::Missing),
            (json!({ "order": 1, "label": { "vi": "Thư" }, "staff_only": true }), "body.label.en", Code::Missing),
            (json!({ "order": -1, "label": label, "staff_only": true }), "body.order", Code::Invalid),
            (json!({ "order": 1, "label": label, "staff_only": "có" }), "body.staff_only", Code::Invalid),
            (json!({ "order": 1, "label": label, "staff_only": true, "x y": 1 }), "body.?", Code::UnknownField),
        ] {
            let told = fault(RowKind::Channel, "letter", body.clone());
            assert_eq!(told, (field.to_owned(), code), "{body}");
        }
        let sound = json!({ "order": 1, "label": label, "staff_only": true });
        assert_eq!(fault(RowKind::Channel, "thư", sound), ("code".to_owned(), Code::CodeMalformed));
        let place = json!({ "kind": "xa", "parent": "9", "name": label, "remote": false });
        assert_eq!(fault(RowKind::Unit, "1", place), ("body.parent".to_owned(), Code::ParentMissing));
    }
}
