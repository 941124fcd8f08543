use chrono::Duration;
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::{TestApp, people::text};

fn texts(thread: &Value) -> Vec<(String, String)> {
    let messages = thread["messages"].as_array().unwrap();
    messages.iter().map(|message| (text(&message["from"]), text(&message["text"]))).collect()
}

#[tokio::test]
async fn looking_at_ones_thread_changes_no_row() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    let before = app.all_rows().await;
    for _ in 0..3 {
        let reporter = app.resident().opens_thread(&tip).await;
        let thread = reporter.get("/api/v1/reporter/tip").await.expect(200);
        assert_eq!(texts(&thread), [("police".into(), "Xe màu gì?".into())]);
        assert_eq!((&thread["number"], &thread["state"]), (&json!(tip.number), &json!("needs_reply")));
    }
    app.resident().shows("0000 0000 0000 0000 0000 0000").await.expect_problem(401, "unknown_receipt");
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn reporter_and_police_talk_both_ways() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    assert_eq!(tip.told["state_label"], "Đã nhận");
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    let reporter = app.resident().opens_thread(&tip).await;
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Màu xanh" })).await.expect(201);
    let seen = ana.reads(&tip).await.expect(200);
    assert_eq!(seen["state"], "screening");
    ana.replies(&tip, "Cảm ơn").await.expect(200);
    ana.notes(&tip, "chỉ nội bộ").await.expect(200);
    let thread = reporter.get("/api/v1/reporter/tip").await;
    let said = [("police", "Xe màu gì?"), ("reporter", "Màu xanh"), ("police", "Cảm ơn")];
    assert_eq!(texts(&thread.expect(200)), said.map(|(from, text)| (from.to_owned(), text.to_owned())));
    for hidden in ["chỉ nội bộ", "ana", "screening", "Đêm nào"] {
        assert!(!thread.text().contains(hidden), "{}", thread.text());
    }
}

#[tokio::test]
async fn a_receipt_is_read_however_it_was_written_down() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let full_width: String = tip
        .receipt
        .chars()
        .map(|c| c.to_digit(10).map_or('\u{3000}', |digit| char::from_u32(0xff10 + digit).unwrap()))
        .collect();
    let spellings =
        [tip.receipt.replace(' ', ""), tip.receipt.replace(' ', "-"), format!("  {}\n", tip.receipt), full_width];
    for written in spellings {
        let opened = app.resident().shows(&written).await.expect(201);
        assert_eq!(opened["expires_in"], 900, "{written}");
    }
}

#[tokio::test]
async fn a_slip_of_the_pen_is_told_from_an_unknown_receipt() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let resident = app.resident();
    let digits = tip.receipt.replace(' ', "");
    for at in 0..24 {
        let mut slip = digits.clone().into_bytes();
        slip[at] = if slip[at] == b'9' { b'0' } else { slip[at] + 1 };
        let slip = String::from_utf8(slip).unwrap();
        resident.shows(&slip).await.expect_problem(422, "receipt_check_digit");
    }
    for malformed in ["", "1", &digits[..23], &format!("{digits}0"), "a234 5678 9012 3456 7890 1234", "½"] {
        resident.shows(malformed).await.expect_problem(422, "receipt_malformed");
    }
    // Never used: its ticket was asked for, and no tip was sent.
    let unused = text(&resident.asks_for_a_ticket().await["receipt"]);
    resident.shows(&unused).await.expect_problem(401, "unknown_receipt");
}

#[tokio::test]
async fn a_changed_receipt_takes_the_place_of_the_old_one() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let mut tip = app.tip("Đêm nào cũng có xe lạ").await;
    ana.replies(&tip, "Đã nhận").await.expect(200);
    let resident = app.resident();
    let reporter = resident.opens_thread(&tip).await;
    let changed = reporter.post_nothing("/api/v1/reporter/receipt").await;
    assert!(matches!(changed.status, 200 | 201), "{}", changed.text());
    reporter.get("/api/v1/reporter/tip").await.expect_problem(401, "token_invalid");
    resident.shows(&tip.receipt).await.expect_problem(401, "unknown_receipt");
    tip.receipt = text(&changed.json()["receipt"]);
    let reporter = resident.opens_thread(&tip).await;
    assert_eq!(texts(&reporter.get("/api/v1/reporter/tip").await.expect(200)), [("police".into(), "Đã nhận".into())]);
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Vẫn tôi đây" })).await.expect(201);
    let seen = ana.reads(&tip).await.expect(200);
    assert_eq!(seen["messages"][1]["text"], "Vẫn tôi đây");
}

#[tokio::test]
async fn a_receipt_that_was_given_up_opens_nothing_and_police_keep_the_tip() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let resident = app.resident();
    let reporter = resident.opens_thread(&tip).await;
    reporter.delete("/api/v1/reporter/receipt").await.expect(200);
    for _ in 0..2 {
        resident.shows(&tip.receipt).await.expect_problem(401, "unknown_receipt");
        reporter.get("/api/v1/reporter/tip").await.expect_problem(401, "token_invalid");
        let message = json!({ "text": "x" });
        reporter.post("/api/v1/reporter/messages", message).await.expect_problem(401, "token_invalid");
        reporter.delete("/api/v1/reporter/receipt").await.expect_problem(401, "token_invalid");
    }
    assert_eq!(ana.reads(&tip).await.expect(200)["narrative"], "Đêm nào cũng có xe lạ");
    ana.asks(&tip, "Xe màu gì?").await.expect_problem(409, "thread_closed");
    ana.replies(&tip, "Cảm ơn").await.expect_problem(409, "thread_closed");
    ana.accepts(&tip).await.expect(200);
}

#[tokio::test]
async fn a_thread_is_open_for_a_quarter_of_an_hour() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let reporter = app.resident().opens_thread(&tip).await;
    app.app.clock.advance(Duration::minutes(15) - Duration::seconds(1));
    reporter.get("/api/v1/reporter/tip").await.expect(200);
    app.app.clock.advance(Duration::seconds(1));
    reporter.get("/api/v1/reporter/tip").await.expect_problem(401, "token_expired");
}

#[tokio::test]
async fn messages_of_both_sides_at_once_are_all_kept() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let reporter = app.resident().opens_thread(&tip).await;
    let writes = (0..10).map(|i| reporter.post("/api/v1/reporter/messages", json!({ "text": format!("r{i}") })));
    let replies = (0..10).map(async |i| ana.replies(&tip, &format!("p{i}")).await);
    let (written, replied) = futures::join!(futures::future::join_all(writes), futures::future::join_all(replies));
    let kept = written.iter().filter(|answer| answer.status == 201).count()
        + replied.iter().filter(|answer| answer.status == 200).count();
    // Who was too late is told so, and can send again; nobody is told that a lost message was kept.
    let refused = |answer: &crate::support::http::Answer| {
        matches!(answer.status, 200 | 201) || answer.json()["code"] == "concurrent_change"
    };
    assert!(written.iter().chain(&replied).all(refused));
    let thread = reporter.get("/api/v1/reporter/tip").await.expect(200);
    assert_eq!(texts(&thread).len(), kept);
}
