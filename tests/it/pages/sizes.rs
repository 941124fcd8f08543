use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form},
    http::Answer,
};

/// Bytes on the wire, head and body, in envelopes of 8 KiB.
fn envelopes(answer: &Answer) -> usize {
    answer.size().div_ceil(8 * 1024)
}

/// A browser as people have them: it unpacks.
fn unpacking(app: &TestApp) -> Browser {
    Browser::of(app).with("accept-encoding", "gzip, deflate, br")
}

#[tokio::test]
async fn sizes_tell_neither_whether_a_receipt_is_right_nor_whether_an_answer_waits() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let (quiet, answered) = (app.tip("Đêm nào cũng có xe lạ").await, app.tip("Đêm nào cũng có xe lạ").await);
    ana.asks(&answered, &"Xe màu gì? ".repeat(60)).await.expect(200);
    for browser in [unpacking, Browser::of] {
        let miss = browser(&app).shows_receipt("0000 0000 0000 0000 0000 0000").await;
        let slip = browser(&app).shows_receipt("0000 0000 0000 0000 0000 0001").await;
        let (first, second) = (browser(&app), browser(&app));
        let (without, with) =
            (first.shows_receipt(&quiet.receipt).await, second.shows_receipt(&answered.receipt).await);
        assert_eq!((miss.status, slip.status, without.status, with.status), (401, 422, 200, 200));
        let sizes = [&miss, &slip, &without, &with].map(Answer::size);
        assert!(sizes.iter().all(|size| size.abs_diff(sizes[0]) <= 8), "{sizes:?}");
        let again = [first.get("/thread").await.size(), second.get("/thread").await.size()];
        assert!(again[0].abs_diff(again[1]) <= 8, "{again:?}");
        let tip = browser(&app);
        let sent = tip.send(&tip.tip_form("Đêm nào cũng có xe lạ").await).await;
        let short = Form::of(&tip.get("/tip").await, "/tip");
        assert_eq!(envelopes(&sent), envelopes(&with), "sending a tip looks like reading an answer");
        assert_eq!(tip.send(&short).await.status, 422);
    }
}

#[tokio::test]
async fn sizes_tell_as_little_to_who_watches_the_api() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let (quiet, answered) = (app.tip("Đêm nào cũng có xe lạ").await, app.tip("Đêm nào cũng có xe lạ").await);
    ana.asks(&answered, &"Xe màu gì? ".repeat(60)).await.expect(200);
    let (resident, mut answers) = (app.resident(), Vec::new());
    for receipt in ["0000 0000 0000 0000 0000 0000", "0000 0000 0000 0000 0000 0001", &quiet.receipt, &answered.receipt]
    {
        answers.push(resident.shows(receipt).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [401, 422, 201, 201]);
    let (first, second) = (resident.opens_thread(&quiet).await, resident.opens_thread(&answered).await);
    for thread in [&first, &second] {
        answers.push(thread.get("/api/v1/reporter/tip").await);
        answers.push(thread.post("/api/v1/reporter/messages", serde_json::json!({ "text": "Màu xanh" })).await);
    }
    answers.push(first.post("/api/v1/reporter/messages", serde_json::json!({ "text": "" })).await);
    answers.push(first.post_nothing("/api/v1/reporter/receipt").await);
    answers.push(first.get("/api/v1/reporter/tip").await);
    answers.push(second.delete("/api/v1/reporter/receipt").await);
    answers.push(app.client().bearing("x").get("/api/v1/reporter/tip").await);
    answers.push(resident.client.post_nothing("/api/v1/tickets").await);
    answers.push(resident.sends(&resident.writes("Đêm nào cũng có xe lạ").await).await);
    let sizes: Vec<usize> = answers.iter().map(Answer::size).collect();
    assert!(sizes.iter().all(|size| size.abs_diff(sizes[0]) <= 8), "{sizes:?}");
    assert!(answers.iter().all(|answer| answer.json().is_object()), "what fills an answer is no part of it");
}

#[tokio::test]
async fn a_packed_page_is_the_page() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    for path in ["/", "/tip", "/thread", "/en/figures"] {
        let (packed, plain) = (unpacking(&app).get(path).await, Browser::of(&app).get(path).await);
        assert_eq!((packed.header("content-encoding"), plain.header("content-encoding")), (Some("gzip"), None));
        assert!(packed.size() <= 14 * 1024 && packed.size() < plain.size(), "{path}: {}", packed.size());
        if path == "/" {
            assert_eq!(packed.text(), plain.text());
        }
    }
    let refused = Browser::of(&app).with("accept-encoding", "gzip;q=0").get("/").await;
    assert_eq!(refused.header("content-encoding"), None);
}
