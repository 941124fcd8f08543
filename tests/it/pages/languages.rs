use std::sync::Arc;

use entity::enums::Role;
use tipline::app::{App, Settings};

use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
};

#[tokio::test]
async fn english_stands_under_its_own_path_and_stays_there() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let home = browser.get("/en").await.text();
    assert!(home.contains("<html lang=\"en\">") && home.contains("href=\"/en/tip\""), "{home}");
    assert!(home.contains("href=\"/\" lang=\"vi\" hreflang=\"vi\">Tiếng Việt</a>"), "{home}");
    assert!(browser.get("/").await.text().contains("href=\"/en\" lang=\"en\" hreflang=\"en\">English</a>"));
    let form = Form::of(&browser.get("/en/tip").await, "/en/tip").with("narrative", "A strange car every night");
    let back = browser.send(&form).await;
    assert!(back.text().contains("Choose something at 2."), "{}", back.text());
    let shown = browser.send(&form.with("category", "ma_tuy")).await;
    assert!(shown.text().contains("We have your tip"), "{}", shown.text());
    let held = Form::of(&browser.get("/en/thread").await, "/en/thread").with("receipt", &receipt_on(&shown));
    assert!(browser.send(&held).await.text().contains("No message yet"));
    assert!(browser.get("/en/thread").await.text().contains("No message yet"));
}

#[tokio::test]
async fn the_browsers_language_decides_nothing() {
    let app = TestApp::spawn().await;
    let english = app.client().with("accept-language", "en").with("accept", "text/html");
    assert!(english.get("/").await.text().contains("<html lang=\"vi\">"));
    assert!(english.get("/khong-co").await.text().contains("<html lang=\"vi\">"));
    assert!(english.get("/en/nowhere").await.text().contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn the_onion_address_is_shown_where_there_is_one() {
    const ONION: &str = "http://duongdaytinbaoquanson.onion";
    let with_onion = |app: App| {
        let settings = Settings { onion_url: Some(ONION.into()), ..(*app.settings).clone() };
        App { settings: Arc::new(settings), ..app }
    };
    for (app, times) in [(TestApp::spawn_with(with_onion).await, 1), (TestApp::spawn().await, 0)] {
        for (path, said) in [("/", "Với trình duyệt Tor:"), ("/en", "With Tor Browser:")] {
            let home = Browser::of(&app).get(path).await.text();
            assert_eq!(home.matches(&format!("href=\"{ONION}\"")).count(), times, "{home}");
            assert_eq!(home.matches(said).count(), times, "{home}");
        }
    }
}
