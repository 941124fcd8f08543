//! Errors as callers see them: RFC 9457 problems with a stable code.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{ALLOW, AUTHORIZATION, CONTENT_LANGUAGE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::texts;
use crate::{
    platform::fault::{Code, Fault, FieldFault, Kind, Public},
    reference::Language,
    web::language_of,
};

/// Why a request was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:tipline:problem:narrative_empty", "title": "The report has no text.", "status": 422,
    "code": "narrative_empty",
    "errors": [{"field": "narrative", "code": "narrative_empty", "message": "The report has no text."}]
}))]
pub struct Problem {
    /// `urn:tipline:problem:` and the code.
    #[schema(format = "uri")]
    r#type: String,
    /// For people, in the language asked for (`Accept-Language`: vi or en).
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// For programs: codes may be added, never renamed.
    code: &'static str,
    /// Where in the request, if that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What is wrong field by field; empty if the problem is not about fields.
    errors: Vec<FieldProblem>,
    /// For a move that the state refuses: the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    state: Option<&'static str>,
    /// For a move that the state refuses: the verbs that it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<Vec<&'static str>>,
}

/// One wrong field. What was rejected is never repeated.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field in the request, such as `reporter.phone` or `yields[0].amount`.
    field: String,
    code: &'static str,
    message: &'static str,
}

/// An error on its way out. The door renders it, because only there the caller's language is known.
#[derive(Debug)]
pub struct ApiError(Box<Refusal>);

#[derive(Debug)]
struct Refusal {
    public: Public,
    detail: Option<String>,
    /// Methods that the path knows.
    allow: Option<String>,
    /// What broke, for the operator's log; only where the caller is told nothing.
    cause: Option<String>,
}

impl ApiError {
    pub fn new(public: impl Into<Public>) -> Self {
        Self(Box::new(Refusal { public: public.into(), detail: None, allow: None, cause: None }))
    }

    /// One wrong field.
    pub fn field(field: impl Into<std::borrow::Cow<'static, str>>, code: Code) -> Self {
        Self::new(vec![FieldFault::new(field, code)])
    }

    pub fn with_detail(mut self, detail: String) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// The path exists, under other methods.
    pub fn method_not_allowed(allow: String) -> Self {
        let mut error = Self::new(Code::MethodNotAllowed);
        error.0.allow = Some(allow);
        error
    }

    /// From a status that the framework chose.
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(match status {
            StatusCode::NOT_FOUND => Code::NoSuchRoute,
            StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::JsonExpected,
            StatusCode::SERVICE_UNAVAILABLE => Code::Overloaded,
            other if other.is_server_error() => Code::Internal,
            _ => Code::InvalidRequest,
        })
    }

    /// The line for the log, if the operator has something to look at.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    pub fn code(&self) -> Code {
        self.0.public.code
    }

    /// What is wrong field by field.
    pub fn fields(&self) -> &[FieldFault] {
        &self.0.public.fields
    }

    /// Seconds after which another try makes sense.
    pub fn retry_after(&self) -> Option<u32> {
        retry_after(self.0.public.code)
    }

    /// The whole answer, in the caller's language.
    pub fn render(&self, req: &HttpRequest) -> HttpResponse {
        let language = language_of(req.headers());
        let mut answer = HttpResponse::build(status_of(self.0.public.code.kind()));
        answer.content_type("application/problem+json").insert_header((CONTENT_LANGUAGE, language.as_str()));
        if let Some(allow) = &self.0.allow {
            answer.insert_header((ALLOW, allow.as_str()));
        }
        if let Some(seconds) = retry_after(self.0.public.code) {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if self.0.public.code.kind() == Kind::Unauthenticated {
            answer.insert_header((WWW_AUTHENTICATE, challenge(req)));
        }
        // Strings and numbers only: serialization has no way to fail.
        answer.body(serde_json::to_vec(&self.problem(language)).unwrap_or_default())
    }

    /// How it looks, for the document.
    pub fn example(&self) -> serde_json::Value {
        serde_json::to_value(self.problem(Language::En)).unwrap_or_default()
    }

    fn problem(&self, language: Language) -> Problem {
        let code = self.0.public.code;
        let state = self.0.public.state.as_ref();
        let errors = self.0.public.fields.iter().map(|fault| FieldProblem {
            field: fault.field.clone().into_owned(),
            code: fault.code.as_str(),
            message: texts::title(fault.code, language),
        });
        Problem {
            r#type: format!("urn:tipline:problem:{}", code.as_str()),
            title: texts::title(code, language),
            status: status_of(code.kind()).as_u16(),
            code: code.as_str(),
            detail: self.0.detail.clone(),
            errors: errors.collect(),
            state: state.map(|(state, _)| *state),
            allowed: state.map(|(_, allowed)| allowed.clone()),
        }
    }
}

/// Every verb's error enters here; its cause stays inside.
impl<E: Fault> From<E> for ApiError {
    fn from(error: E) -> Self {
        let public = error.public();
        let broken = matches!(public.code, Code::Internal | Code::Overloaded | Code::StorageUnavailable);
        let mut refused = Self::new(public);
        refused.0.cause = broken.then(|| chain(&error));
        refused
    }
}

/// The error and what caused it, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    for cause in causes {
        if !said.ends_with(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.public.code.as_str())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status_of(self.0.public.code.kind())
    }

    /// Empty: the door writes the body. The framework's default would send `Display` to the caller.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Seconds after which another try makes sense.
fn retry_after(code: Code) -> Option<u32> {
    match (code.kind(), code) {
        // Waits for people: an office gets its first key, a custodian is appointed.
        (Kind::Unavailable, Code::LineClosed | Code::ConfidentialUnavailable) => Some(600),
        // A disk is given room, or another database takes over.
        (Kind::Unavailable, Code::StorageUnavailable) => Some(30),
        (Kind::Unavailable, _) => Some(5),
        // As long as the second factor rests.
        (Kind::TooMany, _) => Some(900),
        _ => None,
    }
}

/// RFC 6750, section 3: an error is named only to a caller who showed a token.
fn challenge(req: &HttpRequest) -> &'static str {
    if req.headers().contains_key(AUTHORIZATION) {
        "Bearer realm=\"tipline\", error=\"invalid_token\""
    } else {
        "Bearer realm=\"tipline\""
    }
}
