use entity::enums::Role;
use serde_json::json;
use tipline::units;

use super::scene;
use crate::{look, support::TestApp, window::Window};

#[tokio::test]
async fn every_page_is_well_made_in_both_themes_and_fits_in_both_languages() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let window = super::at_work(&app, "ana").await;
    for path in &paths {
        unfolded(&window, path).await;
        look::is_well_made(&window, path).await;
    }
    window.is_wide(1280).await;
    window.opens("/console").await;
    window.clicks("form[action='/console/language'] button").await;
    assert_eq!(window.count("html[lang=en]").await, 1);
    for path in &paths {
        unfolded(&window, path).await;
        look::fits(&window, &format!("{path} in English")).await;
    }
}

/// With everything shown that a page folds away.
async fn unfolded(window: &Window, path: &str) {
    window.opens(path).await;
    window.runs("document.querySelectorAll('details').forEach(one => one.open = true)", json!([])).await;
}

/// The one page of the demonstration.
#[tokio::test]
async fn the_visual_language_is_shown_well_made() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let made_up = app.app.db.write(async |txn| units::store::insert_setting(txn, units::SYNTHETIC, "demo").await).await;
    made_up.map_err(|error: sea_orm::DbErr| error.to_string()).unwrap();
    let (_, _server, client) = app.another_node().await;
    let window = Window::at(client.server).await;
    super::logs_in(&window, "ana").await;
    window.opens("/console/style").await;
    assert_eq!(window.count(".swatches").await, 1);
    look::is_well_made(&window, "style").await;
}
