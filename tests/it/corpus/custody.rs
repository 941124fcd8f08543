//! What comes with the years: requests for identities, tips that went elsewhere, members who left, keys on paper.

use entity::enums::Role;
use serde_json::{Value, json};
use tipline::{audit, escrow, staff, units};
use uuid::Uuid;
use vault::secret::Secret;

use super::{Known, NA_MEO, who};
use crate::support::{Officer, TestApp, Tip, deployment::INTAKE, deployment::PASSWORD, people::text};

/// Those whose keys the corpus tells.
pub(super) struct People<'a> {
    pub commander: &'a Officer,
    pub investigator: &'a Officer,
    pub na_meo: &'a Officer,
    pub custodians: &'a [Officer],
}

/// One request that two custodians granted, so that their shares lie there; one that two refused. Of both, what was
/// said.
pub(super) async fn requests(app: &TestApp, people: &People<'_>, known: &mut Known) -> Value {
    let mut told = json!({});
    for verb in ["approve", "refuse"] {
        let mut reporter = who();
        reporter["mode"] = json!("confidential");
        let tip = app.resident().submits_with("Chỉ nói khi giữ kín", json!({ "reporter": reporter })).await;
        keep(known, &tip);
        let grounds = json!({ "reason": format!("cần làm chứng ({verb})"), "legal_ground": "Điều 87 BLTTHS" });
        let made = people.investigator.does(&tip, "identity-requests", grounds.clone()).await.expect(201);
        let request = text(&made["id"]);
        for custodian in &people.custodians[..2] {
            let path = format!("/api/v1/identity-requests/{request}/{verb}");
            custodian.client.post(&path, json!({ "reason": "đã cân nhắc" })).await.expect(200);
        }
        told[&request] = json!({ "grounds": grounds, "why": "đã cân nhắc" });
    }
    told
}

/// Tips that were transferred, shared, restricted and held.
pub(super) async fn passed_on(app: &TestApp, people: &People<'_>, known: &mut Known) {
    let there = app.office(NA_MEO).await.to_string();
    let reason = "thuộc địa bàn bên ấy";
    for verb in ["transfer", "share", "restrict", "hold"] {
        let tip = app.tip("Bên suối có người lạ").await;
        keep(known, &tip);
        people.commander.asks(&tip, "Mấy giờ?").await.expect(200);
        people.commander.notes(&tip, "Đã nghe nói").await.expect(200);
        let with = match verb {
            "transfer" => json!({ "office": there, "reason": reason }),
            "share" => json!({ "office": there }),
            "restrict" => json!({ "officers": [people.commander.id(), people.investigator.id()] }),
            "hold" => json!({ "until": "2031-01-01", "reason": reason }),
            other => panic!("{other} is none of them"),
        };
        people.commander.does(&tip, verb, with).await.expect(if matches!(verb, "share" | "hold") { 200 } else { 204 });
    }
}

/// A member left Na Mèo, so that there is an epoch after the first; a commander waits for a second member's consent.
pub(super) async fn members(app: &TestApp, people: &People<'_>) {
    let leaving = app.officer_at(NA_MEO, "leaving", &[Role::Investigator]).await;
    let path = format!("/api/v1/offices/{}/members/{}/remove", app.office(NA_MEO).await, leaving.id());
    people.na_meo.client.post_nothing(&path).await.expect(200);
    let office = app.office(INTAKE).await;
    let new = staff::NewOfficer {
        username: "waiting".into(),
        display_name: "Đang chờ".into(),
        office,
        roles: vec![Role::Commander],
        password: Secret::new(PASSWORD.into()),
        must_change_password: false,
        second_factor_required: false,
    };
    let waiting = staff::insert_officer(&app.app, new).await.unwrap();
    let seen = vault::digest::fingerprint(&waiting.public.to_bytes());
    let granted = units::grant_key(&app.app, &people.commander.staff, office, waiting.id, &seen).await.unwrap();
    assert_eq!(granted, units::Granted::WaitsForSecondMember);
}

/// Sheets of paper of both offices, two of three.
pub(super) async fn sheets(app: &TestApp, people: &People<'_>) -> Value {
    let mut sheets = Vec::new();
    for (code, officer) in [(INTAKE, people.commander), (NA_MEO, people.na_meo)] {
        let staff = staff::authenticate(&app.app, &officer.tokens.access).await.unwrap();
        let office = app.office(code).await;
        for printed in escrow::make_escrow(&app.app, &staff, office, (2, 3)).await.unwrap() {
            for sheet in printed.sheets {
                let lines: Vec<String> = sheet.lines().iter().map(|line| line.expose().clone()).collect();
                sheets.push(json!(lines));
            }
        }
    }
    sheets.into()
}

/// The record so far, in its chain, and the head signed.
pub(super) async fn record(app: &TestApp) -> Value {
    tipline::jobs::run(&app.app, tipline::jobs::Job::SequenceAudit, Uuid::from_u128(1)).await.unwrap();
    audit::write_checkpoint(&app.app).await.unwrap();
    let lines = std::fs::read_to_string(&app.app.settings.checkpoints).unwrap();
    let keys = vault::chain::public_keys(&app.app.secrets).into_iter();
    let keys: serde_json::Map<_, _> =
        keys.map(|(version, key)| (version.to_string(), json!(key.to_string()))).collect();
    json!({
        "checkpoints": lines.lines().collect::<Vec<_>>(),
        "keys": keys,
    })
}

/// Proofs that a form was made for a resident's cookie, and for an officer's session.
pub(super) fn forms(app: &TestApp, officer: &Officer, known: &Known) -> Value {
    let cookies = known.tokens["reporter"].as_array().unwrap().iter().map(text);
    let bound = cookies.chain([officer.staff.session.to_string()]);
    bound.map(|bound| json!({ "token": vault::form::token(&bound, &app.app.secrets), "bound": bound })).collect()
}

fn keep(known: &mut Known, tip: &Tip) {
    known.receipts.push(json!(tip.receipt));
    known.tips.push(tip.clone());
}
