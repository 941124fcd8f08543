use std::collections::BTreeSet;

use entity::enums::Role;
use serde_json::json;
use tipline::units;

use super::{answers, scene};
use crate::{
    look::{self, Look},
    said::{Names, Said},
    support::{TestApp, site},
    window::Window,
};

/// Looks at each page in its turn, with everything shown that it folds away, and listens.
struct WellMade {
    said: Said,
    /// In the second language: how a page is made was seen in the first.
    fits_only: bool,
}

impl Look for WellMade {
    async fn at(&mut self, window: &Window, name: &str) {
        window.runs("document.querySelectorAll('details').forEach(one => one.open = true)", json!([])).await;
        self.said.hears(window, name).await;
        if self.fits_only {
            look::fits(window, name).await;
            look::is_quiet(window, name).await;
        } else {
            look::is_well_made(window, name).await;
        }
    }
}

/// Every page in one language; what they said.
async fn every_page(app: &TestApp, paths: &[String], lang: &str, officer: &str) -> Said {
    let mut look = WellMade { said: Said::default(), fits_only: lang == "en" };
    let window = Window::onto(app).await;
    answers::comes_in(&window, lang, officer, &mut look).await;
    for path in paths {
        window.opens(path).await;
        look.at(&window, path).await;
    }
    answers::goes(app, &window, paths, lang, &mut look).await;
    assert_eq!(window.count(&format!("html[lang={lang}]")).await, 1);
    look.said
}

#[tokio::test]
async fn every_page_fits_is_accessible_quiet_and_translated() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    app.officer("binh", &[Role::Screener, Role::Investigator, Role::Commander, Role::Administrator]).await;
    let (vietnamese, english) =
        tokio::join!(every_page(&app, &paths, "vi", "ana"), every_page(&app, &paths, "en", "binh"));
    let answers: BTreeSet<&str> = site::CONSOLE.iter().map(|(name, _)| *name).filter(|name| *name != "style").collect();
    let listed: BTreeSet<&str> = paths.iter().map(String::as_str).chain(answers).collect();
    assert_eq!(vietnamese.names(), listed, "what was seen is what is listed");
    let people = ["ana", "binh", "A", "B", "NM", "moi-vi", "moi-en", "Người mới", "dd/mm/yyyy", "API"];
    vietnamese.is_all_translated(&english, &Names::of(&app.app, &people).await);
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
