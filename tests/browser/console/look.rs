use std::collections::BTreeSet;

use entity::enums::Role;
use serde_json::json;
use tipline::units;
use uuid::Uuid;

use super::{answers, scene};
use crate::{
    look::{self, Look},
    said::{Names, Said},
    support::{TestApp, site},
    window::{PHONE, Window},
};

/// Looks at each page in its turn, with everything shown that it folds away, and listens.
#[derive(Default)]
struct WellMade {
    said: Said,
}

impl Look for WellMade {
    async fn at(&mut self, window: &Window, name: &str) {
        window.unfolds().await;
        look::is_well_made(window, name).await;
        self.said.hears(window, name).await;
    }
}

/// A path as it is called in every deployment: what has an id there goes by another here.
fn name_of(path: &str) -> String {
    let part = |part: &str| if Uuid::try_parse(part).is_ok() { "{id}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Every page in one language; the names of those that GET shows, and what all of them said.
async fn every_page(lang: &str) -> (TestApp, BTreeSet<String>, Said) {
    let mut look = WellMade::default();
    let empty = TestApp::spawn().await;
    answers::begins(&empty, &Window::onto(&empty).await, lang, &mut look).await;
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let window = Window::onto(&app).await;
    answers::comes_in(&window, lang, &mut look).await;
    for path in &paths {
        window.opens(path).await;
        look.at(&window, &name_of(path)).await;
    }
    answers::goes(&app, &window, &paths, &mut look).await;
    assert_eq!(window.count(&format!("html[lang={lang}]")).await, 1);
    (app, paths.iter().map(|path| name_of(path)).collect(), look.said)
}

#[tokio::test]
async fn every_page_fits_is_accessible_quiet_and_translated() {
    let (app, paths, vietnamese) = every_page("vi").await;
    let (_, _, english) = every_page("en").await;
    let answers: BTreeSet<&str> = site::CONSOLE.iter().map(|(name, _)| *name).filter(|name| *name != "style").collect();
    let listed: BTreeSet<&str> = paths.iter().map(String::as_str).chain(answers).collect();
    assert_eq!(vietnamese.names(), listed, "what was seen is what is listed");
    vietnamese.is_all_translated(&english, &Names::of(&app.app, &[]).await);
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

#[tokio::test]
async fn the_lane_that_is_shown_stands_in_sight_on_a_phone() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let window = super::at_work(&app, "ana").await;
    window.is_wide(PHONE).await;
    for lane in ["todo", "verifying", "ended"] {
        window.opens(&format!("/console?lane={lane}")).await;
        let seen = "const lane = document.querySelector('.tabs [aria-current]').getBoundingClientRect();
            return lane.left >= 0 && lane.right <= document.documentElement.clientWidth";
        assert_eq!(window.runs(seen, json!([])).await, json!(true), "{lane}");
    }
}
