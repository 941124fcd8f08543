//! Group commit: writers who wait for each other anyway share one commit, and with it one wait for the disk.
//!
//! SQLite has one writer, and what a durable commit costs is the wait for the disk. So writers run one after another,
//! each in a savepoint of its own, inside one transaction, which is committed as soon as those who stood in line when
//! it was begun are through. Nobody is told anything before that commit: what was acknowledged is on the disk, and a
//! refusal rests on nothing that may still be taken back (J. Gray, A. Reuter, *Transaction Processing*, 1992, 9.4.7).
//!
//! A caller may hang up at any moment, which drops its future where it stands. Statements that move a savepoint run
//! on tasks of their own, so that they are never cut in half; what a writer left behind inside its savepoint, the next
//! in line takes back; and the commit is nobody's: a thread does it, unless the last in line is through before.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use super::threads::run_apart;

/// Writers that share commits.
#[derive(Clone, Debug)]
pub struct Group {
    /// First come, first served: whoever is to commit stands in the same line.
    line: Arc<Mutex<Line>>,
    /// Says that a transaction was begun, which somebody has to commit.
    begun: mpsc::UnboundedSender<()>,
    patience: Duration,
    /// Writers who stand in line.
    queued: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Line {
    /// In the driver's eyes one transaction that never ends: it counts transactions, and loses count when SQLite takes
    /// one back by itself, as it does when the disk is full. None: closed.
    connection: Option<DatabaseTransaction>,
    stands: Stands,
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// Where the transaction stands while nobody is at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// There is none.
    Ended,
    /// Begun, and outside of every savepoint.
    Begun,
    /// Inside a savepoint, whose writer is at work or is gone.
    Inside,
    /// A statement of this file was broken off: with its runtime, at the process's end.
    Unknown,
}

type Turn = OwnedMutexGuard<Line>;

impl Group {
    /// Takes the one connection of a pool for good. `patience`: how long a writer stands in line before it is told
    /// that the line is busy.
    pub async fn new(pool: &DatabaseConnection, patience: Duration) -> Result<Self, DbErr> {
        let connection = pool.begin().await?;
        connection.execute_unprepared("ROLLBACK").await?;
        let line = Line { connection: Some(connection), stands: Stands::Ended, waiting: Vec::new() };
        let line = Arc::new(Mutex::new(line));
        let (begun, to_commit) = mpsc::unbounded_channel();
        start_committing(line.clone(), to_commit)?;
        Ok(Self { line, begun, patience, queued: Arc::default() })
    }

    /// Runs `work` in a savepoint, and returns what it returned when that is durable. An error of `work` takes back
    /// what it did and nothing else.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        let turn = self.turn().await?;
        let turn = whole(enter(turn, self.begun.clone())).await?;
        let result = work(turn.connection()?).await;
        // Whoever is the last commits, and spares the way over to the thread that else does.
        let last = self.queued.load(Ordering::Relaxed) == 0;
        let done = whole(leave(turn, result.is_ok(), last)).await?;
        match done.await {
            Ok(Ok(())) => result,
            Ok(Err(reason)) => Err(failed(&reason).into()),
            Err(_) => Err(failed("nobody was there to commit").into()),
        }
    }

    /// Runs a statement outside of every transaction.
    pub async fn alone(&self, statement: &'static str) -> Result<(), DbErr> {
        let mut turn = self.turn().await?;
        whole(async move {
            turn.commit().await;
            turn.run(statement).await
        })
        .await
    }

    /// Gives the connection back; who writes afterwards is refused.
    pub async fn close(&self) -> Result<(), DbErr> {
        let mut turn = self.turn().await?;
        whole(async move {
            turn.commit().await;
            let Some(connection) = turn.connection.take() else { return Ok(()) };
            // As the driver believes it to be, so that it parts with it in peace.
            connection.execute_unprepared("BEGIN").await?;
            connection.rollback().await
        })
        .await
    }

    async fn turn(&self) -> Result<Turn, DbErr> {
        self.queued.fetch_add(1, Ordering::Relaxed);
        let _queued = Queued(&self.queued);
        let waiting = tokio::time::timeout(self.patience, self.line.clone().lock_owned());
        waiting.await.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }
}

/// One who stands in line; leaves it however that ends.
struct Queued<'a>(&'a AtomicUsize);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Sets a savepoint; begins a transaction if none is begun.
async fn enter(mut turn: Turn, begun: mpsc::UnboundedSender<()>) -> Result<Turn, DbErr> {
    turn.settle().await;
    if turn.stands == Stands::Ended {
        // IMMEDIATE takes the write lock at BEGIN; a DEFERRED one fails half-way when another process writes.
        turn.step("BEGIN IMMEDIATE; SAVEPOINT writer", Stands::Inside).await?;
        // Fails only when the thread is gone, and it does not go before this sender.
        let _ = begun.send(());
    } else {
        turn.step("SAVEPOINT writer", Stands::Inside).await?;
    }
    Ok(turn)
}

/// Ends the savepoint, and says where to wait for the commit. `last`: nobody else stands in line, so it is done at once.
async fn leave(mut turn: Turn, keep: bool, last: bool) -> Result<oneshot::Receiver<Result<(), String>>, DbErr> {
    let (tell, told) = oneshot::channel();
    let end = match (keep, last) {
        (true, true) => "RELEASE writer; COMMIT",
        (true, false) => "RELEASE writer",
        (false, _) => TAKE_BACK,
    };
    let to = if keep && last { Stands::Ended } else { Stands::Begun };
    // Fails when SQLite has taken the whole transaction back, whether or not `work` took notice.
    let left = turn.step(end, to).await;
    left.map_err(|error| failed(&format!("{error}; SQLite takes all back when the disk is full or broken")))?;
    turn.waiting.push(tell);
    if turn.stands == Stands::Ended {
        turn.tell(&Ok(()));
    }
    Ok(told)
}

const TAKE_BACK: &str = "ROLLBACK TO writer; RELEASE writer";

impl Line {
    fn connection(&self) -> Result<&DatabaseTransaction, DbErr> {
        self.connection.as_ref().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    async fn run(&self, statement: &str) -> Result<(), DbErr> {
        self.connection()?.execute_unprepared(statement).await.map(|_| ())
    }

    /// Runs a statement that leads to a state. If it fails, nothing of the transaction is left.
    async fn step(&mut self, statement: &str, to: Stands) -> Result<(), DbErr> {
        self.stands = Stands::Unknown;
        match self.run(statement).await {
            Ok(()) => {
                self.stands = to;
                Ok(())
            }
            Err(error) => {
                self.give_up(&error).await;
                Err(error)
            }
        }
    }

    /// Takes back what somebody left who is gone.
    async fn settle(&mut self) {
        match self.stands {
            Stands::Ended | Stands::Begun => (),
            // Whoever waits is told if that fails; whoever has the turn begins anew.
            Stands::Inside => drop(self.step(TAKE_BACK, Stands::Begun).await),
            Stands::Unknown => self.give_up(&"a statement was broken off").await,
        }
    }

    /// Commits what is begun, and tells those who wait.
    async fn commit(&mut self) {
        self.settle().await;
        if self.stands == Stands::Begun && self.step("COMMIT", Stands::Ended).await.is_ok() {
            self.tell(&Ok(()));
        }
    }

    /// Takes everything back, and tells those who wait.
    async fn give_up(&mut self, reason: &impl ToString) {
        // Refused when SQLite has done so by itself; if it is refused for anything else, the next BEGIN is, too.
        drop(self.run("ROLLBACK").await);
        self.stands = Stands::Ended;
        self.tell(&Err(reason.to_string()));
    }

    fn tell(&mut self, outcome: &Result<(), String>) {
        // Who is gone is not told; its work stays.
        self.waiting.drain(..).for_each(|tell| drop(tell.send(outcome.clone())));
    }
}

/// On a thread: others wait for the commit, whatever becomes of who began it.
fn start_committing(line: Arc<Mutex<Line>>, mut begun: mpsc::UnboundedReceiver<()>) -> Result<(), DbErr> {
    let commit_until_closed = async move {
        while begun.recv().await.is_some() {
            line.lock().await.commit().await;
        }
    };
    let refused = |error: std::io::Error| DbErr::Conn(RuntimeErr::Internal(error.to_string()));
    run_apart("group-commit", commit_until_closed).map_err(refused)
}

/// Runs to its end, whether or not somebody still waits for it.
async fn whole<T: Send + 'static>(work: impl Future<Output = Result<T, DbErr>> + Send + 'static) -> Result<T, DbErr> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(failed(&error.to_string())))
}

/// The store's failure, and none of what was asked of it: callers may come again with the same.
fn failed(reason: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(format!("the common commit failed: {reason}")))
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        pin::{Pin, pin},
        task::{Context, Poll},
    };

    use futures::future::join_all;
    use sea_orm::Statement;
    use tokio::sync::Notify;

    use crate::platform::db::{Db, is_unavailable};

    use super::*;

    /// A database in a folder of its own, with a table in which each writer leaves two rows.
    async fn database(folder: &tempfile::TempDir) -> Db {
        let db = Db::open(&Db::sqlite_url(&folder.path().join("group.db"))).await.unwrap();
        execute(&db, "CREATE TABLE marks (writer INTEGER, half INTEGER, body BLOB, UNIQUE (writer, half))").await;
        db
    }

    async fn execute(db: &Db, statement: &str) {
        db.write(async |txn| txn.execute_unprepared(statement).await).await.unwrap();
    }

    async fn number(db: &impl ConnectionTrait, question: &str) -> i64 {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), question)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }

    async fn halves(db: &Db, writer: usize) -> i64 {
        number(db.read(), &format!("SELECT COUNT(*) FROM marks WHERE writer = {writer}")).await
    }

    async fn mark(txn: &DatabaseTransaction, writer: usize, half: usize, bytes: usize) -> Result<(), DbErr> {
        let insert = format!("INSERT INTO marks VALUES ({writer}, {half}, zeroblob({bytes}))");
        txn.execute_unprepared(&insert).await.map(|_| ())
    }

    async fn both(db: &Db, writer: usize, bytes: usize) -> Result<(), DbErr> {
        db.write(async |txn| {
            mark(txn, writer, 1, bytes).await?;
            mark(txn, writer, 2, bytes).await
        })
        .await
    }

    /// Drops a future when it was polled so often: a caller who hangs up at any of its waits.
    struct CutOff<F>(Option<Pin<Box<F>>>, usize);

    impl<F: Future> Future for CutOff<F> {
        type Output = Option<F::Output>;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            if self.1 == 0 {
                self.0 = None;
                return Poll::Ready(None);
            }
            self.1 -= 1;
            let Some(future) = self.0.as_mut() else { return Poll::Ready(None) };
            future.as_mut().poll(context).map(Some)
        }
    }

    fn cut_off<F: Future>(future: F, polls: usize) -> CutOff<F> {
        CutOff(Some(Box::pin(future)), polls)
    }

    #[tokio::test]
    async fn the_log_waits_for_the_disk_at_each_commit() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        db.write(async |txn| {
            let row = txn.query_one_raw(Statement::from_string(txn.get_database_backend(), "PRAGMA journal_mode"));
            let mode: String = row.await?.unwrap().try_get_by_index(0)?;
            // 2: FULL.
            assert_eq!((mode.as_str(), number(txn, "PRAGMA synchronous").await), ("wal", 2));
            Ok::<_, DbErr>(())
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn who_is_told_is_seen_by_everybody() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        join_all((0..100).map(async |writer| {
            both(&db, writer, 10).await.unwrap();
            assert_eq!(halves(&db, writer).await, 2);
        }))
        .await;
    }

    #[tokio::test]
    async fn a_refusal_rests_on_what_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let told = join_all((0..50).map(async |_| {
            let done = both(&db, 7, 10).await.is_ok();
            assert_eq!(halves(&db, 7).await, 2, "what was in the way can be read");
            done
        }))
        .await;
        assert_eq!(told.into_iter().filter(|done| *done).count(), 1);
    }

    #[tokio::test]
    async fn who_fails_takes_back_only_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        join_all((0..60).map(async |writer| {
            let done = db
                .write(async |txn| {
                    mark(txn, writer, 1, 10).await?;
                    if writer % 3 == 0 {
                        return Err(DbErr::Custom("thought better of it".into()));
                    }
                    mark(txn, writer, 2, 10).await
                })
                .await;
            assert_eq!(done.is_ok(), writer % 3 != 0);
            assert_eq!(halves(&db, writer).await, if done.is_ok() { 2 } else { 0 });
        }))
        .await;
    }

    #[tokio::test]
    async fn who_hangs_up_in_the_middle_leaves_nothing_and_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let (inside, before) = (Notify::new(), both(&db, 1, 10));
        let hanging = db.write(async |txn| {
            mark(txn, 2, 1, 10).await?;
            inside.notify_one();
            pending::<Result<(), DbErr>>().await
        });
        let (before, ()) = tokio::join!(before, async {
            tokio::select! {
                _ = hanging => unreachable!("it hangs"),
                () = inside.notified() => (),
            }
        });
        before.unwrap();
        both(&db, 3, 10).await.unwrap();
        assert_eq!((halves(&db, 1).await, halves(&db, 2).await, halves(&db, 3).await), (2, 0, 2));
    }

    #[tokio::test]
    async fn wherever_a_writer_is_cut_off_its_work_is_whole_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let mut finished = 0;
        for polls in 0..40 {
            // Among others, so that it is cut off in line, in a group of several, and at the commit.
            let (first, cut, last) = (3 * polls, 3 * polls + 1, 3 * polls + 2);
            let cutting = cut_off(both(&db, cut, 10), polls);
            let (before, cut_done, after) = tokio::join!(both(&db, first, 10), cutting, both(&db, last, 10));
            before.unwrap();
            after.unwrap();
            // Whoever comes next clears up what was left.
            execute(&db, "DELETE FROM marks WHERE writer < 0").await;
            assert_eq!((halves(&db, first).await, halves(&db, last).await), (2, 2), "{polls} polls");
            let left = halves(&db, cut).await;
            assert!(left == 0 || left == 2, "{polls} polls leave {left} of 2");
            if let Some(done) = cut_done {
                done.unwrap();
                assert_eq!(left, 2);
                finished += 1;
            }
        }
        assert!(finished > 0, "no writer was let through: the cuts come too early to say anything");
    }

    #[tokio::test]
    async fn a_full_disk_fails_whoever_shares_the_commit_and_nobody_after() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        both(&db, 1000, 10).await.unwrap();
        let pages = number(db.read(), "PRAGMA page_count").await;
        execute(&db, &format!("PRAGMA max_page_count = {}", pages + 20)).await;
        // Small ones that fit beside large ones that do not.
        let told = join_all((0..30).map(async |writer| {
            let bytes = if writer % 5 == 4 { 200_000 } else { 10 };
            (writer, both(&db, writer, bytes).await)
        }))
        .await;
        assert!(told.iter().any(|(_, done)| done.is_err()), "the disk was not full");
        for (writer, done) in told {
            assert_eq!(halves(&db, writer).await, if done.is_ok() { 2 } else { 0 }, "writer {writer}: {done:?}");
            assert!(done.is_ok() || done.is_err_and(|error| is_unavailable(&error)), "all may come again");
        }
        // Full still: small work goes on, large is refused, and neither is half there.
        both(&db, 2000, 10).await.unwrap();
        assert!(is_unavailable(&both(&db, 2001, 200_000).await.unwrap_err()));
        execute(&db, "PRAGMA max_page_count = 1000000").await;
        both(&db, 2002, 200_000).await.unwrap();
        assert_eq!((halves(&db, 2000).await, halves(&db, 2001).await, halves(&db, 2002).await), (2, 0, 2));
        assert_eq!(
            number(db.read(), "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").await,
            1
        );
    }

    #[tokio::test]
    async fn writers_follow_each_other_in_the_order_in_which_they_came() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let mut coming: Vec<_> = (0..20).map(|writer| Box::pin(both(&db, writer, 10))).collect();
        // Each stands in line once it was polled.
        for writer in &mut coming {
            assert!(futures::poll!(writer.as_mut()).is_pending());
        }
        join_all(coming).await;
        let out_of_order = "SELECT COUNT(*) FROM marks a JOIN marks b ON a.writer < b.writer AND a.rowid > b.rowid";
        assert_eq!(number(db.read(), out_of_order).await, 0);
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_that_the_line_is_busy() {
        let folder = tempfile::tempdir().unwrap();
        let url = Db::sqlite_url(&folder.path().join("group.db"));
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1);
        let pool = sea_orm::Database::connect(options).await.unwrap();
        let group = Group::new(&pool, Duration::from_millis(1)).await.unwrap();
        let mut holding = pin!(group.write(async |_| pending::<Result<(), DbErr>>().await));
        assert!(futures::poll!(holding.as_mut()).is_pending());
        let told = group.write(async |_| Ok::<_, DbErr>(())).await;
        assert!(matches!(told, Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))), "{told:?}");
    }

    #[tokio::test]
    async fn what_is_closed_refuses() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        both(&db, 1, 10).await.unwrap();
        db.clone().close().await.unwrap();
        both(&db, 2, 10).await.unwrap_err();
        let again = Db::open(&Db::sqlite_url(&folder.path().join("group.db"))).await.unwrap();
        assert_eq!((halves(&again, 1).await, halves(&again, 2).await), (2, 0));
    }
}
