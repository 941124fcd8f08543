//! A text browser: what a page is without style, scripts and pictures.

use std::process::{Command, Stdio};

use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
};

const MISSING: &str = "w3m is needed: apt-get install w3m, or scripts/test";

/// A page as w3m shows it: GET, or POST of a form that was filled in.
fn w3m(app: &TestApp, path: &str, form: Option<&Form>) -> String {
    let mut w3m = Command::new("w3m");
    w3m.args(["-dump", "-cols", "60", "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html"]);
    let folder = tempfile::tempdir().unwrap();
    if let Some(form) = form {
        let body = folder.path().join("form");
        std::fs::write(&body, form.encoded()).unwrap();
        w3m.arg("-post").arg(body);
    }
    w3m.args(["-o", "accept_encoding=gzip", "-o", "confirm_qq=0"]).arg(format!("http://{}{path}", app.address));
    let shown = w3m.env("HOME", folder.path()).stdin(Stdio::null()).output();
    let shown = shown.unwrap_or_else(|error| panic!("w3m: {error}. {MISSING}"));
    String::from_utf8(shown.stdout).unwrap()
}

#[tokio::test]
async fn a_resident_goes_the_whole_way_in_a_text_browser() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let home = w3m(&app, "/", None);
    for said in ["Báo một tin", "Xem trả lời", "113", "Thoát nhanh"] {
        assert!(home.contains(said), "{said}: {home}");
    }
    let blank = w3m(&app, "/tip", None);
    assert!(blank.contains("1. Chuyện gì đã xảy ra?") && blank.contains("Gửi tin"), "{blank}");
    // Dumps keep no forms; what they hold is read as a browser would.
    let browser = Browser::of(&app);
    let form = browser.tip_form("Đêm nào cũng có xe lạ").await;
    let wrong = w3m(&app, "/tip", Some(&form.clone().with("category", "").with("place", "cuối bản")));
    assert!(wrong.contains("Chưa gửi được") && wrong.contains("[cuối bản"), "{wrong}");
    let shown = w3m(&app, "/tip", Some(&form));
    assert!(shown.contains("Mã biên nhận của bạn"), "{shown}");
    let receipt = form.value("receipt").to_owned();
    for group in receipt.split(' ') {
        assert!(shown.contains(group), "{group}: {shown}");
    }
    assert_eq!(receipt_on(&browser.send(&form).await), receipt, "the same tip, sent again");
    let number = ana.finds("").await.pop().expect("it has arrived");
    let tip = app.resident().recalls(&number, &receipt).await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    let held = Form { action: "/thread".into(), fields: Vec::new() }.with("receipt", &receipt);
    let thread = w3m(&app, "/thread", Some(&held));
    assert!(thread.contains("Xe màu gì?") && thread.contains("Cần bạn trả lời"), "{thread}");
}
