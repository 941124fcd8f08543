use std::{
    fs::{self, File},
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use vault::{
    backup as sealed,
    chain::{Checkpoint, public_keys},
    chance::Chance,
    keys::{PrivateKey, PublicKey},
};

use super::{CommandError, print, serve};
use crate::{app, audit, backups, config::Config};

/// Copy all that is stored into one file, sealed to the operator's key, while the line serves.
///
/// The secrets outside the database are not in it: keep a copy of them apart (docs/OPERATIONS.md).
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Backup {
    /// The file to make; one that exists is left alone.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// File of the operator's public key; without it the one that `backup_key` in the configuration names.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Draw the operator's key pair: FILE opens backups and stays away from this machine, FILE.pub seals them.
    Keys {
        /// The private half, readable by its owner only; an existing file is left alone.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// Put a backup into an empty database, and check it: every chunk, the number of rows, the audit chain.
#[derive(Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// File of the operator's private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Only open and check the file, without a database and without the line's secrets.
    #[arg(long)]
    check: bool,
}

impl Backup {
    /// Whether it needs neither configuration nor deployment.
    pub(super) fn run_alone(&self) -> Option<Result<(), CommandError>> {
        let Some(Verb::Keys { output }) = &self.verb else { return None };
        Some(draw_keys(output))
    }

    pub(super) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let (Some(file), Some(key)) = (self.file, self.key.or(config.backup_key.clone())) else {
            return Err(CommandError::NoBackupKey);
        };
        let key = read_public(&key)?;
        let app = serve::open(config).await?;
        // Under another name until it is whole and on disk: what bears the name of a backup is one.
        let partial = with_ending(&file, ".partial");
        let taken = take(&app, &file, &partial, &key).await;
        if taken.is_err() {
            // It may not even exist; what is wrong is told below.
            let _ = fs::remove_file(&partial);
        }
        let taken = taken?;
        backups::record_backup(&app).await?;
        app.db.close().await?;
        print::backed_up(&file, &taken)
    }
}

async fn take(app: &app::App, file: &Path, partial: &Path, key: &PublicKey) -> Result<backups::Contents, CommandError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| CommandError::File { path, source }
    };
    let made = app::make_private_file(partial).map_err(at(partial))?;
    let (written, taken) = backups::take_backup(app, BufWriter::new(made), key).await?;
    let written = written.into_inner().map_err(|error| at(partial)(error.into_error()))?;
    written.sync_all().map_err(at(partial))?;
    // A link does not replace a file, as a renaming would.
    fs::hard_link(partial, file).map_err(at(file))?;
    fs::remove_file(partial).map_err(at(partial))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    Ok(taken)
}

impl Restore {
    /// Whether it needs neither configuration nor deployment.
    pub(super) fn run_alone(&self) -> Option<Result<(), CommandError>> {
        self.check.then(|| {
            let key = read_private(&self.key)?;
            let contents = backups::check_backup(open(&self.file)?, &key)?;
            print::backup_checked(&contents)
        })
    }

    pub(super) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let key = read_private(&self.key)?;
        // Never drawn anew here: with other secrets no receipt and no password would open what is restored.
        let keys = public_keys(&app::read_secrets(config)?);
        let db = app::open_database(config).await?;
        let restored = backups::restore_backup(&db, open(&self.file)?, &key, &keys).await;
        db.close().await?;
        let restored = restored?;
        let signed = restored.checkpoint(&keys)?;
        let app = serve::open(config).await?;
        let verdict = audit::verify(&app, &[vec![signed]]).await?;
        app.db.close().await?;
        print::restored(&restored)?;
        print::verdict(&verdict)?;
        print::lost_since(signed, newest(config, &keys)?)?;
        verdict.tampering.map_or(Ok(()), |tampering| Err(CommandError::Tampered(tampering)))
    }
}

/// The last checkpoint of this node's file, if it has one.
fn newest(config: &Config, keys: &[(i32, vault::chain::PublicKey)]) -> Result<Option<Checkpoint>, CommandError> {
    let path = config.checkpoints_path();
    if !path.exists() {
        return Ok(None);
    }
    Ok(audit::read_checkpoints(keys, &path)?.into_iter().max_by_key(|checkpoint| checkpoint.head.seq))
}

fn draw_keys(output: &Path) -> Result<(), CommandError> {
    let (private, public) = sealed::generate_keys(&Chance::system());
    let beside = with_ending(output, ".pub");
    app::write_private_file(output, private.expose().as_bytes())?;
    app::write_private_file(&beside, public.as_bytes())?;
    print::backup_keys(output, &beside)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn read_public(path: &Path) -> Result<PublicKey, CommandError> {
    let text = fs::read_to_string(path).map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    sealed::read_public(&text).map_err(|_| CommandError::NotABackupKey(path.to_owned()))
}

fn read_private(path: &Path) -> Result<PrivateKey, CommandError> {
    let text = fs::read_to_string(path).map(vault::secret::Secret::new);
    let text = text.map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    sealed::read_private(text.expose()).map_err(|_| CommandError::NotABackupKey(path.to_owned()))
}

fn open(path: &Path) -> Result<BufReader<File>, CommandError> {
    let file = File::open(path).map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    Ok(BufReader::new(file))
}
