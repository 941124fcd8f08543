//! Who may open a tip, decided on its page.

use entity::enums::Role;

use super::line::link;
use crate::support::{
    TestApp,
    browser::Form,
    deployment::{INTAKE, NA_MEO},
    desk::Desk,
};

#[tokio::test]
async fn a_tip_is_handed_to_another_office_and_gone_from_this_one() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.officer_at(NA_MEO, "binh", &[Role::Screener]).await;
    app.tip("Xe lạ cuối bản").await;
    let (ana, binh) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "binh").await);
    let tip = link(&ana.get("/console").await, "/console/tips/");
    let page = ana.get(&tip).await;
    let form = Form::of(&page, &format!("{tip}/transfer"));
    assert_eq!(form.value("office"), app.office(NA_MEO).await.to_string(), "the only other office with a key");

    let refused = ana.send(&form.clone().with("reason", "")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("id=\"transfer-reason-e\""), "the fault is said at its field");
    assert_eq!(binh.get(&tip).await.status, 404);

    let queue = ana.does(&form.with("reason", "Thuộc địa bàn Na Mèo")).await;
    assert!(queue.text().contains("id=\"queue\"") && queue.text().contains("class=\"flash\""), "{}", queue.text());
    assert_eq!(ana.get(&tip).await.status, 404, "it is another office's now");
    let there = binh.get(&tip).await.text();
    assert!(there.contains("Xe lạ cuối bản") && there.contains("Thuộc địa bàn Na Mèo"), "{there}");
}

#[tokio::test]
async fn a_tip_is_shared_taken_back_and_left_to_officers_by_name() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let dung = app.officer("dung", &[Role::Investigator]).await;
    app.officer("hoa", &[Role::Investigator]).await;
    app.officer_at(NA_MEO, "binh", &[Role::Screener]).await;
    app.tip("Xe lạ cuối bản").await;
    let (desk, binh, hoa) =
        (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "binh").await, Desk::at_work(&app, "hoa").await);
    let tip = link(&desk.get("/console").await, "/console/tips/");

    let page = desk.does(&Form::of(&desk.get(&tip).await, &format!("{tip}/share"))).await;
    let informed = binh.get(&tip).await.text();
    assert!(informed.contains("Xe lạ cuối bản") && !informed.contains("action=\"/console/tips/"), "only to read");
    let page = desk.does(&Form::of(&page, &format!("{tip}/unshare"))).await;
    assert_eq!(binh.get(&tip).await.status, 404);

    let mut form = Form::of(&page, &format!("{tip}/restrict"));
    form.fields.push(("officers".into(), ana.id()));
    let refused = desk.send(&form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("restrict-officers-e"), "two at least: {}", refused.text());
    assert!(Form::of(&refused, &format!("{tip}/restrict")).fields.contains(&("officers".into(), ana.id())));
    form.fields.push(("officers".into(), dung.id()));
    let page = desk.does(&form).await;
    assert_eq!(hoa.get(&tip).await.status, 404, "to everybody else it is not there");
    desk.does(&Form::of(&page, &format!("{tip}/lift-restriction"))).await;
    assert_eq!(hoa.get(&tip).await.status, 200);
}

#[tokio::test]
async fn a_commander_holds_a_tip_and_lifts_the_hold() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Commander]).await;
    app.tip("Xe lạ cuối bản").await;
    let desk = Desk::at_work(&app, "ana").await;
    let tip = link(&desk.get("/console").await, "/console/tips/");
    let form = Form::of(&desk.get(&tip).await, &format!("{tip}/place-hold")).with("reason", "đang có khiếu nại");
    let refused = desk.send(&form.clone().with("until", "31/02/2025")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("place-hold-until-e"));
    let page = desk.does(&form.with("until", "31/12/2024")).await;
    assert!(page.text().contains("<dd>31/12/2024</dd>"), "{}", page.text());
    let lift = Form::of(&page, &format!("{tip}/lift-hold")).with("reason", "đã xong");
    assert!(!desk.does(&lift).await.text().contains("<dd>31/12/2024</dd>"));
}

#[tokio::test]
async fn a_key_is_granted_to_the_fingerprint_that_was_shown_and_an_officer_is_removed() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Commander]).await;
    let office = app.office(INTAKE).await;
    let new = tipline::staff::NewOfficer {
        username: "moi".into(),
        display_name: "Người mới".into(),
        office,
        roles: vec![Role::Screener],
        password: vault::secret::Secret::new(crate::support::deployment::PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    tipline::staff::insert_officer(&app.app, new).await.unwrap();
    app.tip("Xe lạ cuối bản").await;
    let (ana, moi) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "moi").await);
    let tip = link(&ana.get("/console").await, "/console/tips/");
    assert_eq!(moi.get(&tip).await.status, 403, "no key yet");
    let start = format!("/console/offices/{office}/members/");
    let page = ana.get(&format!("/console/offices/{office}")).await;
    let waiting = page.text().split("class=\"btn\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(waiting.starts_with(&start), "{waiting}");
    let member = ana.get(&waiting).await;
    let grant = Form::of(&member, &format!("{waiting}/grant-key"));
    assert!(member.text().contains(&format!("class=\"once\">{}<", grant.value("seen"))), "{}", member.text());
    assert_eq!(ana.send(&grant.clone().with("seen", "00")).await.status, 409, "not the key that was shown");
    let page = ana.does(&grant).await;
    assert_eq!(moi.get(&tip).await.status, 200);

    let remove = Form::of(&page, &format!("{waiting}/remove"));
    assert_eq!(ana.send(&remove).await.status, 422, "not without being sure");
    let page = ana.does(&remove.with("sure", "yes")).await;
    assert!(!page.text().contains(&waiting), "{}", page.text());
    assert_eq!(moi.get(&tip).await.status, 303, "the session has ended");
}
