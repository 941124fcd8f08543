//! JSON bodies: read strictly, and what is wrong is said by field, never by repeating it.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::CONTENT_ENCODING, mime};
use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};
use serde_path_to_error::Segment;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{
    problem::ApiError,
    receive::Received,
    scan::{is_unshowable, scan},
};
use crate::platform::fault::{Code, FieldFault};

/// A JSON body of a known shape. Unknown fields are refused: a misspelt one would otherwise be lost in silence.
pub struct Body<T>(pub T);

/// A body that may be left out, or be null.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Validate + Default> FromRequest for OptionalBody<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let none = req.extensions().get::<Received>().is_none_or(|body| matches!(body.0.trim_ascii(), b"" | b"null"));
        ready(if none { Ok(Self(T::default())) } else { extract(req).map(Self) })
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(extract(req).map(Self))
    }
}

fn extract<T: DeserializeOwned + Validate>(req: &HttpRequest) -> Result<T, ApiError> {
    let json = req.mime_type().ok().flatten().is_some_and(|mime| {
        mime.type_() == mime::APPLICATION && (mime.subtype() == mime::JSON || mime.suffix() == Some(mime::JSON))
    });
    if !json || req.headers().contains_key(CONTENT_ENCODING) {
        return Err(ApiError::new(Code::JsonExpected));
    }
    let received = req.extensions_mut().remove::<Received>();
    parse(received.as_ref().map_or(&[], |received| received.0.as_slice()))
}

/// Reads a body: first what no field is to blame for, then types, then shapes.
fn parse<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T, ApiError> {
    let (text, seen) = scan(body).map_err(ApiError::new)?;
    if seen.control {
        refuse_controls(text)?;
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed: T = serde_path_to_error::deserialize(&mut json).map_err(type_fault)?;
    json.end().map_err(|error| syntax_fault(&error))?;
    parsed.validate().map_err(|errors| ApiError::new(shape_faults(&errors)))?;
    Ok(parsed)
}

fn syntax_fault(error: &serde_json::Error) -> ApiError {
    let position = format!("line {}, column {}", error.line(), error.column());
    ApiError::new(Code::InvalidJson).with_detail(position)
}

/// Says which field has the wrong type. The parser's own words quote the value, so they are read and not passed on.
fn type_fault(error: serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    match error.inner().classify() {
        Category::Syntax | Category::Eof | Category::Io => syntax_fault(error.inner()),
        Category::Data => {
            let (mut path, said) = (path_of(error.path()), error.inner().to_string());
            let (name, code) = judge(&said);
            if let Some(name) = name {
                join(&mut path, name);
            }
            ApiError::field(path, code)
        }
    }
}

/// Reads what serde says of a field. It puts a missing or repeated one beside the path; both names are ours.
pub fn judge(said: &str) -> (Option<&str>, Code) {
    let name = |before: &str| said.strip_prefix(before).and_then(|rest| rest.split('`').next());
    match (name("missing field `"), name("duplicate field `"), name("unknown field `")) {
        (Some(missing), _, _) => (Some(missing), Code::Missing),
        (_, Some(repeated), _) => (Some(repeated), Code::Invalid),
        (_, _, Some(_)) => (None, Code::UnknownField),
        (None, None, None) => (None, Code::Invalid),
    }
}

fn path_of(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => join(&mut text, showable(key)),
            Segment::Enum { .. } | Segment::Unknown => (),
        }
    }
    text
}

fn join(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// A key that looks like a field's name. Others are the caller's text, and are not repeated.
pub fn showable(key: &str) -> &str {
    let plain = key.len() <= 40 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain { key } else { "?" }
}

/// Names the fields that hold control characters. No field of this API may: they cannot be shown, and one of
/// them, NUL, PostgreSQL cannot store.
fn refuse_controls(text: &str) -> Result<(), ApiError> {
    let value: Value = serde_json::from_str(text).map_err(|error| syntax_fault(&error))?;
    let mut faults = Vec::new();
    collect_controls(&value, String::new(), &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(ApiError::new(faults)) }
}

/// Recursion ends: the depth was checked before.
fn collect_controls(value: &Value, path: String, faults: &mut Vec<FieldFault>) {
    match value {
        Value::String(text) if text.chars().any(is_unshowable) => {
            faults.push(FieldFault::new(path, Code::ControlCharacter));
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect_controls(item, format!("{path}[{i}]"), faults);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                let mut inner = path.clone();
                join(&mut inner, showable(key));
                collect_controls(item, inner, faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}

/// The validator's errors carry the rejected text; only the field and our code go on.
fn shape_faults(errors: &ValidationErrors) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    collect_shapes(errors, "", &mut faults);
    faults.sort_unstable_by(|a, b| a.field.cmp(&b.field));
    faults
}

fn collect_shapes(errors: &ValidationErrors, under: &str, faults: &mut Vec<FieldFault>) {
    for (field, kind) in errors.errors() {
        let mut path = under.to_owned();
        join(&mut path, field);
        match kind {
            ValidationErrorsKind::Struct(inner) => collect_shapes(inner, &path, faults),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    collect_shapes(inner, &format!("{path}[{i}]"), faults);
                }
            }
            ValidationErrorsKind::Field(wrong) => {
                let code = wrong.first().and_then(|error| Code::ALL.iter().find(|code| code.as_str() == error.code));
                faults.push(FieldFault::new(path, code.copied().unwrap_or(Code::Invalid)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[validate(length(max = 5, code = "too_long"))]
        name: String,
        #[validate(nested)]
        inner: Option<Inner>,
        #[serde(default)]
        many: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[validate(range(min = 1, code = "amount_invalid"))]
        amount: i32,
    }

    #[test]
    fn a_sound_body_is_read() {
        let read: Shape = parse(r#"{"name":"Mường","many":[{"amount":1},{"amount":2}]}"#.as_bytes()).unwrap();
        assert_eq!((read.name.as_str(), read.inner.is_none(), read.many.len()), ("Mường", true, 2));
    }

    fn fault(body: &str) -> (String, String) {
        let problem = parse::<Shape>(body.as_bytes()).unwrap_err().example();
        let field = problem["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        (problem["code"].as_str().unwrap_or("-").to_owned(), field)
    }

    #[test]
    fn each_fault_has_its_code_and_field() {
        for (body, code, field) in [
            ("", "invalid_json", "-"),
            ("{", "invalid_json", "-"),
            (r#"{"name":"a"} x"#, "invalid_json", "-"),
            (r#"{}"#, "missing", "name"),
            (r#"{"name":1}"#, "invalid", "name"),
            (r#"{"name":"a","secret words":1}"#, "unknown_field", "?"),
            (r#"{"name":"a","nmae":1}"#, "unknown_field", "nmae"),
            (r#"{"name":"a","inner":{"amount":"x"}}"#, "invalid", "inner.amount"),
            (r#"{"name":"a","inner":{}}"#, "missing", "inner.amount"),
            (r#"{"name":"a","many":[{"amount":1},{"x":1}]}"#, "unknown_field", "many[1].x"),
            (r#"{"name":"a\u0000"}"#, "control_character", "name"),
            (r#"{"name":"abcdef"}"#, "too_long", "name"),
            (r#"{"name":"a","inner":{"amount":0}}"#, "amount_invalid", "inner.amount"),
            (r#"{"name":"a","name":"b"}"#, "invalid", "name"),
            (r#"{"name":"\ud800"}"#, "lone_surrogate", "-"),
        ] {
            assert_eq!(fault(body), (code.to_owned(), field.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_was_rejected_is_never_repeated() {
        for body in [
            r#"{"name":"a","inner":"canary"}"#,
            r#"{"name":"a","canary c":1}"#,
            r#"{"name":"canarycanary"}"#,
            r#"{"name":"a","inner":{"amount":"canary"}}"#,
            r#"{"name":"canary\u0000"}"#,
            r#"canary"#,
        ] {
            let problem = parse::<Shape>(body.as_bytes()).unwrap_err().example().to_string();
            assert!(!problem.contains("canary"), "{problem}");
        }
    }
}
