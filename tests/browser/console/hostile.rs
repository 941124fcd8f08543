use entity::enums::Role;
use serde_json::json;

use super::at_work;
use crate::{look, support::TestApp};

#[path = "../../it/console/words.rs"]
mod words;

/// A word of 100 KB does not fit a narrative; the longest that does has no place to break.
fn longest() -> String {
    "W".repeat(20_000)
}

#[tokio::test]
async fn hostile_words_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let window = at_work(&app, "ana").await;
    let mut all = words::strings();
    all.push(longest());
    for word in all {
        let written = app.resident().writes(&word).await;
        let sent = app.resident().sends(&written).await;
        if sent.status != 201 {
            continue;
        }
        let number = sent.expect(201)["number"].as_str().unwrap().to_owned();
        let tip = app.resident().recalls(&number, "").await;
        ana.does(&tip, "note", json!({ "text": word })).await;
        ana.does(&tip, "reply", json!({ "text": word })).await;
        window.opens(&format!("/console/tips/{}", tip.id)).await;
        assert_eq!(window.runs("return window.hit ?? null", json!([])).await, json!(null), "{word}");
        look::fits(&window, &word).await;
        look::is_quiet(&window, &word).await;
        window.is_wide(1280).await;
    }
}
