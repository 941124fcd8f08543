use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
    desk::Desk,
    http::Answer,
};

pub use super::scene::link;

/// The form by which a tip's page answers its reporter, sent as a question.
pub fn question(page: &Answer, tip: &str) -> Form {
    let form = Form::of(page, &format!("{tip}/reply"));
    Form { action: format!("{tip}/ask"), ..form }
}

async fn count(desk: &Desk) -> String {
    let page = desk.get("/console/figures?measure=valuable_sources&from=01/01/2024&to=31/12/2024").await;
    let html = page.text();
    let big = html.split("class=\"big\"").nth(1).unwrap_or_else(|| panic!("no figure: {html}"));
    big.split("\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_tip_goes_the_whole_line_through_pages_alone() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    app.officer("cuong", &[Role::Commander]).await;
    let resident = Browser::of(&app);
    let receipt = receipt_on(&resident.gives_tip("Người lạ bán ma túy ở cuối bản").await);

    let ana = Desk::at_work(&app, "ana").await;
    let queue = ana.get("/console").await;
    let tip = link(&queue, "/console/tips/");
    assert!(!queue.text().contains("cuối bản"), "the queue opens nothing");
    let page = ana.get(&tip).await;
    assert!(page.text().contains("Người lạ bán ma túy ở cuối bản"));
    let page = ana.does(&Form::of(&page, &format!("{tip}/screen"))).await;
    ana.does(&question(&page, &tip).with("text", "Họ đi xe gì?")).await;

    let thread = resident.opens(&receipt).await;
    assert!(thread.text().contains("Họ đi xe gì?"));
    resident.follow(&resident.send(&Form::of(&thread, "/thread/messages").with("text", "Xe máy đỏ")).await).await;

    let page = ana.get(&tip).await;
    assert!(page.text().contains("Xe máy đỏ"));
    let page = ana.does(&Form::of(&page, &format!("{tip}/accept"))).await;
    let page = ana.does(&Form::of(&page, &format!("{tip}/open-case")).with("title", "Ma túy cuối bản")).await;
    let case = link(&page, "/console/cases/");
    let page = ana.get(&case).await;
    let outcome = Form::of(&page, &format!("{case}/record-outcome")).with("kind", "khoi_to");
    let outcome = outcome.with("decided_on", "03/06/2024").with("yield_0", "persons||person").with("amount_0", "2");
    let page = ana.does(&outcome).await;
    let before = count(&ana).await;
    let attest = Form::of(&page, &format!("{case}/attest-value")).with("reason", "Dẫn tới bắt quả tang.");
    let attest = attest.with("tip", tip.rsplit('/').next().unwrap());
    let page = ana.does(&attest).await;
    assert!(!page.text().contains("/confirm\""), "nobody confirms their own attestation");
    assert_eq!(count(&ana).await, before);

    let cuong = Desk::at_work(&app, "cuong").await;
    let page = cuong.get(&tip).await;
    let confirm = link(&page, "/console/valuations/");
    assert!(confirm.ends_with("/confirm"), "{confirm}");
    cuong.does(&Form::of(&page, &confirm)).await;
    assert_eq!((before.as_str(), count(&cuong).await.as_str()), ("0", "1"));
}
