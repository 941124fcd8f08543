//! Sessions end at once, wherever they are asked: they are rows, and no node keeps any.

use entity::enums::Role;
use serde_json::json;

use crate::support::{
    Officer, TestApp,
    deployment::{INTAKE, PASSWORD},
    http::Client,
    people::text,
};

const NEW: &str = "suong-som-tren-doi-che-xanh";

/// That a session is good on both nodes, or on neither.
async fn is_in(nodes: [&Client; 2], officer: &Officer, expected: bool) {
    for node in nodes {
        let status = node.bearing(&officer.tokens.access).get("/api/v1/staff/me").await.status;
        assert_eq!(status, if expected { 200 } else { 401 });
    }
    if !expected {
        let refresh = json!({ "refresh_token": officer.tokens.refresh });
        for node in nodes {
            node.post("/api/v1/sessions/refresh", refresh.clone()).await.expect_problem(401, "token_invalid");
        }
    }
}

#[tokio::test]
async fn whatever_ends_a_session_ends_it_on_every_node_at_once() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let (_other, _server, there) = app.another_node().await;
    let here = app.client();
    let nodes = [&here, &there];
    let admin = app.officer("quan", &[Role::Administrator]).await;
    app.officer("ana", &[Role::Commander]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;

    // Logging out on one node.
    is_in(nodes, &binh, true).await;
    there.bearing(&binh.tokens.access).delete("/api/v1/sessions/current").await.expect(204);
    is_in(nodes, &binh, false).await;

    // Another password, changed on the other node: all sessions but that one.
    let (first, second) = (app.logs_in("binh", PASSWORD).await, app.logs_in("binh", PASSWORD).await);
    let change = json!({ "old_password": PASSWORD, "new_password": NEW });
    there.bearing(&second.tokens.access).post("/api/v1/staff/me/password", change).await.expect(200);
    is_in(nodes, &first, false).await;
    is_in(nodes, &second, true).await;

    // A refresh token that comes twice, the second time on the other node.
    let twice = app.logs_in("binh", NEW).await;
    let refresh = json!({ "refresh_token": twice.tokens.refresh });
    here.post("/api/v1/sessions/refresh", refresh.clone()).await.expect(201);
    there.post("/api/v1/sessions/refresh", refresh).await.expect_problem(401, "refresh_replayed");
    is_in(nodes, &twice, false).await;

    // An administrator's reset, and the recovery code that came after it.
    let path = format!("/api/v1/offices/{office}/members/{}/reset-password", binh.id());
    let reset = there.bearing(&admin.tokens.access).post_nothing(&path).await.expect(200);
    is_in(nodes, &second, false).await;
    let temporary = text(&reset["temporary_password"]);
    let once = app.logs_in("binh", &temporary).await;
    let change = json!({ "old_password": temporary, "new_password": NEW });
    let code = text(
        &here.bearing(&once.tokens.access).post("/api/v1/staff/me/password", change).await.expect(200)["recovery_code"],
    );
    is_in(nodes, &once, false).await;
    let recovered = app.logs_in("binh", NEW).await;
    let recovery = json!({ "username": "binh", "recovery_code": code, "new_password": PASSWORD });
    there.post("/api/v1/password-recovery", recovery).await.expect(200);
    is_in(nodes, &recovered, false).await;

    // A removal.
    let last = app.logs_in("binh", PASSWORD).await;
    is_in(nodes, &last, true).await;
    let path = format!("/api/v1/offices/{office}/members/{}/remove", binh.id());
    there.bearing(&admin.tokens.access).post_nothing(&path).await.expect(200);
    is_in(nodes, &last, false).await;
}
