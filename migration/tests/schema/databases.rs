use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, sqlx::sqlite::SqliteJournalMode};

/// Names a PostgreSQL cluster in which databases may be made: `postgres://user@host/postgres`.
const CLUSTER: &str = "TIPLINE_TEST_POSTGRES";

/// Runs a test on an empty database of each kind that is there.
pub async fn on_each(name: &str, test: impl AsyncFn(&DatabaseConnection)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("test.db").display());
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.journal_mode(SqliteJournalMode::Wal).foreign_keys(true));
    let db = Database::connect(options).await.unwrap();
    test(&db).await;
    db.close().await.unwrap();

    let Ok(cluster) = std::env::var(CLUSTER) else { return };
    let made = format!("tipline_schema_{name}_{}", std::process::id());
    let keeper = Database::connect(&cluster).await.unwrap();
    keeper.execute_unprepared(&format!("CREATE DATABASE {made}")).await.unwrap();
    let db = Database::connect(of_cluster(&cluster, &made)).await.unwrap();
    test(&db).await;
    db.close().await.unwrap();
    keeper.execute_unprepared(&format!("DROP DATABASE {made}")).await.unwrap();
}

/// The URL of another database of the same cluster.
fn of_cluster(cluster: &str, database: &str) -> String {
    let (address, query) = cluster.split_once('?').map_or((cluster, String::new()), |(a, q)| (a, format!("?{q}")));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{database}{query}")
}
