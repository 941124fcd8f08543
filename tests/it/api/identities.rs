//! Who a confidential reporter is: k custodians open one identity, for one requester, for a day; nobody else anything.

use chrono::Duration;
use entity::{enums::Role, identities, identity_decisions, identity_requests, identity_shares, ids::TipId, officers};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{
    keys::{PrivateKey, generate_pair},
    password::{self, OfficerLock},
    quorum::{self, Share},
    seal::{self, Context, Place},
    secret::Secret,
};

use crate::support::{Officer, TestApp, Tip, deployment::PASSWORD, http::Answer, people::text};

const NAME: &str = "Vi Văn Kín";
const CUSTODIANS: [&str; 3] = ["giu.mot", "giu.hai", "giu.ba"];

struct Scene {
    app: TestApp,
    ana: Officer,
    custodians: Vec<Officer>,
    tip: Tip,
}

async fn confidential(app: &TestApp, narrative: &str, name: &str) -> Tip {
    let reporter = json!({ "mode": "confidential", "name": name });
    app.resident().submits_with(narrative, json!({ "reporter": reporter })).await
}

/// An investigator, three custodians and a confidential tip.
async fn scene() -> Scene {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Investigator]).await;
    let mut custodians = Vec::new();
    for name in CUSTODIANS {
        custodians.push(app.officer(name, &[Role::Custodian]).await);
    }
    let tip = confidential(&app, "Xe lạ ở cuối bản", NAME).await;
    Scene { app, ana, custodians, tip }
}

async fn asks(officer: &Officer, tip: &Tip) -> Answer {
    let grounds = json!({ "reason": "cần làm chứng", "legal_ground": "Điều 87 BLTTHS" });
    officer.does(tip, "identity-requests", grounds).await
}

async fn decides(officer: &Officer, request: &str, verb: &str) -> Answer {
    let path = format!("/api/v1/identity-requests/{request}/{verb}");
    officer.client.post(&path, json!({ "reason": "đã cân nhắc" })).await
}

async fn opens(officer: &Officer, request: &str) -> Answer {
    officer.client.get(&format!("/api/v1/identity-requests/{request}/identity")).await
}

async fn asked(scene: &Scene) -> String {
    text(&asks(&scene.ana, &scene.tip).await.expect(201)["id"])
}

#[tokio::test]
async fn k_custodians_open_one_identity_for_its_requester_for_a_day() {
    let scene = scene().await;
    let Scene { app, ana, custodians, tip } = &scene;
    let bao = app.officer("bao", &[Role::Commander]).await;
    let request = asked(&scene).await;
    asks(ana, tip).await.expect_problem(409, "already_requested");
    for custodian in custodians {
        let seen = custodian.client.get("/api/v1/identity-requests").await.expect(200);
        let seen = &seen["items"][0];
        assert_eq!((&seen["number"], &seen["reason"]), (&json!(tip.number), &json!("cần làm chứng")));
        assert_eq!((&seen["requester"]["id"], &seen["state"]), (&json!(ana.id()), &json!("pending")));
        assert_eq!(seen["allowed"], json!(["approve", "refuse"]));
    }
    let path = format!("/api/v1/identity-requests/{request}");
    bao.client.get(&path).await.expect_problem(404, "no_such_identity_request");
    decides(ana, &request, "approve").await.expect_problem(403, "forbidden");
    opens(ana, &request).await.expect_problem(403, "identity_not_granted");
    decides(&custodians[0], &request, "approve").await.expect(200);
    decides(&custodians[0], &request, "approve").await.expect_problem(409, "already_decided");
    opens(ana, &request).await.expect_problem(403, "identity_not_granted");
    let granted = decides(&custodians[1], &request, "approve").await.expect(200);
    assert_eq!((&granted["state"], &granted["approvals"]), (&json!("granted"), &json!(2)));

    let who = json!({ "name": NAME, "phone": null, "address": null, "organisation": null });
    assert_eq!(opens(ana, &request).await.expect(200), who);
    opens(&bao, &request).await.expect_problem(404, "no_such_identity_request");
    opens(&custodians[0], &request).await.expect_problem(403, "forbidden");
    let acts = app.all_rows().await["audit_rows"].join("\n");
    for act in ["IdentityRequested", "IdentityRequestRead", "IdentityRequestApproved", "IdentityRead"] {
        assert!(acts.contains(act), "{act}");
    }

    app.app.clock.advance(Duration::hours(24));
    let ana = app.logs_in("ana", PASSWORD).await;
    opens(&ana, &request).await.expect_problem(403, "identity_not_granted");
    let kept = identity_decisions::Entity::find().all(app.app.db.read()).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|decision| decision.share_wrap.is_none()));
    assert_eq!(ana.client.get(&path).await.expect(200)["state"], "ended");
    asks(&ana, tip).await.expect(201);
}

#[tokio::test]
async fn enough_refusals_are_final() {
    let scene = scene().await;
    let (ana, custodians) = (&scene.ana, &scene.custodians);
    let request = asked(&scene).await;
    decides(&custodians[0], &request, "approve").await.expect(200);
    assert_eq!(decides(&custodians[1], &request, "refuse").await.expect(200)["state"], "pending");
    decides(&custodians[1], &request, "approve").await.expect_problem(409, "already_decided");
    assert_eq!(decides(&custodians[2], &request, "refuse").await.expect(200)["state"], "refused");
    decides(&custodians[0], &request, "approve").await.expect_problem(409, "invalid_move");
    opens(ana, &request).await.expect_problem(403, "identity_not_granted");
    let again = asked(&scene).await;
    for custodian in &custodians[..2] {
        decides(custodian, &again, "approve").await.expect(200);
    }
    assert_eq!(opens(ana, &again).await.expect(200)["name"], NAME);
}

#[tokio::test]
async fn who_holds_a_share_cannot_ask_and_who_may_not_investigate_neither() {
    let app = TestApp::spawn().await;
    let both = app.officer("both", &[Role::Investigator, Role::Custodian]).await;
    let lan = app.officer("lan", &[Role::Screener]).await;
    for name in &CUSTODIANS[..2] {
        app.officer(name, &[Role::Custodian]).await;
    }
    let tip = confidential(&app, "Xe lạ", NAME).await;
    asks(&both, &tip).await.expect_problem(403, "own_custody");
    asks(&lan, &tip).await.expect_problem(403, "forbidden");
    let open = app.tip("không giấu tên").await;
    asks(&both, &open).await.expect_problem(409, "no_identity");
    let empty = json!({ "reason": " ", "legal_ground": "Điều 87" });
    both.does(&tip, "identity-requests", empty).await.expect_problem(422, "reason_empty");
}

/// What somebody makes of a dump, all secrets outside it, and some passwords.
async fn stolen(app: &TestApp, names: &[&str]) -> usize {
    let db = app.app.db.read();
    let mut keys: Vec<(Uuid, PrivateKey)> = Vec::new();
    for officer in officers::Entity::find().all(db).await.unwrap() {
        if names.contains(&officer.username.as_str()) {
            let lock = OfficerLock {
                salt: officer.salt,
                pepper_version: officer.pepper_version,
                auth_hash: officer.auth_hash,
                public_key: officer.public_key,
                sealed_private_key: officer.sealed_private_key,
                recovery_sealed_private_key: officer.recovery_sealed_private_key,
            };
            let password = Secret::new(PASSWORD.to_owned());
            keys.push((
                officer.id.into(),
                password::unlock(officer.id.into(), &lock, &password, &app.app.secrets).unwrap(),
            ));
        }
    }
    let context = |purpose, row: Uuid, owner: Uuid| Context { purpose, row, owner, version: 1 };
    let mut shares: Vec<(TipId, Share)> = Vec::new();
    for row in identity_shares::Entity::find().all(db).await.unwrap() {
        for (_, key) in &keys {
            let context = context("identity_share", row.custodian_id.into(), row.tip_id.into());
            let opened = seal::open_from(key, &context, &row.wrap).ok();
            shares.extend(opened.and_then(|bytes| Share::from_slice(&bytes)).map(|share| (row.tip_id, share)));
        }
    }
    let decisions = identity_decisions::Entity::find().all(db).await.unwrap();
    for request in identity_requests::Entity::find().all(db).await.unwrap() {
        for (officer, key) in &keys {
            let bound = context("identity_request_key", *officer, request.id.into());
            let Ok(seed) = seal::open_from(key, &bound, &request.private_wrap) else { continue };
            let own = PrivateKey::from_bytes(&seed).unwrap();
            for decision in decisions.iter().filter(|decision| decision.request_id == request.id) {
                let bound = context("identity_resealed_share", decision.share_id.into(), request.id.into());
                let opened = decision.share_wrap.as_ref().and_then(|wrap| seal::open_from(&own, &bound, wrap).ok());
                shares.extend(opened.and_then(|bytes| Share::from_slice(&bytes)).map(|share| (request.tip_id, share)));
            }
        }
    }
    let mut opened = 0;
    for row in identities::Entity::find().all(db).await.unwrap() {
        let mine: Vec<Share> = shares.iter().filter(|(tip, _)| *tip == row.tip_id).map(|(_, s)| s.clone()).collect();
        let Ok(key) = quorum::combine(&mine, row.threshold.unsigned_abs() as usize, &row.commitment) else { continue };
        let tip: Uuid = row.tip_id.into();
        let place = Place { table: "identities", column: "sealed", row: tip, owner: tip, version: 1 };
        assert!(String::from_utf8_lossy(&seal::open(&key, &place, &row.sealed).unwrap()).contains(NAME));
        opened += 1;
    }
    opened
}

#[tokio::test]
async fn a_dump_with_all_secrets_and_one_password_opens_no_identity() {
    let scene = scene().await;
    let app = &scene.app;
    confidential(app, "Một việc khác", NAME).await;
    for (name, role) in
        [("sang", Role::Screener), ("chi", Role::Commander), ("thanh", Role::Auditor), ("quan", Role::Administrator)]
    {
        app.officer(name, &[role]).await;
    }
    let request = asked(&scene).await;
    for name in ["ana", "sang", "chi", "thanh", "quan", "giu.mot", "giu.hai", "giu.ba"] {
        assert_eq!(stolen(app, &[name]).await, 0, "{name}");
    }
    // All roles and k-1 custodians.
    assert_eq!(stolen(app, &["ana", "sang", "chi", "thanh", "quan", "giu.mot"]).await, 0);
    decides(&scene.custodians[0], &request, "approve").await.expect(200);
    assert_eq!(stolen(app, &["ana"]).await, 0);
    decides(&scene.custodians[1], &request, "approve").await.expect(200);
    // k custodians agreed on one of two: the requester has that one, everybody else none.
    assert_eq!(stolen(app, &["ana"]).await, 1);
    assert_eq!(stolen(app, &["sang", "chi", "thanh", "quan", "giu.ba"]).await, 0);
    // The search finds what is there: two custodians who betray the line open both.
    assert_eq!(stolen(app, &["giu.mot", "giu.ba"]).await, 2);
}

#[tokio::test]
async fn a_leaver_hands_his_shares_over_and_votes_stay_cast() {
    let scene = scene().await;
    let Scene { app, ana, custodians, .. } = &scene;
    let voted = asked(&scene).await;
    decides(&custodians[0], &voted, "approve").await.expect(200);
    let tu = app.officer("giu.tu", &[Role::Custodian]).await;
    let custody = custodians[0].client.get("/api/v1/identity-quorum").await.expect(200);
    let print_of = |id: String| {
        let all = custody["custodians"].as_array().unwrap();
        all.iter().find(|one| one["id"] == json!(id)).map(|one| one["key_fingerprint"].clone()).unwrap()
    };
    let to = |officer: &Officer, fingerprint: Value| json!({ "to": [{ "officer": officer.id(), "key_fingerprint": fingerprint }] });
    let path = "/api/v1/staff/me/custody/hand-over";
    let leaver = &custodians[0].client;
    leaver.post(path, json!({ "to": [] })).await.expect_problem(422, "missing");
    leaver.post(path, to(&custodians[1], print_of(custodians[1].id()))).await.expect_problem(409, "no_successor");
    leaver.post(path, to(&tu, json!("0".repeat(64)))).await.expect_problem(409, "key_mismatch");
    leaver.post(path, to(ana, json!("0".repeat(64)))).await.expect_problem(403, "not_custodian");
    let done = leaver.post(path, to(&tu, print_of(tu.id()))).await.expect(200);
    assert_eq!(done["shares"], 1);

    decides(&tu, &voted, "approve").await.expect_problem(409, "already_decided");
    decides(&custodians[0], &voted, "refuse").await.expect_problem(403, "not_custodian");
    decides(&custodians[2], &voted, "approve").await.expect(200);
    assert_eq!(opens(ana, &voted).await.expect(200)["name"], NAME);
    let later = text(&asks(&app.officer("bao", &[Role::Commander]).await, &scene.tip).await.expect(201)["id"]);
    decides(&custodians[0], &later, "approve").await.expect_problem(404, "no_such_identity_request");
    decides(&tu, &later, "approve").await.expect(200);
    assert_eq!(decides(&custodians[1], &later, "approve").await.expect(200)["state"], "granted");
}

#[tokio::test]
async fn a_broken_share_is_named_and_the_others_serve() {
    let scene = scene().await;
    let Scene { app, ana, custodians, .. } = &scene;
    let request = asked(&scene).await;
    let rows = identity_shares::Entity::find().all(app.app.db.read()).await.unwrap();
    let own = rows.into_iter().find(|row| row.custodian_id == custodians[0].staff.id).unwrap();
    let whole = own.wrap.clone();
    let put = async |wrap: Vec<u8>| {
        let row = identity_shares::ActiveModel { id: Set(own.id), wrap: Set(wrap), ..Default::default() };
        app.app.db.write(async |txn| row.update(txn).await).await.unwrap();
    };
    let mut broken = whole.clone();
    *broken.last_mut().unwrap() ^= 1;
    put(broken).await;
    decides(&custodians[0], &request, "approve").await.expect_problem(409, "share_damaged");
    put(whole).await;
    for custodian in &custodians[..2] {
        decides(custodian, &request, "approve").await.expect(200);
    }
    // Broken after it was given: the third custodian stands in.
    let given = identity_decisions::Entity::find().one(app.app.db.read()).await.unwrap().unwrap();
    let mut row = given.into_active_model();
    row.share_wrap = Set(Some(vec![1; 1169]));
    app.app.db.write(async |txn| row.update(txn).await).await.unwrap();
    opens(ana, &request).await.expect_problem(500, "internal");
    decides(&custodians[2], &request, "approve").await.expect(200);
    assert_eq!(opens(ana, &request).await.expect(200)["name"], NAME);
}

#[tokio::test]
async fn no_share_goes_to_a_key_that_the_requester_did_not_make() {
    let scene = scene().await;
    let Scene { app, custodians, .. } = &scene;
    let request = asked(&scene).await;
    let (_, foreign) = generate_pair(&app.app.chance);
    let id: Uuid = request.parse().unwrap();
    let row = identity_requests::ActiveModel {
        id: Set(id.into()),
        public_key: Set(foreign.to_bytes()),
        ..Default::default()
    };
    app.app.db.write(async |txn| row.update(txn).await).await.unwrap();
    decides(&custodians[0], &request, "approve").await.expect_problem(500, "internal");
    assert_eq!(app.count_rows("identity_decisions").await, 0);
}

#[tokio::test]
async fn another_quorum_holds_for_new_tips_only() {
    let scene = scene().await;
    let app = &scene.app;
    let admin = app.officer("quan", &[Role::Administrator]).await.client;
    let set =
        async |k: i32, n: i32| admin.post("/api/v1/identity-quorum", json!({ "threshold": k, "holders": n })).await;
    set(1, 3).await.expect_problem(422, "invalid");
    set(3, 2).await.expect_problem(422, "invalid");
    set(2, 4).await.expect_problem(409, "too_few_custodians");
    set(3, 3).await.expect(201);
    scene.ana.client.get("/api/v1/identity-quorum").await.expect_problem(403, "forbidden");
    let later = confidential(app, "Tin sau", NAME).await;
    let of = async |tip: &Tip| {
        let id: Uuid = tip.id.parse().unwrap();
        let row = identities::Entity::find_by_id(TipId::from(id)).one(app.app.db.read()).await.unwrap().unwrap();
        (row.threshold, row.holders)
    };
    assert_eq!((of(&scene.tip).await, of(&later).await), ((2, 3), (3, 3)));
}

#[tokio::test]
async fn requests_come_page_by_page() {
    let scene = scene().await;
    let Scene { app, ana, custodians, .. } = &scene;
    let mut made = vec![asked(&scene).await];
    for i in 0..4 {
        // The last two at one moment.
        app.app.clock.advance(Duration::seconds(i64::from(i < 3)));
        let tip = confidential(app, "Một việc khác", NAME).await;
        made.push(text(&asks(ana, &tip).await.expect(201)["id"]));
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    for (page, rows) in [2, 2, 1].into_iter().enumerate() {
        let told = custodians[0].client.get(&format!("/api/v1/identity-requests{query}")).await.expect(200);
        let items = told["items"].as_array().unwrap();
        assert_eq!(items.len(), rows, "page {page}");
        seen.extend(items.iter().map(|request| text(&request["id"])));
        match told["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => assert_eq!(page, 2),
        }
    }
    assert_eq!(seen[2..], [made[2].clone(), made[1].clone(), made[0].clone()]);
    seen.sort_unstable();
    made.sort_unstable();
    assert_eq!(seen, made);
    decides(&custodians[0], &made[0], "approve").await.expect(200);
    decides(&custodians[1], &made[0], "approve").await.expect(200);
    let granted = ana.client.get("/api/v1/identity-requests?state=granted&limit=1").await.expect(200);
    assert_eq!((granted["items"].as_array().unwrap().len(), &granted["next_cursor"]), (1, &Value::Null));
    ana.client.get("/api/v1/identity-requests?cursor=x").await.expect_problem(400, "invalid_cursor");
}
