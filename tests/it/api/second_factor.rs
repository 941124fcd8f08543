use chrono::Duration;
use serde_json::{Value, json};
use tipline::staff;

use crate::support::{
    TestApp,
    http::{Answer, Client},
    people::text,
    totp,
};

pub const PASSWORD: &str = "ruong-bac-thang-mua-lua-chin";

/// The first administrator, enrolled over HTTP and logged in for the first time.
pub async fn first_administrator(app: &TestApp) -> Client {
    let token = staff::enrolment_token(&app.app).await.unwrap().expect("no officer exists");
    let who = json!({ "token": token, "username": "thu.admin", "display_name": "Thu", "password": PASSWORD });
    app.client().post("/api/v1/enrolment", who).await.expect(201);
    session(app, &log_in(app, "thu.admin", PASSWORD, None).await.expect(201))
}

pub async fn log_in(app: &TestApp, username: &str, password: &str, code: Option<&str>) -> Answer {
    let mut who = json!({ "username": username, "password": password });
    if let Some(code) = code {
        who["code"] = json!(code);
    }
    app.client().post("/api/v1/sessions", who).await
}

pub fn session(app: &TestApp, tokens: &Value) -> Client {
    app.client().bearing(&text(&tokens["access_token"]))
}

/// Enrols a second factor; gives its secret and the recovery codes.
pub async fn enrol(app: &TestApp, officer: &Client) -> (String, Vec<String>) {
    let started = officer.post_nothing("/api/v1/staff/me/second-factor").await;
    assert!(matches!(started.status, 200 | 201), "{}", started.text());
    let secret = text(&started.json()["secret"]);
    let proof = json!({ "secret": secret, "code": totp::code(&secret, app.app.clock.now()) });
    let enrolled = officer.post("/api/v1/staff/me/second-factor/verify", proof).await.expect(200);
    let codes = enrolled["recovery_codes"].as_array().unwrap().iter().map(text).collect();
    (secret, codes)
}

#[tokio::test]
async fn nothing_is_done_before_a_second_factor_is_enrolled() {
    let app = TestApp::spawn().await;
    let thu = first_administrator(&app).await;
    assert_eq!(thu.get("/api/v1/staff/me").await.expect(200)["pending"], "second_factor");
    for path in
        ["/api/v1/tips", "/api/v1/cases", "/api/v1/statistics/valuable-sources?from=2024-01-01&to=2024-12-31&by=year"]
    {
        thu.get(path).await.expect_problem(403, "second_factor_required");
    }
    enrol(&app, &thu).await;
    assert_eq!(thu.get("/api/v1/staff/me").await.expect(200)["pending"], Value::Null);
    thu.get("/api/v1/offices").await.expect(200);
}

#[tokio::test]
async fn a_secret_is_enrolled_only_with_its_own_code() {
    let app = TestApp::spawn().await;
    let thu = first_administrator(&app).await;
    let before = app.all_rows().await;
    let started = thu.post_nothing("/api/v1/staff/me/second-factor").await.json();
    let secret = text(&started["secret"]);
    assert!(text(&started["uri"]).starts_with("otpauth://totp/"), "{started}");
    let now = app.app.clock.now();
    let old = totp::code(&secret, now - Duration::minutes(10));
    for (secret, code) in [(&secret, "000000"), (&secret, &old), (&secret, ""), (&secret, "12345678")] {
        let proof = json!({ "secret": secret, "code": code });
        thu.post("/api/v1/staff/me/second-factor/verify", proof).await.expect_problem(401, "wrong_code");
    }
    let not_ours = json!({ "secret": "not base 32!", "code": "123456" });
    thu.post("/api/v1/staff/me/second-factor/verify", not_ours).await.expect_problem(409, "second_factor_not_started");
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn a_code_is_asked_for_at_log_in_and_works_once() {
    let app = TestApp::spawn().await;
    let (secret, _) = enrol(&app, &first_administrator(&app).await).await;
    log_in(&app, "thu.admin", PASSWORD, None).await.expect_problem(401, "second_factor_code_required");
    let used = totp::code(&secret, app.app.clock.now());
    log_in(&app, "thu.admin", PASSWORD, Some(&used)).await.expect_problem(401, "wrong_code");
    app.app.clock.advance(Duration::seconds(30));
    let fresh = totp::code(&secret, app.app.clock.now());
    // The password first: who does not know it learns nothing about codes.
    log_in(&app, "thu.admin", "muong-suoi-nha-san-cau-go", Some(&fresh)).await.expect_problem(401, "wrong_credentials");
    log_in(&app, "thu.admin", PASSWORD, Some(&fresh)).await.expect(201);
    log_in(&app, "thu.admin", PASSWORD, Some(&fresh)).await.expect_problem(401, "wrong_code");
}

#[tokio::test]
async fn a_recovery_code_takes_the_place_of_a_code_once() {
    let app = TestApp::spawn().await;
    let (_, codes) = enrol(&app, &first_administrator(&app).await).await;
    assert_eq!(codes.len(), 10);
    for code in &codes[..2] {
        log_in(&app, "thu.admin", PASSWORD, Some(code)).await.expect(201);
        log_in(&app, "thu.admin", PASSWORD, Some(code)).await.expect_problem(401, "wrong_code");
    }
}

#[tokio::test]
async fn after_five_wrong_codes_the_second_factor_rests() {
    let app = TestApp::spawn().await;
    let (secret, codes) = enrol(&app, &first_administrator(&app).await).await;
    app.app.clock.advance(Duration::minutes(1));
    for _ in 0..5 {
        log_in(&app, "thu.admin", PASSWORD, Some("000000")).await.expect_problem(401, "wrong_code");
    }
    let right = totp::code(&secret, app.app.clock.now());
    for code in [&right, &codes[0]] {
        let answer = log_in(&app, "thu.admin", PASSWORD, Some(code)).await;
        answer.expect_problem(429, "too_many_codes");
        assert!(answer.header("retry-after").is_some());
    }
    app.app.clock.advance(Duration::minutes(15));
    let right = totp::code(&secret, app.app.clock.now());
    log_in(&app, "thu.admin", PASSWORD, Some(&right)).await.expect(201);
}

#[tokio::test]
async fn a_stolen_session_does_not_replace_the_second_factor() {
    let app = TestApp::spawn().await;
    let thu = first_administrator(&app).await;
    let (secret, _) = enrol(&app, &thu).await;
    app.app.clock.advance(Duration::minutes(1));
    let now = app.app.clock.now();
    let other = text(&thu.post_nothing("/api/v1/staff/me/second-factor").await.json()["secret"]);
    let mut proof = json!({ "secret": other, "code": totp::code(&other, now) });
    let verify = "/api/v1/staff/me/second-factor/verify";
    thu.post(verify, proof.clone()).await.expect_problem(409, "second_factor_enrolled");
    proof["current_code"] = json!("000000");
    thu.post(verify, proof.clone()).await.expect_problem(401, "wrong_code");
    proof["current_code"] = json!(totp::code(&secret, now));
    thu.post(verify, proof).await.expect(200);
}
