//! Group commit: transactions that wait for each other anyway share one commit, and with it one wait for the disk.
//!
//! SQLite has one writer, and what a durable commit costs is the wait for the disk. So writers run one after another,
//! each in a savepoint of its own, inside one transaction; whoever opened it has it committed as soon as those who
//! stood in line by then are through. A writer is told that it is done only after that commit: what was acknowledged
//! is on the disk (J. Gray, A. Reuter, *Transaction Processing*, 1992, 9.4.7: "group commit").

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, oneshot};

/// Writers that share commits.
#[derive(Clone, Debug)]
pub struct Group {
    connection: DatabaseConnection,
    /// First come, first served: whoever wants to commit stands in the same line.
    open: Arc<Mutex<Option<Open>>>,
}

/// A transaction in which some have written already.
#[derive(Debug)]
struct Open {
    txn: DatabaseTransaction,
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

impl Group {
    pub fn new(connection: DatabaseConnection) -> Self {
        Self { connection, open: Arc::default() }
    }

    /// Runs `work` in a savepoint, and returns its value when it is durable. An error of `work` takes back what it did
    /// and nothing else.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
        E: From<DbErr>,
    {
        let mut line = self.open.lock().await;
        let open = match line.as_mut() {
            Some(open) => open,
            None => {
                // IMMEDIATE takes the write lock at BEGIN; a DEFERRED one fails half-way when another process writes.
                let options = TransactionOptions {
                    isolation_level: None,
                    access_mode: None,
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                };
                let txn = self.connection.begin_with_options(options).await?;
                // Not by the writer itself: a caller who hangs up drops its future, and others wait for the commit.
                tokio::spawn(self.clone().commit());
                line.insert(Open { txn, waiting: Vec::new() })
            }
        };
        let result = match open.txn.begin().await {
            Ok(savepoint) => match work(&savepoint).await {
                Ok(value) => savepoint.commit().await.map(|()| Ok(value)),
                Err(error) => savepoint.rollback().await.map(|()| Err(error)),
            },
            Err(error) => Err(error),
        };
        match result {
            Ok(Ok(value)) => {
                let (tell, told) = oneshot::channel();
                open.waiting.push(tell);
                drop(line);
                match told.await {
                    Ok(Ok(())) => Ok(value),
                    Ok(Err(reason)) => Err(DbErr::Custom(reason).into()),
                    Err(_) => Err(DbErr::Custom("the commit was given up".into()).into()),
                }
            }
            Ok(Err(error)) => Err(error),
            // SQLite takes back the whole transaction when the disk is full or fails: then nobody's work is there.
            Err(error) => {
                if let Some(open) = line.take() {
                    let reason = error.to_string();
                    open.waiting.into_iter().for_each(|tell| drop(tell.send(Err(reason.clone()))));
                    drop(open.txn.rollback().await);
                }
                Err(error.into())
            }
        }
    }

    /// Commits what is open, once those who stand in line before are through.
    async fn commit(self) {
        let mut line = self.open.lock().await;
        let Some(open) = line.take() else { return };
        let done = open.txn.commit().await.map_err(|error| error.to_string());
        open.waiting.into_iter().for_each(|tell| drop(tell.send(done.clone())));
    }
}
