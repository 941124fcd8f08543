use entity::enums::Role;
use serde_json::json;

use super::{at_work, presses};
use crate::support::TestApp;

/// Waits for the page to say so by itself; the pulse is four seconds.
const SOON: &str = "const [css, done] = arguments; const until = Date.now() + 20000; (function look() { \
     const found = document.querySelector(css); \
     found && !found.hidden ? done(found.textContent.trim()) : Date.now() > until ? done('') : setTimeout(look, 50) })()";

#[tokio::test]
async fn what_arrives_is_announced_and_moves_nothing() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.tip("một").await;
    let window = at_work(&app, "ana").await;
    presses(&window, "j").await;
    // The stream has told the counts once before anything arrives.
    let told = "const done = arguments[0]; const s = new EventSource('/console/live'); \
                s.addEventListener('counts', () => { s.close(); setTimeout(() => done(true), 500) })";
    window.chromium.asks("execute/async", json!({ "script": told, "args": [] })).await;
    app.resident().submits_with("hai", json!({ "category": "khan_cap" })).await;
    let before = window.text("#queue").await;
    let said = window.chromium.asks("execute/async", json!({ "script": SOON, "args": ["#live"] })).await;
    assert!(said.as_str().unwrap_or_default().starts_with('1'), "{said}");
    assert_eq!(window.text("#queue").await, before, "no row moved");
    presses(&window, ".").await;
    assert_eq!(window.count("#queue li").await, 2);
}

#[tokio::test]
async fn two_officers_on_one_tip_see_each_other() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.officer("binh", &[Role::Screener]).await;
    let tip = app.tip("một").await;
    let (ana, binh) = (at_work(&app, "ana").await, at_work(&app, "binh").await);
    ana.opens(&format!("/console/tips/{}", tip.id)).await;
    assert_eq!(ana.count("#others[hidden]").await, 1);
    binh.opens(&format!("/console/tips/{}", tip.id)).await;
    assert!(binh.text("#others").await.contains("ana"), "at once, without scripts");
    let said = ana.chromium.asks("execute/async", json!({ "script": SOON, "args": ["#others"] })).await;
    assert!(said.as_str().unwrap_or_default().contains("binh"), "{said}");
}
