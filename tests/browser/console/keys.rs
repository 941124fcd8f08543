use entity::enums::Role;
use serde_json::json;

use super::{at_work, presses};
use crate::support::TestApp;

const AT: &str = "return document.querySelector('#queue .at .no')?.textContent ?? ''";

#[tokio::test]
async fn the_queue_is_worked_from_the_keyboard() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    for narrative in ["một", "hai", "ba"] {
        app.tip(narrative).await;
    }
    let window = at_work(&app, "ana").await;
    presses(&window, "jj").await;
    let second = window.text("#queue li:nth-child(2) .no").await;
    assert_eq!(window.runs(AT, json!([])).await, json!(second));
    presses(&window, "k").await;
    assert_eq!(window.runs(AT, json!([])).await, json!(window.text("#queue li:first-child .no").await));

    // One key does it to the row; chosen ones are done together.
    window.leads(presses(&window, "s")).await;
    assert!(!window.text(".flash").await.is_empty());
    assert_eq!(ana.finds("state=screening").await.len(), 1);
    presses(&window, "jjvkv").await;
    assert_eq!(window.text("#bar .count b").await, "2");
    window.leads(presses(&window, "a")).await;
    assert!(!window.text(".flash").await.is_empty());
    assert_eq!(ana.finds("state=accepted").await.len(), 2);

    presses(&window, "?").await;
    assert_eq!(window.count("dialog[open]").await, 1);
    presses(&window, "\u{e00c}j").await;
    window.leads(presses(&window, "\u{e007}")).await;
    assert!(window.path().await.starts_with("/console/tips/"), "Enter opens");
    window.leads(presses(&window, "u")).await;
    assert_eq!(window.path().await, "/console");
}

#[tokio::test]
async fn a_key_that_is_typed_into_a_field_is_a_letter() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    app.tip("một").await;
    let window = at_work(&app, "ana").await;
    presses(&window, "/").await;
    presses(&window, "saxj").await;
    assert_eq!(window.value("#q").await, "saxj");
    assert_eq!(ana.finds("state=received").await.len(), 1);
}
