//! What no handler answers: nothing there, or there under another method.

use std::sync::LazyLock;

use actix_web::HttpRequest;

use super::{
    answer::Answer,
    document::{document, operations},
    problem::ApiError,
};
use crate::platform::fault::Code;

/// Patterns of paths, and the methods that each knows.
static METHODS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let document = document();
    let known = document.paths.paths.iter().map(|(path, item)| {
        let methods: Vec<&str> = operations(item).map(|(method, _)| method).collect();
        (path.clone(), with_head(&methods))
    });
    known.chain([("/api/docs".to_owned(), with_head(&["GET"]))]).collect()
});

fn with_head(methods: &[&str]) -> String {
    let head = methods.contains(&"GET").then_some("HEAD");
    methods.iter().copied().chain(head).collect::<Vec<_>>().join(", ")
}

pub async fn fallback(req: HttpRequest) -> Answer {
    let known = METHODS.iter().find(|(pattern, _)| matches(pattern, req.path()));
    Err(known
        .map_or_else(|| ApiError::new(Code::NoSuchRoute), |(_, methods)| ApiError::method_not_allowed(methods.clone())))
}

/// Whether a path fits a pattern, segment by segment.
fn matches(pattern: &str, path: &str) -> bool {
    let fits = |(pattern, part): (&str, &str)| pattern == part || (pattern.starts_with('{') && !part.is_empty());
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_pattern_only() {
        assert!(matches("/api/v1/tips/{id}", "/api/v1/tips/7"));
        for path in ["/api/v1/tips", "/api/v1/tips/", "/api/v1/tips/7/x", "/api/v1/cases/7", ""] {
            assert!(!matches("/api/v1/tips/{id}", path), "{path}");
        }
    }
}
