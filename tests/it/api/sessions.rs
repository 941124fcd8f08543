use chrono::Duration;
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::{
    Officer, TestApp,
    deployment::PASSWORD,
    http::{Answer, Client},
    people::text,
};

const ME: &str = "/api/v1/staff/me";

async fn log_in(client: &Client, username: &str, password: &str) -> Answer {
    client.post("/api/v1/sessions", json!({ "username": username, "password": password })).await
}

async fn refresh(client: &Client, token: &Value) -> Answer {
    client.post("/api/v1/sessions/refresh", json!({ "refresh_token": token })).await
}

async fn me(client: &Client, session: &Value) -> Answer {
    client.bearing(&text(&session["access_token"])).get(ME).await
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_and_ends_the_former() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let first = log_in(&client, "ana", PASSWORD).await.expect(201);
    assert_eq!(first["expires_in"], 900);
    assert_eq!(me(&client, &first).await.expect(200)["username"], "ana");
    let second = refresh(&client, &first["refresh_token"]).await.expect(201);
    me(&client, &second).await.expect(200);
    me(&client, &first).await.expect_problem(401, "token_invalid");
}

#[tokio::test]
async fn a_refresh_token_used_twice_revokes_the_whole_log_in() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let first = log_in(&client, "ana", PASSWORD).await.expect(201);
    let other = log_in(&client, "ana", PASSWORD).await.expect(201);
    let second = refresh(&client, &first["refresh_token"]).await.expect(201);
    let third = refresh(&client, &second["refresh_token"]).await.expect(201);
    refresh(&client, &first["refresh_token"]).await.expect_problem(401, "refresh_replayed");
    me(&client, &third).await.expect_problem(401, "token_invalid");
    refresh(&client, &third["refresh_token"]).await.expect_problem(401, "token_invalid");
    // Another log-in of the same officer is another family.
    me(&client, &other).await.expect(200);
}

#[tokio::test]
async fn of_two_refreshes_at_once_at_most_one_succeeds() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let first = log_in(&client, "ana", PASSWORD).await.expect(201);
    let token = &first["refresh_token"];
    let (a, b) = futures::join!(refresh(&client, token), refresh(&client, token));
    let good = [&a, &b].into_iter().filter(|answer| answer.status == 201).count();
    assert!(good <= 1, "{} {}", a.text(), b.text());
    for answer in [a, b].into_iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.status, 401, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_log_out_ends_the_session_on_every_node() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let (_node, _server, other) = app.another_node().await;
    let there = other.bearing(&ana.tokens.access);
    there.get(ME).await.expect(200);
    ana.client.delete("/api/v1/sessions/current").await.expect(204);
    there.get(ME).await.expect_problem(401, "token_invalid");
    ana.client.get(ME).await.expect_problem(401, "token_invalid");
    refresh(&app.client(), &json!(ana.tokens.refresh)).await.expect_problem(401, "token_invalid");
}

#[tokio::test]
async fn tokens_end_after_a_quarter_of_an_hour_and_the_log_in_after_a_shift() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let mut session = log_in(&client, "ana", PASSWORD).await.expect(201);
    app.app.clock.advance(Duration::seconds(899));
    me(&client, &session).await.expect(200);
    app.app.clock.advance(Duration::seconds(1));
    me(&client, &session).await.expect_problem(401, "token_expired");
    session = refresh(&client, &session["refresh_token"]).await.expect(201);
    me(&client, &session).await.expect(200);
    app.app.clock.advance(Duration::hours(12));
    refresh(&client, &session["refresh_token"]).await.expect_problem(401, "token_expired");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let wrong = log_in(&client, "ana", "muong-suoi-nha-san-cau-go").await;
    let unknown = log_in(&client, "nobody", PASSWORD).await;
    assert_eq!(wrong.expect_problem(401, "wrong_credentials"), unknown.expect_problem(401, "wrong_credentials"));
    log_in(&client, "ANA", PASSWORD).await.expect(201);
    log_in(&client, "ana", "").await.expect_problem(401, "wrong_credentials");
    log_in(&client, "", "").await.expect_problem(401, "wrong_credentials");
}

#[tokio::test]
async fn only_an_access_token_of_this_line_is_let_in() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let reporter = text(&app.resident().shows(&tip.receipt).await.expect(201)["token"]);
    let (client, good) = (app.client(), ana.tokens.access.clone());
    client.get(ME).await.expect_problem(401, "token_missing");
    let half = good.len() / 2;
    let parts: Vec<&str> = good.split('.').collect();
    let long = "a".repeat(5_000);
    for token in [
        "x",
        "x.y.z",
        "..",
        &good[..half],
        &good[half..],
        &ana.tokens.refresh,
        &reporter,
        &format!("{good}x"),
        // `{"alg":"none"}` in place of the head.
        &format!("eyJhbGciOiJub25lIn0.{}.", parts.get(1).unwrap_or(&"")),
        &long,
    ] {
        client.bearing(token).get(ME).await.expect_problem(401, "token_invalid");
    }
    for header in ["Basic YTpi", "Bearer", "Bearer ", "bearer\t", &format!("Token {good}"), &good] {
        let answer = client.with("authorization", header).get(ME).await;
        assert_eq!(answer.status, 401, "{header}: {}", answer.text());
    }
    client.with("authorization", &format!("bearer {good}")).get(ME).await.expect(200);
    client.bearing(&good).get("/api/v1/reporter/tip").await.expect_problem(401, "token_invalid");
    client.bearing(&reporter).get("/api/v1/tips").await.expect_problem(401, "token_invalid");
    let answer = client.get(ME).await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"tipline\""));
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_what_was_sent() {
    let app = TestApp::spawn().await;
    let client = app.client();
    let paths =
        ["/api/v1/tips/x/screen", "/api/v1/tips/00000000-0000-4000-8000-000000000000/ask", "/api/v1/staff/tips"];
    for path in paths {
        client.post_bytes(path, b"{").await.expect_problem(401, "token_missing");
    }
    client.get("/api/v1/tips?limit=x").await.expect_problem(401, "token_missing");
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let other = app.logs_in("ana", PASSWORD).await;
    let change = async |officer: &Officer, old: &str, new: &str| {
        let body = json!({ "old_password": old, "new_password": new });
        officer.client.post("/api/v1/staff/me/password", body).await
    };
    for (new, code) in [
        ("short", "password_too_short"),
        ("passwordpassword", "password_common"),
        (&"x y".repeat(100), "password_too_long"),
        ("", "password_too_short"),
    ] {
        change(&ana, PASSWORD, new).await.expect_problem(422, code);
    }
    let new = "ruong-bac-thang-mua-lua-chin";
    change(&ana, "muong-suoi-nha-san-cau-go", new).await.expect_problem(401, "wrong_credentials");
    other.client.get(ME).await.expect(200);
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    assert_eq!(change(&ana, PASSWORD, new).await.expect(200)["recovery_code"], Value::Null);
    other.client.get(ME).await.expect_problem(401, "token_invalid");
    ana.client.get(ME).await.expect(200);
    log_in(&app.client(), "ana", PASSWORD).await.expect_problem(401, "wrong_credentials");
    // The key pair is the same: what was sealed to it still opens.
    assert_eq!(app.logs_in("ana", new).await.reads(&tip).await.expect(200)["narrative"], "Đêm nào cũng có xe lạ");
}
