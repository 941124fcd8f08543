//! Custodians and readers who go: nothing is lost because somebody forgot what hung on them.

use entity::{enums::Role, identity_shares};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Officer, TestApp, deployment::INTAKE, people::text};

impl TestApp {
    async fn holds_shares(&self, officer: &Officer) -> bool {
        let shares = identity_shares::Entity::find().all(self.app.db.read()).await.unwrap();
        shares.iter().any(|share| share.custodian_id == officer.staff.id)
    }
}

async fn resets(admin: &Officer, office: &str, officer: &Officer, body: Value) -> crate::support::http::Answer {
    let path = format!("/api/v1/offices/{office}/members/{}/reset-password", officer.id());
    admin.client.post(&path, body).await
}

#[tokio::test]
async fn a_custodian_goes_when_his_shares_have_gone() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    app.officer("ana", &[Role::Investigator]).await;
    let admin = app.officer("quan", &[Role::Administrator]).await;
    let mut custodians = Vec::new();
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        custodians.push(app.officer(name, &[Role::Custodian]).await);
    }
    let reporter = json!({ "mode": "confidential", "name": "Vi Văn Kín" });
    app.resident().submits_with("Xe lạ", json!({ "reporter": reporter })).await;
    let [leaver, stays, other] = custodians.as_slice() else { unreachable!() };
    admin.removes(&office, leaver).await.expect_problem(409, "shares_not_handed_over");
    let heir = app.officer("giu.tu", &[Role::Custodian]).await;
    // One more custodian alone is no successor: the shares are with the leaver still.
    admin.removes(&office, leaver).await.expect_problem(409, "shares_not_handed_over");
    let to = json!({ "to": [{ "officer": heir.id(), "key_fingerprint": heir.staff.key_fingerprint() }] });
    leaver.client.post("/api/v1/staff/me/custody/hand-over", to).await.expect(200);
    assert!(!app.holds_shares(leaver).await && app.holds_shares(&heir).await);
    admin.removes(&office, leaver).await.expect(200);
    let kinds = async || {
        let found = admin.client.get("/api/v1/doctor").await.expect(200);
        found["findings"].as_array().unwrap().iter().map(|one| text(&one["kind"])).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["one_member", "no_escrow"]);

    // Somebody who hands over no more: the loss is accepted, which is on record, and told.
    resets(&admin, &office, stays, json!({})).await.expect_problem(409, "would_lose_keys");
    resets(&admin, &office, stays, json!({ "accept_loss": true })).await.expect(200);
    admin.removes(&office, stays).await.expect(200);
    assert!(kinds().await.contains(&"identity_below_holders".to_owned()));
    assert!(app.holds_shares(other).await);
}

#[tokio::test]
async fn the_last_who_opens_a_restricted_tip_is_neither_removed_nor_reset() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let admin = app.officer("quan", &[Role::Administrator]).await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let chi = app.officer("chi", &[Role::Screener]).await;
    let tip = app.tip("Bên suối").await;
    let named = json!({ "officers": [ana.id(), binh.id()] });
    ana.does(&tip, "restrict", named).await.expect(204);
    resets(&admin, &office, &binh, json!({})).await.expect(200);
    // The office's key is with others as well; this tip's is not.
    resets(&admin, &office, &ana, json!({})).await.expect_problem(409, "would_lose_keys");
    chi.removes(&office, &ana).await.expect_problem(403, "forbidden");
    admin.removes(&office, &ana).await.expect_problem(409, "last_reader");
    ana.reads(&tip).await.expect(200);
    resets(&admin, &office, &ana, json!({ "accept_loss": true })).await.expect(200);
    // Lost, and still nobody else's to see.
    chi.sees_nothing_of(&tip).await;
}
