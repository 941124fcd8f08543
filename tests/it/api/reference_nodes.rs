//! Several nodes over one database: what one of them edits, all go by.

use std::time::Duration;

use serde_json::json;
use tipline::{
    app::App,
    jobs::{self, Job},
};
use uuid::Uuid;

use super::reference_edit::{ADMINISTRATOR, adds, category, label};
use crate::support::{TestApp, deployment::open_node};

#[tokio::test]
async fn what_one_node_edits_another_goes_by_when_it_has_looked_and_again_after_a_restart() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let (other, _server, client) = app.another_node().await;
    let knows = async || {
        let all = client.get("/api/v1/categories").await.expect(200);
        all["items"].as_array().unwrap().iter().any(|one| one["code"] == "nuoc")
    };
    adds(&ana, "nuoc", "2024-06-03", category("Nguồn nước")).await.expect(201);
    assert!(label(&app, "nuoc", "").await.is_some(), "the node that edited knows at once");
    assert!(!knows().await);
    jobs::run(&other, Job::LearnEdition, Uuid::from_u128(2)).await.unwrap();
    assert!(knows().await);
    // It edits in its turn, on what it has learned.
    let end = json!({ "last_day": "2024-12-31" });
    let token = ana.tokens.access.clone();
    client.bearing(&token).post("/api/v1/reference/category/nuoc/end", end).await.expect(200);
    jobs::run(&app.app, Job::LearnEdition, Uuid::from_u128(1)).await.unwrap();
    assert!(label(&app, "nuoc", "?on=2025-01-01").await.is_none());

    let again = open_node(app.database.folder.path(), app.database.url.clone()).await;
    let again = App { clock: app.app.clock.clone(), ..again };
    assert!(again.reference.category_on("nuoc", "2024-12-31".parse().unwrap()).is_some());
    assert!(again.reference.category_on("nuoc", "2025-01-01".parse().unwrap()).is_none());
    assert_eq!(again.editions.newest().number, app.app.editions.newest().number);
}

#[tokio::test]
async fn a_node_at_work_looks_by_itself() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let (other, _server, client) = app.another_node().await;
    let working = jobs::start(other);
    adds(&ana, "nuoc", "2024-06-03", category("Nguồn nước")).await.expect(201);
    let looks = async {
        loop {
            let all = client.get("/api/v1/categories").await.expect(200);
            if all["items"].as_array().unwrap().iter().any(|one| one["code"] == "nuoc") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    // Half a second between looks; the rest is for a machine that has other things to do.
    tokio::time::timeout(Duration::from_secs(5), looks).await.expect("it has looked");
    working.stop().await;
}

#[tokio::test]
async fn whoever_has_begun_goes_by_one_edition_to_the_end() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let begun = app.app.as_of_now();
    adds(&ana, "nuoc", "2024-06-03", category("Nguồn nước")).await.expect(201);
    let today = begun.clock.today();
    assert!(begun.reference.category_on("nuoc", today).is_none());
    assert!(app.app.as_of_now().reference.category_on("nuoc", today).is_some());
}
