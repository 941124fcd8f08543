use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
};

#[tokio::test]
async fn a_narrative_that_is_too_long_comes_back_as_it_was_typed() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let long = "Ế\n".repeat(15_000);
    let form = Form::of(&browser.get("/tip").await, "/tip").with("narrative", &long).with("category", "ma_tuy");
    let form = form.with("place", "cuối bản");
    let back = browser.send(&form).await;
    assert_eq!(back.status, 422);
    let html = back.text();
    for said in ["role=\"alert\"", "href=\"#narrative\"", "id=\"narrative-e\"", "narrative-e\" aria-invalid=\"true\""] {
        assert!(html.contains(said), "{said}");
    }
    let again = Form::of(&back, "/tip");
    assert_eq!(again.value("narrative").replace("\r\n", "\n"), long);
    assert_eq!((again.value("place"), again.value("category")), ("cuối bản", "ma_tuy"));
    let shown = browser.send(&again.with("narrative", &"ế".repeat(20_000))).await;
    assert_eq!((shown.status, receipt_on(&shown).as_str()), (200, form.value("receipt")));
    assert_eq!(app.count_rows("tips").await, 1);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_what_to_do() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let form = Form::of(&browser.get("/tip").await, "/tip").with("unit", "Sơn").with("occurred_on", "hôm qua");
    let back = browser.send(&form.with("name", "Lò Văn A").with("mode", "anonymous")).await;
    assert_eq!(back.status, 422);
    for field in ["narrative", "category", "unit", "occurred_on", "reporter"] {
        assert!(back.text().contains(&format!("<a href=\"#{field}\">")), "{field}: {}", back.text());
        assert!(back.text().contains(&format!("id=\"{field}\"")), "{field}");
        assert!(back.text().contains(&format!("id=\"{field}-e\"")), "{field}");
    }
    assert!(back.text().contains("Có phải:"), "the places that may be meant are named");
    assert!(back.text().contains("class=\"who open\""), "what has to be taken out is seen");
    assert_eq!(Form::of(&back, "/tip").value("occurred_on"), "hôm qua");
    assert_eq!(app.count_rows("tips").await, 0);
}

#[tokio::test]
async fn a_form_that_was_open_too_long_is_renewed_with_what_was_typed() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let form = Form::of(&browser.get("/tip").await, "/tip").with("narrative", "Có xe lạ").with("category", "ma_tuy");
    app.app.clock.advance(chrono::Duration::hours(49));
    let back = browser.send(&form).await;
    assert_eq!(back.status, 422);
    let again = Form::of(&back, "/tip");
    assert_eq!(again.value("narrative"), "Có xe lạ");
    assert_ne!(again.value("receipt"), form.value("receipt"));
    assert_eq!(receipt_on(&browser.send(&again).await), again.value("receipt"));
}

#[tokio::test]
async fn a_closed_line_keeps_what_was_typed_and_says_what_to_do() {
    let app = TestApp::spawn().await;
    let browser = Browser::of(&app);
    let back = browser.gives_tip("Đêm nào cũng có xe lạ").await;
    assert_eq!(back.status, 503);
    assert!(back.text().contains("gọi 113") && back.text().contains("role=\"alert\""));
    assert_eq!(Form::of(&back, "/tip").value("narrative"), "Đêm nào cũng có xe lạ");
}

#[tokio::test]
async fn what_no_page_answers_is_a_page_for_people_and_a_problem_for_programs() {
    let app = TestApp::spawn().await;
    let browser = Browser::of(&app);
    let nowhere = browser.get("/khong-co").await;
    assert_eq!((nowhere.status, nowhere.header("content-type")), (404, Some("text/html; charset=utf-8")));
    app.client().get("/khong-co").await.expect_problem(404, "no_such_route");
    let large = browser.post("/tip", &"x".repeat(1024 * 1024 + 1)).await;
    assert_eq!((large.status, large.header("content-type")), (413, Some("text/html; charset=utf-8")));
    let json = app.client().with("accept", "text/html").post_bytes("/tip", b"{}").await;
    assert_eq!(json.status, 400, "{}", json.text());
}

#[tokio::test]
async fn hostile_text_is_shown_and_never_run() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "'\" onfocus=alert(1) autofocus x='",
        "{{ 7*7 }}{% raw %}",
        "&lt;script&gt;",
        "</style><svg onload=alert(1)>",
        "javascript:alert(1)",
        "<!--",
    ];
    for text in hostile {
        let mut form = Form::of(&browser.get("/tip").await, "/tip");
        let typed = ["narrative", "unit", "place", "occurred_on", "name", "phone", "address", "organisation"];
        for field in typed.into_iter().chain(["category", "mode"]) {
            form = form.with(field, text);
        }
        let back = browser.send(&form).await;
        assert_eq!(back.status, 422);
        is_harmless(&back.text(), text);
        let again = Form::of(&back, "/tip");
        typed.into_iter().for_each(|field| assert_eq!(again.value(field), text, "{field}"));
        let held = Form { action: "/thread".into(), fields: Vec::new() }.with("receipt", text).with("text", text);
        is_harmless(&browser.send(&held).await.text(), text);
    }
    let shown = browser.gives_tip("Đêm nào cũng có xe lạ").await;
    let receipt = receipt_on(&shown);
    let tip = app.resident().recalls(&ana.finds("").await[0], &receipt).await;
    for text in hostile {
        ana.replies(&tip, text).await.expect(200);
    }
    let thread = browser.opens(&receipt).await;
    for text in hostile {
        is_harmless(&thread.text(), text);
    }
}

/// No tag of the page is the text's.
#[track_caller]
fn is_harmless(html: &str, text: &str) {
    for tag in ["<script", "<img src=x", "<svg", "<!--", " onfocus=alert(1) autofocus x='\"", "\" onfocus"] {
        assert!(!html.contains(tag), "{text}: {tag}: {html}");
    }
}
