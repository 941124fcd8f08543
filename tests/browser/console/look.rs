use super::scene;
use crate::{look, support::TestApp, window::Window};

#[tokio::test]
async fn every_page_is_well_made_in_both_languages_and_themes() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let window = super::at_work(&app, "ana").await;
    for language in ["vi", "en"] {
        window.opens("/console").await;
        if window.count(&format!("html[lang={language}]")).await == 0 {
            window.is_wide(1280).await;
            window.clicks("form[action='/console/language'] button").await;
        }
        for path in &paths {
            window.opens(path).await;
            look::is_well_made(&window, &format!("{language} {path}")).await;
        }
        opened(&window, &paths, language).await;
    }
}

/// The same with everything unfolded that a page folds away.
async fn opened(window: &Window, paths: &[String], language: &str) {
    for path in paths {
        window.opens(path).await;
        let open = "document.querySelectorAll('details').forEach(one => one.open = true)";
        window.runs(open, serde_json::json!([])).await;
        look::is_well_made(window, &format!("{language} {path} unfolded")).await;
    }
}
