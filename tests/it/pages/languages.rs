use entity::enums::Role;

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
