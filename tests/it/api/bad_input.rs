//! Whatever is sent: a problem with its own code, nothing stored, nothing lost, never a 5xx.

use chrono::Duration;
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::{Officer, Resident, TestApp, Worked, http::Answer, people::text};

/// A tip that is right but for one change.
async fn wrong(resident: &Resident<'_>, change: Value) -> Value {
    let mut tip = resident.writes("Đêm nào cũng có xe lạ").await;
    for (field, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(tip.as_object_mut().unwrap().remove(field)),
            value => tip[field] = value.clone(),
        }
    }
    tip
}

#[tokio::test]
async fn a_wrong_tip_is_refused_by_code_and_field_and_stores_nothing() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let before = app.all_rows().await;
    let long = "ế".repeat(20_001);
    for (change, code, field) in [
        (json!({ "narrative": "" }), "narrative_empty", "narrative"),
        (json!({ "narrative": " \n\u{200b}\u{3000}" }), "narrative_empty", "narrative"),
        (json!({ "narrative": long }), "narrative_too_long", "narrative"),
        (json!({ "narrative": "a\u{0}b" }), "control_character", "narrative"),
        (json!({ "narrative": "a\u{202e}b" }), "bidi_control", "narrative"),
        (json!({ "narrative": "a\u{200f}b" }), "bidi_control", "narrative"),
        (json!({ "narrative": null }), "missing", "narrative"),
        (json!({ "narrative": 7 }), "invalid", "narrative"),
        (json!({ "narrative": ["a"] }), "invalid", "narrative"),
        (json!({ "category": "nothing" }), "unknown_category", "category"),
        (json!({ "category": null }), "missing", "category"),
        (json!({ "unit": "99999" }), "unknown_unit", "unit"),
        (json!({ "unit": "" }), "unknown_unit", "unit"),
        (json!({ "channel": "pigeon" }), "unknown_channel", "channel"),
        (json!({ "place": "x".repeat(501) }), "too_long", "place"),
        (json!({ "place": "a\u{1b}[31m" }), "control_character", "place"),
        (json!({ "occurred_on": "2024-06-05" }), "date_in_future", "occurred_on"),
        (json!({ "occurred_on": "1900-01-01" }), "date_too_early", "occurred_on"),
        (json!({ "occurred_on": "2024-02-30" }), "invalid", "occurred_on"),
        (json!({ "occurred_on": "+262142-01-01" }), "invalid", "occurred_on"),
        (json!({ "language": "v" }), "unknown_language", "language"),
        (json!({ "language": "tiếng Việt" }), "unknown_language", "language"),
        (json!({ "happening_now": "yes" }), "invalid", "happening_now"),
        (json!({ "nararative": "x" }), "unknown_field", "nararative"),
        (json!({ "reporter": { "mode": "anonymous", "name": "A" } }), "identity_unwanted", "reporter"),
        (json!({ "reporter": { "mode": "identified" } }), "identity_missing", "reporter.name"),
        (json!({ "reporter": { "mode": "organisation" } }), "identity_missing", "reporter.organisation"),
        (json!({ "reporter": { "mode": "famous" } }), "invalid", "reporter.mode"),
        (json!({ "reporter": { "mode": "identified", "phone": "\u{202d}1" } }), "bidi_control", "reporter.phone"),
        (json!({ "receipt": "1234" }), "receipt_malformed", "receipt"),
        (json!({ "receipt": "" }), "receipt_malformed", "receipt"),
        (json!({ "ticket": "" }), "ticket_forged", "ticket"),
        (json!({ "ticket": "x.y.z" }), "ticket_forged", "ticket"),
        (json!({ "ticket": "x".repeat(3000) }), "ticket_forged", "ticket"),
    ] {
        let answer = resident.sends(&wrong(&resident, change.clone()).await).await;
        let problem = answer.expect_problem(422, code);
        assert_eq!(problem["errors"][0]["field"], field, "{change}: {problem}");
    }
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once_and_never_repeated() {
    let app = TestApp::spawn().await;
    let resident = app.resident();
    let change = json!({ "category": "canary-category", "unit": "canary-unit", "place": "canary\u{202e}" });
    let answer = resident.sends(&wrong(&resident, change).await).await;
    let problem = answer.expect_problem(422, "invalid_fields");
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(fields, ["category", "unit", "place"]);
    assert!(!answer.text().contains("canary"));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_by_what_is_wrong_with_it() {
    let app = TestApp::spawn().await;
    let before = app.all_rows().await;
    let client = app.client();
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_object = "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000);
    let large = format!("{{\"narrative\":\"{}\"}}", "x".repeat(300 * 1024));
    let huge = vec![b'x'; 3 * 1024 * 1024];
    for (body, status, code) in [
        (b"".as_slice(), 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"{}x", 422, "missing"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"\xff\xfe", 400, "invalid_utf8"),
        (b"\"\\ud800\"", 400, "lone_surrogate"),
        (b"{\"narrative\":\"\\ude00\"}", 400, "lone_surrogate"),
        (deep.as_bytes(), 400, "json_too_deep"),
        (deep_object.as_bytes(), 400, "json_too_deep"),
        (large.as_bytes(), 413, "body_too_large"),
        (&huge, 413, "body_too_large"),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        for path in ["/api/v1/tips", "/api/v1/reporter/sessions", "/api/v1/sessions", "/api/v1/enrolment"] {
            let answer = client.post_bytes(path, body).await;
            // What is missing from an object or an array differs from path to path; its kind does not.
            match status {
                422 => assert_eq!(answer.status, 422, "{path} {shown}: {}", answer.text()),
                status => drop(answer.expect_problem(status, code)),
            }
        }
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let answer = client.send("POST", "/api/v1/tips", &[("content-type", kind)], b"{}").await;
        answer.expect_problem(415, "json_expected");
    }
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn the_longest_narrative_is_taken_however_it_is_written() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    // 20,000 characters outside the basic plane, each escaped as a pair: twelve bytes a character.
    let tip = resident.writes("x").await.to_string();
    let body = tip.replace("\"narrative\":\"x\"", &format!("\"narrative\":\"{}\"", "\\ud83d\\ude00".repeat(20_000)));
    resident.client.post_bytes("/api/v1/tips", body.as_bytes()).await.expect(201);
    let id = text(&ana.lists("").await.expect(200)["items"][0]["id"]);
    let seen = ana.client.get(&format!("/api/v1/tips/{id}")).await.expect(200);
    assert_eq!(text(&seen["narrative"]), "😀".repeat(20_000));
}

#[tokio::test]
async fn a_ticket_is_good_for_its_own_receipt_and_for_its_time() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let (mut tip, other) = (resident.writes("một").await, resident.asks_for_a_ticket().await);
    let own = tip["ticket"].clone();
    tip["ticket"] = other["ticket"].clone();
    resident.sends(&tip).await.expect_problem(422, "ticket_forged");
    tip["ticket"] = json!(flip(&text(&own)));
    resident.sends(&tip).await.expect_problem(422, "ticket_forged");
    tip["ticket"] = own;
    app.app.clock.advance(Duration::days(400));
    resident.sends(&tip).await.expect_problem(422, "ticket_expired");
    assert_eq!(app.count_rows("tips").await, 0);
    // Nothing is lost: the same words go with a new ticket.
    let fresh = resident.asks_for_a_ticket().await;
    (tip["receipt"], tip["ticket"]) = (fresh["receipt"].clone(), fresh["ticket"].clone());
    resident.sends(&tip).await.expect(201);
}

/// Another letter in the middle.
fn flip(text: &str) -> String {
    let middle = text.len() / 2;
    let other = if &text[middle..=middle] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..middle], &text[middle + 1..])
}

#[tokio::test]
async fn a_place_is_known_only_while_it_exists() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    app.resident().submits_with("ở Trung Xuân", json!({ "unit": "14995" })).await;
    // Two days after the communes were merged.
    app.app.clock.set("2025-07-02T05:00:00Z".parse().unwrap());
    let gone = resident.sends(&wrong(&resident, json!({ "unit": "14995" })).await).await;
    gone.expect_problem(422, "unknown_unit");
    resident.sends(&wrong(&resident, json!({ "unit": "15016" })).await).await.expect(201);
}

#[tokio::test]
async fn what_officers_send_is_judged_as_strictly() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ").await).await;
    let before = app.all_rows().await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let tip = async |verb: &str, with: Value| ana.does(&worked.tip, verb, with).await;
    refused(tip("note", json!({ "text": "" })).await, "text_empty");
    refused(tip("note", json!({ "text": "x".repeat(5_001) })).await, "text_too_long");
    refused(tip("reply", json!({ "text": "a\u{7}b" })).await, "control_character");
    refused(tip("ask", json!({ "text": "a\u{2066}b" })).await, "bidi_control");
    refused(tip("grade", json!({ "source": "G", "information": 3 })).await, "invalid");
    refused(tip("grade", json!({ "source": "A", "information": 0 })).await, "invalid");
    refused(tip("grade", json!({ "source": "AB", "information": 1 })).await, "invalid");
    refused(tip("assign", json!({ "assignee": nobody })).await, "assignee_not_member");
    refused(tip("assign", json!({})).await, "missing");
    refused(tip("open-case", json!({ "title": " " })).await, "title_empty");
    refused(tip("dismiss", json!({ "why": "boring", "reason": "x" })).await, "invalid");
    refused(tip("attest-value", json!({ "outcome": worked.outcome, "reason": "" })).await, "reason_empty");
    refused(tip("attest-value", json!({ "outcome": "x", "reason": "y" })).await, "invalid");
    assert_eq!(app.all_rows().await, before);
    outcomes_are_judged(&ana, &worked.case).await;
    assert_eq!(app.all_rows().await, before);
}

async fn outcomes_are_judged(ana: &Officer, case: &str) {
    let with = |yields: Value| json!({ "kind": "thu_hoi", "decided_on": "2024-06-01", "yields": yields });
    for (outcome, code) in [
        (json!({ "kind": "magic", "decided_on": "2024-06-01" }), "unknown_outcome_kind"),
        (json!({ "kind": "khoi_to", "decided_on": "2024-06-05" }), "date_in_future"),
        (json!({ "kind": "khoi_to", "decided_on": "yesterday" }), "invalid"),
        (json!({ "kind": "khoi_to" }), "missing"),
        (with(json!([{ "kind": "gold", "amount": 1, "unit": "kg" }])), "unknown_yield_kind"),
        (with(json!([{ "kind": "timber", "amount": 1, "unit": "kg" }])), "unknown_yield_unit"),
        (with(json!([{ "kind": "timber", "amount": -1, "unit": "m3" }])), "amount_invalid"),
        (with(json!([{ "kind": "persons", "amount": 1.5, "unit": "person" }])), "amount_invalid"),
        (with(json!([{ "kind": "timber", "amount": 0.0001, "unit": "m3" }])), "amount_invalid"),
        (with(json!([{ "kind": "timber", "amount": 1e300, "unit": "m3" }])), "amount_invalid"),
    ] {
        refused(ana.records_with(case, outcome).await, code);
    }
}

#[track_caller]
fn refused(answer: Answer, code: &str) {
    answer.expect_problem(422, code);
}

#[tokio::test]
async fn an_id_that_is_none_is_answered_as_what_does_not_exist() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    for id in ["7", "x", "%00", "..%2f", "00000000-0000-4000-8000-00000000000", "00000000-0000-4000-8000-000000000000"]
    {
        let get = async |noun: &str| ana.client.get(&format!("/api/v1/{noun}/{id}")).await;
        get("tips").await.expect_problem(404, "no_such_tip");
        get("cases").await.expect_problem(404, "no_such_case");
        ana.confirms(id).await.expect_problem(404, "no_such_valuation");
    }
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_rather_than_ignored() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    for query in ["limt=1", "limit=x", "limit=-1", "state=lost", "q=a&q=b", "q=%00", "assignee=x"] {
        let answer = ana.lists(query).await;
        assert!(matches!(answer.status, 400 | 422), "{query}: {} {}", answer.status, answer.text());
    }
    ana.lists("cursor=x").await.expect_problem(400, "invalid_cursor");
    let count = async |query: &str| ana.client.get(&format!("/api/v1/statistics/valuable-sources?{query}")).await;
    count("from=2023-01-01&to=2022-01-01&by=year").await.expect_problem(422, "period_reversed");
    for query in ["from=2023-01-01&to=2023-12-31&by=color", "from=x&to=2023-12-31&by=year", "to=2023-12-31&by=year"] {
        let answer = count(query).await;
        assert!(matches!(answer.status, 400 | 422), "{query}: {} {}", answer.status, answer.text());
    }
}
