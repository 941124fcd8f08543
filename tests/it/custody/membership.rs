use entity::enums::Role;
use futures::future::join_all;
use serde_json::json;
use tipline::tips;

use crate::support::{
    TestApp,
    deployment::{INTAKE, PASSWORD},
};

#[tokio::test]
async fn a_removed_officer_is_out_at_once_on_every_node() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let ana = app.officer("ana", &[Role::Commander]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let tip = app.tip("Bên suối").await;
    binh.reads(&tip).await.expect(200);
    let (_other, _server, there) = app.another_node().await;
    let binh_there = there.bearing(&binh.tokens.access);
    binh_there.get("/api/v1/tips").await.expect(200);

    let removed = ana.removes(&office, &binh).await.expect(200);
    assert_eq!(removed, json!({ "epoch": 2, "tips_with_one_reader": 0 }));
    for client in [&binh.client, &binh_there] {
        client.get("/api/v1/tips").await.expect_problem(401, "token_invalid");
    }
    let refresh = json!({ "refresh_token": binh.tokens.refresh });
    there.post("/api/v1/sessions/refresh", refresh).await.expect_problem(401, "token_invalid");
    let again = json!({ "username": "binh", "password": PASSWORD });
    there.post("/api/v1/sessions", again).await.expect_problem(401, "wrong_credentials");
    // The one who stays reads what is old and what is new.
    ana.reads(&tip).await.expect(200);
    let new = app.tip("Sau đó").await;
    ana.reads(&new).await.expect(200);
    ana.removes(&office, &binh).await.expect_problem(404, "no_such_officer");
}

#[tokio::test]
async fn open_tips_move_to_the_new_epoch_in_batches_and_are_told_of() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let ana = app.officer("ana", &[Role::Commander]).await;
    let binh = app.officer("binh", &[Role::Investigator]).await;
    let mut sent = Vec::new();
    for i in 0..60 {
        sent.push(app.tip(&format!("Việc {i} bên suối")).await);
    }
    let ended = sent.pop().unwrap();
    ana.dismisses(&ended, "spam").await.expect(200);
    let first = &sent[0];
    ana.accepts(first).await.expect(200);
    ana.reads(first).await.expect(200);
    ana.opens_case(first, "Vụ việc").await.expect(201);
    ana.removes(&office, &binh).await.expect(200);

    let progress = format!("/api/v1/offices/{office}/rewrap");
    let told = ana.client.get(&progress).await.expect(200);
    assert_eq!(told, json!({ "epoch": 2, "waiting": 60, "done": 0 }));
    let told = ana.rewraps(&office).await;
    assert_eq!(told, json!({ "epoch": 2, "waiting": 9, "done": 50 }));
    // A log-in takes the rest along.
    app.logs_in("ana", PASSWORD).await;
    let told = ana.client.get(&progress).await.expect(200);
    assert_eq!(told, json!({ "epoch": 2, "waiting": 0, "done": 59 }));
    for tip in [first, &ended] {
        ana.reads(tip).await.expect(200);
    }
    assert_eq!(ana.finds("q=suoi&limit=200").await.len(), 60);
    // Who comes now is given the newest key only, which opens what lies before it.
    let chi = app.officer("chi", &[Role::Screener]).await;
    for tip in [first, &ended, &sent[58]] {
        chi.reads(tip).await.expect(200);
    }
    chi.client.get("/api/v1/cases").await.expect(200);
}

#[tokio::test]
async fn an_administrator_removes_without_a_key_and_a_member_closes_the_gap() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let ana = app.officer("ana", &[Role::Screener]).await;
    let binh = app.officer("binh", &[Role::Investigator]).await;
    let admin = app.officer("admin", &[Role::Administrator]).await;
    let old = app.tip("Bên suối").await;
    ana.removes(&office, &binh).await.expect_problem(403, "forbidden");
    admin.removes(&office, &binh).await.expect(200);
    admin.reads(&old).await.expect_problem(403, "forbidden");
    let new = app.tip("Sau đó").await;
    // The grant itself links the epochs: the newcomer, who holds the newest key only, opens the old tip.
    let chi = app.officer("chi", &[Role::Screener]).await;
    for tip in [&old, &new] {
        ana.reads(tip).await.expect(200);
        chi.reads(tip).await.expect(200);
    }
    admin.removes(&office, &ana).await.expect(200);
    chi.reads(&old).await.expect(200);
    admin.removes(&office, &chi).await.expect_problem(409, "last_member");
    admin.removes(&office, &admin).await.expect_problem(403, "own_removal");
    assert_eq!(chi.rewraps(&office).await["waiting"], 0);
}

#[tokio::test]
async fn a_commander_is_let_in_by_two() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let ana = app.officer("ana", &[Role::Screener]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let tip = app.tip("Bên suối").await;
    let new = tipline::staff::NewOfficer {
        username: "chi".into(),
        display_name: "Chi".into(),
        office: app.office(INTAKE).await,
        roles: vec![Role::Commander],
        password: vault::secret::Secret::new(PASSWORD.into()),
        must_change_password: false,
        second_factor_required: false,
    };
    tipline::staff::insert_officer(&app.app, new).await.unwrap();
    let chi = app.logs_in("chi", PASSWORD).await;
    ana.grants(&office, &chi).await.expect(202);
    chi.reads(&tip).await.expect_problem(403, "no_key");
    ana.grants(&office, &chi).await.expect_problem(409, "second_member_needed");
    let members = ana.client.get(&format!("/api/v1/offices/{office}/members")).await.expect(200);
    let waits: Vec<bool> =
        members["items"].as_array().unwrap().iter().map(|m| m["waits_for_second_member"] == true).collect();
    assert_eq!(waits, [false, false, true]);
    binh.grants(&office, &chi).await.expect(204);
    chi.reads(&tip).await.expect(200);
    binh.grants(&office, &chi).await.expect_problem(409, "already_member");
}

#[tokio::test]
async fn who_left_no_longer_has_a_say_in_who_comes() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let chi = app.officer("chi", &[Role::Auditor]).await;
    let stale = binh.staff.clone();
    ana.removes(&office.to_string(), &binh).await.expect(200);
    // A request that was under way when the officer was removed.
    let seen = chi.staff.key_fingerprint();
    let refused = tipline::units::grant_key(&app.app, &stale, office, chi.staff.id, &seen).await;
    assert!(refused.is_err());
    assert!(tips::rewrap(&app.app, &stale, office).await.is_err());
}

/// A tip that was sealed to the key of before, and one that is stored with it, are both read by who stays.
#[tokio::test]
async fn epochs_that_begin_while_many_arrive_leave_no_tip_behind() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await.to_string();
    let ana = app.officer("ana", &[Role::Commander]).await;
    let mut leaving = Vec::new();
    for name in ["binh", "chi", "dung"] {
        leaving.push(app.officer(name, &[Role::Screener]).await);
    }
    let resident = app.resident();
    let tips = join_all((0..60).map(async |i| resident.writes(&format!("Bên suối, việc {i}")).await)).await;
    let sent = join_all(tips.iter().map(|tip| resident.sends(tip)));
    let removed = async {
        for officer in &leaving {
            ana.removes(&office, officer).await.expect(200);
        }
    };
    let (sent, ()) = futures::join!(sent, removed);
    for answer in sent {
        answer.expect(201);
    }
    assert_eq!(ana.finds("q=suoi&limit=200").await.len(), 60);
}
