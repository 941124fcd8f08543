use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form},
};

#[tokio::test]
async fn a_tip_is_taken_only_from_a_page_of_ours() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let (form, other) = (browser.tip_form("Có xe lạ").await, browser.tip_form("Có xe lạ").await);
    for forged in [
        form.clone().with("ticket", ""),
        form.clone().with("ticket", "AAAA"),
        form.clone().with("ticket", other.value("ticket")),
        form.clone().with("receipt", other.value("receipt")),
    ] {
        let back = browser.send(&forged).await;
        assert_eq!(back.status, 422, "{}", back.text());
        assert_eq!(Form::of(&back, "/tip").value("narrative"), "Có xe lạ", "nothing typed is lost");
    }
    assert_eq!(browser.sends_from_another_site(&form).await.status, 403);
    let by_get = browser.get(&format!("/tip?narrative=x&category=ma_tuy&ticket={}", form.value("ticket"))).await;
    assert_eq!(by_get.status, 200, "it is the empty form");
    assert_eq!(app.count_rows("tips").await, 0);
}

#[tokio::test]
async fn a_receipt_is_taken_from_no_other_site_and_by_no_link() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    for action in ["/thread", "/receipt", "/receipt/check"] {
        let form = Form { action: action.into(), fields: Vec::new() }.with("receipt", &tip.receipt);
        let elsewhere = browser.sends_from_another_site(&form).await;
        assert_eq!(elsewhere.status, 403, "{action}");
        assert!(!elsewhere.text().contains(&tip.number) && elsewhere.header("set-cookie").is_none(), "{action}");
        let by_get = browser.get(&format!("{action}?receipt={}", tip.receipt.replace(' ', ""))).await;
        assert!(by_get.header("set-cookie").is_none() && !by_get.text().contains(&tip.number), "{action}");
    }
}
