//! The console in a browser that runs its modules: keys, liveness, and what must hold of every page.

mod answers;
mod hostile;
mod keys;
mod line;
mod live;
mod look;
mod pages;
#[path = "../../it/console/scene.rs"]
mod scene;

use crate::{support::TestApp, support::deployment::PASSWORD, window::Window};

/// A desk's window in which an officer of the test has logged in.
async fn at_work(app: &TestApp, name: &str) -> Window {
    let window = Window::onto(app).await;
    window.is_wide(1280).await;
    logs_in(&window, name).await;
    window
}

async fn logs_in(window: &Window, name: &str) {
    // On a phone the name is not shown.
    window.is_wide(1280).await;
    window.opens("/console/log-in").await;
    window.types("#username", name).await;
    window.types("#password", PASSWORD).await;
    window.follows("main .btn.main").await;
    assert!(!window.text(".foot .who").await.is_empty());
    assert_eq!(window.path().await, "/console");
}

/// Presses keys on the page itself, as somebody does who is in no field.
async fn presses(window: &Window, keys: &str) {
    for key in keys.chars() {
        let press = |kind: &str| serde_json::json!({ "type": kind, "value": key.to_string() });
        let actions = serde_json::json!([{ "type": "key", "id": "k", "actions": [press("keyDown"), press("keyUp")] }]);
        window.chromium.asks("actions", serde_json::json!({ "actions": actions })).await;
    }
}
