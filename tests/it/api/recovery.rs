//! Passwords and keys that were lost, and what comes back.

use entity::{enums::Role, officers};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tipline::staff::{self, NewOfficer};
use vault::{keys::generate_pair, secret::Secret};

use super::second_factor::{enrol, log_in, session};
use crate::support::{
    TestApp,
    deployment::{INTAKE, PASSWORD},
    http::Answer,
    people::text,
    totp,
};

const NEW: &str = "suong-som-tren-doi-che-xanh";

/// The intake desk's first member, and the recovery code that was printed once.
async fn founder(app: &TestApp) -> String {
    let new = NewOfficer {
        username: "lan".to_owned(),
        display_name: "Lan".to_owned(),
        office: app.office(INTAKE).await,
        roles: vec![Role::Commander],
        password: Secret::new(PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    staff::create_first_member(&app.app, new).await.unwrap().recovery_code.expose().clone()
}

async fn recovers(app: &TestApp, name: &str, code: &str, new: &str) -> Answer {
    let body = json!({ "username": name, "recovery_code": code, "new_password": new });
    app.client().post("/api/v1/password-recovery", body).await
}

#[tokio::test]
async fn a_recovery_code_works_once_and_loses_nothing() {
    let app = TestApp::spawn().await;
    let code = founder(&app).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let before = app.logs_in("lan", PASSWORD).await;
    recovers(&app, "lan", "0000-0000-0000-0000-0000-0000", NEW).await.expect_problem(401, "wrong_credentials");
    recovers(&app, "nobody", &code, NEW).await.expect_problem(401, "wrong_credentials");
    recovers(&app, "lan", &code, "short").await.expect_problem(422, "password_too_short");
    before.client.get("/api/v1/staff/me").await.expect(200);
    let next = text(&recovers(&app, "LAN", &code.to_lowercase(), NEW).await.expect(200)["recovery_code"]);
    before.client.get("/api/v1/staff/me").await.expect_problem(401, "token_invalid");
    log_in(&app, "lan", PASSWORD, None).await.expect_problem(401, "wrong_credentials");
    let read = app.logs_in("lan", NEW).await.reads(&tip).await.expect(200);
    assert_eq!(read["narrative"], "Đêm nào cũng có xe lạ");
    recovers(&app, "lan", &code, PASSWORD).await.expect_problem(401, "wrong_credentials");
    recovers(&app, "lan", &next, PASSWORD).await.expect(200);
    app.logs_in("lan", PASSWORD).await;
}

#[tokio::test]
async fn a_recovery_code_does_not_replace_the_second_factor() {
    let app = TestApp::spawn().await;
    let code = founder(&app).await;
    let (secret, _) = enrol(&app, &app.logs_in("lan", PASSWORD).await.client).await;
    recovers(&app, "lan", &code, NEW).await.expect_problem(401, "second_factor_code_required");
    app.app.clock.advance(chrono::Duration::minutes(1));
    let now = totp::code(&secret, app.app.clock.now());
    let body = |second: &str| json!({ "username": "lan", "recovery_code": code, "new_password": NEW, "code": second });
    let client = app.client();
    client.post("/api/v1/password-recovery", body("000000")).await.expect_problem(401, "wrong_code");
    client.post("/api/v1/password-recovery", body(&now)).await.expect(200);
    app.app.clock.advance(chrono::Duration::minutes(1));
    log_in(&app, "lan", NEW, Some(&totp::code(&secret, app.app.clock.now()))).await.expect(201);
}

#[tokio::test]
async fn an_administrators_reset_opens_nothing_until_a_member_grants() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Screener]).await;
    let admin = app.officer("quan", &[Role::Administrator]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let office = app.office(INTAKE).await;
    let reset = format!("/api/v1/offices/{office}/members/{}/reset-password", lan.id());
    lan.client.post_nothing(&reset).await.expect_problem(403, "forbidden");
    // She is the last who opens the office.
    admin.client.post_nothing(&reset).await.expect_problem(409, "would_lose_keys");
    let bao = app.officer("bao", &[Role::Commander]).await;
    let temporary = text(&admin.client.post_nothing(&reset).await.expect(200)["temporary_password"]);
    lan.client.get("/api/v1/staff/me").await.expect_problem(401, "token_invalid");
    log_in(&app, "lan", PASSWORD, None).await.expect_problem(401, "wrong_credentials");

    let first = session(&app, &log_in(&app, "lan", &temporary, None).await.expect(201));
    first.get(&format!("/api/v1/tips/{}", tip.id)).await.expect_problem(403, "password_change_required");
    let change = json!({ "old_password": temporary, "new_password": NEW });
    assert!(first.post("/api/v1/staff/me/password", change).await.expect(200)["recovery_code"].is_string());
    let lan = app.logs_in("lan", NEW).await;
    lan.reads(&tip).await.expect_problem(403, "no_key");
    let grant = format!("/api/v1/offices/{office}/members/{}/grant-key", lan.id());
    let members = bao.client.get(&format!("/api/v1/offices/{office}/members")).await.expect(200);
    let seen = members["items"].as_array().unwrap().iter().find(|one| one["username"] == "lan").unwrap();
    bao.client.post(&grant, json!({})).await.expect_problem(422, "missing");
    let other = json!({ "key_fingerprint": "0".repeat(64) });
    bao.client.post(&grant, other).await.expect_problem(409, "key_mismatch");
    // What she reads of her own key, she tells her colleague.
    assert_eq!(lan.client.get("/api/v1/staff/me").await.expect(200)["key_fingerprint"], seen["key_fingerprint"]);
    let seen = json!({ "key_fingerprint": seen["key_fingerprint"] });
    bao.client.post(&grant, seen).await.expect(204);
    assert_eq!(lan.reads(&tip).await.expect(200)["narrative"], "Đêm nào cũng có xe lạ");
}

#[tokio::test]
async fn a_custodians_shares_are_not_lost_by_accident() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Investigator]).await;
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        app.officer(name, &[Role::Custodian]).await;
    }
    let admin = app.officer("quan", &[Role::Administrator]).await.client;
    let reporter = json!({ "mode": "confidential", "name": "Vi Văn Kín" });
    app.resident().submits_with("Xe lạ", json!({ "reporter": reporter })).await;
    let kinds = async || {
        let found = admin.get("/api/v1/doctor").await.expect(200);
        found["findings"].as_array().unwrap().iter().map(|one| text(&one["kind"])).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["one_member", "no_escrow"]);
    let office = app.office(INTAKE).await;
    let mut expected =
        [vec!["too_few_custodians", "identity_below_holders"], vec!["identity_lost", "too_few_custodians"]];
    for name in ["giu.mot", "giu.hai"] {
        let id = app.logs_in(name, PASSWORD).await.id();
        let reset = format!("/api/v1/offices/{office}/members/{id}/reset-password");
        admin.post_nothing(&reset).await.expect_problem(409, "would_lose_keys");
        admin.post(&reset, json!({ "accept_loss": true })).await.expect(200);
        let (kinds, new) = (kinds().await, std::mem::take(&mut expected[usize::from(name == "giu.hai")]));
        for kind in new {
            assert!(kinds.iter().any(|found| found == kind), "{name}: {kind} in {kinds:?}");
        }
    }
    let first = admin.get("/api/v1/doctor").await.expect(200)["findings"][0].clone();
    assert_eq!((&first["kind"], &first["alarm"]), (&json!("identity_lost"), &Value::Bool(true)));
}

#[tokio::test]
async fn a_public_key_that_was_swapped_before_a_grant_is_granted_nothing() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await;
    let bao = app.officer("bao", &[Role::Commander]).await;
    let new = NewOfficer {
        username: "lan".to_owned(),
        display_name: "Lan".to_owned(),
        office,
        roles: vec![Role::Screener],
        password: Secret::new(PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    staff::insert_officer(&app.app, new).await.unwrap();
    let lan = app.logs_in("lan", PASSWORD).await;
    let (_, foreign) = generate_pair(&app.app.chance);
    let row =
        officers::ActiveModel { id: Set(lan.staff.id), public_key: Set(foreign.to_bytes()), ..Default::default() };
    app.app.db.write(async |txn| row.update(txn).await).await.unwrap();
    let grant = format!("/api/v1/offices/{office}/members/{}/grant-key", lan.id());
    let told = json!({ "key_fingerprint": lan.client.get("/api/v1/staff/me").await.expect(200)["key_fingerprint"] });
    bao.client.post(&grant, told).await.expect_problem(409, "key_mismatch");
    assert_eq!(app.count_rows("office_key_wraps").await, 1);
}

#[tokio::test]
async fn a_swapped_public_key_is_found_at_the_log_in() {
    let app = TestApp::spawn().await;
    let code = founder(&app).await;
    let lan = app.logs_in("lan", PASSWORD).await;
    let (_, foreign) = generate_pair(&app.app.chance);
    let row =
        officers::ActiveModel { id: Set(lan.staff.id), public_key: Set(foreign.to_bytes()), ..Default::default() };
    app.app.db.write(async |txn| row.update(txn).await).await.unwrap();
    log_in(&app, "lan", PASSWORD, None).await.expect_problem(409, "key_mismatch");
    recovers(&app, "lan", &code, NEW).await.expect_problem(409, "key_mismatch");
}
