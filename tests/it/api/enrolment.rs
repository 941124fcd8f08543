use entity::enums::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tipline::staff;

use super::second_factor::{PASSWORD, enrol, first_administrator, log_in, session};
use crate::support::{TestApp, deployment::INTAKE, http::Client, people::text};

const HIS_OWN: &str = "suong-som-tren-doi-che-xanh";

async fn link(app: &TestApp) -> String {
    staff::enrolment_token(&app.app).await.unwrap().expect("no officer exists")
}

#[tokio::test]
async fn the_first_administrator_enrols_once() {
    let app = TestApp::spawn().await;
    let token = link(&app).await;
    let who = |name: &str| json!({ "token": token, "username": name, "display_name": "Thu", "password": PASSWORD });
    let client = app.client();
    let mut forged = who("thu.admin");
    forged["token"] = json!("x.y.z");
    client.post("/api/v1/enrolment", forged).await.expect_problem(401, "enrolment_invalid");
    let mut weak = who("thu.admin");
    weak["password"] = json!("password");
    client.post("/api/v1/enrolment", weak).await.expect_problem(422, "password_too_short");
    client.post("/api/v1/enrolment", who("Thu!")).await.expect_problem(422, "username_invalid");
    assert_eq!(app.count_rows("officers").await, 0);

    let at_once = join_all((0..3).map(|i| client.post("/api/v1/enrolment", who(&format!("thu{i}"))))).await;
    let made = at_once.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((made, app.count_rows("officers").await), (1, 1));
    client.post("/api/v1/enrolment", who("again")).await.expect_problem(409, "enrolment_closed");
    assert!(staff::enrolment_token(&app.app).await.unwrap().is_none());
}

/// An account that the administrator makes; gives the officer's id and temporary password.
async fn creates(admin: &Client, office: &str, username: &str, roles: &[&str]) -> (String, String) {
    let new = json!({ "username": username, "display_name": username, "roles": roles });
    let made = admin.post(&format!("/api/v1/offices/{office}/members"), new).await.expect(201);
    (text(&made["id"]), text(&made["temporary_password"]))
}

#[tokio::test]
async fn an_officer_comes_to_the_first_tip_step_by_step() {
    let app = TestApp::spawn().await;
    let admin = first_administrator(&app).await;
    enrol(&app, &admin).await;
    let founder = app.officer("founder", &[Role::Commander]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let office = app.office(INTAKE).await.to_string();

    let (id, temporary) = creates(&admin, &office, "dung", &["screener"]).await;
    assert_eq!(temporary.split('-').count(), 6, "six words");
    let grant = format!("/api/v1/offices/{office}/members/{id}/grant-key");
    let unseen = json!({ "key_fingerprint": "0".repeat(64) });
    founder.client.post(&grant, unseen.clone()).await.expect_problem(403, "password_change_required");

    let first = session(&app, &log_in(&app, "dung", &temporary, None).await.expect(201));
    assert_eq!(first.get("/api/v1/staff/me").await.expect(200)["pending"], "password_change");
    first.get("/api/v1/tips").await.expect_problem(403, "password_change_required");
    first.post_nothing("/api/v1/staff/me/second-factor").await.expect_problem(403, "password_change_required");
    let change = json!({ "old_password": temporary, "new_password": HIS_OWN });
    let changed = first.post("/api/v1/staff/me/password", change).await.expect(200);
    assert!(changed["recovery_code"].is_string(), "{changed}");
    first.get("/api/v1/staff/me").await.expect_problem(401, "token_invalid");

    let dung = session(&app, &log_in(&app, "dung", HIS_OWN, None).await.expect(201));
    dung.get("/api/v1/tips").await.expect_problem(403, "second_factor_required");
    enrol(&app, &dung).await;
    let path = format!("/api/v1/tips/{}", tip.id);
    dung.get(&path).await.expect_problem(403, "no_key");

    let seen = json!({ "key_fingerprint": dung.get("/api/v1/staff/me").await.expect(200)["key_fingerprint"] });
    admin.post(&grant, seen.clone()).await.expect_problem(403, "forbidden");
    founder.client.post(&grant, unseen).await.expect_problem(409, "key_mismatch");
    founder.client.post(&grant, seen.clone()).await.expect(204);
    founder.client.post(&grant, seen).await.expect_problem(409, "already_member");
    assert_eq!(dung.get(&path).await.expect(200)["narrative"], "Đêm nào cũng có xe lạ");
}

#[tokio::test]
async fn an_administrator_makes_accounts_and_opens_no_tip() {
    let app = TestApp::spawn().await;
    let admin = first_administrator(&app).await;
    enrol(&app, &admin).await;
    let founder = app.officer("founder", &[Role::Commander]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    admin.get("/api/v1/tips").await.expect_problem(403, "forbidden");
    admin.get(&format!("/api/v1/tips/{}", tip.id)).await.expect_problem(403, "forbidden");
    let office = app.office(INTAKE).await.to_string();
    let members = format!("/api/v1/offices/{office}/members");
    let new = |name: &str, roles: Value| json!({ "username": name, "display_name": "A", "roles": roles });
    admin.post(&members, new("founder", json!(["screener"]))).await.expect_problem(409, "username_taken");
    admin.post(&members, new("x", json!(["screener"]))).await.expect_problem(422, "username_invalid");
    admin.post(&members, new("xuan", json!([]))).await.expect_problem(422, "missing");
    admin.post(&members, new("xuan", json!(["king"]))).await.expect_problem(422, "invalid");
    founder.client.post(&members, new("xuan", json!(["screener"]))).await.expect_problem(403, "forbidden");
    // A role that opens nothing gets no key, whoever grants it.
    let (auditor, _) = creates(&admin, &office, "vui", &["auditor"]).await;
    let grant = format!("{members}/{auditor}/grant-key");
    let seen = json!({ "key_fingerprint": "0".repeat(64) });
    founder.client.post(&grant, seen).await.expect_problem(409, "officer_has_no_role");
}
