use entity::enums::Role;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Officer, TestApp, Tip, http::Answer};

async fn screens_if(officer: &Officer, tip: &Tip, tag: &str) -> Answer {
    officer.client.with("if-match", tag).post_nothing(&format!("/api/v1/tips/{}/screen", tip.id)).await
}

#[tokio::test]
async fn of_two_officers_who_saw_the_same_version_the_second_is_told() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let bich = app.officer("bich", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let seen = ana.reads(&tip).await;
    let tag = seen.header("etag").expect("a version").to_owned();
    assert_eq!(bich.reads(&tip).await.header("etag"), Some(tag.as_str()), "reading changes no version");
    let changed = screens_if(&ana, &tip, &tag).await;
    changed.expect(200);
    let newer = changed.header("etag").expect("the next version").to_owned();
    assert_ne!(newer, tag);
    screens_if(&bich, &tip, &tag).await.expect_problem(412, "stale");
    let accept = format!("/api/v1/tips/{}/accept", tip.id);
    bich.client.with("if-match", &newer).post_nothing(&accept).await.expect(200);
}

#[tokio::test]
async fn a_message_of_the_reporter_is_a_new_version() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let tag = ana.reads(&tip).await.header("etag").unwrap().to_owned();
    let reporter = app.resident().opens_thread(&tip).await;
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Tôi nhầm" })).await.expect(201);
    screens_if(&ana, &tip, &tag).await.expect_problem(412, "stale");
}

#[tokio::test]
async fn a_tag_that_is_none_of_ours_is_refused() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    for tag in ["7", "\"7\"", "W/\"v1\"", "\"v1\", \"v2\"", "\"v-1\"", "\"v99999999999\"", "v1"] {
        screens_if(&ana, &tip, tag).await.expect_problem(400, "invalid_header");
    }
    screens_if(&ana, &tip, "*").await.expect(200);
}

#[tokio::test]
async fn of_moves_at_once_each_is_made_once() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let answers = join_all((0..10).map(|_| ana.accepts(&tip))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        let code = answer.expect(409)["code"].clone();
        assert!(code == "invalid_move" || code == "concurrent_change", "{code}");
    }
}

#[tokio::test]
async fn a_case_is_closed_and_opened_again_by_version() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    ana.accepts(&tip).await.expect(200);
    let case = crate::support::people::text(&ana.opens_case(&tip, "Vụ việc").await.expect(201)["id"]);
    let path = format!("/api/v1/cases/{case}");
    ana.records(&case, "xphc", "2024-06-03").await.expect(201);
    let seen = ana.client.get(&path).await;
    assert_eq!(seen.expect(200)["title"], "Vụ việc");
    let tag = seen.header("etag").expect("a version").to_owned();
    let close = format!("{path}/close");
    ana.client.with("if-match", &tag).post(&close, json!({ "note": "xong" })).await.expect(200);
    let stale = ana.client.with("if-match", &tag);
    let reason = json!({ "reason": "chưa xong" });
    stale.post(&format!("{path}/reopen"), reason).await.expect_problem(412, "stale");
}
