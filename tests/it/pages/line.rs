use entity::enums::Role;

use crate::support::{
    TestApp, Tip,
    browser::{Browser, Form, receipt_on},
};

/// The only tip that is stored, as officers find it.
async fn only_tip(app: &TestApp, receipt: &str) -> Tip {
    let number = app.officer("finder", &[Role::Screener]).await.finds("").await;
    assert_eq!(number.len(), 1, "{number:?}");
    app.resident().recalls(&number[0], receipt).await
}

#[tokio::test]
async fn a_resident_goes_the_whole_way_without_scripts() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    assert_eq!(browser.get("/").await.status, 200);
    let shown = browser.gives_tip("Đêm nào cũng có xe lạ").await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let receipt = receipt_on(&shown);
    // Four digits of the paper.
    let asked = browser.send(&Form::of(&shown, "/receipt/check")).await;
    let check = Form::of(&asked, "/receipt/check");
    let group: usize = check.value("group").parse().unwrap();
    assert!(!asked.text().contains("<li><b>"), "the receipt is not shown beside the question");
    let digits = receipt.split(' ').nth(group - 1).unwrap();
    let wrong = browser.send(&check.clone().with("digits", "x")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Bốn chữ số chưa khớp"));
    assert_eq!(Form::of(&wrong, "/receipt/check").value("group"), check.value("group"));
    let right = browser.send(&check.with("digits", digits)).await;
    assert!(right.status == 200 && right.text().contains("Bạn đã ghi đúng"), "{}", right.text());
    assert_eq!(browser.cookie(), None);
    // The police ask, the resident answers.
    let tip = only_tip(&app, &receipt).await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    let thread = browser.opens(&receipt).await;
    assert!(thread.text().contains("Xe màu gì?") && thread.text().contains("Cần bạn trả lời"), "{}", thread.text());
    assert!(!thread.text().contains("Đêm nào"), "what was told stays sealed");
    let form = Form::of(&thread, "/thread/messages").with("text", "Màu xanh\nbiển 36");
    let after = browser.follow(&browser.send(&form).await).await;
    assert!(after.text().contains("Màu xanh\nbiển 36"), "{}", after.text());
    assert_eq!(ana.reads(&tip).await.expect(200)["messages"][1]["text"], "Màu xanh\nbiển 36");
    let gone = browser.get("/leave").await;
    assert_eq!((gone.status, gone.header("location")), (303, Some("https://vi.wikipedia.org/")));
    assert_eq!(gone.header("clear-site-data"), Some("\"cache\", \"cookies\", \"storage\""));
    assert_eq!(browser.cookie(), None);
    assert!(!browser.get("/thread").await.text().contains("Xe màu gì?"));
}

#[tokio::test]
async fn sent_twice_reloaded_or_sent_after_a_lost_answer_it_is_one_tip_and_one_receipt() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let blank = browser.get("/tip").await;
    let form = Form::of(&blank, "/tip").with("narrative", "Đêm nào cũng có xe lạ").with("category", "ma_tuy");
    assert!(blank.text().contains(form.value("receipt")), "who has a weak line can note the receipt first");
    let answers = futures::future::join_all((0..4).map(|_| browser.send(&form))).await;
    for shown in answers.iter().chain([&browser.send(&form).await]) {
        assert_eq!((shown.status, receipt_on(shown).as_str()), (200, form.value("receipt")), "{}", shown.text());
    }
    assert_eq!(app.count_rows("tips").await, 1);
}

#[tokio::test]
async fn a_receipt_is_shown_as_a_picture_on_request_only() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let shown = browser.gives_tip("Đêm nào cũng có xe lạ").await;
    assert!(!shown.text().contains("data:image/png"));
    let pictured = browser.send(&Form::of(&shown, "/receipt")).await;
    assert!(pictured.text().contains("src=\"data:image/png;base64,"), "{}", pictured.text());
    assert_eq!(receipt_on(&pictured), receipt_on(&shown));
}

#[tokio::test]
async fn a_place_is_understood_without_accents_and_a_day_as_people_write_it() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let form = Form::of(&browser.get("/tip").await, "/tip").with("narrative", "Có người lạ").with("category", "ma_tuy");
    let form = form.with("unit", "na meo").with("occurred_on", "1/6/2024").with("happening_now", "yes");
    let form = form.with("mode", "identified").with("name", "Lò Văn A").with("place", "cuối bản");
    let shown = browser.send(&form).await;
    let tip = only_tip(&app, &receipt_on(&shown)).await;
    let seen = ana.reads(&tip).await.expect(200);
    assert_eq!((&seen["unit"], &seen["occurred_on"]), (&"15013".into(), &"2024-06-01".into()), "{seen}");
    assert_eq!((&seen["place"], &seen["contact"]["name"]), (&"cuối bản".into(), &"Lò Văn A".into()), "{seen}");
    assert_eq!((&seen["happening_now"], &seen["channel"]), (&true.into(), &"web".into()), "{seen}");
}
