use std::io::Write;

use entity::{backups, ids::BackupId};
use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};
use vault::{backup::Sealing, keys::PublicKey};

use super::{
    read_backup::{BackupError, Contents},
    record::{self, FORMAT, Manifest, Record},
    store::{self, Table},
};
use crate::{app::App, audit, platform::db::Db};

/// Writes all that is stored, as it is at one moment, into `to`, sealed to `key`. The line may serve meanwhile.
///
/// A tip that was acknowledged before this is called is in it. It is no backup until this returns; see to it that it
/// is on disk, then call [`record_backup`].
pub async fn take_backup<W: Write>(app: &App, to: W, key: &PublicKey) -> Result<(W, Contents), BackupError> {
    let mut sealing = Sealing::begin(to, key, &app.chance)?;
    app.db
        .snapshot(async |txn| {
            let manifest = describe(app, txn).await?;
            record::write(&mut sealing, &Record::Manifest(Box::new(manifest.clone())))?;
            let mut rows = Vec::new();
            for table in store::tables(txn).await? {
                let count = write_table(txn, &table, &mut sealing).await?;
                rows.push((table.name, count));
            }
            let total = rows.iter().map(|(_, count)| count).sum();
            record::write(&mut sealing, &Record::End(total))?;
            Ok((sealing.finish()?, Contents { manifest, rows }))
        })
        .await
}

async fn describe(app: &App, txn: &DatabaseTransaction) -> Result<Manifest, BackupError> {
    let postgres = txn.get_database_backend() == DbBackend::Postgres;
    Ok(Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        taken_at: app.clock.now(),
        database: if postgres { "postgres" } else { "sqlite" }.to_owned(),
        migrations: Db::applied_migrations(txn).await?,
        checkpoint: audit::sign_head(app, txn).await?.1,
    })
}

async fn write_table(txn: &DatabaseTransaction, table: &Table, to: &mut impl Write) -> Result<u64, BackupError> {
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    record::write(to, &Record::Table { name: table.name.clone(), columns })?;
    let rows = store::rows(txn, table).await?;
    let mut rows = std::pin::pin!(rows);
    let mut count = 0;
    while let Some(cells) = rows.try_next().await? {
        record::write(to, &Record::Row(cells))?;
        count += 1;
    }
    record::write(to, &Record::EndOfTable(count))?;
    Ok(count)
}

/// Keeps in mind that a backup was made today, for the doctor.
pub async fn record_backup(app: &App) -> Result<(), DbErr> {
    let backup = backups::Model { id: BackupId::from(app.chance.uuid()), made_on: app.clock.today() };
    app.db.write(async |txn| store::insert_backup(txn, backup).await).await
}
