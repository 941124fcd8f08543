use chrono::Duration;
use entity::enums::Role;

use crate::support::{
    TestApp, Tip,
    browser::{Browser, Form, receipt_on},
};

async fn opened(app: &TestApp) -> (Browser, Tip) {
    let browser = Browser::of(app);
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    assert_eq!(browser.opens(&tip.receipt).await.status, 200);
    (browser, tip)
}

#[tokio::test]
async fn no_cookie_before_the_thread_and_one_for_a_quarter_of_an_hour_after() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let browser = Browser::of(&app);
    for path in ["/", "/tip", "/thread", "/leave", "/en", "/receipt"] {
        assert_eq!(browser.get(path).await.header("set-cookie"), None, "{path}");
    }
    let form = Form::of(&browser.get("/thread").await, "/thread").with("receipt", &tip.receipt.replace(' ', "-"));
    let answer = browser.send(&form).await;
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["; Path=/", "; Max-Age=900", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "over plain HTTP the browser would drop it");
    let over_tls = app.client().with("x-forwarded-proto", "https");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("receipt={}", tip.receipt.replace(' ', ""));
    let answer = over_tls.send("POST", "/thread", &kind, body.as_bytes()).await;
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"));
    assert!(browser.get("/thread").await.text().contains(&tip.number));
    app.app.clock.advance(Duration::minutes(15));
    let ended = browser.get("/thread").await;
    assert_eq!(ended.status, 401);
    assert!(ended.text().contains("15 phút") && browser.cookie().is_none(), "{}", ended.text());
}

#[tokio::test]
async fn reading_leaves_no_trace() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (browser, tip) = opened(&app).await;
    let before = app.all_rows().await;
    browser.get("/thread").await;
    browser.opens(&tip.receipt).await;
    browser.shows_receipt("0000 0000 0000 0000 0000 0000").await;
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn a_slip_of_the_pen_is_said_at_once_and_keeps_the_digits() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let last = tip.receipt.chars().last().unwrap();
    let slip = format!("{}{}", &tip.receipt[..tip.receipt.len() - 1], if last == '9' { '0' } else { '9' });
    for (typed, status, said) in [
        (slip.as_str(), 422, "gõ nhầm"),
        ("1234", 422, "đúng 24 chữ số"),
        ("0000 0000 0000 0000 0000 0000", 401, "không mở được tin nào"),
    ] {
        let back = browser.shows_receipt(typed).await;
        assert_eq!(back.status, status, "{typed}");
        assert!(back.text().contains(said) && back.text().contains("role=\"alert\""), "{}", back.text());
        assert_eq!(Form::of(&back, "/thread").value("receipt"), typed);
    }
    assert_eq!(browser.cookie(), None);
}

#[tokio::test]
async fn a_form_without_its_token_or_with_anothers_changes_nothing() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let ((browser, tip), (other, _)) = (opened(&app).await, opened(&app).await);
    let foreign = Form::of(&other.get("/thread").await, "/thread/messages").value("form").to_owned();
    let before = app.all_rows().await;
    for action in ["/thread/messages", "/thread/receipt", "/thread/give-up", "/thread/close"] {
        for token in ["", "AAAA", foreign.as_str()] {
            let forged = Form { action: action.into(), fields: Vec::new() };
            let forged = forged.with("form", token).with("text", "x").with("sure", "yes");
            let back = browser.send(&forged).await;
            assert_eq!(back.status, 403, "{action}: {}", back.text());
        }
        let by_get = browser.get(&format!("{action}?form={foreign}&text=x&sure=yes")).await;
        assert_eq!((by_get.status, by_get.header("location")), (303, Some("/thread")));
        let own = Form::of(&browser.get("/thread").await, action).with("text", "x").with("sure", "yes");
        let elsewhere = browser.sends_from_another_site(&own).await;
        assert_eq!(elsewhere.status, 403, "{action}");
    }
    assert_eq!(app.all_rows().await, before);
    let page = browser.get("/thread").await;
    assert!(page.text().contains(&tip.number), "the thread is still open");
}

#[tokio::test]
async fn a_message_that_outlasts_the_session_waits_for_the_receipt() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (browser, tip) = opened(&app).await;
    let form = Form::of(&browser.get("/thread").await, "/thread/messages").with("text", "Tôi nhớ ra biển số");
    app.app.clock.advance(Duration::minutes(16));
    let ended = browser.send(&form).await;
    assert_eq!(ended.status, 401);
    let again = Form::of(&ended, "/thread");
    assert_eq!(again.value("text"), "Tôi nhớ ra biển số");
    let back = browser.send(&again.with("receipt", &tip.receipt)).await;
    let form = Form::of(&back, "/thread/messages");
    assert_eq!((back.status, form.value("text"), app.count_rows("messages").await), (200, "Tôi nhớ ra biển số", 0));
    assert_eq!(browser.send(&form).await.status, 303);
    assert_eq!(app.count_rows("messages").await, 1);
    let empty = browser.send(&form.with("text", " ")).await;
    assert!(empty.status == 422 && empty.text().contains("id=\"text-e\""), "{}", empty.text());
}

#[tokio::test]
async fn a_receipt_is_changed_or_given_up() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (browser, tip) = opened(&app).await;
    let changed = browser.send(&Form::of(&browser.get("/thread").await, "/thread/receipt")).await;
    let receipt = receipt_on(&changed);
    assert_ne!(receipt, tip.receipt);
    assert_eq!(browser.cookie(), None);
    assert_eq!(browser.shows_receipt(&tip.receipt).await.status, 401);
    let thread = browser.opens(&receipt).await;
    assert!(thread.text().contains(&tip.number));
    let wish = Form::of(&thread, "/thread/give-up");
    let unsure = browser.send(&wish).await;
    assert!(unsure.status == 422 && unsure.text().contains("id=\"sure-e\""), "{}", unsure.text());
    let given_up = browser.send(&wish.with("sure", "yes")).await;
    assert_eq!((given_up.status, browser.cookie()), (200, None));
    assert_eq!(browser.shows_receipt(&receipt).await.status, 401);
    assert_eq!(app.count_rows("tips").await, 1);
}

#[tokio::test]
async fn closing_ends_the_thread_in_this_browser() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (browser, tip) = opened(&app).await;
    let closed = browser.send(&Form::of(&browser.get("/thread").await, "/thread/close")).await;
    assert_eq!((closed.status, closed.header("location")), (303, Some("/")));
    assert_eq!(browser.cookie(), None);
    assert!(!browser.get("/thread").await.text().contains(&tip.number));
}
