use entity::enums::Role;
use serde_json::json;

use crate::{
    look,
    support::{TestApp, Tip},
    window::Window,
};

/// The receipt that the page shows, group by group.
pub async fn receipt_in(window: &Window) -> String {
    let mut groups = Vec::new();
    for at in 1..=6 {
        groups.push(window.text(&format!(".code li:nth-child({at}) b")).await);
    }
    groups.join(" ")
}

/// From the first page to the receipt, as a person goes.
pub async fn gives_tip(window: &Window, narrative: &str) -> String {
    window.opens("/").await;
    window.follows("main a[href='/tip']").await;
    // One step at a time, as browsers of the last years show the page.
    window.types("#narrative", narrative).await;
    window.clicks("#s1 .btn").await;
    window.clicks("label[for=c-ma_tuy]").await;
    window.clicks("#s2 .btn").await;
    window.types("#unit", "na meo").await;
    window.clicks("#s3 .btn").await;
    window.follows("main form button").await;
    receipt_in(window).await
}

async fn writes_down(window: &Window, receipt: &str) {
    window.follows("form[action='/receipt/check'] button").await;
    let group: usize = window.value("input[name=group]").await.parse().unwrap();
    window.types("#digits", receipt.split(' ').nth(group - 1).unwrap()).await;
    window.follows("form[action='/receipt/check'] button").await;
    assert!(window.text("h1").await.contains("Bạn đã ghi đúng"));
}

pub async fn opens_thread(window: &Window, receipt: &str) {
    window.opens("/").await;
    window.follows("main a[href='/thread']").await;
    window.types("#receipt", receipt).await;
    window.follows("main form button").await;
}

async fn goes_the_whole_way(app: &TestApp, window: &Window) {
    let ana = app.officer("ana", &[Role::Screener]).await;
    let receipt = gives_tip(window, "Đêm nào cũng có xe lạ").await;
    writes_down(window, &receipt).await;
    let number = ana.finds("").await.pop().expect("the tip has arrived");
    let tip: Tip = app.resident().recalls(&number, &receipt).await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    opens_thread(window, &receipt).await;
    assert_eq!(window.path().await, "/thread");
    assert!(window.text("main").await.contains("Xe màu gì?"));
    window.types("#text", "Màu xanh").await;
    window.follows("form[action='/thread/messages'] button").await;
    assert!(window.text(".talk").await.contains("Màu xanh"));
    assert_eq!(ana.reads(&tip).await.expect(200)["messages"][1]["text"], "Màu xanh");
    window.follows("form[action='/thread/close'] button").await;
    assert_eq!(window.path().await, "/");
    window.opens("/thread").await;
    assert_eq!(window.count("#receipt").await, 1, "the thread is closed");
    look::is_quiet(window, "the whole way").await;
}

#[tokio::test]
async fn a_resident_gives_a_tip_and_answers() {
    let app = TestApp::spawn().await;
    let window = Window::onto(&app).await;
    goes_the_whole_way(&app, &window).await;
}

#[tokio::test]
async fn a_resident_gives_a_tip_and_answers_with_scripts_off() {
    let app = TestApp::spawn().await;
    let window = Window::onto(&app).await;
    window.runs_no_scripts().await;
    goes_the_whole_way(&app, &window).await;
}

/// What the browser asked the server for to show this page: the page itself, redirects on the way to it, and whatever
/// it loads.
async fn requests(window: &Window) -> u64 {
    let asked = "const [page] = performance.getEntriesByType('navigation');
        return 1 + page.redirectCount + performance.getEntriesByType('resource').length";
    window.runs(asked, json!([])).await.as_u64().expect("a number")
}

#[tokio::test]
async fn a_first_tip_takes_three_requests_from_a_cold_start() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let window = Window::onto(&app).await;
    window.opens("/").await;
    let mut asked = requests(&window).await;
    window.follows("main a[href='/tip']").await;
    asked += requests(&window).await;
    window.types("#narrative", "Đêm nào cũng có xe lạ").await;
    window.clicks("#s1 .btn").await;
    window.clicks("label[for=c-ma_tuy]").await;
    window.clicks("#s2 .btn").await;
    window.clicks("#s3 .btn").await;
    window.follows("main form button").await;
    asked += requests(&window).await;
    assert_eq!(receipt_in(&window).await.len(), 29, "the receipt is there");
    assert_eq!((asked, app.count_rows("tips").await), (3, 1));
}

#[tokio::test]
async fn going_back_and_sending_again_is_still_one_tip() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let window = Window::onto(&app).await;
    let receipt = gives_tip(&window, "Đêm nào cũng có xe lạ").await;
    window.goes_back().await;
    // Nothing is kept on the phone, so the form is a new one; what the person knows is the receipt.
    window.opens("/thread").await;
    window.types("#receipt", &receipt.replace(' ', "-")).await;
    window.follows("main form button").await;
    assert_eq!(window.count("dl").await, 1, "the receipt leads to the tip");
    window.reloads().await;
    assert_eq!(app.count_rows("tips").await, 1);
}
