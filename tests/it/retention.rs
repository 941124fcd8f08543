//! How long tips are kept: what goes when, what stays, and that nothing which comes back can be read.

mod cases;

use entity::enums::Role;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::{Value, json};
use tipline::{
    jobs::{self, Job},
    platform::db::Db,
    retention::{self, Applied, Step, What},
};
use uuid::Uuid;

use crate::support::{Officer, TestApp, Tip, Worked, deployment::PASSWORD};

impl TestApp {
    /// Goes on to this day, on which the officer has to log in again.
    async fn on(&self, day: &str, officer: &str) -> Officer {
        self.app.clock.set(format!("{day}T02:00:00Z").parse().unwrap());
        self.logs_in(officer, PASSWORD).await
    }
}

/// What is due of tips.
async fn due(app: &TestApp) -> Vec<(String, Step, String)> {
    let plan = retention::plan(&app.app).await.unwrap().into_iter();
    let of_tips = plan.filter(|due| matches!(due.what, What::Tip(_)));
    of_tips.map(|due| (due.number, due.step, due.rule)).collect()
}

/// So many tips lost their words, and nothing else happened.
fn words(words: usize) -> Applied {
    Applied { words, ..Applied::default() }
}

async fn apply(app: &TestApp) -> Applied {
    retention::apply(&app.app).await.unwrap()
}

/// A tip whose case is closed with this outcome.
async fn closed(app: &TestApp, officer: &Officer, category: &str, outcome: &str) -> Tip {
    let mut tip = app.resident().writes("nhà ông A cuối bản").await;
    tip["category"] = json!(category);
    let told = app.resident().sends(&tip).await.expect(201);
    let number = told["number"].as_str().unwrap().to_owned();
    let id = officer.lists("limit=200").await.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|row| (row["number"] == number.as_str()).then(|| row["id"].as_str().unwrap().to_owned()));
    let tip = Tip { id: id.unwrap(), number, receipt: tip["receipt"].as_str().unwrap().to_owned(), told };
    officer.screens(&tip).await.expect(200);
    officer.accepts(&tip).await.expect(200);
    let case = officer.opens_case(&tip, "Vụ việc").await.expect(201)["id"].as_str().unwrap().to_owned();
    officer.records(&case, outcome, "2024-06-03").await.expect(201);
    closes(officer, &case).await;
    tip
}

async fn closes(officer: &Officer, case: &str) {
    officer.client.post(&format!("/api/v1/cases/{case}/close"), json!({})).await.expect(200);
}

/// Somebody who kept a copy of the rows and puts them back.
struct Restorer(DatabaseConnection);

const ROWS: [&str; 5] = ["tips", "messages", "notes", "identities", "receipts"];

impl Restorer {
    async fn copies(app: &TestApp) -> Self {
        let file = app.database.folder.path().join("data/tipline.db");
        let url = app.database.url.clone().unwrap_or_else(|| Db::sqlite_url(&file));
        let restorer = Self(Database::connect(url).await.unwrap());
        for table in ROWS {
            restorer.does(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        restorer
    }

    async fn restores(&self) {
        for table in ROWS.iter().rev() {
            self.does(&format!("DELETE FROM {table}")).await;
        }
        for table in ROWS {
            self.does(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }

    async fn does(&self, statement: &str) {
        self.0.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn after_its_time_nothing_of_a_tip_opens_and_rows_that_come_back_stay_shut() {
    let app = TestApp::spawn().await;
    for custodian in ["ngan", "binh", "chien"] {
        app.officer(custodian, &[Role::Custodian]).await;
    }
    let lan = app.officer("lan", &[Role::Commander]).await;
    let hidden = json!({ "reporter": { "mode": "confidential", "name": "Vi Thị Hoa", "phone": "0912345678" } });
    let tip = app.resident().submits_with("nhà ông A cuối bản", hidden).await;
    lan.notes(&tip, "đã gọi trưởng bản").await.expect(200);
    lan.replies(&tip, "xin cảm ơn").await.expect(200);
    lan.reads(&tip).await.expect(200);
    lan.dismisses(&tip, "spam").await.expect(200);
    let restorer = Restorer::copies(&app).await;

    app.on("2024-09-02", "lan").await;
    assert_eq!((due(&app).await, apply(&app).await), (vec![], Applied::default()), "a day too early");
    let lan = app.on("2024-09-03", "lan").await;
    let planned = (tip.number.clone(), Step::Words, "misuse".to_owned());
    assert_eq!(due(&app).await, std::slice::from_ref(&planned));
    jobs::run(&app.app, Job::ApplyRetention, Uuid::nil()).await.unwrap();
    assert_eq!(due(&app).await, []);
    for table in ["tip_wraps", "identity_shares", "identities", "messages", "notes", "receipts"] {
        assert_eq!(app.count_rows(table).await, 0, "{table}");
    }
    assert_eq!(app.count_rows("tips").await, 1, "what it is counted by stays");
    lan.reads(&tip).await.expect_problem(409, "tip_expired");
    lan.notes(&tip, "thêm").await.expect_problem(409, "tip_expired");
    app.resident().shows(&tip.receipt).await.expect_problem(401, "unknown_receipt");

    restorer.restores().await;
    assert_eq!((app.count_rows("messages").await, app.count_rows("notes").await), (1, 2));
    lan.reads(&tip).await.expect_problem(409, "tip_expired");
    assert_eq!(lan.finds("q=cuoi").await, [""; 0]);
    let opened = app.resident().opens_thread(&tip).await;
    opened.get("/api/v1/reporter/tip").await.expect_problem(401, "token_invalid");
    assert_eq!(due(&app).await, [planned]);
    assert_eq!(apply(&app).await, words(1));

    app.on("2025-06-03", "lan").await;
    assert_eq!(apply(&app).await, Applied { rows: 1, ..Applied::default() });
    assert_eq!((app.count_rows("tips").await, apply(&app).await), (0, Applied::default()));
}

#[tokio::test]
async fn an_unfounded_tip_loses_its_words_years_before_one_that_led_somewhere() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let unfounded = closed(&app, &lan, "giao_thong", "khong_co_that").await;
    let founded = closed(&app, &lan, "giao_thong", "xphc").await;
    let open = app.tip("còn mới").await;
    let lan = app.on("2024-12-03", "lan").await;
    assert_eq!(due(&app).await, [(unfounded.number.clone(), Step::Words, "unfounded".to_owned())]);
    assert_eq!(apply(&app).await, Applied { cases: 1, ..words(1) });
    lan.reads(&unfounded).await.expect_problem(409, "tip_expired");
    lan.reads(&founded).await.expect(200);
    let lan = app.on("2034-06-03", "lan").await;
    assert_eq!(apply(&app).await, Applied { rows: 2, cases: 1, ..Applied::default() });
    lan.reads(&founded).await.expect_problem(404, "no_such_tip");
    lan.reads(&open).await.expect(200);
}

#[tokio::test]
async fn a_held_tip_stays_until_its_hold_ends_or_is_lifted() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let screener = app.officer("tuan", &[Role::Screener]).await;
    let (held, lifted) = (app.tip("một").await, app.tip("hai").await);
    for tip in [&held, &lifted] {
        lan.dismisses(tip, "test").await.expect(200);
    }
    let hold = |until: &str| json!({ "until": until, "reason": "đang có khiếu nại" });
    let place = async |officer: &Officer, tip: &Tip, until| officer.does(tip, "hold", hold(until)).await;
    place(&screener, &held, "2025-01-31").await.expect_problem(403, "forbidden");
    place(&lan, &held, "2024-06-03").await.expect_problem(422, "date_too_early");
    place(&lan, &held, "2034-06-04").await.expect_problem(422, "period_too_long");
    let address = format!("/api/v1/tips/{}/hold", held.id);
    screener.client.get(&address).await.expect_problem(404, "no_such_hold");
    place(&lan, &held, "2024-12-31").await.expect(200);
    place(&lan, &held, "2025-01-31").await.expect(200);
    place(&lan, &lifted, "2030-01-01").await.expect(200);
    let told = screener.client.get(&address).await.expect(200);
    assert_eq!((&told["until"], &told["placed_by"]), (&"2025-01-31".into(), &lan.id().into()));

    let lan = app.on("2025-01-31", "lan").await;
    assert_eq!((due(&app).await, apply(&app).await), (vec![], Applied::default()));
    let notes = lan.reads(&held).await.expect(200)["notes"].clone();
    let told = notes.as_array().unwrap().iter().filter(|note| note["text"] == "đang có khiếu nại").count();
    assert_eq!(told, 2, "{notes}");
    let lift = json!({ "reason": "khiếu nại đã xong" });
    lan.does(&lifted, "lift-hold", lift.clone()).await.expect(204);
    lan.does(&lifted, "lift-hold", lift).await.expect_problem(404, "no_such_hold");
    assert_eq!(due(&app).await, [(lifted.number, Step::Words, "misuse".to_owned())]);
    let lan = app.on("2025-02-01", "lan").await;
    assert_eq!(apply(&app).await, words(2));
    lan.does(&held, "hold", hold("2026-01-01")).await.expect_problem(409, "tip_expired");
}

#[tokio::test]
async fn a_valuable_source_counts_for_ever_and_the_record_tells_how_it_went() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let tu = app.officer("tuan", &[Role::Commander]).await;
    app.officer("minh", &[Role::Auditor]).await;
    let worked = Worked::by(&lan, app.tip("kho ma túy").await).await;
    let valuation = worked.attested_by(&lan).await;
    tu.confirms(&valuation).await.expect(200);
    closes(&lan, &worked.case).await;
    let figures = lan.counts("category").await;
    assert_eq!(figures["total"], 1);
    let before = (app.count_rows("facts").await, app.count_rows("valuations").await);

    let lan = app.on("2044-06-03", "lan").await;
    assert_eq!(apply(&app).await, Applied { rows: 1, cases: 1, ..Applied::default() });
    assert_eq!((app.count_rows("tips").await, app.count_rows("tip_wraps").await), (0, 0));
    assert_eq!((app.count_rows("facts").await, app.count_rows("valuations").await), before);
    assert_eq!(lan.counts("category").await["groups"], figures["groups"]);

    jobs::run(&app.app, Job::SequenceAudit, Uuid::nil()).await.unwrap();
    let minh = app.logs_in("minh", PASSWORD).await;
    let acts = minh.client.get(&format!("/api/v1/audit?object={}", worked.tip.id)).await.expect(200);
    let told: Vec<&Value> = acts["items"].as_array().unwrap().iter().map(|act| &act["act"]).collect();
    assert!(["TipKeysDestroyed", "TipExpired"].iter().all(|act| told.iter().any(|told| *told == act)), "{acts}");
    assert_eq!(tipline::audit::verify(&app.app, &[]).await.unwrap().tampering, None, "gone, and on record");
}
