//! The one place, beside `insert`, that tells SQLite from PostgreSQL.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    RuntimeErr, SqliteTransactionMode, SqlxError, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::runtime::Handle;

use super::{group::Group, home::Home};

/// Readers beside the one SQLite writer. They wait on page cache and disk only; more of them than this just queue.
const SQLITE_READERS: u32 = 8;

/// Connections to PostgreSQL of one node. Two cores saturate with far fewer; the rest absorbs slow commits.
const POSTGRES_CONNECTIONS: u32 = 22;

/// Connections of one node for what is only appended, beside those. The long statements of new tips meet few sessions of
/// the database that way, and find themselves planned there; a pool goes through all of its connections in turn.
pub const POSTGRES_APPENDERS: u8 = 2;

/// How long a request waits for its turn with SQLite before it is told that the line is busy (503).
const TURN: Duration = Duration::from_secs(20);

/// The same for a connection to PostgreSQL, which is tried for anew all that time if the database is gone: its restart
/// takes less, and who sends a tip is not left longer without a word.
const CONNECT: Duration = Duration::from_secs(8);

/// A connection that answered so lately is not asked whether it is still there.
const TRUST: Duration = Duration::from_secs(1);

/// Storage with one writer lane and many readers.
///
/// SQLite: WAL, `synchronous=FULL`, one writing connection. PostgreSQL: one pool for both, and one for new tips.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// PostgreSQL: connections of their own. SQLite: the writer's.
    appender: DatabaseConnection,
    /// SQLite: its one writer. PostgreSQL lets several commit with one wait by itself.
    group: Option<Group>,
    writes: Arc<AtomicU64>,
}

impl Db {
    /// Opens the database behind a `sqlite:` or `postgres:` URL; an SQLite file is made when missing.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let writer = Database::connect(sqlite(url, 1, false)).await?;
            // Read-only, so that a query that forgot to be a write fails in the first test instead of stalling a writer.
            let reader = Database::connect(sqlite(url, SQLITE_READERS, true)).await?;
            let group = Group::new(&writer, TURN).await?;
            // A bounded look at how many rows there are, for who plans queries (https://sqlite.org/pragma.html#pragma_optimize).
            group.alone("PRAGMA optimize = 0x10002").await?;
            let group = Some(group);
            Ok(Self { appender: writer.clone(), writer, reader, group, writes: Arc::default() })
        } else {
            let pool = Database::connect(quiet(url, POSTGRES_CONNECTIONS, CONNECT)).await?;
            let mut on_demand = quiet(url, POSTGRES_APPENDERS.into(), CONNECT);
            on_demand.connect_lazy(true);
            let appender = Database::connect(on_demand).await?;
            Ok(Self { writer: pool.clone(), reader: pool, appender, group: None, writes: Arc::default() })
        }
    }

    pub fn sqlite_url(file: &Path) -> String {
        format!("sqlite:{}?mode=rwc", file.display())
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing. What is returned is durable.
    ///
    /// Inside, touch only the transaction that is handed in: the SQLite writer is a pool of one.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        // However it ends: it may be kept although nobody is told so.
        let _counted = Counted(&self.writes);
        self.transact(&self.writer, work).await
    }

    /// Like [`write`](Self::write), for what changes nothing that anybody keeps in mind: it does not count as one. At most
    /// [`POSTGRES_APPENDERS`] at a time, others wait.
    pub async fn append<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        self.transact(&self.appender, work).await
    }

    async fn transact<T, E, F>(&self, connections: &DatabaseConnection, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        if let Some(group) = &self.group {
            return group.write(work).await;
        }
        let txn = connections.begin().await?;
        match work(&txn).await {
            Ok(value) => {
                txn.commit().await?;
                Ok(value)
            }
            Err(error) => {
                txn.rollback().await?;
                Err(error)
            }
        }
    }

    /// How many writes of this node have ended, but for those that only append. Who was told that a write is done finds
    /// a higher number than whoever read before it.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// Runs `work` on one consistent snapshot that can write nothing.
    pub async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        let postgres = self.reader.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(sea_orm::IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let txn = self.reader.begin_with_options(options).await?;
        let result = work(&txn).await;
        txn.rollback().await?;
        result
    }

    /// Whether the rows of an answer gather while nobody asks for the next one, a few hundred of them.
    pub fn keeps_rows_ready(&self) -> bool {
        self.group.is_some()
    }

    /// Whether several statements are worked at side by side, each by a process of its own.
    pub fn works_side_by_side(&self) -> bool {
        self.group.is_none()
    }

    /// A connection for single reads.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Lets commits wait for no disk until this is closed: for a ledger that can be made again, never for a line.
    ///
    /// PostgreSQL: on the connections that are at hand, which are the only ones as long as nothing runs beside.
    pub async fn defer_syncs(&self) -> Result<(), DbErr> {
        match &self.group {
            Some(group) => group.alone("PRAGMA synchronous = OFF").await,
            None => {
                for connection in [&self.writer, &self.appender] {
                    connection.execute_unprepared("SET synchronous_commit = off").await?;
                }
                Ok(())
            }
        }
    }

    /// Brings the schema to this binary's version: all the way, or not at all.
    ///
    /// One transaction around all steps, so that of several nodes that start at once, one does it and the others wait.
    /// A schema that is ahead of this program is left as it is: each release works on the schema of the next, so that
    /// nodes can be exchanged one by one, and one that falls over meanwhile comes up again.
    pub async fn migrate_up(&self) -> Result<(), DbErr> {
        self.write(async |txn| {
            take_turns(txn).await?;
            if has_all_steps(txn).await? { Ok(()) } else { Migrator::up(txn, None).await }
        })
        .await
    }

    /// Names of the migrations that are applied, as `txn` shows them.
    pub async fn applied_migrations(txn: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
        let applied = Migrator::get_applied_migrations_read_only(txn).await?;
        Ok(applied.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// Brings an empty database to the stage at which exactly `names` are applied. False: there is no such stage.
    pub async fn migrate_to(txn: &DatabaseTransaction, names: &[String]) -> Result<bool, DbErr> {
        let known = Migrator::migrations();
        let first = known.iter().take(names.len()).map(|migration| migration.name().to_owned());
        let Ok(steps) = u32::try_from(names.len()) else { return Ok(false) };
        if !first.eq(names.iter().cloned()) {
            return Ok(false);
        }
        take_turns(txn).await?;
        Migrator::up(txn, Some(steps)).await?;
        Ok(true)
    }

    /// Takes back the last `steps` migrations.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), DbErr> {
        self.write(async |txn| {
            take_turns(txn).await?;
            Migrator::down(txn, Some(steps)).await
        })
        .await
    }

    /// Names of the migrations that are applied, and of those that are pending.
    pub async fn migration_status(&self) -> Result<(Vec<String>, Vec<String>), DbErr> {
        let names = |all: Vec<migration::Migration>| all.iter().map(|m| m.name().to_owned()).collect();
        let applied = Migrator::get_applied_migrations_read_only(&self.reader).await?;
        let pending = Migrator::get_pending_migrations_read_only(&self.reader).await?;
        Ok((names(applied), names(pending)))
    }

    /// True when the database answers and no migration of this program is pending; there may be later ones.
    pub async fn is_ready(&self) -> bool {
        self.reader.ping().await.is_ok() && has_all_steps(&self.reader).await.unwrap_or(false)
    }

    /// Opens connections in the caller's runtime from now on. SQLite's are threads of their own and need none.
    pub fn home(&self) -> Home {
        Home(self.group.is_none().then(Handle::current))
    }

    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        if let Some(group) = &self.group {
            group.close().await?;
        }
        self.appender.close().await?;
        self.writer.close().await
    }
}

/// Counts a write when it ends.
struct Counted<'a>(&'a AtomicU64);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// Whether every migration of this program is applied. False when there is no table of migrations.
async fn has_all_steps(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    // Asked first: on PostgreSQL a statement that fails takes its transaction with it.
    let table = if postgres {
        "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'"
    } else {
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'"
    };
    let ask = |sql| db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    if ask(table).await?.is_empty() {
        return Ok(false);
    }
    let rows = ask("SELECT version FROM seaql_migrations").await?;
    let applied = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<HashSet<String>, _>>()?;
    Ok(Migrator::migrations().iter().all(|migration| applied.contains(migration.name())))
}

/// What nodes that migrate lock: any number does that nothing else on this database locks.
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"\0tipline");

/// Waits until no other node migrates. SQLite's write lock, taken at BEGIN, does that already.
async fn take_turns(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    }
    Ok(())
}

/// Whether the store fails, and not what was asked of it: it is gone, full, read-only, broken or out of means. Who asked
/// may ask the same again later.
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => match &**cause {
            SqlxError::Database(refusal) => refusal.code().is_some_and(|code| says_unavailable(&code)),
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed
            | SqlxError::BeginFailed => true,
            _ => false,
        },
        _ => false,
    }
}

fn says_unavailable(code: &str) -> bool {
    // SQLSTATE, which has five characters: no connection, out of means, told to stop, broken disk; and read-only, as a
    // standby is that was the primary just now (https://www.postgresql.org/docs/current/errcodes-appendix.html).
    if code.len() == 5 {
        return ["08", "53", "57P", "58", "25006"].iter().any(|class| code.starts_with(class));
    }
    // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the low byte (https://sqlite.org/rescode.html).
    code.parse().is_ok_and(|code: u32| matches!(code & 0xFF, 5 | 6 | 7 | 8 | 10 | 13 | 14))
}

/// Statement logging stays off at every level: bound values are on nobody's screen.
fn quiet(url: &str, connections: u32, patience: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(patience).sqlx_logging(false).record_stmt_in_spans(false);
    options.test_before_acquire_if_idle_for(TRUST);
    options
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    const PAGE: u32 = 8192;
    // Receipts and numbers are random, and touch pages all over their indexes: those of the writer are kept at hand.
    let cache_kib = if read_only { 2_000 } else { 32_000 };
    let mut options = quiet(url, connections, TURN);
    // It lives in this process: there is no line that might have gone dead meanwhile.
    options.test_before_acquire(false).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            // More than a search asks for at a time: so it may be busy with others meanwhile, and keeps nobody waiting.
            .row_buffer_size(500)
            // Of a new file; one that is there keeps its own. A tip's sealed words are 2 KB and more: pages of 4 KiB hold
            // one such row each, and are half empty.
            .page_size(PAGE)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a tip that was acknowledged survives a power cut (https://sqlite.org/pragma.html#pragma_synchronous).
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Overwrites freed pages, so that a deleted key wrap does not linger in the file.
            .pragma("secure_delete", "ON")
            // A savepoint keeps the pages that it may have to put back; they go into no temporary file.
            .pragma("cache_size", format!("-{cache_kib}"))
            // The log is folded into the file every 32 MiB: what is written often is written there once in that time.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("temp_store", "MEMORY")
            .pragma("query_only", if read_only { "ON" } else { "OFF" })
            .busy_timeout(Duration::from_secs(10))
    });
    options
}

#[cfg(test)]
mod tests {
    use super::says_unavailable;

    #[test]
    fn what_the_store_lacks_is_told_from_what_was_asked_wrongly() {
        // SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_READONLY_DBMOVED, SQLITE_CANTOPEN, SQLITE_BUSY.
        for code in ["13", "778", "1032", "14", "5"] {
            assert!(says_unavailable(code), "{code}");
        }
        for code in ["08006", "53100", "53300", "57P01", "57P03", "58030", "25006"] {
            assert!(says_unavailable(code), "{code}");
        }
        // SQLITE_ERROR, SQLITE_CONSTRAINT_UNIQUE, SQLITE_CORRUPT; a unique violation, a syntax error, corrupt data.
        for code in ["1", "2067", "11", "23505", "42601", "XX001", ""] {
            assert!(!says_unavailable(code), "{code}");
        }
    }
}
