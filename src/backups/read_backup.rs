use std::io::{self, Read};

use sea_orm::DbErr;
use vault::{
    backup::Opening,
    chain::{BadCheckpoint, Checkpoint, PublicKey},
    keys::PrivateKey,
};

use super::record::{self, Cell, FORMAT, Manifest, Record, malformed};
use crate::audit::CheckpointError;

/// Why there is no backup, or none that could be restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("backup: {0}")]
    File(#[from] io::Error),
    #[error("backup: layout {0}, which this program does not know")]
    OtherFormat(u32),
    #[error("backup: its schema is no stage of this program's: restore it with version {0}")]
    OtherSchema(String),
    #[error("backup: {0}: other columns than its schema has")]
    OtherTable(String),
    #[error("backup: {table}: {counted} rows, and {told} were written")]
    OtherCount { table: String, counted: u64, told: u64 },
    #[error("backup: not made with the secrets that are here: {0}")]
    OtherSecrets(BadCheckpoint),
    #[error("the database is not empty: a backup is restored into an empty one only")]
    NotEmpty,
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("database: {0}")]
    Store(#[from] DbErr),
}

/// What a backup holds.
#[derive(Clone, Debug)]
pub struct Contents {
    pub manifest: Manifest,
    /// Rows by table.
    pub rows: Vec<(String, u64)>,
}

impl Contents {
    /// The audit chain as it was when the backup was taken, if it was signed with one of the keys.
    pub fn checkpoint(&self, keys: &[(i32, PublicKey)]) -> Result<Checkpoint, BackupError> {
        Checkpoint::read(&self.manifest.checkpoint, keys).map_err(BackupError::OtherSecrets)
    }

    pub fn total(&self) -> u64 {
        self.rows.iter().map(|(_, count)| count).sum()
    }
}

/// Opens a backup to its end: every chunk, the order of its records, the number of rows. Changes nothing.
pub fn check_backup(from: impl Read, key: &PrivateKey) -> Result<Contents, BackupError> {
    let mut reading = Reading::begin(from, key)?;
    while reading.next_table()?.is_some() {
        while reading.next_row()?.is_some() {}
    }
    Ok(reading.contents)
}

/// A table of a backup.
pub(super) struct Told {
    pub name: String,
    pub columns: Vec<String>,
}

/// A backup that is being read, held to what it says of itself.
pub(super) struct Reading<R: Read> {
    from: Opening<R>,
    pub contents: Contents,
    columns: usize,
}

impl<R: Read> Reading<R> {
    pub(super) fn begin(from: R, key: &PrivateKey) -> Result<Self, BackupError> {
        let mut from = Opening::begin(from, key)?;
        let Record::Manifest(manifest) = record::read(&mut from)? else { return Err(malformed().into()) };
        if manifest.format != FORMAT {
            return Err(BackupError::OtherFormat(manifest.format));
        }
        Ok(Self { from, contents: Contents { manifest: *manifest, rows: Vec::new() }, columns: 0 })
    }

    /// The next table; none: all was read, and the last chunk opened as the last.
    pub(super) fn next_table(&mut self) -> Result<Option<Told>, BackupError> {
        match record::read(&mut self.from)? {
            Record::Table { name, columns } => {
                self.contents.rows.push((name.clone(), 0));
                self.columns = columns.len();
                Ok(Some(Told { name, columns }))
            }
            Record::End(told) => {
                let counted = self.contents.total();
                if counted != told {
                    return Err(BackupError::OtherCount { table: "all tables".to_owned(), counted, told });
                }
                if self.from.read(&mut [0])? == 0 { Ok(None) } else { Err(malformed().into()) }
            }
            Record::Manifest(_) | Record::Row(_) | Record::EndOfTable(_) => Err(malformed().into()),
        }
    }

    /// The next row of the table; none: it has no more.
    pub(super) fn next_row(&mut self) -> Result<Option<Vec<Cell>>, BackupError> {
        let record = record::read(&mut self.from)?;
        let (table, counted) = self.contents.rows.last_mut().ok_or_else(malformed)?;
        match record {
            Record::Row(cells) if cells.len() == self.columns => {
                *counted += 1;
                Ok(Some(cells))
            }
            Record::EndOfTable(told) if told == *counted => Ok(None),
            Record::EndOfTable(told) => Err(BackupError::OtherCount { table: table.clone(), counted: *counted, told }),
            Record::Row(_) | Record::Manifest(_) | Record::Table { .. } | Record::End(_) => Err(malformed().into()),
        }
    }
}
