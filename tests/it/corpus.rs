//! A database with every kind of sealed object, its secrets, and what its people know: for the decryptor in
//! `tests/reader`, which shares nothing with this program but `docs/SEALED_FORMAT.md`.
//!
//! Not a test of its own: `scripts/test` asks for it and lets the decryptor judge.

mod custody;

use std::path::{Path, PathBuf};

use chrono::Duration;
use entity::{cases, enums::Role, identities, tips};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tipline::demo::{self, Account};

use crate::{
    api::second_factor::{enrol, log_in},
    support::{Officer, TestApp, Tip, Worked, deployment::INTAKE, deployment::PASSWORD, people::text, totp},
};

/// Where to put it.
const FOLDER: &str = "TIPLINE_TEST_CORPUS";

/// A working day under today's communes.
const TODAY: &str = "2026-01-15T02:00:00Z";

/// The police of Na Mèo since July 2025.
const NA_MEO: &str = "ca-xa-15013-2025";

/// What the people know, in the words of `keys.json`.
struct Known {
    officers: serde_json::Map<String, Value>,
    receipts: Vec<Value>,
    tokens: Value,
    tips: Vec<Tip>,
}

#[tokio::test]
#[ignore = "makes files for another program; scripts/test asks for them"]
async fn make_corpus() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap_or_else(|| panic!("{FOLDER} names no folder")));
    let app = TestApp::spawn_in_earnest().await;
    app.app.clock.set(TODAY.parse().unwrap());
    app.app.db.defer_syncs().await.unwrap();
    let accounts = demo::build(&app.app, demo::SEED).await.unwrap();
    let mut known = Known { officers: Default::default(), receipts: vec![], tokens: json!({}), tips: vec![] };
    for Account { username, password, .. } in &accounts {
        known.officers.insert(username.clone(), json!({ "password": password.expose() }));
    }
    let of = async |role: Role| {
        let account = accounts.iter().find(|account| account.roles.contains(&role)).unwrap();
        app.logs_in(&account.username, account.password.expose()).await
    };
    let (commander, administrator) = (of(Role::Commander).await, of(Role::Administrator).await);
    let na_meo = app.officer_at(NA_MEO, "mai", &[Role::Screener, Role::Investigator, Role::Commander]).await;
    known.officers.insert("mai".into(), json!({ "password": PASSWORD }));
    newcomer(&app, &administrator, &commander, &mut known).await;
    residents(&app, &commander, &na_meo, &mut known).await;
    let investigator = of(Role::Investigator).await;
    worked(&app, &commander, &investigator, &mut known).await;
    let mut custodians = Vec::new();
    for account in accounts.iter().filter(|account| account.roles.contains(&Role::Custodian)) {
        custodians.push(app.logs_in(&account.username, account.password.expose()).await);
    }
    let people = custody::People {
        commander: &commander,
        investigator: &investigator,
        na_meo: &na_meo,
        custodians: &custodians,
    };
    let requests = custody::requests(&app, &people, &mut known).await;
    custody::passed_on(&app, &people, &mut known).await;
    custody::members(&app, &people).await;
    let sheets = custody::sheets(&app, &people).await;
    let mut told = told(&app, &commander, &na_meo, &known).await;
    told["requests"] = requests;
    let record = custody::record(&app).await;
    let officers = [&commander, &administrator, &na_meo];
    known.tokens["access"] = officers.map(|officer| json!(officer.tokens.access)).to_vec().into();
    known.tokens["refresh"] = officers.map(|officer| json!(officer.tokens.refresh)).to_vec().into();
    known.tokens["forms"] = custody::forms(&app, &commander, &known);
    let keys = json!({
        "officers": known.officers, "receipts": known.receipts, "tokens": known.tokens, "told": told,
        "sheets": sheets, "record": record,
    });
    std::fs::create_dir_all(folder.join("data")).unwrap();
    std::fs::write(folder.join("keys.json"), keys.to_string()).unwrap();
    copy(&app.database.folder.path().join("data"), &folder.join("data"));
}

fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// An account as a deployment makes one: temporary password, password change, second factor, key granted.
async fn newcomer(app: &TestApp, administrator: &Officer, commander: &Officer, known: &mut Known) {
    let office = app.office(INTAKE).await;
    let who = json!({ "username": "newcomer", "display_name": "Hà Văn Dũng", "roles": ["screener"] });
    let made = administrator.client.post(&format!("/api/v1/offices/{office}/members"), who).await.expect(201);
    let temporary = text(&made["temporary_password"]);
    let first = log_in(app, "newcomer", &temporary, None).await.expect(201);
    let client = app.client().bearing(&text(&first["access_token"]));
    let change = json!({ "old_password": temporary, "new_password": PASSWORD });
    let changed = client.post("/api/v1/staff/me/password", change).await.expect(200);
    let second = log_in(app, "newcomer", PASSWORD, None).await.expect(201);
    let client = app.client().bearing(&text(&second["access_token"]));
    let (secret, codes) = enrol(app, &client).await;
    let grant = format!("/api/v1/offices/{office}/members/{}/grant-key", text(&made["id"]));
    let seen = client.get("/api/v1/staff/me").await.expect(200)["key_fingerprint"].clone();
    commander.client.post(&grant, json!({ "key_fingerprint": seen })).await.expect(204);
    app.app.clock.advance(Duration::seconds(30));
    let code = totp::code(&secret, app.app.clock.now());
    log_in(app, "newcomer", PASSWORD, Some(&code)).await.expect(201);
    let officer = json!({
        "password": PASSWORD, "recovery_code": changed["recovery_code"], "second_factor": secret,
        "recovery_codes": codes,
    });
    known.officers.insert("newcomer".into(), officer);
}

/// Tips of all modes to two offices, with threads; some receipts are changed, one is given up.
async fn residents(app: &TestApp, commander: &Officer, na_meo: &Officer, known: &mut Known) {
    let modes = ["anonymous", "confidential", "identified", "organisation"];
    let (mut reporters, mut tickets) = (Vec::new(), Vec::new());
    for round in 0..6 {
        for mode in modes {
            let mut who = if mode == "anonymous" { json!({}) } else { who() };
            who["mode"] = json!(mode);
            if mode == "organisation" {
                who["organisation"] = json!("Hạt Kiểm lâm");
            }
            let mut more =
                json!({ "reporter": who, "place": "cuối bản", "occurred_on": "2026-01-14", "language": "vi" });
            let (officer, unit) = if round % 2 == 0 { (commander, None) } else { (na_meo, Some("15013")) };
            more["unit"] = json!(unit);
            let narrative = format!("Lần {round}: {}", "đêm nào cũng có xe lạ. ".repeat(1 << (2 * round).min(9)));
            let tip = app.resident().submits_with(&narrative, more).await;
            officer.asks(&tip, "Xe màu gì?").await.expect(200);
            let thread = app.resident().opens_thread(&tip).await;
            thread.post("/api/v1/reporter/messages", json!({ "text": "Màu trắng." })).await.expect(201);
            officer.replies(&tip, "Cảm ơn bà con.").await.expect(200);
            officer.notes(&tip, "Đã cử người xem.").await.expect(200);
            officer.does(&tip, "grade", json!({ "source": "B", "information": 2, "reason": "quen" })).await.expect(200);
            let receipt = match round {
                4 => text(&thread.post_nothing("/api/v1/reporter/receipt").await.expect(200)["receipt"]),
                _ => tip.receipt.clone(),
            };
            known.receipts.push(json!(receipt));
            known.tips.push(Tip { receipt: receipt.clone(), ..tip });
            reporters.push(app.resident().shows(&receipt).await.expect(201)["token"].clone());
            tickets.push(app.resident().asks_for_a_ticket().await);
        }
    }
    let gone = app.tip("Thôi, không liên lạc nữa").await;
    app.resident().opens_thread(&gone).await.delete("/api/v1/reporter/receipt").await.expect(200);
    (known.tokens["reporter"], known.tokens["tickets"]) = (json!(reporters), json!(tickets));
}

/// A source that counts and one that was revoked, a case closed and reopened.
async fn worked(app: &TestApp, commander: &Officer, investigator: &Officer, known: &mut Known) {
    for revoked in [false, true] {
        let tip = app.tip("Có người bán ma túy cạnh trường").await;
        known.receipts.push(json!(tip.receipt));
        known.tips.push(tip.clone());
        commander.accepts(&tip).await.expect(200);
        let case = text(&commander.opens_case(&tip, "Vụ cạnh trường").await.expect(201)["id"]);
        let outcome = json!({ "kind": "khoi_to", "decided_on": "2026-01-15", "note": "hai đối tượng" });
        let outcome = text(&commander.records_with(&case, outcome).await.expect(201)["id"]);
        let worked = Worked { tip, case, outcome };
        let valuation = worked.attested_by(investigator).await;
        commander.confirms(&valuation).await.expect(200);
        let path = format!("/api/v1/cases/{}", worked.case);
        commander.client.post(&format!("{path}/close"), json!({ "note": "xong" })).await.expect(200);
        if revoked {
            commander.client.post(&format!("{path}/reopen"), json!({ "reason": "có tin mới" })).await.expect(200);
            commander.revokes(&valuation).await.expect(200);
        }
    }
}

fn who() -> Value {
    json!({ "name": "Lò Văn Xuân", "phone": "0912000111", "address": "bản Ché Lầu" })
}

/// What the API says of everything.
async fn told(app: &TestApp, commander: &Officer, na_meo: &Officer, known: &Known) -> Value {
    let db = app.app.db.read();
    let elsewhere = app.office(NA_MEO).await;
    let mut tips = Vec::new();
    for row in tips::Entity::find().all(db).await.unwrap() {
        let officer = if row.office_id == elsewhere { na_meo } else { commander };
        tips.push(officer.client.get(&format!("/api/v1/tips/{}", row.id)).await.expect(200));
    }
    let mut cases = Vec::new();
    for row in cases::Entity::find().all(db).await.unwrap() {
        cases.push(commander.client.get(&format!("/api/v1/cases/{}", row.id)).await.expect(200));
    }
    let (mut threads, mut sealed) = (json!({}), json!({}));
    for tip in &known.tips {
        let thread = app.resident().opens_thread(tip).await.get("/api/v1/reporter/tip").await.expect(200);
        let texts = thread["messages"].as_array().unwrap().iter().map(|message| message["text"].clone());
        threads[&tip.id] = texts.collect();
    }
    for row in identities::Entity::find().all(db).await.unwrap() {
        if known.tips.iter().any(|tip| tip.id == row.tip_id.to_string()) {
            sealed[row.tip_id.to_string()] = who();
        }
    }
    json!({ "tips": tips, "cases": cases, "threads": threads, "identities": sealed })
}
