//! Who may do what: every route, for every kind of caller, as `matrix.txt` declares it.
//!
//! A new route gets a block in `matrix.txt`; until then `every_route_has_its_rows` fails. `table` reads the file,
//! `people` are the callers, `objects` makes what a route is tried on.

mod dump;
mod mac;
mod objects;
mod people;
mod seams;
mod table;
mod tampered;
mod thief;
mod tokens;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::thief::lock_of;
use self::{
    objects::{Object, Objects},
    people::{Caller, People},
    table::{Block, Expected, blocks},
};
use crate::support::{TestApp, http::Answer};

/// Names, methods and paths of the operations in the OpenAPI document, which is made from the routes themselves.
fn operations() -> BTreeSet<(String, String, String)> {
    let document: Value = serde_json::from_str(&tipline::web::api::document_json()).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(name) = operation["operationId"].as_str() {
                found.insert((name.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    assert!(found.len() > 60, "{}", found.len());
    found
}

#[test]
fn every_route_has_its_rows() {
    let operations = operations();
    let declared: BTreeSet<_> = blocks().into_iter().map(|block| (block.operation, block.method, block.path)).collect();
    let missing: Vec<_> = operations.difference(&declared).collect();
    assert!(missing.is_empty(), "matrix.txt does not say who may: {missing:#?}");
    // Pages are no operations of the document; who may see them can be declared all the same.
    let unknown: Vec<_> = declared.difference(&operations).filter(|(_, _, path)| path.starts_with("/api")).collect();
    assert!(unknown.is_empty(), "matrix.txt tells of routes that are not there: {unknown:#?}");
}

#[test]
fn a_route_that_asks_for_a_token_lets_nobody_in_without() {
    let document: Value = serde_json::from_str(&tipline::web::api::document_json()).unwrap();
    for block in blocks() {
        let operation = &document["paths"][&block.path][block.method.to_lowercase()];
        let guarded = operation.get("security").is_some();
        for row in &block.rows {
            for caller in [Caller::Nobody, Caller::Removed, Caller::Expired] {
                let refused = row.expected(caller) == Expected::Status(401);
                assert!(refused || !guarded, "{} {}: {caller:?}", block.operation, row.state);
            }
        }
    }
}

#[tokio::test]
async fn every_cell_of_the_matrix_is_as_declared() {
    let app = TestApp::spawn().await;
    let people = People::gather(&app).await;
    let mut objects = Objects::new(&app, &people);
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for block in blocks() {
        for row in &block.rows {
            let mut object: Option<Object> = None;
            for caller in Caller::ALL {
                // What a caller was refused is as it was; what somebody changed is made anew for the next one.
                let on = match object.take() {
                    Some(object) => object,
                    None => objects.make(&row.state).await,
                };
                let answer = ask(&app, &people, &objects, &block, &on, caller).await;
                cells += 1;
                if !row.expected(caller).is(answer.status) {
                    let told: String = answer.text().chars().take(160).collect();
                    wrong.push(format!("{} {} {caller:?}: {} {told}", block.operation, row.state, answer.status));
                }
                if !row.expected(caller).is_ok() || caller == Caller::OtherReporter {
                    let told = answer.text();
                    let leak = on.secrets().into_iter().find(|secret| told.contains(secret.as_str()));
                    assert_eq!(leak, None, "{} {} told {caller:?} too much", block.operation, row.state);
                }
                object = (!row.expected(caller).is_ok() || block.method == "GET").then_some(on);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 2700, "only {cells} cells");
}

async fn ask(
    app: &TestApp,
    people: &People,
    objects: &Objects<'_>,
    block: &Block,
    on: &Object,
    caller: Caller,
) -> Answer {
    let client = people.client(app, caller, on, block.ends_session).await;
    let path = objects.fill(&format!("{}{}", block.path, block.query), on).await;
    match &block.body {
        Some(body) => client.send(&block.method, &path, JSON, objects.fill(body, on).await.as_bytes()).await,
        None => client.send(&block.method, &path, &[], b"").await,
    }
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
