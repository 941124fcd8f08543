//! Writes down, outside the database, how long the chain is and what stands for all of it.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use sea_orm::DbErr;
use vault::chain::{self, BadCheckpoint, Checkpoint};

use super::sequence;
use crate::app::App;

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
}

/// Signs the chain as it stands now and adds that as a line to this node's file.
///
/// Every node writes a file of its own: the more witnesses, the better. Copies of it that the operator cannot reach
/// are what makes a checkpoint worth something.
pub async fn write_checkpoint(app: &App) -> Result<Checkpoint, CheckpointError> {
    let head = sequence::head(app.db.read()).await?;
    let checkpoint = Checkpoint { head, at: app.clock.now() };
    let line = checkpoint.sign(&app.secrets).ok_or(CheckpointError::Key)?;
    let path = &app.settings.checkpoints;
    append(path, &line).map_err(|source| CheckpointError::File { path: path.clone(), source })?;
    Ok(checkpoint)
}

/// Adds a line, flushed to disk, to a file that only its owner reads; makes the file when there is none.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    // One write: lines of two processes do not mix.
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// Reads a file of checkpoints, each line's signature checked.
pub fn read_checkpoints(app: &App, path: &Path) -> Result<Vec<Checkpoint>, CheckpointError> {
    let file = |source| CheckpointError::File { path: path.into(), source };
    let text = std::fs::read_to_string(path).map_err(file)?;
    let keys = chain::public_keys(&app.secrets);
    let read = |(number, line): (usize, &str)| {
        let bad = |reason| CheckpointError::Line { path: path.into(), line: number + 1, reason };
        Checkpoint::read(line, &keys).map_err(bad)
    };
    text.lines().enumerate().map(read).collect()
}
