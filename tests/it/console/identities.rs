//! Who a confidential reporter is, asked for and opened through pages alone.

use chrono::Duration;
use entity::enums::Role;
use serde_json::json;

use super::line::link;
use crate::support::{TestApp, browser::Form, desk::Desk};

const NAME: &str = "Vi Văn Kín";

#[tokio::test]
async fn custodians_agree_and_the_requester_opens_the_identity_for_a_day() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Investigator]).await;
    app.officer("bao", &[Role::Commander]).await;
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        app.officer(name, &[Role::Custodian]).await;
    }
    let reporter = json!({ "mode": "confidential", "name": NAME });
    app.resident().submits_with("Xe lạ ở cuối bản", json!({ "reporter": reporter })).await;
    let ana = Desk::at_work(&app, "ana").await;
    let tip = link(&ana.get("/console").await, "/console/tips/");
    let form = Form::of(&ana.get(&tip).await, &format!("{tip}/request-identity")).with("reason", "Cần làm chứng");
    let refused = ana.send(&form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("request-identity-legal_ground-e"), "{}", refused.text());
    let page = ana.does(&form.with("legal_ground", "Điều 87 BLTTHS")).await;
    assert!(page.text().contains("q-pending") && !page.text().contains("/open\""), "{}", page.text());
    let request = link(&ana.get("/console/identity-requests").await, "/console/identity-requests/");

    for (name, approves) in [("giu.mot", true), ("giu.hai", false), ("giu.ba", true)] {
        let desk = Desk::at_work(&app, name).await;
        let list = desk.get("/console/identity-requests").await;
        assert!(list.text().contains("class=\"dot\""), "{name} has something to do");
        assert_eq!(link(&list, "/console/identity-requests/"), request);
        let page = desk.get(&request).await;
        assert!(page.text().contains("Cần làm chứng") && page.text().contains("Điều 87 BLTTHS"), "{}", page.text());
        let verb = if approves { "approve" } else { "refuse" };
        let form = Form::of(&page, &format!("{request}/{verb}"));
        assert_eq!(desk.send(&form).await.status, 422, "not without a reason");
        let page = desk.does(&form.with("reason", "Đã cân nhắc")).await;
        assert!(!page.text().contains("/approve\"") && !page.text().contains("/open\""), "{}", page.text());
        let forged = Form::of(&page, "/console/log-out");
        let open = Form { action: format!("{request}/open"), ..forged };
        assert_eq!(desk.send(&open).await.status, 403, "custodians open nothing for themselves");
    }

    let page = ana.get(&request).await;
    assert!(page.text().contains("q-granted") && !page.text().contains(NAME), "shown by its form only");
    let open = Form::of(&page, &format!("{request}/open"));
    let opened = ana.send(&open).await;
    assert_eq!(opened.status, 200);
    assert!(opened.text().contains(NAME), "{}", opened.text());
    let bao = Desk::at_work(&app, "bao").await;
    assert_eq!(bao.get(&request).await.status, 404, "nobody else");

    app.app.clock.advance(Duration::hours(25));
    let ana = Desk::at_work(&app, "ana").await;
    let page = ana.get(&request).await;
    assert!(page.text().contains("q-ended") && !page.text().contains(NAME), "{}", page.text());
    let late = Form { action: format!("{request}/open"), ..Form::of(&page, "/console/log-out") };
    assert_eq!(ana.send(&late).await.status, 403);
}

#[tokio::test]
async fn a_custodian_hands_shares_over_and_an_administrator_sets_the_numbers() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator]).await;
    app.officer("truc", &[Role::Screener]).await;
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        app.officer(name, &[Role::Custodian]).await;
    }
    let reporter = json!({ "mode": "confidential", "name": NAME });
    app.resident().submits_with("Xe lạ ở cuối bản", json!({ "reporter": reporter })).await;
    app.officer("giu.bon", &[Role::Custodian]).await;
    let path = "/console/custodians";
    let leaver = Desk::at_work(&app, "giu.mot").await;
    let page = leaver.get(path).await;
    let form = Form::of(&page, &format!("{path}/hand-over"));
    assert_eq!(leaver.send(&form).await.status, 422, "to somebody");
    let heir = page.text();
    let heir = heir.split("giu.bon</label>").next().unwrap().rsplit("value=\"").next().unwrap();
    let heir = heir.split('"').next().unwrap().to_owned();
    let other = format!("{}:00", heir.split(':').next().unwrap());
    assert_eq!(leaver.send(&form.clone().with("to", &other)).await.status, 409, "not the key that was shown");
    let done = leaver.does(&form.with("to", &heir)).await;
    assert!(done.text().contains("class=\"flash\""), "{}", done.text());

    let ana = Desk::at_work(&app, "ana").await;
    let form = Form::of(&ana.get(path).await, &format!("{path}/set-quorum"));
    assert_eq!((form.value("threshold"), form.value("holders")), ("2", "3"));
    assert_eq!(ana.send(&form.clone().with("threshold", "9")).await.status, 422);
    let page = ana.does(&form.with("threshold", "3")).await;
    assert_eq!(Form::of(&page, &format!("{path}/set-quorum")).value("threshold"), "3");
}
