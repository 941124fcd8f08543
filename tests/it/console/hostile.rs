//! What somebody writes who wants a page to do something: in every field, and on every page that shows it.

mod fields;
mod names;

use entity::enums::Role;
use serde_json::json;

use super::{
    line::link,
    planted::{People, batches},
    words::strings,
};
use crate::support::{
    Officer, TestApp,
    browser::{Browser, Form},
    desk::Desk,
};

/// Markup of ours only: what came in is text, in which no tag begins.
#[track_caller]
pub fn is_inert(html: &str, what: &str) {
    for made in [
        "<script>window",
        "<img src=x",
        "<svg onload",
        "<iframe",
        "<base",
        "<meta http-equiv",
        "onerror=window.hit=1>",
        "<details open ontoggle",
        "<input autofocus onfocus",
    ] {
        assert!(!html.contains(made), "{what}: {made}");
    }
    // What a template would make of 7919*7907.
    assert!(!html.contains("62615533") && !html.contains("href=\"javascript"), "{what}");
}

/// As it stands in a page.
pub fn escaped(text: &str) -> String {
    let named = [("&", "&#38;"), ("<", "&#60;"), (">", "&#62;"), ("\"", "&#34;"), ("'", "&#39;")];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Puts hostile words into every field that an officer or a resident can fill, and gives the pages that show them.
async fn planted(app: &TestApp, officer: &Officer, word: &str) -> Option<(String, String)> {
    let tip = app.resident().writes(word).await;
    let sent = app.resident().sends(&tip).await;
    if sent.status != 201 {
        return None;
    }
    let number = sent.expect(201)["number"].as_str().unwrap().to_owned();
    let tip = app.resident().recalls(&number, "").await;
    for verb in ["note", "reply", "ask"] {
        officer.does(&tip, verb, serde_json::json!({ "text": word })).await;
    }
    officer.does(&tip, "grade", serde_json::json!({ "source": "C", "information": 3, "reason": word })).await;
    officer.accepts(&tip).await;
    let line: String = word.lines().collect::<Vec<_>>().join(" ");
    let case = officer.opens_case(&tip, &line).await;
    let case = if case.status == 201 { case } else { officer.opens_case(&tip, "x").await };
    let case = case.expect(201)["id"].as_str().unwrap().to_owned();
    let outcome = serde_json::json!({ "kind": "khoi_to", "decided_on": "2024-06-03", "note": word });
    officer.records_with(&case, outcome).await;
    Some((format!("/console/tips/{}", tip.id), format!("/console/cases/{case}")))
}

#[tokio::test]
async fn hostile_words_stay_words_in_every_field_and_on_every_page_that_shows_them() {
    let app = TestApp::spawn().await;
    let officer = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let (words, mut shown) = (strings(), 0);
    assert_eq!(words.len(), 150);
    for word in &words {
        let Some((tip, case)) = planted(&app, &officer, word).await else { continue };
        for path in [&tip, &case] {
            let page = desk.get(path).await;
            assert_eq!(page.status, 200, "{word:?} {path}");
            is_inert(&page.text(), word);
            shown += 1;
        }
    }
    is_inert(&desk.get("/console/cases").await.text(), "cases");
    assert!(shown >= 2 * 140, "{shown} pages showed them");
}

#[tokio::test]
async fn hostile_words_come_back_as_words_from_every_form_that_refuses_them() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    app.tip("x").await;
    let desk = Desk::at_work(&app, "ana").await;
    let tip = link(&desk.get("/console").await, "/console/tips/");
    let page = desk.get(&tip).await;
    let written = Form::of(&desk.get("/console/write-down").await, "/console/write-down");
    for word in strings() {
        let query = serde_urlencoded::to_string([("q", &word), ("category", &word), ("from", &word), ("next", &word)]);
        let query = query.unwrap();
        for path in ["/console", "/console/log-in", "/console/figures", "/console/reports", "/console/cases"] {
            let answer = desk.get(&format!("{path}?{query}")).await;
            assert!(answer.status < 500, "{path} {word:?}");
            is_inert(&answer.text(), &word);
        }
        let refer = Form::of(&page, &format!("{tip}/refer")).with("to", &word).with("reason", "");
        let wrong = written.clone().with("narrative", "").with("place", &word).with("name", &word);
        for form in [refer, wrong.with("occurred_on", &word)] {
            let answer = desk.send(&form).await;
            assert_eq!(answer.status, 422, "{word:?} {}", form.action);
            is_inert(&answer.text(), &word);
        }
    }
}

#[tokio::test]
async fn hostile_reasons_stay_words_on_tips_cases_and_requests_for_identities() {
    let app = TestApp::spawn().await;
    let people = People::of(&app).await;
    let (desk, there) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "binh").await);
    for batch in batches(&strings(), 5_000) {
        let planted = people.give_reasons(&app, &batch).await;
        let first = escaped(batch.split_whitespace().next().unwrap());
        for path in &planted.pages {
            let page = desk.get(path).await.text();
            // Each reason is on its page: as many times as it was given.
            let times = if path.contains("/tips/") { 10 } else { 3 };
            assert!(page.matches(&first).count() >= times, "{path}: {first} {} times", page.matches(&first).count());
            is_inert(&page, path);
        }
        let page = there.get(&planted.elsewhere).await.text();
        assert!(page.contains(&first), "{page}");
        is_inert(&page, "in the other office");
    }
}

#[tokio::test]
async fn hostile_titles_grounds_identities_and_names_of_views_stay_words() {
    let app = TestApp::spawn().await;
    let people = People::of(&app).await;
    let (ana, desk) = (&people.ana, Desk::at_work(&app, "ana").await);
    let mut taken = 0;
    for word in strings() {
        let reporter = json!({ "mode": "confidential", "name": word, "phone": word, "address": word });
        let mut tip = app.resident().writes("Xe lạ").await;
        tip["reporter"] = reporter;
        tip["place"] = json!(word);
        let number = app.resident().sends(&tip).await.expect(201)["number"].as_str().unwrap().to_owned();
        let tip = app.resident().recalls(&number, "").await;
        let grounds = json!({ "reason": "Cần làm chứng", "legal_ground": word });
        let request = ana.does(&tip, "identity-requests", grounds).await.expect(201);
        let request = format!("identity-requests/{}", request["id"].as_str().unwrap());
        for custodian in &people.custodians[..2] {
            let path = format!("/api/v1/{request}/approve");
            custodian.client.post(&path, json!({ "reason": word })).await.expect(200);
        }
        let page = desk.get(&format!("/console/{request}")).await;
        is_inert(&page.text(), &word);
        let opened = desk.send(&Form::of(&page, &format!("/console/{request}/open"))).await;
        assert!(opened.status == 200 && opened.text().contains(&escaped(word.trim())), "{word:?}: {}", opened.text());
        is_inert(&opened.text(), &word);
        let view = Form::of(&desk.get("/console?category=ma_tuy").await, "/console/views");
        let saved = desk.send(&view.with("name", &word)).await;
        is_inert(&saved.text(), &word);
        if saved.status == 303 {
            let queue = desk.get("/console").await;
            is_inert(&queue.text(), &word);
            desk.does(&Form::of(&queue, &link(&queue, "/console/views/"))).await;
            taken += 1;
        }
    }
    assert!(taken >= 90, "{taken} views were saved");
}

#[tokio::test]
async fn hostile_words_of_who_closes_the_line_stay_words_for_residents() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let (desk, resident) = (Desk::at_work(&app, "ana").await, Browser::of(&app));
    let tip = resident.tip_form("Xe lạ").await;
    for batch in batches(&strings(), 500) {
        let closing = json!({ "message_vi": batch, "message_en": batch });
        ana.client.post("/api/v1/line/close", closing).await.expect(204);
        is_inert(&desk.get("/console/line").await.text(), &batch);
        let first = escaped(batch.split_whitespace().next().unwrap());
        for path in ["/", "/en", "/tip", "/en/tip"] {
            let page = resident.get(path).await.text();
            assert!(page.contains(&first), "{path}: {page}");
            is_inert(&page, path);
        }
        let refused = resident.send(&tip).await;
        assert_eq!(refused.status, 503);
        is_inert(&refused.text(), &batch);
    }
}
