//! The database itself: what it refuses, and that its schema goes both ways.

use entity::enums::Role;
use sea_orm::ConnectionTrait;

use futures::future::join_all;

use crate::support::{TestApp, database::on_postgres, http::Client};

#[tokio::test]
async fn the_schema_goes_down_and_comes_up_again() {
    let app = TestApp::spawn().await;
    let db = &app.app.db;
    let (applied, pending) = db.migration_status().await.unwrap();
    assert!(pending.is_empty() && applied.len() >= 20, "{applied:?} {pending:?}");
    assert!(db.is_ready().await);
    db.migrate_down(u32::try_from(applied.len()).unwrap()).await.unwrap();
    let (left, pending) = db.migration_status().await.unwrap();
    assert_eq!((left.len(), pending.len()), (0, applied.len()));
    assert!(!db.is_ready().await);
    db.migrate_up().await.unwrap();
    assert_eq!(db.migration_status().await.unwrap().0, applied);
    assert_eq!(app.count_rows("tips").await, 0);
}

#[tokio::test]
async fn a_read_that_would_write_fails() {
    let app = TestApp::spawn().await;
    if on_postgres() {
        // One pool for both there; what is read-only is the snapshot.
        let written = app
            .app
            .db
            .snapshot(async |txn| {
                txn.execute_unprepared("DELETE FROM settings").await?;
                Ok::<_, sea_orm::DbErr>(())
            })
            .await;
        assert!(written.is_err());
    } else {
        assert!(app.app.db.read().execute_unprepared("DELETE FROM settings").await.is_err());
    }
}

#[tokio::test]
async fn a_second_start_finds_everything_as_it_was() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let before = app.all_rows().await;
    let (_node, _server, client) = app.another_node().await;
    assert_eq!(app.all_rows().await, before);
    let path = format!("/api/v1/tips/{}", tip.id);
    let seen = client.bearing(&ana.tokens.access).get(&path).await.expect(200);
    assert_eq!(seen["narrative"], "Đêm nào cũng có xe lạ");
}

#[cfg(unix)]
#[tokio::test]
async fn only_their_owner_reads_secrets_and_database() {
    use std::os::unix::fs::MetadataExt;
    let app = TestApp::spawn().await;
    let folder = app.database.folder.path().join("data");
    let mode = |path: &std::path::Path| path.metadata().unwrap().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("secrets.json")), 0o600);
}

#[tokio::test]
async fn connections_outlive_the_request_threads_that_opened_them() {
    let app = TestApp::spawn().await;
    let (node, _server, _client) = app.another_node().await;
    let running = tipline::server::start_doors(node.clone(), ([127, 0, 0, 1], 0).into(), 4).await.unwrap();
    let client = Client::of(running.addr);
    // Many at once, on all its threads, so that the pool is full.
    join_all((0..60).map(|_| client.get("/readyz"))).await.into_iter().for_each(|answer| {
        answer.expect(200);
    });
    running.stop().await.unwrap();
    for answered in join_all((0..60).map(|_| node.db.migration_status())).await {
        answered.unwrap();
    }
}
