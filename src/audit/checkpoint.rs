//! Writes down, outside the database, how long the chain is and what stands for all of it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, DbErr};
use vault::chain::{self, BadCheckpoint, Checkpoint, PublicKey};

use super::sequence;
use crate::{app::App, platform::mail::MailError};

/// Why no checkpoint was written or read.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error(transparent)]
    Store(#[from] DbErr),
    #[error("the chain's key does not sign")]
    Key,
    #[error("{path}, line {line}: {reason}", path = .path.display())]
    Line { path: PathBuf, line: usize, reason: BadCheckpoint },
    #[error("{path}: {source}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the checkpoint is in the file, but was not mailed: {0}")]
    Mail(#[from] MailError),
}

/// Signs the chain as it stands now and adds that as a line to this node's file.
///
/// Every node writes a file of its own: the more witnesses, the better. Copies of it that the operator cannot reach
/// are what makes a checkpoint worth something: where mail is configured, an overseer is sent each line.
pub async fn write_checkpoint(app: &App) -> Result<Checkpoint, CheckpointError> {
    let (checkpoint, line) = sign_head(app, app.db.read()).await?;
    let path = &app.settings.checkpoints;
    append(path, &line).map_err(|source| CheckpointError::File { path: path.clone(), source })?;
    if let Some(mailer) = &app.mailer {
        let subject = format!("tipline audit checkpoint {}", checkpoint.head.seq);
        // The line alone: what a mail program shows, line under line, is a file of checkpoints.
        mailer.send(&subject, format!("{line}\n"), checkpoint.at).await?;
    }
    Ok(checkpoint)
}

/// Signs the chain as `db` shows it, and writes nothing down: the checkpoint, and its line without a line break.
pub async fn sign_head(app: &App, db: &impl ConnectionTrait) -> Result<(Checkpoint, String), CheckpointError> {
    let checkpoint = Checkpoint { head: sequence::head(db).await?, at: app.clock.now() };
    let line = checkpoint.sign(&app.secrets).ok_or(CheckpointError::Key)?;
    Ok((checkpoint, line))
}

/// Adds a line, flushed to disk, to a file that only its owner reads; makes the file when there is none.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    // One write: lines of two processes do not mix.
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// The newest checkpoint in this node's file; none: the file is not there yet, or empty.
pub fn last_checkpoint(app: &App) -> Result<Option<Checkpoint>, CheckpointError> {
    let path = &app.settings.checkpoints;
    let file = |source| CheckpointError::File { path: path.clone(), source };
    let end = match last_line(path) {
        Ok(line) => line,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file(error)),
    };
    let bad = |reason| CheckpointError::Line { path: path.clone(), line: 0, reason };
    end.map(|line| Checkpoint::read(&line, &chain::public_keys(&app.secrets)).map_err(bad)).transpose()
}

/// A line is some 250 bytes: the last one lies within these.
const TAIL: u64 = 4096;

/// The last line of a file that may have grown for years, without reading all of it.
fn last_line(path: &Path) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = String::new();
    file.read_to_string(&mut tail)?;
    Ok(tail.lines().rev().find(|line| !line.is_empty()).map(str::to_owned))
}

/// Reads a file of checkpoints, each line's signature checked with the public keys, which are no secret.
pub fn read_checkpoints(keys: &[(i32, PublicKey)], path: &Path) -> Result<Vec<Checkpoint>, CheckpointError> {
    let file = |source| CheckpointError::File { path: path.into(), source };
    let text = std::fs::read_to_string(path).map_err(file)?;
    let read = |(number, line): (usize, &str)| {
        let bad = |reason| CheckpointError::Line { path: path.into(), line: number + 1, reason };
        Checkpoint::read(line, keys).map_err(bad)
    };
    text.lines().enumerate().map(read).collect()
}
