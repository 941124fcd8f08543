use entity::enums::Role;

use super::{line::link, words::strings};
use crate::support::{Officer, TestApp, browser::Form, desk::Desk};

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
    assert!(!html.contains(">49<") && !html.contains("href=\"javascript"), "{what}");
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
