//! Text that means harm, in every field, on every page that shows it again: nothing runs, the browser has nothing to
//! complain about, and the layout holds.

use entity::enums::Role;
use serde_json::{Value, json};

use super::{at_work, scene};
use crate::{look, support::TestApp, window::Window};

#[path = "../../it/console/planted.rs"]
mod planted;
#[path = "../../it/console/words.rs"]
mod words;

use planted::{People, batches, name_everybody};

/// The longest narrative there can be, with no place to break.
fn longest() -> String {
    "W".repeat(20_000)
}

/// What a line takes, whole words as far as they go: a name has no line ends.
fn lines(most: usize) -> Vec<String> {
    let plain = |word: &String| word.chars().filter(|c| !c.is_control()).take(most).collect();
    batches(&words::strings().iter().map(plain).collect::<Vec<String>>(), most)
}

/// Nothing of it ran, and nobody asked to run it.
async fn is_inert(window: &Window, name: &str) {
    assert_eq!(window.runs("return window.hit ?? null", json!([])).await, json!(null), "{name}");
    look::is_quiet(window, name).await;
}

/// With everything shown that a page folds away.
async fn unfolded(window: &Window, path: &str) {
    window.opens(path).await;
    window.unfolds().await;
}

#[tokio::test]
async fn hostile_words_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    let words = words::strings();
    let (tip, long) =
        (app.tip(&words.join("\n").chars().take(20_000).collect::<String>()).await, app.tip(&longest()).await);
    for word in &words {
        ana.does(&tip, "note", json!({ "text": word })).await;
        ana.does(&tip, "reply", json!({ "text": word })).await;
    }
    ana.accepts(&tip).await.expect(200);
    let mut cases = Vec::new();
    for title in lines(200) {
        cases.push(ana.opens_case(&tip, &title).await.expect(201)["id"].as_str().unwrap().to_owned());
    }
    let window = at_work(&app, "ana").await;
    for path in [
        format!("/console/tips/{}", tip.id),
        format!("/console/tips/{}", long.id),
        format!("/console/cases/{}", cases[0]),
        "/console/cases".into(),
    ] {
        unfolded(&window, &path).await;
        is_inert(&window, &path).await;
        look::fits(&window, &path).await;
    }
}

#[tokio::test]
async fn hostile_reasons_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let people = People::of(&app).await;
    let (window, there) = (at_work(&app, "ana").await, at_work(&app, "binh").await);
    for batch in batches(&words::strings(), 5_000) {
        let planted = people.give_reasons(&app, &batch).await;
        let seen = planted.pages.iter().map(|path| (&window, path)).chain([(&there, &planted.elsewhere)]);
        for (window, path) in seen {
            unfolded(window, path).await;
            is_inert(window, path).await;
            look::fits(window, path).await;
        }
    }
}

#[tokio::test]
async fn hostile_names_of_officers_offices_and_views_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let window = at_work(&app, "ana").await;
    window.opens("/console").await;
    // As many views as can be kept.
    for name in lines(60).into_iter().take(19).chain(["W".repeat(60)]) {
        window.posts("/console/views", json!({ "name": name, "back": "/console?category=ma_tuy" })).await;
    }
    let kept = window.count(".views .chip").await;
    assert!(kept >= 15, "{kept} views");
    for batch in batches(&words::strings(), 5_000) {
        name_everybody(&app, &batch).await;
        for path in &paths {
            unfolded(&window, path).await;
            is_inert(&window, path).await;
        }
    }
    // The longest that a name can be, with no place to break.
    name_everybody(&app, &"W".repeat(100)).await;
    let mut out = Vec::new();
    for path in &paths {
        unfolded(&window, path).await;
        out.extend(look::overflows(&window, path).await);
    }
    assert!(out.is_empty(), "{out:#?}");
}

/// What is sent where; each field holds the words.
fn forms(tip: &str, case: &str, office: &str) -> Vec<(String, &'static [&'static str])> {
    vec![
        ("/console/write-down".into(), &["channel", "narrative", "category", "unit", "place", "occurred_on", "mode"]),
        (
            "/console/write-down".into(),
            &["receipt", "ticket", "organisation", "name", "phone", "address", "happening_now"],
        ),
        ("/console/releases".into(), &["from", "to", "table"]),
        ("/console/account/password".into(), &["old_password", "new_password"]),
        ("/console/account/factor".into(), &["secret", "code", "current_code"]),
        ("/console/views".into(), &["name", "back"]),
        ("/console/language".into(), &["to", "next"]),
        ("/console/queue".into(), &["verb", "why", "reason", "tip", "back", "assignee"]),
        ("/console/line/close-line".into(), &["message_vi", "message_en"]),
        ("/console/custodians/set-quorum".into(), &["threshold", "holders"]),
        (format!("{office}/members"), &["username", "display_name", "role"]),
        (format!("{tip}/refer"), &["to", "seen", "version"]),
        (format!("{tip}/note"), &["seen"]),
        (format!("{tip}/mark-duplicate"), &["of", "reason"]),
        (format!("{tip}/open-case"), &["title"]),
        (format!("{tip}/link-case"), &["case"]),
        (format!("{tip}/place-hold"), &["until", "reason"]),
        (format!("{tip}/request-identity"), &["legal_ground"]),
        (format!("{case}/record-outcome"), &["kind", "decided_on", "note", "yield_0", "amount_0"]),
        (format!("{case}/link-tip"), &["of"]),
    ]
}

#[tokio::test]
async fn hostile_words_that_come_back_in_a_form_run_nothing_and_the_layout_holds() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let of = |start: &str| paths.iter().find(|path| path.starts_with(start)).expect("the scene has one").clone();
    let (tip, case, office) = (of("/console/tips/"), of("/console/cases/"), of("/console/offices/"));
    let window = at_work(&app, "ana").await;
    for batch in batches(&words::strings(), 5_000) {
        for (action, fields) in forms(&tip, &case, &office) {
            let filled: Value = fields.iter().map(|name| ((*name).to_owned(), json!(batch))).collect();
            window.opens("/console/account").await;
            window.posts(&action, filled).await;
            is_inert(&window, &action).await;
            look::fits(&window, &action).await;
        }
    }
}
