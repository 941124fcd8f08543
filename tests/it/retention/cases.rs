use entity::{cases, enums::Role, ids::CaseId};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tipline::{
    jobs::{self, Job},
    retention::{self, Applied, What},
};
use uuid::Uuid;

use super::{Restorer, apply, closes};
use crate::support::{Officer, TestApp, Tip, http::Answer, people::text};

const TITLE: &str = "Nhà ông A cuối bản";

fn cases(cases: usize) -> Applied {
    Applied { cases, ..Applied::default() }
}

/// A case of one tip, with this outcome and a note to it, closed.
async fn closed_case(app: &TestApp, officer: &Officer, outcome: &str) -> (Tip, String) {
    let tip = app.resident().submits_with("nhà ông A cuối bản", json!({ "category": "giao_thong" })).await;
    officer.screens(&tip).await.expect(200);
    officer.accepts(&tip).await.expect(200);
    let case = text(&officer.opens_case(&tip, TITLE).await.expect(201)["id"]);
    let noted = json!({ "kind": outcome, "decided_on": "2024-06-03", "note": "không có gì" });
    officer.records_with(&case, noted).await.expect(201);
    closes(officer, &case).await;
    (tip, case)
}

async fn reads(officer: &Officer, case: &str) -> Answer {
    officer.client.get(&format!("/api/v1/cases/{case}")).await
}

async fn does(officer: &Officer, case: &str, verb: &str, body: Value) -> Answer {
    officer.client.post(&format!("/api/v1/cases/{case}/{verb}"), body).await
}

async fn due(app: &TestApp) -> Vec<(String, String)> {
    let plan = retention::plan(&app.app).await.unwrap().into_iter();
    plan.filter_map(|due| match due.what {
        What::Case(id) => Some((id.to_string(), due.rule)),
        What::Tip(_) => None,
    })
    .collect()
}

#[tokio::test]
async fn an_unfounded_case_loses_its_words_and_what_comes_back_of_it_stays_shut() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let (_, case) = closed_case(&app, &lan, "khong_co_that").await;
    let (_, founded) = closed_case(&app, &lan, "xphc").await;
    let restorer = Restorer::copies(&app).await;
    restorer.does("CREATE TABLE kept_cases AS SELECT * FROM cases").await;
    restorer.does("CREATE TABLE kept_outcomes AS SELECT * FROM outcomes").await;

    let lan = app.on("2024-12-02", "lan").await;
    assert_eq!((due(&app).await, apply(&app).await), (vec![], Applied::default()), "a day too early");
    assert_eq!(reads(&lan, &case).await.expect(200)["title"], TITLE);
    let lan = app.on("2024-12-03", "lan").await;
    assert_eq!(due(&app).await, [(case.clone(), "unfounded".to_owned())]);
    jobs::run(&app.app, Job::ApplyRetention, Uuid::nil()).await.unwrap();
    assert_eq!(due(&app).await, []);
    assert_eq!((app.count_rows("case_wraps").await, app.count_rows("cases").await), (1, 2));
    assert_eq!(app.count_rows("outcomes").await, 2, "what is counted stays");
    reads(&lan, &case).await.expect_problem(409, "case_expired");
    does(&lan, &case, "reopen", json!({ "reason": "tin mới" })).await.expect_problem(409, "case_expired");
    assert_eq!(reads(&lan, &founded).await.expect(200)["outcomes"][0]["note"], "không có gì");
    let listed = lan.client.get("/api/v1/cases").await.expect(200);
    let titles: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|case| &case["title"]).collect();
    assert!(titles.contains(&&Value::Null) && titles.contains(&&json!(TITLE)), "{listed}");

    let restored = "sealed = (SELECT kept.sealed FROM kept_cases kept WHERE kept.id = cases.id)";
    restorer.does(&format!("UPDATE cases SET {restored}")).await;
    let restored = "note_sealed = (SELECT kept.note_sealed FROM kept_outcomes kept WHERE kept.id = outcomes.id)";
    restorer.does(&format!("UPDATE outcomes SET {restored}")).await;
    reads(&lan, &case).await.expect_problem(409, "case_expired");
    assert_eq!(apply(&app).await, cases(1), "what came back goes again");
    let id = CaseId::from(case.parse::<Uuid>().unwrap());
    let row = cases::Entity::find_by_id(id).one(app.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.sealed, Vec::<u8>::new());
}

#[tokio::test]
async fn a_case_that_is_held_or_whose_tip_is_stays_until_that_ends() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let screener = app.officer("tuan", &[Role::Screener]).await;
    let (_, held) = closed_case(&app, &lan, "khong_co_that").await;
    let (tip, by_its_tip) = closed_case(&app, &lan, "khong_co_that").await;
    let hold = |until: &str| json!({ "until": until, "reason": "đang có khiếu nại" });
    does(&screener, &held, "hold", hold("2025-01-31")).await.expect_problem(403, "forbidden");
    does(&lan, &held, "hold", hold("2024-06-03")).await.expect_problem(422, "date_too_early");
    let read = format!("/api/v1/cases/{held}/hold");
    screener.client.get(&read).await.expect_problem(404, "no_such_hold");
    does(&lan, &held, "hold", hold("2025-01-31")).await.expect(200);
    assert_eq!(screener.client.get(&read).await.expect(200)["until"], "2025-01-31");
    lan.does(&tip, "hold", hold("2025-02-28")).await.expect(200);

    let lan = app.on("2025-01-31", "lan").await;
    assert_eq!(due(&app).await, []);
    let notes = reads(&lan, &held).await.expect(200)["notes"].clone();
    assert_eq!((&notes[0]["act"], &notes[0]["text"]), (&json!("place-hold"), &json!("đang có khiếu nại")));
    app.on("2025-02-01", "lan").await;
    assert_eq!(due(&app).await, [(held.clone(), "unfounded".to_owned())]);
    let lan = app.on("2025-02-28", "lan").await;
    let lift = json!({ "reason": "khiếu nại đã xong" });
    does(&lan, &by_its_tip, "lift-hold", lift.clone()).await.expect_problem(404, "no_such_hold");
    does(&lan, &held, "hold", hold("2026-01-01")).await.expect(200);
    assert_eq!(due(&app).await, []);
    does(&lan, &held, "lift-hold", lift).await.expect(204);
    assert_eq!(due(&app).await, [(held.clone(), "unfounded".to_owned())]);
    lan.does(&tip, "lift-hold", json!({ "reason": "khiếu nại đã xong" })).await.expect(204);
    assert_eq!(due(&app).await.len(), 2);
    assert_eq!(apply(&app).await.cases, 2);
    does(&lan, &held, "hold", hold("2026-01-01")).await.expect_problem(409, "case_expired");
}

#[tokio::test]
async fn a_case_stays_while_one_of_its_tips_is_worked_elsewhere() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let tip = app.resident().submits_with("nhà ông A cuối bản", json!({ "category": "giao_thong" })).await;
    lan.screens(&tip).await.expect(200);
    lan.accepts(&tip).await.expect(200);
    let first = text(&lan.opens_case(&tip, TITLE).await.expect(201)["id"]);
    let second = text(&lan.opens_case(&tip, "Vụ thứ hai").await.expect(201)["id"]);
    lan.records(&first, "khong_co_that", "2024-06-03").await.expect(201);
    closes(&lan, &first).await;
    let lan = app.on("2026-01-05", "lan").await;
    assert_eq!(due(&app).await, []);
    closes(&lan, &second).await;
    assert_eq!(due(&app).await, [(first, "unfounded".to_owned())]);
}
