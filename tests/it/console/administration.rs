//! The line's switch, the doctor, the record, and the way in for the first of all.

use entity::enums::Role;
use serde_json::json;
use tipline::{
    jobs::{self, Job},
    staff,
};
use uuid::Uuid;

use super::line::link;
use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
    deployment::{INTAKE, NA_MEO, PASSWORD},
    desk::Desk,
};

#[tokio::test]
async fn a_closed_line_says_so_takes_no_tip_and_keeps_threads_open() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let resident = Browser::of(&app);
    let receipt = receipt_on(&resident.gives_tip("Xe lạ cuối bản").await);
    let tip = resident.tip_form("Đánh bạc ở quán nước").await;
    let desk = Desk::at_work(&app, "ana").await;
    let close = Form::of(&desk.get("/console/line").await, "/console/line/close-line").with("scope", "line");
    let refused = desk.send(&close).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("close-line-message_vi-e"), "{}", refused.text());
    let page = desk.does(&close.with("message_vi", "Nghỉ đến <b>thứ hai</b>; việc gấp gọi 113.")).await;
    assert!(page.text().contains("Nghỉ đến &#60;b&#62;thứ hai"), "{}", page.text());
    assert!(desk.get("/console/offices").await.text().contains("s-spam"), "the list of offices says so too");

    for path in ["/", "/en", "/tip"] {
        assert!(resident.get(path).await.text().contains("Nghỉ đến &#60;b&#62;thứ hai"), "{path}");
    }
    let refused = resident.send(&tip).await;
    assert_eq!(refused.status, 503);
    assert_eq!(Form::of(&refused, "/tip").value("narrative"), "Đánh bạc ở quán nước", "nothing typed is lost");
    assert!(refused.text().contains("Nghỉ đến"), "{}", refused.text());
    let told = app.client().get("/api/v1/line").await.expect(200);
    assert_eq!((&told["open"], &told["closures"][0]["office"]), (&json!(false), &json!(null)));
    let sent = app.resident().writes("x").await;
    app.resident().sends(&sent).await.expect_problem(503, "line_closed");

    let thread = resident.opens(&receipt).await;
    let answer = resident.send(&Form::of(&thread, "/thread/messages").with("text", "Thêm: xe màu đỏ")).await;
    assert_eq!(answer.status, 303, "threads stay open");
    let written = Form::of(&desk.get("/console/write-down").await, "/console/write-down");
    let written = desk.send(&written.with("narrative", "Qua điện thoại").with("category", "ma_tuy")).await;
    assert_eq!(written.status, 200, "officers go on writing down: {}", written.text());

    let open = Form::of(&desk.get("/console/line").await, "/console/line/open-line");
    desk.does(&open).await;
    assert_eq!(desk.send(&open).await.status, 409, "it is open");
    assert_eq!(resident.send(&tip).await.status, 200, "the same form, sent again");
}

#[tokio::test]
async fn one_office_is_closed_by_who_stands_above_it_and_the_others_go_on() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let binh = app.officer_at(NA_MEO, "binh", &[Role::Screener, Role::Administrator]).await;
    let office = app.office(NA_MEO).await.to_string();
    let closing = json!({ "office": office, "message_vi": "Nghỉ Tết" });
    let whole = json!({ "message_vi": "Nghỉ Tết" });
    binh.client.post("/api/v1/line/close", whole).await.expect_problem(403, "forbidden");
    let above = json!({ "office": app.office(INTAKE).await.to_string(), "message_vi": "Nghỉ Tết" });
    binh.client.post("/api/v1/line/close", above).await.expect_problem(403, "forbidden");
    ana.client.post("/api/v1/line/close", closing).await.expect(204);
    let mut there = app.resident().writes("x").await;
    there["unit"] = json!("15013");
    app.resident().sends(&there).await.expect_problem(503, "line_closed");
    app.tip("Không rõ ở đâu").await;
    let told = app.client().get("/api/v1/line").await.expect(200);
    assert_eq!((&told["open"], &told["closures"][0]["office"]), (&json!(true), &json!(office)));
    binh.client.post("/api/v1/line/open", json!({ "office": office })).await.expect(204);
    app.resident().sends(&there).await.expect(201);
    // A tip that is stored is acknowledged again, whatever was closed since.
    ana.client.post("/api/v1/line/close", json!({ "message_vi": "Nghỉ Tết" })).await.expect(204);
    assert_eq!(app.resident().sends(&there).await.status, 200);
}

#[tokio::test]
async fn the_doctor_counts_in_the_navigation_and_tells_each_what_is_theirs() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator]).await;
    app.officer("lan", &[Role::Screener]).await;
    app.officer_at(NA_MEO, "binh", &[Role::Screener]).await;
    app.officer("giu", &[Role::Custodian]).await;
    let ana = Desk::at_work(&app, "ana").await;
    let count = |html: &str| -> usize {
        let shown = html.split("class=\"n alert\"").nth(1).and_then(|rest| rest.split('>').nth(1));
        shown.map_or(0, |rest| rest.split('<').next().unwrap().trim().parse().unwrap())
    };
    let page = ana.get("/console/doctor").await.text();
    // Two offices of one member each, without paper; too few custodians; no checkpoint. A disk may be full as well.
    let before = count(&page);
    assert!(before >= 6, "{page}");
    jobs::run(&app.app, Job::WriteCheckpoint, Uuid::from_u128(1)).await.unwrap();
    let page = ana.get("/console/doctor").await.text();
    assert_eq!(count(&page), before - 1, "{page}");
    assert_eq!(count(&ana.get("/console/offices").await.text()), before - 1, "the other pages show it too");
    assert!(page.contains("09:00 03/06/2024"), "when the checkpoint was signed: {page}");

    let lan = Desk::at_work(&app, "lan").await;
    let page = lan.get("/console/doctor").await.text();
    assert!(page.contains("tỉnh Thanh Hóa") && !page.contains("Na Mèo"), "{page}");
    assert!(!page.contains("GiB"), "the machine is the administrators'");
    assert_eq!(Desk::at_work(&app, "giu").await.get("/console/doctor").await.status, 403);
}

#[tokio::test]
async fn an_auditor_filters_the_record_turns_its_pages_and_saves_it() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    app.officer("vui", &[Role::Auditor]).await;
    let tip = app.tip("Xe lạ cuối bản").await;
    for _ in 0..60 {
        ana.client.get(&format!("/api/v1/tips/{}", tip.id)).await.expect(200);
    }
    app.app.clock.advance(chrono::Duration::minutes(1));
    jobs::run(&app.app, Job::SequenceAudit, Uuid::from_u128(1)).await.unwrap();
    let desk = Desk::at_work(&app, "vui").await;
    let path = format!("/console/audit?act=TipRead&object={}", tip.id);
    let page = desk.get(&path).await.text();
    let rows = |html: &str| html.matches("<tr><td class=\"num\">").count();
    assert_eq!(rows(&page), 50, "{page}");
    assert!(!page.contains("Xe lạ"), "never what was said");
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(rows(&desk.get(&next).await.text()), 10);
    assert_eq!(rows(&desk.get(&format!("{path}&to=02/06/2024")).await.text()), 0);
    let reversed = desk.get("/console/audit?from=03/06/2024&to=02/06/2024").await;
    assert_eq!(reversed.status, 422, "{}", reversed.text());
    assert_eq!(desk.get("/console/audit?cursor=x").await.status, 400);

    let file = link(&desk.get(&path).await, "/console/audit/export");
    let csv = desk.get(&format!("{file}?format=csv&act=TipRead&object={}", tip.id)).await;
    assert!(csv.header("content-disposition").is_some_and(|name| name.contains("audit.csv")));
    assert_eq!(csv.text().lines().count(), 61, "a head and every act");
    let lines = desk.get(&format!("{file}?format=jsonl&act=TipRead")).await;
    assert_eq!(lines.text().lines().count(), 60);
    let other = Desk::at_work(&app, "ana").await;
    assert_eq!(other.get("/console/audit").await.status, 403);
    assert_eq!(other.get("/console/audit/export").await.status, 403);
}

#[tokio::test]
async fn the_first_administrator_enrols_on_a_page() {
    let app = TestApp::spawn().await;
    let token = staff::enrolment_token(&app.app).await.unwrap().expect("no officer exists");
    let desk = Desk::of(&app);
    let form = Form::of(&desk.get(&format!("/console/enrol?token={token}")).await, "/console/enrol");
    assert_eq!(form.value("token"), token);
    let form = form.with("username", "thu.admin").with("display_name", "Lò Thị Thu");
    let weak = desk.send(&form.clone().with("password", "ngan")).await;
    assert_eq!(weak.status, 422);
    assert!(!weak.text().contains("ngan\""), "a password is not sent back");
    assert_eq!(Form::of(&weak, "/console/enrol").value("username"), "thu.admin");
    assert_eq!(desk.send(&form.clone().with("token", "x.y.z").with("password", PASSWORD)).await.status, 401);
    let made = desk.send(&form.clone().with("password", PASSWORD)).await;
    assert_eq!(made.status, 200);
    assert!(made.text().contains("class=\"once\""), "the recovery code: {}", made.text());
    assert_eq!(desk.send(&form.with("password", PASSWORD)).await.status, 409, "once");
    assert_eq!(desk.get("/console/enrol").await.status, 303);
    assert_eq!(desk.logs_in("thu.admin", PASSWORD).await.status, 303);
}
