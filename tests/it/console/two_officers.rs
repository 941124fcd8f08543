use entity::enums::Role;

use super::line::link;
use crate::support::{TestApp, browser::Form, desk::Desk};

#[tokio::test]
async fn who_comes_second_sees_both_versions_and_loses_no_word() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.officer("binh", &[Role::Screener]).await;
    app.tip("Xe lạ cuối bản").await;
    let (ana, binh) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "binh").await);
    let tip = link(&ana.get("/console").await, "/console/tips/");
    let (hers, his) = (ana.get(&tip).await, binh.get(&tip).await);
    assert!(his.text().contains("id=\"others\"") && his.text().contains("<b>ana</b>"), "he sees that she is there");

    ana.does(&Form::of(&hers, &format!("{tip}/accept"))).await;
    let words = "Không thuộc <i>thẩm quyền</i> của ta";
    let dismiss = Form::of(&his, &format!("{tip}/dismiss")).with("why", "not_police").with("reason", words);
    let conflict = binh.send(&dismiss).await;
    assert_eq!(conflict.status, 412, "{}", conflict.text());
    let html = conflict.text();
    assert!(html.contains("s-received") && html.contains("s-accepted"), "both versions: {html}");
    assert!(html.contains("Không thuộc &#60;i&#62;thẩm quyền&#60;/i&#62; của ta"), "{html}");

    // Having seen both he may still do it, with what he typed.
    let again = Form::of(&conflict, &format!("{tip}/dismiss"));
    assert_eq!(again.value("reason"), words);
    let page = binh.does(&again).await;
    assert!(page.text().contains("s-not_police"), "{}", page.text());
}

#[tokio::test]
async fn a_refused_answer_comes_back_in_its_field() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.tip("Xe lạ cuối bản").await;
    let ana = Desk::at_work(&app, "ana").await;
    let tip = link(&ana.get("/console").await, "/console/tips/");
    let page = ana.get(&tip).await;
    let long = "dài ".repeat(2_000);
    let answer = ana.send(&Form::of(&page, &format!("{tip}/reply")).with("text", &long)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(Form::of(&answer, &format!("{tip}/reply")).value("text"), long);
    let refer = Form::of(&page, &format!("{tip}/refer")).with("to", "Hạt Kiểm lâm").with("reason", "");
    let answer = ana.send(&refer).await;
    assert_eq!(answer.status, 422);
    assert_eq!(Form::of(&answer, &format!("{tip}/refer")).value("to"), "Hạt Kiểm lâm");
    assert!(answer.text().contains("id=\"refer-reason-e\""), "the fault is said at its field");
}

#[tokio::test]
async fn several_tips_are_taken_at_once_and_one_that_cannot_be_holds_up_no_other() {
    let app = TestApp::spawn().await;
    let officer = app.officer("ana", &[Role::Screener]).await;
    let tips = [app.tip("một").await, app.tip("hai").await, app.tip("ba").await];
    officer.screens(&tips[2]).await.expect(200);
    let ana = Desk::at_work(&app, "ana").await;
    let queue = ana.get("/console").await;
    let mut form = Form::of(&queue, "/console/queue").with("verb", "screen");
    form.fields.extend(tips.iter().map(|tip| ("tip".to_owned(), tip.id.clone())));
    let page = ana.does(&form).await;
    assert!(page.text().contains("<b>2</b>") && page.text().contains("<b>1</b>"), "{}", page.text());
    assert_eq!(officer.finds("state=screening").await.len(), 3);
}
