use std::io::Read;

use sea_orm::DatabaseTransaction;
use vault::{chain::PublicKey, keys::PrivateKey};

use super::{
    read_backup::{BackupError, Contents, Reading, Told},
    record::Cell,
    store::{self, Table},
};
use crate::platform::db::Db;

/// Rows of one statement: SQLite takes 32,766 values, and no table has a hundred columns.
const BATCH: usize = 100;

/// Puts a backup into an empty database: all of it, or nothing.
///
/// `keys`: those that the line's checkpoints are signed with. A backup that was made without the line's secrets is
/// refused, and so is one that does not open to its last byte. The schema is the backup's afterwards; who opens the
/// deployment brings it up to date, and should verify the audit chain then.
pub async fn restore_backup(
    db: &Db,
    from: impl Read,
    key: &PrivateKey,
    keys: &[(i32, PublicKey)],
) -> Result<Contents, BackupError> {
    let mut reading = Reading::begin(from, key)?;
    reading.contents.checkpoint(keys)?;
    db.write(async |txn| {
        if !store::is_empty(txn).await? {
            return Err(BackupError::NotEmpty);
        }
        let manifest = &reading.contents.manifest;
        if !Db::migrate_to(txn, &manifest.migrations).await? {
            return Err(BackupError::OtherSchema(manifest.program.clone()));
        }
        store::defer_references(txn).await?;
        let mut tables = store::tables(txn).await?;
        while let Some(told) = reading.next_table()? {
            let at = tables.iter().position(|table| table.name == told.name);
            let table = at.map(|at| tables.remove(at)).and_then(|table| arrange(table, &told));
            let table = table.ok_or(BackupError::OtherTable(told.name))?;
            fill(txn, &table, &mut reading).await?;
        }
        if let Some(missing) = tables.pop() {
            return Err(BackupError::OtherTable(missing.name));
        }
        store::settle(txn).await?;
        Ok(reading.contents)
    })
    .await
}

/// The table with its columns in the order of the backup; none unless they are the same columns.
fn arrange(table: Table, told: &Told) -> Option<Table> {
    let find = |name: &String| table.columns.iter().find(|column| column.name == *name).cloned();
    let columns: Vec<_> = told.columns.iter().map(find).collect::<Option<_>>()?;
    (columns.len() == table.columns.len()).then_some(Table { name: table.name, columns })
}

async fn fill<R: Read>(txn: &DatabaseTransaction, table: &Table, reading: &mut Reading<R>) -> Result<(), BackupError> {
    let mut batch: Vec<Vec<Cell>> = Vec::with_capacity(BATCH);
    let mut told = 0;
    while let Some(row) = reading.next_row()? {
        told += 1;
        batch.push(row);
        if batch.len() == BATCH {
            store::insert(txn, table, std::mem::take(&mut batch)).await?;
        }
    }
    store::insert(txn, table, batch).await?;
    let counted = store::count(txn, table).await?;
    if counted == told { Ok(()) } else { Err(BackupError::OtherCount { table: table.name.clone(), counted, told }) }
}
