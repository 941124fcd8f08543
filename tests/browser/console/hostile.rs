use entity::enums::Role;
use serde_json::json;

use super::at_work;
use crate::{look, support::TestApp};

#[path = "../../it/console/words.rs"]
mod words;

/// The longest narrative there can be, with no place to break.
fn longest() -> String {
    "W".repeat(20_000)
}

/// All of them on a page each: as notes, as answers, as a narrative, as the title of a case.
#[tokio::test]
async fn hostile_words_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let words = words::strings();
    let (tip, long) =
        (app.tip(&words.join("\n").chars().take(20_000).collect::<String>()).await, app.tip(&longest()).await);
    for word in &words {
        ana.does(&tip, "note", json!({ "text": word })).await;
        ana.does(&tip, "reply", json!({ "text": word })).await;
    }
    ana.accepts(&tip).await.expect(200);
    let title: String =
        words.iter().step_by(6).flat_map(|word| word.chars()).filter(|c| !c.is_control()).take(500).collect();
    let case = ana.opens_case(&tip, &title).await.expect(201)["id"].as_str().unwrap().to_owned();
    let window = at_work(&app, "ana").await;
    for path in [
        format!("/console/tips/{}", tip.id),
        format!("/console/tips/{}", long.id),
        format!("/console/cases/{case}"),
        "/console/cases".into(),
    ] {
        window.opens(&path).await;
        assert_eq!(window.runs("return window.hit ?? null", json!([])).await, json!(null), "{path}");
        look::fits(&window, &path).await;
        look::is_quiet(&window, &path).await;
    }
}
