//! Everything that is stored, to be compared and searched.

use std::{collections::BTreeMap, process::Command};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tipline::app::App;

use super::{TestApp, database::on_postgres};

/// All rows of all tables as text, by table.
pub type Rows = BTreeMap<String, Vec<String>>;

impl TestApp {
    /// Every row of every table.
    pub async fn all_rows(&self) -> Rows {
        all_rows_of(&self.app).await
    }

    pub async fn count_rows(&self, table: &str) -> usize {
        rows_of(&self.app, table).await.len()
    }

    /// The raw bytes of what is stored, by name: the database's files, write-ahead log included, or a dump of it.
    pub fn stored_bytes(&self) -> Vec<(String, Vec<u8>)> {
        match &self.database.url {
            Some(url) => vec![("pg_dump".to_owned(), dump(url))],
            None => {
                let folder = self.database.folder.path().join("data");
                let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
                files.map(|file| (file.display().to_string(), std::fs::read(&file).unwrap())).collect()
            }
        }
    }
}

/// Every row of every table of a deployment.
pub async fn all_rows_of(app: &App) -> Rows {
    let mut all = Rows::new();
    for table in tables(app).await {
        let rows = rows_of(app, &table).await;
        all.insert(table, rows);
    }
    assert!(all.len() > 20, "only {} tables found", all.len());
    all
}

async fn tables(app: &App) -> Vec<String> {
    let names = if on_postgres() {
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    ask(app, names).await
}

async fn rows_of(app: &App, table: &str) -> Vec<String> {
    let mut rows = if on_postgres() {
        ask(app, &format!("SELECT t::text AS name FROM \"{table}\" t")).await
    } else {
        let columns = ask(app, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let quoted: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        ask(app, &format!("SELECT {} AS name FROM \"{table}\"", quoted.join(" || '|' || "))).await
    };
    rows.sort_unstable();
    rows
}

async fn ask(app: &App, sql: &str) -> Vec<String> {
    let backend = if on_postgres() { DbBackend::Postgres } else { DbBackend::Sqlite };
    let rows = app.db.read().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

fn dump(url: &str) -> Vec<u8> {
    let program = std::env::var_os("TIPLINE_TEST_PG_DUMP").unwrap_or_else(|| "pg_dump".into());
    let done = Command::new(&program).arg(url).output();
    let done = done.unwrap_or_else(|error| panic!("{}: {error}; TIPLINE_TEST_PG_DUMP names it", program.display()));
    assert!(done.status.success(), "pg_dump: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}
