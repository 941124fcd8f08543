//! Questions that rooms ask of one another have to be answered as the routes answer them.

use chrono::Duration;
use entity::{enums::Role, ids::TipId};
use serde_json::json;
use tipline::tips;

use super::{
    objects::Objects,
    people::{Caller, People},
    table::blocks,
};
use crate::support::{TestApp, deployment::INTAKE};

/// Who learns that somebody is looking at a tip: those who may read it, as `matrix.txt` declares.
#[tokio::test]
async fn who_may_read_a_tip_is_who_can_read_it() {
    let app = TestApp::spawn().await;
    let people = People::gather(&app).await;
    let mut objects = Objects::new(&app, &people);
    let read = blocks().into_iter().find(|block| block.operation == "readTip").unwrap();
    let (mut may, mut may_not) = (0, 0);
    for row in &read.rows {
        let on = objects.make(&row.state).await;
        let id: TipId = on.id().parse().unwrap();
        for caller in Caller::ALL {
            let Some(officer) = people.officer(caller) else { continue };
            let told = tips::may_read(&app.app, &officer.staff, id).await.unwrap();
            assert_eq!(told, row.expected(caller).is_ok(), "{} {caller:?}", row.state);
            if told { may += 1 } else { may_not += 1 }
        }
    }
    assert!(may > 30 && may_not > 30, "{may} {may_not}");
}

/// The quorum that was set last counts, not the one that the configuration began with.
#[tokio::test]
async fn a_custodian_whom_the_quorum_needs_stays_and_one_whom_it_does_not_may_go() {
    let app = TestApp::spawn().await;
    let office = app.office(INTAKE).await;
    let admin = app.officer("administrator", &[Role::Administrator]).await.client;
    let mut custodians = Vec::new();
    for name in ["giu.mot", "giu.hai", "giu.ba", "giu.tu"] {
        custodians.push(app.officer(name, &[Role::Custodian]).await);
    }
    let leaver = format!("/api/v1/offices/{office}/members/{}/remove", custodians[3].id());
    let set = async |holders: u32| {
        // Of two that were set in one moment, neither is the last.
        app.app.clock.advance(Duration::seconds(1));
        admin.post("/api/v1/identity-quorum", json!({ "threshold": 2, "holders": holders })).await.expect(201);
    };
    set(4).await;
    admin.post_nothing(&leaver).await.expect_problem(409, "too_few_custodians");
    set(2).await;
    admin.post_nothing(&leaver).await.expect(200);
    let another = format!("/api/v1/offices/{office}/members/{}/remove", custodians[2].id());
    admin.post_nothing(&another).await.expect(200);
}
