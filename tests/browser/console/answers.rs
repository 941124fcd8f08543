//! Pages that no address shows by itself: what the console answers to forms. Their names are those of
//! `site::CONSOLE`.

use serde_json::json;

use super::logs_in;
use crate::{
    look::Look,
    support::{TestApp, deployment::INTAKE, totp},
    window::Window,
};

/// Until what answers a form is there: a log-in costs a tenth of a second of a core and more.
async fn shows(window: &Window, css: &str) {
    window.chromium.asks("timeouts", json!({ "implicit": 30_000 })).await;
    assert!(!window.text(css).await.is_empty(), "{css}");
}

/// From the log-in, in a language, to an officer's desk.
pub async fn comes_in(window: &Window, lang: &str, officer: &str, look: &mut impl Look) {
    window.opens("/console/log-in").await;
    if lang == "en" {
        window.clicks("form[action='/console/language'] button").await;
        shows(window, "html[lang=en] h1").await;
    }
    look.at(window, "log-in").await;
    window.types("#username", "ai-do").await;
    window.types("#password", "khong-phai-mat-khau-nay").await;
    window.clicks("main .btn.main").await;
    shows(window, ".refusal").await;
    look.at(window, "log-in-wrong").await;
    logs_in(window, officer).await;
    // The session goes while something is typed.
    window.clicks("#queue li a").await;
    window.types("#note-text", "Đã gọi trưởng bản").await;
    window.loses_cookie("c").await;
    window.loses_cookie("cr").await;
    window.clicks("form[action$='/note'] button").await;
    shows(window, "#kept-1").await;
    look.at(window, "ended").await;
    logs_in(window, officer).await;
}

/// What is refused, and what is made, one after the other.
pub async fn goes(app: &TestApp, window: &Window, paths: &[String], lang: &str, look: &mut impl Look) {
    let of = |start: &str| paths.iter().find(|path| path.starts_with(start)).expect("the scene has one").clone();
    let (tip, case, release) = (of("/console/tips/"), of("/console/cases/"), of("/console/releases/"));
    let office = format!("/console/offices/{}", app.office(INTAKE).await);
    let stale = json!({ "text": "Đã gọi trưởng bản", "version": "-7", "seen": "received||F6|0" });
    let new = json!({ "username": format!("moi-{lang}"), "display_name": "Người mới", "role": "screener" });
    for (name, page, action, fields) in [
        ("tip-wrong", &tip, format!("{tip}/refer"), json!({ "to": "", "reason": "" })),
        ("conflict", &tip, format!("{tip}/note"), stale),
        ("case-wrong", &case, format!("{case}/record-outcome"), json!({ "decided_on": "hôm qua" })),
        ("release-wrong", &release, "/console/releases".into(), json!({ "from": "", "to": "" })),
        ("release-refused", &release, format!("{release}/publish"), json!({})),
        ("officer-wrong", &office, format!("{office}/members"), json!({ "username": "", "display_name": "" })),
        ("officer-made", &office, format!("{office}/members"), new),
        ("password-wrong", &office, "/console/account/password".into(), json!({ "new_password": "x" })),
        ("refused", &office, "/console/views".into(), json!({ "name": "", "back": "/console" })),
    ] {
        window.opens(page).await;
        window.posts(&action, fields).await;
        look.at(window, name).await;
    }
    writes_down(window, look).await;
    enrols(app, window, look).await;
}

async fn writes_down(window: &Window, look: &mut impl Look) {
    window.opens("/console/write-down").await;
    window.types("#write-down-occurred_on", "hôm qua").await;
    window.clicks("form[action='/console/write-down'] .btn.main").await;
    look.at(window, "write-down-wrong").await;
    window.types("#write-down-occurred_on", "01/06/2024").await;
    window.types("#write-down-narrative", "Xe chở gỗ lậu qua đèo").await;
    window.clicks("form[action='/console/write-down'] .btn.main").await;
    look.at(window, "written-down").await;
}

/// Last: who has a second factor logs in with it.
async fn enrols(app: &TestApp, window: &Window, look: &mut impl Look) {
    let go = "form[action='/console/account/factor'] .btn";
    window.opens("/console/account/factor").await;
    let code = totp::code(&window.value("input[name=secret]").await, app.app.clock.now());
    window.types("#code", if code == "000000" { "000001" } else { "000000" }).await;
    window.clicks(go).await;
    look.at(window, "factor-wrong").await;
    window.types("#code", &code).await;
    window.clicks(go).await;
    shows(window, ".codes").await;
    look.at(window, "factor-enrolled").await;
}
