//! What every answer carries, whatever made it.

use std::time::Duration;

use entity::enums::Role;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::TestApp;

#[tokio::test]
async fn no_answer_is_cached_framed_or_tells_where_it_came_from() {
    let app = TestApp::spawn().await;
    let client = app.client();
    let answers = [
        client.get("/healthz").await,
        client.get("/nowhere").await,
        client.get("/api/docs").await,
        client.post_nothing("/api/v1/tickets").await,
        client.post_bytes("/api/v1/tips", b"{").await,
        client.send("PATCH", "/api/v1/tips", &[], b"").await,
        client.get("/api/v1/tips").await,
    ];
    for answer in answers {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{answer:?}");
        }
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        for absent in ["server", "set-cookie", "access-control-allow-origin", "x-powered-by", "tipline-synthetic"] {
            assert_eq!(answer.header(absent), None, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_so_asked_are_told_apart() {
    let app = TestApp::spawn().await;
    let client = app.client();
    for path in ["/api", "/api/v1/", "/api/v1/tips/", "/api/v2/tips", "//api/v1/tips", "/api/v1/tips/../units"] {
        client.get(path).await.expect_problem(404, "no_such_route");
    }
    for (method, path, allow) in [
        ("PUT", "/api/v1/tickets", "POST"),
        ("DELETE", "/api/v1/tips", "GET, POST, HEAD"),
        ("POST", "/api/v1/units", "GET, HEAD"),
        ("GET", "/api/v1/tips/7/screen", "POST"),
    ] {
        let answer = client.send(method, path, &[], b"").await;
        answer.expect_problem(405, "method_not_allowed");
        let told: Vec<&str> = answer.header("allow").unwrap_or_default().split(", ").collect();
        let expected: Vec<&str> = allow.split(", ").collect();
        assert!(expected.iter().all(|method| told.contains(method)), "{method} {path}: {told:?}");
    }
}

#[tokio::test]
async fn head_tells_what_get_would_without_the_body() {
    let app = TestApp::spawn().await;
    let answer = app.client().send("HEAD", "/api/v1/categories", &[], b"").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_ne!(answer.header("content-length"), Some("0"));
}

#[tokio::test]
async fn labels_and_problems_are_in_the_language_asked_for() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let title = async |language: &str| {
        let answer = app.client().with("accept-language", language).get("/nowhere").await;
        (answer.header("content-language").unwrap_or_default().to_owned(), answer.json()["title"].clone())
    };
    let (vietnamese, english) = (title("vi").await, title("en").await);
    assert_eq!((vietnamese.0.as_str(), english.0.as_str()), ("vi", "en"));
    assert_ne!(vietnamese.1, english.1);
    assert_eq!(title("").await, vietnamese);
    assert_eq!(title("fr, en;q=0.5").await, english);
    let resident = app.resident();
    let tip = resident.writes("x").await;
    let told = resident.client.with("accept-language", "en-GB").post("/api/v1/tips", tip.clone()).await.expect(201);
    let again = resident.sends(&tip).await.expect(200);
    assert_eq!(again["state_label"], json!("Đã nhận"));
    assert_ne!(told["state_label"], again["state_label"]);
}

#[tokio::test]
async fn reference_lists_are_those_of_the_day() {
    let app = TestApp::spawn().await;
    let client = app.client();
    let communes = async |on: &str| {
        let units = client.get(&format!("/api/v1/units?on={on}")).await.expect(200);
        let items = units["items"].as_array().unwrap().clone();
        items.iter().filter(|unit| unit["kind"] == "xa" || unit["kind"] == "thi_tran").count()
    };
    assert_eq!((communes("2023-06-01").await, communes("2025-06-30").await, communes("2025-07-01").await), (12, 12, 8));
    let categories = client.get("/api/v1/categories").await.expect(200);
    assert_eq!(categories["items"].as_array().unwrap().len(), 15);
    for query in ["on=2023-6-1", "on=yesterday", "on=+262142-01-01", "no=2023-06-01"] {
        client.get(&format!("/api/v1/units?{query}")).await.expect_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn the_server_says_that_it_is_ready() {
    let app = TestApp::spawn().await;
    app.client().get("/healthz").await.expect(200);
    app.client().get("/readyz").await.expect(200);
}

#[tokio::test]
async fn a_body_without_an_end_is_answered_and_cut_off() {
    let app = TestApp::spawn().await;
    let (mut reading, mut writing) = TcpStream::connect(app.address).await.unwrap().into_split();
    let head = b"POST /api/v1/tips HTTP/1.1\r\nhost: line\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    writing.write_all(head).await.unwrap();
    let chunk = [b"10000\r\n", [b'x'; 0x10000].as_slice(), b"\r\n"].concat();
    let pour = async { while writing.write_all(&chunk).await.is_ok() {} };
    let mut said = Vec::new();
    let both = async { tokio::join!(reading.read_to_end(&mut said), pour) };
    let (end, ()) = tokio::time::timeout(Duration::from_secs(20), both).await.expect("the connection is closed");
    // Whether it sees the end or the breaking off: the answer was there before.
    drop(end);
    assert!(said.starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&said));
}
