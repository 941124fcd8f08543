//! One fresh database for each test: a folder with SQLite, or a database of its own on PostgreSQL.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use tipline::platform::db::Db;
use tokio::sync::Mutex;

/// `sqlite` (when nothing is said) or `postgres`.
const WHICH: &str = "TIPLINE_TEST_DATABASE";

/// URL of a database in which others can be made.
const POSTGRES: &str = "TIPLINE_TEST_POSTGRES";

/// What PostgreSQL makes an empty database of.
const EMPTY: &str = "template0 ENCODING 'UTF8'";

/// A database that ends with the test.
pub struct TestDatabase {
    /// Secrets, and with SQLite the database.
    pub folder: TempDir,
    /// None: the embedded database in the folder.
    pub url: Option<String>,
    _made: Option<Made>,
    /// What it is a copy of.
    _pattern: Option<Arc<Made>>,
}

/// A PostgreSQL database that is taken away with this, and where to say it.
struct Made {
    server: String,
    name: String,
}

pub fn on_postgres() -> bool {
    match std::env::var(WHICH).as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("{WHICH} is `{other}`; it must be `sqlite` or `postgres`"),
    }
}

impl TestDatabase {
    /// SQLite, whichever database the tests run on.
    pub fn embedded() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), url: None, _made: None, _pattern: None }
    }

    /// Empty, as somebody sets it up for a deployment.
    pub async fn create() -> Self {
        if on_postgres() { Self::made_from(EMPTY, None).await } else { Self::embedded() }
    }

    /// With the schema in it: on PostgreSQL a copy of one that was brought up to date for many tests.
    pub async fn migrated() -> Self {
        if !on_postgres() {
            return Self::embedded();
        }
        let pattern = pattern().await;
        Self::made_from(&pattern.name.clone(), Some(pattern)).await
    }

    async fn made_from(template: &str, pattern: Option<Arc<Made>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Made::from(template).await;
        Self { folder, url: Some(made.url()), _made: Some(made), _pattern: pattern }
    }
}

impl Made {
    async fn from(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tipline_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let server = server();
        execute(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { server, name }
    }

    fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }
}

fn server() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!(
            "{WHICH}=postgres needs {POSTGRES}=postgres://..: a server on which databases can be made. \
             `scripts/test` starts one for its run"
        )
    })
}

/// The pattern that tests have at the moment, or a new one; nobody is connected to it, and it ends with its last copy.
async fn pattern() -> Arc<Made> {
    static NEWEST: Mutex<Weak<Made>> = Mutex::const_new(Weak::new());
    let mut newest = NEWEST.lock().await;
    if let Some(pattern) = newest.upgrade() {
        return pattern;
    }
    let pattern = Arc::new(Made::from(EMPTY).await);
    let db = Db::open(&pattern.url()).await.unwrap();
    db.migrate_up().await.unwrap();
    db.close().await.unwrap();
    *newest = Arc::downgrade(&pattern);
    pattern
}

impl Drop for Made {
    fn drop(&mut self) {
        let Self { server, name } = self;
        let (server, name) = (std::mem::take(server), std::mem::take(name));
        // A thread of its own: the test's runtime is busy with dropping us.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("a test's database was left behind");
        }
    }
}

async fn execute(url: &str, statement: &str) {
    let server = Database::connect(url).await.unwrap_or_else(|error| panic!("{POSTGRES}: {error}"));
    server.execute_unprepared(statement).await.unwrap();
    server.close().await.unwrap();
}

/// The same server, another database: the path of the URL.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let host_at = base.find("://").map_or(0, |at| at + 3);
    let host_end = base[host_at..].find('/').map_or(base.len(), |at| host_at + at);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{}/{name}{query}", &base[..host_end])
}
