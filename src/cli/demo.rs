use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use clap::Args;
use entity::enums::Role;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use vault::chance::Chance;

use super::{CommandError, print, serve};
use crate::{
    app::{self, App},
    config::Config,
    demo::{self, Account},
    platform::clock::Clock,
    server::{self, ServerError},
};

#[derive(Args)]
pub(super) struct Demo {
    /// Write the accounts to a file, as JSON, readable by its owner only.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
    /// Leave the ledger in this empty folder, to be served again by `serve --data DIR` with the same accounts.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Another ledger with the same figures.
    #[arg(long, value_name = "N", default_value_t = demo::SEED)]
    seed: u64,
}

impl Demo {
    /// Makes the ledger and serves it until told to stop; then removes what was not asked to be kept.
    pub(super) async fn run(self, mut config: Config) -> Result<(), CommandError> {
        // Before the work, so that a taken port is told in a moment.
        refuse_taken(config.listen)?;
        let folder = Folder::make(self.keep.clone())?;
        config.data_dir = folder.path.clone();
        config.secrets = None;
        // As many as the demonstration has custodians.
        (config.identity_threshold, config.identity_holders) = (2, 3);
        print::building()?;
        let stopped = stop()?;
        let accounts = tokio::select! {
            accounts = build(&config, self.seed) => accounts?,
            () = stopped => return Ok(()),
        };
        folder.sync()?;
        // Opened anew: in this machine's time, and with chance that nobody can repeat.
        let app = serve::open(&config).await?;
        let running = server::start(app, config.listen, config.workers).await?;
        if let Some(file) = &self.accounts {
            write_accounts(file, &accounts)?;
        }
        print::listening(running.addr, true)?;
        print::demonstration(running.addr, &accounts)?;
        match &self.keep {
            Some(folder) => print::kept(folder, config.database_url.is_none())?,
            None => print::passing(config.database_url.is_none())?,
        }
        Ok(running.until_told().await?)
    }
}

async fn build(config: &Config, seed: u64) -> Result<Vec<Account>, CommandError> {
    let zone = config.zone()?;
    let today = Clock::manual(zone, Clock::system(zone).now());
    let app = App::open(config, today, Chance::system()).await?;
    // Some thousand commits: on a slow disk they would take longer than all the rest.
    app.db.defer_syncs().await?;
    let accounts = demo::build(&app, seed).await?;
    app.db.close().await?;
    Ok(accounts)
}

/// Resolves when the operator does not want to wait any longer.
fn stop() -> Result<impl Future<Output = ()>, CommandError> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}

fn refuse_taken(listen: SocketAddr) -> Result<(), ServerError> {
    TcpListener::bind(listen).map(drop).map_err(|source| ServerError::Listen { listen, source })
}

/// The folder of the ledger; one that nobody named goes with the demonstration.
struct Folder {
    path: PathBuf,
    passing: bool,
}

impl Folder {
    fn make(keep: Option<PathBuf>) -> Result<Self, CommandError> {
        let passing = keep.is_none();
        let name = || std::env::temp_dir().join(format!("tipline-demo-{}", Chance::system().uuid()));
        let path = keep.unwrap_or_else(name);
        match fs::read_dir(&path) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(CommandError::KeepNotEmpty(path));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
            Err(source) => return Err(CommandError::File { path, source }),
        }
        app::make_private_folder(&path)?;
        Ok(Self { path, passing })
    }

    /// Waits until what is to be kept is on the disk.
    fn sync(&self) -> Result<(), CommandError> {
        let path = self.path.join("tipline.db");
        if self.passing || !path.exists() {
            return Ok(());
        }
        fs::File::open(&path).and_then(|file| file.sync_all()).map_err(|source| CommandError::File { path, source })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.passing {
            // What cannot be removed lies in the system's folder for such things.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// An account as the file tells it.
#[derive(Serialize)]
struct Row<'a> {
    username: &'a str,
    password: &'a str,
    roles: &'a [Role],
    unit: &'a str,
}

/// Writes the accounts beside and moves them in place, so that whoever waits for the file finds all of it.
fn write_accounts(file: &Path, accounts: &[Account]) -> Result<(), CommandError> {
    let rows = accounts.iter().map(|account| Row {
        username: &account.username,
        password: account.password.expose(),
        roles: &account.roles,
        unit: &account.unit,
    });
    let broken = |source: io::Error| CommandError::File { path: file.to_owned(), source };
    let json = serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).map_err(|error| broken(error.into()))?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", Chance::system().uuid()));
    let beside = PathBuf::from(beside);
    app::write_private_file(&beside, format!("{json}\n").as_bytes())?;
    fs::rename(&beside, file).map_err(broken)
}
