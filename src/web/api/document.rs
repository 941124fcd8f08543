//! The OpenAPI document, made from the handlers themselves.

use utoipa::{
    PartialSchema,
    openapi::{
        ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, ParameterIn, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_actix_web::AppExt;

use super::problem::{ApiError, FieldProblem, Problem, status_of};
use crate::platform::fault::{Code, Kind};

const ABOUT: &str = "\
A tip line that police run and residents can trust.

* **Residents** need no account: `POST /api/v1/tickets` gives a receipt and a ticket, `POST /api/v1/tips` takes the \
tip. The same receipt again gives the same answer and stores nothing: after a broken connection just send again. \
The receipt later opens the thread (`POST /api/v1/reporter/sessions`).
* **Officers** log in (`POST /api/v1/sessions`) and see the tips of their own offices only; another office's tip \
does not exist for them.
* **Errors** are RFC 9457 problems. Act on `code`; `title` is for people, in Vietnamese or English by \
`Accept-Language`. A rejected text is never repeated.
* **Two officers, one tip**: `ETag` tells the version, `If-Match` makes a change fail with 412 if somebody was faster.
* **Pages**: pass `next_cursor` back as `cursor`; none means that this was the last page.
* **Queries**: an empty parameter counts as not given; an unknown or repeated one is refused.
* Days are `YYYY-MM-DD`, in the time zone of the deployment; times are RFC 3339 in UTC.";

const TAGS: [(&str, &str); 20] = [
    ("line", "Whether the line takes tips."),
    ("tickets", "Residents: a receipt before anything is sent."),
    ("tips", "Residents send tips; officers screen and work them."),
    ("reporter", "The reporter's side of the thread, opened by the receipt."),
    ("sessions", "Officers log in and out."),
    ("me", "An officer's own account."),
    ("cases", "What police make of tips."),
    ("outcomes", "What came of cases."),
    ("valuations", "Which tips were valuable sources: one officer attests, another confirms."),
    ("identities", "Who a confidential reporter is: custodians decide, k of n."),
    ("statistics", "Figures."),
    ("releases", "What the public is told: one officer prepares, another checks and publishes."),
    ("public", "Published figures, for everybody and for any site; no account, and caches may keep them."),
    ("reports", "The figures of a period as one document: JSON, CSV, XLSX; Vietnamese, English."),
    ("offices", "Who answers for places, and who works there."),
    ("officers", "Colleagues."),
    ("audit", "Who did what, for auditors; never what was said."),
    ("enrolment", "The first administrator."),
    ("reference", "Categories, places and other lists, as they are on a day; administrators edit them."),
    ("health", "For operators and developers."),
];

/// Builds the document. Pure: nothing is opened, read or started.
pub fn document() -> OpenApi {
    // `openapi` comes first: later it would overwrite what the handlers gave.
    let app = actix_web::App::new().into_utoipa_app().openapi(base()).configure(super::routes);
    let (_, mut document) = app.split_for_parts();
    add_problems(&mut document);
    document
}

/// The document as it is kept in `openapi/openapi.json`: sorted, indented, and ended by a line break.
pub fn document_json() -> String {
    let value = serde_json::to_value(document()).unwrap_or_default();
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn base() -> OpenApi {
    let bearer = |about: &str| {
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build())
    };
    let components = ComponentsBuilder::new()
        .security_scheme("staffBearer", bearer("`access_token` of `POST /api/v1/sessions`; 15 minutes."))
        .security_scheme("reporterBearer", bearer("`token` of `POST /api/v1/reporter/sessions`; 15 minutes."))
        .schema("Problem", Problem::schema())
        .schema("FieldProblem", FieldProblem::schema())
        .build();
    let info = InfoBuilder::new().title("tipline").version("1").description(Some(ABOUT)).build();
    let tags = TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build());
    OpenApiBuilder::new().info(info).components(Some(components)).tags(Some(tags)).build()
}

/// Problems that whole classes of operations can answer with, so that no handler has to list them.
fn add_problems(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (kind, name, about) in PROBLEMS {
        components.responses.insert(name.to_owned(), problem_response(kind, about).into());
    }
    for (path, item) in &mut document.paths.paths {
        for (_, operation) in operations_mut(item) {
            for kind in problems_of(path, operation) {
                refer(operation, kind);
            }
        }
    }
}

/// Kinds of problems, the name of each one's response, and when it comes.
const PROBLEMS: [(Kind, &str, &str); 12] = [
    (Kind::Malformed, "Malformed", "The request could not be understood."),
    (Kind::Unauthenticated, "Unauthenticated", "Who is asking is unknown, or no longer known."),
    (Kind::Forbidden, "Forbidden", "Known, and not allowed."),
    (Kind::NotFound, "NotFound", "Not there, or another office's: the two are told apart by nobody."),
    (Kind::Conflict, "Conflict", "What is stored does not allow it."),
    (Kind::Stale, "Stale", "It has changed since the version in `If-Match`."),
    (Kind::TooLarge, "TooLarge", "More than 256 KiB."),
    (Kind::UnsupportedMedia, "UnsupportedMedia", "Not `application/json`."),
    (Kind::Invalid, "Invalid", "Understood, and wrong: see `errors`."),
    (Kind::TooMany, "TooMany", "Too often; see `Retry-After`."),
    (Kind::Unavailable, "Unavailable", "Not now; see `Retry-After`."),
    (Kind::Internal, "Internal", "Something broke on the server's side."),
];

fn problems_of(path: &str, operation: &Operation) -> Vec<Kind> {
    let mut kinds = vec![Kind::Internal, Kind::Unavailable];
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some((parameter.name.as_str(), &parameter.parameter_in)),
        RefOr::Ref(_) => None,
    });
    for (name, place) in parameters {
        match (name, place) {
            ("If-Match", ParameterIn::Header) => kinds.extend([Kind::Malformed, Kind::Conflict, Kind::Stale]),
            (_, ParameterIn::Query) => kinds.push(Kind::Malformed),
            _ => (),
        }
    }
    if operation.security.is_some() {
        kinds.extend([Kind::Unauthenticated, Kind::Forbidden]);
    }
    if path.contains('{') {
        kinds.push(Kind::NotFound);
    }
    if operation.request_body.is_some() {
        kinds.extend([Kind::Malformed, Kind::TooLarge, Kind::UnsupportedMedia, Kind::Invalid]);
    }
    kinds
}

/// Points to the shared response, also from where a handler named only the status.
fn refer(operation: &mut Operation, kind: Kind) {
    if let Some((_, name, _)) = PROBLEMS.iter().find(|(known, _, _)| *known == kind) {
        let status = status_of(kind).as_str().to_owned();
        operation.responses.responses.entry(status).or_insert_with(|| Ref::from_response_name(*name).into());
    }
}

fn problem_response(kind: Kind, about: &str) -> Response {
    let codes: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.kind() == kind).collect();
    let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    // The most common of its kind, where that is not the first.
    let usual = codes.iter().find(|code| matches!(code, Code::InvalidFields | Code::InvalidMove | Code::NoSuchTip));
    content.example = usual.or(codes.first()).map(|code| ApiError::new(*code).example());
    ResponseBuilder::new()
        .description(format!("{about} Codes: {}.", names.join(", ")))
        .content("application/problem+json", content)
        .build()
}

/// Methods and operations of a path, of those methods that this API uses.
pub fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("PATCH", &item.patch), ("DELETE", &item.delete)]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Shared problem responses, for handlers that answer with one that `add_problems` cannot guess.
macro_rules! problem_responses {
    ($($name:ident)+) => {
        $(
            pub struct $name;
            impl<'r> utoipa::ToResponse<'r> for $name {
                fn response() -> (&'r str, RefOr<Response>) {
                    (stringify!($name), Ref::from_response_name(stringify!($name)).into())
                }
            }
        )+
    };
}
problem_responses! { Unauthenticated NotFound Conflict Invalid TooMany }

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::http::StatusCode;

    use super::*;

    fn all(document: &OpenApi) -> Vec<(String, &'static str, &Operation)> {
        let paths = document.paths.paths.iter();
        paths.flat_map(|(path, item)| operations(item).map(move |(method, op)| (path.clone(), method, op))).collect()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = document();
        let (mut seen, all) = (BTreeSet::new(), all(&document));
        for (path, method, operation) in &all {
            let id = operation.operation_id.clone().unwrap_or_default();
            assert!(id.starts_with(|c: char| c.is_ascii_lowercase()) && !id.contains('_'), "{method} {path}: {id}");
            assert!(seen.insert(id.clone()), "{id} stands twice");
        }
        assert!(all.len() > 40, "{}", all.len());
    }

    #[test]
    fn every_operation_is_told_and_has_a_known_tag() {
        for (path, method, operation) in all(&document()) {
            assert!(operation.summary.is_some(), "{method} {path}");
            let tags = operation.tags.clone().unwrap_or_default();
            assert!(tags.iter().all(|tag| TAGS.iter().any(|(name, _)| name == tag)), "{method} {path}: {tags:?}");
            assert_eq!(tags.len(), 1, "{method} {path}: {tags:?}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let value = serde_json::to_value(document()).unwrap();
        let mut references = BTreeSet::new();
        collect(&value, &mut references);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(value.pointer(pointer).is_some(), "{reference}");
        }
    }

    fn collect(value: &serde_json::Value, references: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(|r| r.as_str()) {
                    references.insert(reference.to_owned());
                }
                fields.values().for_each(|inner| collect(inner, references));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|inner| collect(inner, references)),
            _ => (),
        }
    }

    #[test]
    fn every_kind_of_problem_that_a_code_has_is_documented() {
        for code in Code::ALL {
            let elsewhere = matches!(code.kind(), Kind::MethodNotAllowed | Kind::NotAcceptable);
            assert!(elsewhere || PROBLEMS.iter().any(|(kind, _, _)| *kind == code.kind()), "{code:?}");
        }
        assert_eq!(status_of(Kind::Invalid), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
