use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form},
    site,
};

/// What a form of each kind holds, all of it right: whatever refuses it, it is not what was typed.
fn filled(action: &str, receipt: &str) -> Form {
    let form = Form { action: action.into(), fields: Vec::new() }.with("receipt", receipt).with("group", "1");
    form.with("digits", &receipt[..4]).with("text", "x").with("sure", "yes")
}

#[tokio::test]
async fn every_form_of_the_site_is_held_to_its_page() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let (browser, other) = (Browser::of(&app), Browser::of(&app));
    browser.opens(&tip.receipt).await;
    other.opens(&app.tip("Chuyện khác").await.receipt).await;
    let anothers = Form::of(&other.get("/thread").await, "/thread/messages").value("form").to_owned();
    let own = Form::of(&browser.get("/thread").await, "/thread/messages").value("form").to_owned();
    let ticket = browser.tip_form("Có xe lạ").await;
    let (before, mut held) = (app.all_rows().await, 0);
    let sent = site::routes().into_iter().filter(|route| !route.contains("/console"));
    for action in sent.filter_map(|route| route.strip_prefix("POST ").map(str::to_owned)) {
        let form = if action == "/tip" { ticket.clone() } else { filled(&action, &tip.receipt).with("form", &own) };
        let elsewhere = browser.sends_from_another_site(&form).await;
        assert_eq!((elsewhere.status, elsewhere.header("set-cookie")), (403, None), "{action}");
        let by_get = browser.get(&format!("{action}?{}", form.encoded())).await;
        assert!(matches!(by_get.status, 200 | 303), "{action} by GET: {}", by_get.status);
        // Those that change something carry a proof: the ticket of their page, or their session's token.
        let field = match action.as_str() {
            "/tip" => "ticket",
            "/thread" | "/receipt" | "/receipt/check" => continue,
            thread => {
                assert!(thread.starts_with("/thread/"), "how is {thread} held to its page?");
                "form"
            }
        };
        for proof in ["", "AAAA", anothers.as_str()] {
            let forged = browser.send(&form.clone().with(field, proof)).await;
            assert!(matches!(forged.status, 403 | 422), "{action} with {proof:?}: {}", forged.status);
        }
        held += 1;
    }
    assert_eq!(held, 5);
    assert_eq!(app.all_rows().await, before, "nothing was changed by any of it");
    // The others change nothing for anybody: who sends them holds the receipt.
    for action in ["/thread", "/receipt", "/receipt/check"] {
        assert_eq!(other.send(&filled(action, &tip.receipt)).await.status, 200, "{action}");
    }
    assert_eq!(app.all_rows().await, before);
}

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
