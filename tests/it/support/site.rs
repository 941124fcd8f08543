//! The routes of the pages, read off the sources: a form that nobody thought of is missed by a test.

use std::{collections::BTreeSet, fs, path::Path};

/// What a route answers: `GET /tip`, with the pattern as the source writes it.
pub type Route = String;

/// Every route of the pages, without the other language's.
pub fn routes() -> BTreeSet<Route> {
    let mut routes = BTreeSet::new();
    for (folder, scope) in [("pages", ""), ("console", "/console")] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web").join(folder);
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&file).unwrap();
                for hidden in ["web::resource(", ".route(", "#[route("] {
                    assert!(!source.contains(hidden), "{}: {hidden} would hide a route from this list", file.display());
                }
                routes.extend(source.lines().filter_map(|line| route(line.trim(), scope)));
            }
        }
    }
    assert!(routes.len() > 50, "{routes:#?}");
    routes
}

/// `#[get("/cases/{id}")]`
fn route(line: &str, scope: &str) -> Option<Route> {
    let (method, rest) = line.strip_prefix("#[")?.split_once("(\"")?;
    if !["get", "post", "put", "patch", "delete"].contains(&method) {
        return None;
    }
    let path = rest.split('"').next()?.replace("\\\\", "\\");
    let other_language = scope.is_empty() && (path == "/en" || path.starts_with("/en/"));
    (!other_language).then(|| format!("{} {scope}{path}", method.to_uppercase()))
}

/// Whether a route answers this path, query aside.
pub fn answers(route: &str, method: &str, path: &str) -> bool {
    let Some((own, pattern)) = route.split_once(' ') else { return false };
    let path = path.split('?').next().unwrap_or_default();
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    own == method
        && pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(wanted, given)| match wanted.strip_prefix('{') {
            Some(rest) if rest.ends_with("}.csv") => given.ends_with(".csv"),
            Some(_) => !given.is_empty() && !given.ends_with(".csv"),
            None => wanted == given,
        })
}
