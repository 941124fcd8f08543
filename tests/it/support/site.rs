//! Every page there is. The routes are read off the sources, so that a page nobody put on the list is missed here
//! before it is missed by somebody who cannot see, or reads English only.

use std::{collections::BTreeSet, fs, path::Path};

/// What a route answers: `GET /tip`, with the pattern as the source writes it.
pub type Route = String;

/// The resident site, page by page: the name that the tour in the browser calls it by, and the route that shows it.
/// Both languages have each.
pub const RESIDENT: [(&str, &str); 27] = [
    ("home", "GET /"),
    ("tip", "GET /tip"),
    ("tip-whole", "GET /tip"),
    ("tip-wrong", "POST /tip"),
    ("receipt", "POST /tip"),
    ("receipt-picture", "POST /receipt"),
    ("check", "POST /receipt/check"),
    ("check-wrong", "POST /receipt/check"),
    ("checked", "POST /receipt/check"),
    ("open", "GET /thread"),
    ("open-wrong", "POST /thread"),
    ("thread-empty", "POST /thread"),
    ("thread", "GET /thread"),
    ("thread-wrong", "POST /thread/messages"),
    ("forged", "POST /thread/close"),
    ("receipt-fresh", "POST /thread/receipt"),
    ("give-up-unsure", "POST /thread/give-up"),
    ("given-up", "POST /thread/give-up"),
    ("figures", "GET /figures"),
    ("figures-unclear", "GET /figures"),
    ("figures-untold", "GET /figures"),
    ("figures-old", "GET /figures/{number:\\d+}"),
    // No route: what an address that does not exist shows.
    ("nowhere", ""),
    ("expired", "GET /thread"),
    ("home-closed", "GET /"),
    ("tip-closed", "GET /tip"),
    ("figures-none", "GET /figures"),
];

/// The console's answers to forms, and what others see than the one officer of all roles, by the name that the tour
/// calls them by. What that officer sees by GET is on the list of `console::scene`.
pub const CONSOLE: [(&str, &str); 35] = [
    ("enrol", "GET /console/enrol"),
    ("enrol-wrong", "POST /console/enrol"),
    ("enrolled", "POST /console/enrol"),
    ("log-in", "GET /console/log-in"),
    ("log-in-wrong", "POST /console/log-in"),
    ("log-in-code", "POST /console/log-in"),
    ("ended", "POST /console/tips/{id}/{verb}"),
    ("tip-wrong", "POST /console/tips/{id}/{verb}"),
    ("conflict", "POST /console/tips/{id}/{verb}"),
    ("case-wrong", "POST /console/cases/{id}/{verb}"),
    ("write-down-wrong", "POST /console/write-down"),
    ("written-down", "POST /console/write-down"),
    ("release-wrong", "POST /console/releases"),
    ("release-refused", "POST /console/releases/{id}/{verb}"),
    ("officer-wrong", "POST /console/offices/{id}/members"),
    ("officer-made", "POST /console/offices/{id}/members"),
    ("member-wrong", "POST /console/offices/{id}/members/{officer}/{verb}"),
    ("member-reset", "POST /console/offices/{id}/members/{officer}/{verb}"),
    ("identity-opened", "POST /console/identity-requests/{id}/{verb}"),
    ("request-to-decide", "GET /console/identity-requests/{id}"),
    ("request-wrong", "POST /console/identity-requests/{id}/{verb}"),
    ("hand-over", "GET /console/custodians"),
    ("custodians-wrong", "POST /console/custodians/{verb}"),
    ("line-wrong", "POST /console/line/{verb}"),
    ("list-wrong", "POST /console/reference/{list}"),
    ("code-wrong", "POST /console/reference/{list}/{code}/{verb}"),
    ("office-wrong", "POST /console/offices"),
    ("office-edit-wrong", "POST /console/office-edit/{id}/{verb}"),
    ("password-first", "GET /console/account"),
    ("password-wrong", "POST /console/account/password"),
    ("password-changed", "POST /console/account/password"),
    ("factor-wrong", "POST /console/account/factor"),
    ("factor-enrolled", "POST /console/account/factor"),
    ("refused", "POST /console/views"),
    // Of the demonstration only.
    ("style", "GET /console/style"),
];

/// Routes that show nothing of their own, and why.
pub const NO_PAGE: [(&str, &str); 31] = [
    ("GET /leave", "leads away"),
    ("GET /receipt", "leads to the thread"),
    ("GET /receipt/check", "leads to the thread"),
    ("GET /thread/messages", "leads to the thread"),
    ("GET /thread/receipt", "leads to the thread"),
    ("GET /thread/give-up", "leads to the thread"),
    ("GET /thread/close", "leads to the thread"),
    ("GET /figures/{number:\\d+}.csv", "a file"),
    ("GET /console/assets/console.css", "a file"),
    ("GET /console/assets/print.css", "a file"),
    ("GET /console/assets/console.js", "a file"),
    ("GET /console/assets/icon.svg", "a file"),
    ("GET /console/live", "a stream"),
    ("GET /console/audit/export", "a file"),
    ("GET /console/tips/{id}/{verb}", "leads to the tip"),
    ("GET /console/cases/{id}/{verb}", "leads to the case"),
    ("GET /console/releases/{id}/{verb}", "leads to the release"),
    ("GET /console/identity-requests/{id}/{verb}", "leads to the request"),
    ("GET /console/custodians/{verb}", "leads to the custodians"),
    ("GET /console/line/{verb}", "leads to the line"),
    ("GET /console/offices/{id}/{verb}", "leads to the office"),
    ("GET /console/office-edit/{id}/{verb}", "leads to the office as it is edited"),
    ("GET /console/reference/{list}/{code}/{verb}", "leads to the code"),
    ("GET /console/offices/{id}/members/{officer}/{verb}", "leads to the officer"),
    ("GET /console/account/password", "leads to the account"),
    ("POST /console/log-out", "leads to the log-in"),
    ("POST /console/language", "leads back"),
    ("POST /console/queue", "leads to the queue"),
    ("POST /console/views/{id}/forget", "leads to the queue"),
    ("POST /console/valuations/{id}/{verdict}", "leads back; refusals look like every other"),
    ("POST /console/offices/{id}/rewrap", "leads to the office; refusals look like every other"),
];

/// Every route of the pages, without the other language's.
pub fn routes() -> BTreeSet<Route> {
    let mut routes = BTreeSet::new();
    for (folder, scope) in [("pages", ""), ("console", "/console")] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web").join(folder);
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&file).unwrap();
                for hidden in ["web::resource(", ".route(", "#[route("] {
                    assert!(!source.contains(hidden), "{}: {hidden} would hide a page from this list", file.display());
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
