//! The made-up ledger of Quan Sơn counts what the district reported, and the people in it can go on working.

use entity::enums::Role;
use serde_json::Value;
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

#[tokio::test]
async fn the_demonstration_takes_no_database_in_which_people_work() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let before = app.all_rows().await;
    assert!(demo::build(&app.app, demo::SEED).await.is_err());
    assert_eq!(app.all_rows().await, before);
}
