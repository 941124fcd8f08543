//! Pages that no address shows by itself: what the console answers to forms, and what it shows to others than the one
//! officer of all roles. Their names are those of `site::CONSOLE`.

use entity::enums::Role;
use serde_json::json;
use tipline::staff;

use super::{logs_in, scene};
use crate::{
    look::Look,
    support::{
        TestApp,
        deployment::{INTAKE, NA_MEO, PASSWORD},
        people::text,
        totp,
    },
    window::Window,
};

const LOG_IN: &str = "main .btn.main";

/// The console in a language: "vi" or "en".
async fn in_language(window: &Window, lang: &str) {
    window.opens("/console/log-in").await;
    if lang == "en" {
        window.follows("form[action='/console/language'] button").await;
    }
    assert_eq!(window.count(&format!("html[lang={lang}]")).await, 1);
}

/// The first administrator, where nobody is known yet.
pub async fn begins(app: &TestApp, window: &Window, lang: &str, look: &mut impl Look) {
    in_language(window, lang).await;
    let token = staff::enrolment_token(&app.app).await.unwrap().expect("no officer exists");
    window.opens(&format!("/console/enrol?token={token}")).await;
    look.at(window, "enrol").await;
    window.types("#enrol-username", "thu.admin").await;
    window.types("#enrol-display_name", "Lò Thị Thu").await;
    window.types("#enrol-password", "ngan").await;
    window.follows(LOG_IN).await;
    look.at(window, "enrol-wrong").await;
    window.types("#enrol-password", PASSWORD).await;
    window.follows(LOG_IN).await;
    look.at(window, "enrolled").await;
}

/// From the log-in, in a language, to an officer's desk.
pub async fn comes_in(window: &Window, lang: &str, look: &mut impl Look) {
    in_language(window, lang).await;
    look.at(window, "log-in").await;
    window.types("#username", "ai-do").await;
    window.types("#password", "khong-phai-mat-khau-nay").await;
    window.follows(LOG_IN).await;
    look.at(window, "log-in-wrong").await;
    logs_in(window, "ana").await;
    // The session goes while something is typed.
    window.follows("#queue li a").await;
    window.types("#note-text", "Đã gọi trưởng bản").await;
    window.loses_cookie("c").await;
    window.loses_cookie("cr").await;
    window.follows("form[action$='/note'] button").await;
    look.at(window, "ended").await;
    logs_in(window, "ana").await;
}

/// What is refused, and what is made, one after the other.
pub async fn goes(app: &TestApp, window: &Window, paths: &[String], look: &mut impl Look) {
    let of = |start: &str| paths.iter().find(|path| path.starts_with(start)).expect("the scene has one").clone();
    let (tip, case, release) = (of("/console/tips/"), of("/console/cases/"), of("/console/releases/"));
    let (request, office) =
        (of("/console/identity-requests/"), format!("/console/offices/{}", app.office(INTAKE).await));
    let member = format!("{office}/members/{}", app.officer("phu", &[Role::Screener]).await.id());
    let stale = json!({ "text": "Đã gọi trưởng bản", "version": "-7", "seen": "received||F6|0" });
    let (list, na_meo) = ("/console/reference/category", app.office(NA_MEO).await);
    for (name, action, fields) in [
        ("tip-wrong", format!("{tip}/refer"), json!({ "to": "", "reason": "" })),
        ("conflict", format!("{tip}/note"), stale),
        ("case-wrong", format!("{case}/record-outcome"), json!({ "decided_on": "hôm qua" })),
        ("release-wrong", "/console/releases".into(), json!({ "from": "", "to": "" })),
        ("release-refused", format!("{release}/publish"), json!({})),
        ("identity-opened", format!("{request}/open"), json!({})),
        ("custodians-wrong", "/console/custodians/set-quorum".into(), json!({ "threshold": "9", "holders": "3" })),
        ("line-wrong", "/console/line/close-line".into(), json!({ "scope": "line", "message_vi": "" })),
        ("list-wrong", list.into(), json!({ "code": "", "from": "hôm qua" })),
        ("code-wrong", format!("{list}/ma_tuy/change-code"), json!({ "from": "hôm qua" })),
        ("office-wrong", "/console/offices".into(), json!({ "code": "", "label_vi": "" })),
        ("office-edit-wrong", format!("/console/office-edit/{na_meo}/change-office"), json!({ "label_vi": "" })),
        ("officer-wrong", format!("{office}/members"), json!({ "username": "", "display_name": "" })),
        ("member-wrong", format!("{member}/remove"), json!({})),
        ("member-reset", format!("{member}/reset-password"), json!({ "accept_loss": "yes" })),
        ("password-wrong", "/console/account/password".into(), json!({ "new_password": "x" })),
        ("refused", "/console/views".into(), json!({ "name": "", "back": "/console" })),
    ] {
        window.opens(&tip).await;
        window.posts(&action, fields).await;
        look.at(window, name).await;
    }
    writes_down(window, look).await;
    let new = json!({ "username": "moi", "display_name": "Người mới", "role": "screener" });
    window.opens(&office).await;
    window.posts(&format!("{office}/members"), new).await;
    look.at(window, "officer-made").await;
    let password = window.text(".once").await;
    enrols(app, window, look).await;
    begins_work(window, &password, look).await;
    keeps_names(app, window, look).await;
}

async fn writes_down(window: &Window, look: &mut impl Look) {
    let send = "form[action='/console/write-down'] .btn.main";
    at_a_desk(window).await;
    window.opens("/console/write-down").await;
    window.types("#write-down-occurred_on", "hôm qua").await;
    window.follows(send).await;
    look.at(window, "write-down-wrong").await;
    at_a_desk(window).await;
    window.types("#write-down-occurred_on", "01/06/2024").await;
    window.types("#write-down-narrative", "Xe chở gỗ lậu qua đèo").await;
    window.follows(send).await;
    look.at(window, "written-down").await;
}

/// A second factor, and the log-in that asks for it.
async fn enrols(app: &TestApp, window: &Window, look: &mut impl Look) {
    let go = "form[action='/console/account/factor'] .btn";
    at_a_desk(window).await;
    window.opens("/console/account/factor").await;
    let code = totp::code(&window.value("input[name=secret]").await, app.app.clock.now());
    window.types("#code", if code == "000000" { "000001" } else { "000000" }).await;
    window.follows(go).await;
    look.at(window, "factor-wrong").await;
    at_a_desk(window).await;
    window.types("#code", &code).await;
    window.follows(go).await;
    look.at(window, "factor-enrolled").await;
    leaves(window).await;
    tries(window, "ana", PASSWORD).await;
    look.at(window, "log-in-code").await;
}

/// A new officer's first log-in.
async fn begins_work(window: &Window, password: &str, look: &mut impl Look) {
    window.opens("/console/log-in").await;
    tries(window, "moi", password).await;
    look.at(window, "password-first").await;
    at_a_desk(window).await;
    window.types("#old_password", password).await;
    window.types("#new_password", PASSWORD).await;
    window.follows("form[action='/console/account/password'] .btn").await;
    look.at(window, "password-changed").await;
}

/// What a custodian sees who has something to decide.
async fn keeps_names(app: &TestApp, window: &Window, look: &mut impl Look) {
    let dung = app.officer("dung", &[Role::Investigator]).await;
    let request = text(&scene::asks(app, &dung).await["id"]);
    window.opens("/console/log-in").await;
    tries(window, "giu.ba", PASSWORD).await;
    window.opens("/console/custodians").await;
    look.at(window, "hand-over").await;
    let request = format!("/console/identity-requests/{request}");
    window.opens(&request).await;
    look.at(window, "request-to-decide").await;
    window.posts(&format!("{request}/refuse"), json!({ "reason": "" })).await;
    look.at(window, "request-wrong").await;
}

/// A look ends on a phone, where the navigation at the foot lies over what a driver scrolls to the edge.
async fn at_a_desk(window: &Window) {
    window.is_wide(1280).await;
}

async fn leaves(window: &Window) {
    at_a_desk(window).await;
    window.follows("form[action='/console/log-out'] button").await;
}

async fn tries(window: &Window, name: &str, password: &str) {
    window.types("#username", name).await;
    window.types("#password", password).await;
    window.follows(LOG_IN).await;
}
