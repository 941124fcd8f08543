use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::support::TestApp;

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    methods.filter(|(_, method, _)| ["get", "post", "put", "patch", "delete"].contains(method)).collect()
}

#[test]
fn the_kept_document_is_what_the_code_says() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let (kept, code) = (std::fs::read_to_string(kept).unwrap(), tipline::web::api::document_json());
    // Not compared by `assert_eq`: two documents of thousands of lines help nobody.
    if kept != code {
        let lines = kept.lines().zip(code.lines()).enumerate();
        let first = lines.into_iter().find(|(_, (kept, code))| kept != code);
        panic!("openapi/openapi.json is old, first at {first:?}; run scripts/openapi and read the difference");
    }
}

#[tokio::test]
async fn the_server_gives_the_document_and_a_page_that_asks_nobody_else() {
    let app = TestApp::spawn().await;
    let document = app.client().get("/api/openapi.json").await.expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = app.client().get("/api/docs").await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("http://") && !page.text().contains("https://"), "{}", page.text());
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    for linked in page.text().split('"').filter(|part| part.ends_with(".js") || part.ends_with(".css")) {
        let path = if linked.starts_with('/') { linked.to_owned() } else { format!("/api/{linked}") };
        assert_eq!(app.client().get(&path).await.status, 200, "{path}");
    }
}

#[test]
fn every_operation_has_a_name_a_purpose_and_its_problems() {
    let document: Value = serde_json::from_str(&tipline::web::api::document_json()).unwrap();
    let operations = operations(&document);
    let mut names = BTreeSet::new();
    for (path, method, operation) in &operations {
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
        assert!(names.insert(name), "{name} is there twice");
        assert!(operation["summary"].is_string(), "{name}");
        let responses = operation["responses"].as_object().unwrap();
        if operation.get("security").is_some() {
            assert!(responses.contains_key("401"), "{name}");
        }
        if operation.get("requestBody").is_some() {
            for status in ["400", "413", "415", "422"] {
                assert!(responses.contains_key(status), "{name} {status}");
            }
        }
    }
    for contract in [
        "listCategories",
        "listUnits",
        "issueTicket",
        "submitTip",
        "openThread",
        "readThread",
        "addMessage",
        "changeReceipt",
        "giveUpReceipt",
        "logIn",
        "refresh",
        "logOut",
        "readMe",
        "listTips",
        "readTip",
        "screenTip",
        "acceptTip",
        "assignTip",
        "noteTip",
        "referTip",
        "markDuplicate",
        "dismissTip",
        "reopenTip",
        "gradeTip",
        "openCase",
        "linkCase",
        "listCases",
        "readCase",
        "countValuableSources",
    ] {
        assert!(names.contains(contract), "{contract}: {names:?}");
    }
}

#[tokio::test]
async fn every_documented_operation_is_there() {
    let app = TestApp::spawn().await;
    let document = app.client().get("/api/openapi.json").await.expect(200);
    for (path, method, operation) in operations(&document) {
        let path = path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{officer}", "x");
        let answer = app.client().send(&method.to_uppercase(), &path, &[], b"").await;
        assert!(
            !matches!(answer.json()["code"].as_str(), Some("no_such_route" | "method_not_allowed")),
            "{method} {path}"
        );
        let guarded = operation.get("security").is_some();
        assert_eq!(guarded, answer.status == 401 && answer.json()["code"] == "token_missing", "{method} {path}");
    }
}
