use std::collections::BTreeSet;

use super::tour::{deployment, goes};
use crate::{
    look::{self, Look},
    said::{Names, Said},
    support::{TestApp, site},
    window::Window,
};

/// Looks at each page in its turn, and listens.
#[derive(Default)]
struct WellMade {
    said: Said,
}

impl Look for WellMade {
    async fn at(&mut self, window: &Window, name: &str) {
        look::is_well_made(window, name).await;
        self.said.hears(window, name).await;
    }
}

/// Every page in one language; what it said.
async fn every_page(prefix: &str, lang: &str) -> (TestApp, Said) {
    let mut look = WellMade::default();
    let empty = TestApp::spawn().await;
    let window = Window::onto(&empty).await;
    window.opens(&format!("{prefix}/figures")).await;
    look.at(&window, "figures-none").await;
    let app = deployment().await;
    let window = Window::onto(&app).await;
    goes(&app, &window, prefix, &mut look).await;
    assert_eq!(window.count(&format!("html[lang={lang}]")).await, 1);
    (app, look.said)
}

#[tokio::test]
async fn every_page_fits_is_accessible_quiet_and_translated() {
    let (app, vietnamese) = every_page("", "vi").await;
    let (_, english) = every_page("/en", "en").await;
    let listed: BTreeSet<&str> = site::RESIDENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(vietnamese.names(), listed, "the tour shows what site::RESIDENT lists, and nothing else");
    vietnamese.is_all_translated(&english, &Names::of(&app.app, &[]).await);
}
