//! The made-up ledger of Quan Sơn counts what the district reported, and the people in it can go on working.

use entity::enums::Role;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use tipline::{
    demo::{self, Account},
    retention,
};

use crate::support::{Officer, TestApp, Worked, people::text};

/// A working day under today's communes.
const TODAY: &str = "2026-01-15T02:00:00Z";

async fn count(officer: &Officer, to: &str, by: &str) -> Value {
    let path = format!("/api/v1/statistics/valuable-sources?from=2021-01-01&to={to}&by={by}");
    let count = officer.client.get(&path).await.expect(200);
    let sum: u64 = count["groups"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    assert_eq!(count["total"], sum, "{by}: {count}");
    count
}

async fn total(officer: &Officer, to: &str) -> Value {
    count(officer, to, "year").await["total"].clone()
}

async fn logs_in(app: &TestApp, accounts: &[Account], role: Role) -> Officer {
    let account = accounts.iter().find(|account| account.roles.contains(&role)).expect("an account for each role");
    app.logs_in(&account.username, account.password.expose()).await
}

#[tokio::test]
async fn the_ledger_counts_87_and_one_more_tip_makes_88_until_it_is_revoked() {
    let app = TestApp::spawn().await;
    app.app.clock.set(TODAY.parse().unwrap());
    let accounts = demo::build(&app.app, demo::SEED).await.unwrap();
    for role in Role::ALL {
        logs_in(&app, &accounts, *role).await;
    }
    let commander = logs_in(&app, &accounts, Role::Commander).await;
    let years = count(&commander, "2023-12-31", "year").await;
    assert_eq!((years["total"].as_u64(), years["groups"].as_array().unwrap().len()), (Some(87), 3), "{years}");
    for (by, groups) in [("month", 30), ("unit", 12), ("category", 8), ("channel", 5)] {
        let count = count(&commander, "2023-12-31", by).await;
        let counted = count["groups"].as_array().unwrap().iter().filter(|group| group["total"] != 0).count();
        assert!(counted >= groups && count["total"] == 87, "{by}: {count}");
    }
    assert_eq!(total(&commander, "2026-01-15").await, 87);
    let all = app.count_rows("tips").await;
    assert!(all > 300, "{all} tips");

    let investigator = logs_in(&app, &accounts, Role::Investigator).await;
    let tip = app.tip("Có người bán ma túy cạnh trường").await;
    commander.accepts(&tip).await.expect(200);
    let case = text(&investigator.opens_case(&tip, "Vụ cạnh trường").await.expect(201)["id"]);
    let outcome = text(&investigator.records(&case, "khoi_to", "2026-01-15").await.expect(201)["id"]);
    let worked = Worked { tip, case, outcome };
    let valuation = worked.attested_by(&investigator).await;
    commander.confirms(&valuation).await.expect(200);
    assert_eq!(total(&commander, "2026-01-15").await, 88);
    assert_eq!(total(&commander, "2023-12-31").await, 87);
    commander.revokes(&valuation).await.expect(200);
    assert_eq!(total(&commander, "2026-01-15").await, 87);

    // A generation later, when nothing of all this is kept any more.
    app.app.clock.set("2050-01-15T02:00:00Z".parse().unwrap());
    let applied = retention::apply(&app.app).await.unwrap();
    let left = app.count_rows("tips").await;
    assert!(applied.rows > 250 && left == all + 1 - applied.rows, "{applied:?}, {left} left of {all}");
    let commander = logs_in(&app, &accounts, Role::Commander).await;
    assert_eq!(count(&commander, "2023-12-31", "year").await["groups"], years["groups"]);
}

const FIGURE: &str = "/api/v1/public/statistics/valuable-sources?from=2021-01-01&to=2023-12-31";

/// By then all releases of the demonstration are out.
const LATER: &str = "2026-03-16T02:00:00Z";

/// What the public is told of 2021-2023: as a whole and told apart.
async fn published(app: &TestApp) -> Vec<Value> {
    let mut told = vec![app.client().get(FIGURE).await.expect(200)];
    for by in ["year", "unit", "unit_now", "category", "channel"] {
        told.push(app.client().get(&format!("{FIGURE}&by={by}")).await.expect(200));
    }
    told
}

/// The figure told apart in every way, each adding up to the same.
async fn adds_up_to(officer: &Officer, whole: u64) {
    for by in ["year", "unit", "unit&restate=true", "category", "channel", "mode", "province", "office"] {
        let span = "from=2021-01-01&to=2023-12-31";
        let path = format!("/api/v1/statistics/valuable_sources?{span}&by={by}");
        let table = officer.client.get(&path).await.expect(200);
        let sum: u64 = table["cells"].as_array().unwrap().iter().map(|cell| cell["value"].as_u64().unwrap()).sum();
        assert_eq!((table["total"].as_u64(), sum), (Some(whole), whole), "{by}: {table}");
    }
}

/// As if the retention of every tip had ended.
async fn forgets_all_tips(app: &TestApp) {
    let tables = ["identity_shares", "identities", "notes", "messages", "receipts", "tip_wraps", "case_tips", "tips"];
    let gone = app.app.db.write(async |txn| {
        for table in tables {
            txn.execute_unprepared(&format!("DELETE FROM {table}")).await?;
        }
        Ok::<_, DbErr>(())
    });
    gone.await.unwrap();
    assert_eq!(app.count_rows("tips").await, 0);
}

#[tokio::test]
async fn the_figure_outlives_the_tips_and_a_revision_tells_what_was_revoked() {
    let app = TestApp::spawn().await;
    app.app.clock.set(LATER.parse().unwrap());
    let accounts = demo::build(&app.app, demo::SEED).await.unwrap();
    let commander = logs_in(&app, &accounts, Role::Commander).await;
    let investigator = logs_in(&app, &accounts, Role::Investigator).await;
    adds_up_to(&commander, 87).await;
    let frozen = published(&app).await;
    assert_eq!(frozen[0]["total"], 87);
    let lines = "/api/v1/statistics/valuable_sources/lines?from=2022-01-01&to=2022-12-31";
    let valuation = text(&commander.client.get(lines).await.expect(200)["lines"][0]["valuation"]);
    commander.revokes(&valuation).await.expect(200);
    forgets_all_tips(&app).await;
    adds_up_to(&commander, 86).await;
    assert_eq!(published(&app).await, frozen);

    let release = text(&frozen[0]["release"]);
    let does = async |officer: &Officer, id: &str, verb: &str, status: u16| {
        officer.client.post_nothing(&format!("/api/v1/releases/{id}/{verb}")).await.expect(status)
    };
    let revision = does(&investigator, &release, "revise", 201).await;
    let whole = revision["changes"].as_array().unwrap().iter().find(|change| change["by"] == "total").unwrap();
    assert_eq!((&whole["before"], &whole["after"]), (&json!(87), &json!(86)), "{revision}");
    let id = text(&revision["id"]);
    does(&commander, &id, "check", 200).await;
    does(&commander, &id, "publish", 200).await;
    assert_eq!(published(&app).await[0]["total"], 86);
    let first = app.client().get(&format!("/api/v1/public/statistics/releases/{release}")).await.expect(200);
    assert_eq!(first["contents"][0]["cells"][0]["value"], 87);
}

#[tokio::test]
async fn the_demonstration_takes_no_database_in_which_people_work() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let before = app.all_rows().await;
    assert!(demo::build(&app.app, demo::SEED).await.is_err());
    assert_eq!(app.all_rows().await, before);
}
