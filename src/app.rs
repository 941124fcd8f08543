//! What every verb is handed: storage, time, chance, secrets, reference data, bounded lanes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use vault::{app_secrets::Secrets, chance::Chance};

use crate::{
    codebook,
    config::{Config, ConfigError},
    platform::{
        clock::Clock,
        db::Db,
        mail::Mailer,
        pacing::Pacing,
        shedding::{Lane, Lanes},
        threads::Threads,
    },
    reference::{Editions, Reference, ReferenceError},
    tips::{intake::Intake, shelf::Shelf},
    units::{self, Ways},
};

pub mod rotation;

/// A deployment at work. Cheap to clone; shared by all request threads.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub chance: Chance,
    pub secrets: Arc<Secrets>,
    /// What codes mean: one edition of it, the same for whatever asks by this value.
    pub reference: Arc<Reference>,
    /// The newest edition that this node knows; `as_of_now` takes it up.
    pub editions: Editions,
    pub settings: Arc<Settings>,
    /// None: no mail is configured.
    pub mailer: Option<Arc<Mailer>>,
    /// Officers' key derivation: 64 MiB and about 0.1 s of a core each, so one at a time for each core.
    pub log_ins: Lane,
    /// Residents' key derivation and sealing: up to a millisecond of a core each, off the request threads, on which
    /// others wait for their next step.
    pub cryptography: Threads,
    /// Searches, each a second of all cores: they take turns, and residents' cryptography is not behind them.
    pub searches: Threads,
    /// Disclosure control: seconds of a core for a release, one at a time.
    pub releases: Lane,
    /// What each kind of caller may have at work at once.
    pub lanes: Lanes,
    /// Tickets by network.
    pub pacing: Pacing,
    /// Ways of tips that this node found lately.
    pub ways: Ways,
    /// Where ids of new tips begin.
    pub shelf: Arc<Shelf>,
    /// Where new tips are stored.
    pub intake: Intake,
}

/// The part of the configuration that verbs read.
#[derive(Clone, Debug)]
pub struct Settings {
    pub identity_threshold: usize,
    pub identity_holders: usize,
    pub issuer: String,
    /// This node's file of audit checkpoints.
    pub checkpoints: PathBuf,
    pub exit_url: String,
    pub onion_url: Option<String>,
    /// The ledger is made up (the demonstration), and every answer says so.
    pub synthetic: bool,
}

/// Why a deployment did not start; each says what to look at.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{path}: {source}", path = .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("secrets in {path}: {source}", path = .path.display())]
    Secrets { path: PathBuf, source: vault::app_secrets::BadSecrets },
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    #[error("threads: {0}")]
    Threads(std::io::Error),
    #[error("reference data: {0}")]
    Reference(#[from] ReferenceError),
}

/// Officers who log in while others wait; longer than this and the caller is asked to come back.
const LOG_IN_PATIENCE: Duration = Duration::from_secs(20);

/// Officers who prepare releases at once are few; the second waits for the first.
const RELEASE_PATIENCE: Duration = Duration::from_secs(60);

impl App {
    /// Opens (first time: makes) everything that the configuration names, and brings the schema up to date.
    pub async fn open(config: &Config, clock: Clock, chance: Chance) -> Result<Self, StartError> {
        let secrets = load_secrets(config, &chance)?;
        let db = open_database(config).await?;
        db.migrate_up().await?;
        let edition = codebook::load_reference(&db, &chance).await?;
        let synthetic = units::store::setting(db.read(), units::SYNTHETIC).await?.is_some();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let pacing = Pacing::new(config.network_burst, chance.clone());
        Ok(Self {
            intake: Intake::start(db.clone(), chance.clone()).map_err(StartError::Threads)?,
            db,
            clock,
            chance,
            secrets: Arc::new(secrets),
            reference: edition.reference.clone(),
            editions: Editions::new(edition),
            settings: Arc::new(Settings {
                identity_threshold: config.identity_threshold,
                identity_holders: config.identity_holders,
                issuer: config.issuer.clone(),
                checkpoints: config.checkpoints_path(),
                exit_url: config.exit_url.clone(),
                onion_url: config.onion_url.clone(),
                synthetic,
            }),
            mailer: config.mailer()?.map(Arc::new),
            log_ins: Lane::new(cores, LOG_IN_PATIENCE),
            cryptography: Threads::start("cryptography", cores).map_err(StartError::Threads)?,
            searches: Threads::start("searches", cores).map_err(StartError::Threads)?,
            releases: Lane::new(1, RELEASE_PATIENCE),
            lanes: Lanes::default(),
            pacing,
            ways: Ways::default(),
            shelf: Arc::default(),
        })
    }

    /// The deployment with the newest edition of the reference data that this node knows: what a request or a run of a
    /// job begins with, and keeps to its end whatever is edited meanwhile.
    #[must_use]
    pub fn as_of_now(&self) -> Self {
        Self { reference: self.editions.newest().reference, ..self.clone() }
    }
}

/// Opens the configured database; an embedded one is made in the data folder, readable by its owner only.
pub async fn open_database(config: &Config) -> Result<Db, StartError> {
    let url = config.database_url();
    if config.database_url.is_none() {
        make_private_folder(&config.data_dir)?;
    }
    Ok(Db::open(&url).await?)
}

/// The secrets that are there; none are made.
pub fn read_secrets(config: &Config) -> Result<Secrets, StartError> {
    let path = config.secrets_path();
    match std::fs::read_to_string(&path) {
        Ok(text) => Secrets::from_json(&text).map_err(|source| StartError::Secrets { path, source }),
        Err(source) => Err(StartError::File { path, source }),
    }
}

fn load_secrets(config: &Config, chance: &Chance) -> Result<Secrets, StartError> {
    match read_secrets(config) {
        Err(StartError::File { path, source }) if source.kind() == std::io::ErrorKind::NotFound => {
            if config.secrets.is_none() {
                make_private_folder(&config.data_dir)?;
            }
            let secrets = Secrets::generate(chance);
            write_private_file(&path, secrets.to_json().as_bytes())?;
            Ok(secrets)
        }
        read => read,
    }
}

/// Makes a folder, with those above it, that only its owner can look into.
pub fn make_private_folder(path: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| StartError::File { path: path.into(), source })
}

/// Writes a file that only its owner reads, whole and flushed, and never over an existing one.
pub fn write_private_file(path: &Path, content: &[u8]) -> Result<(), StartError> {
    use std::io::Write;
    let write = || {
        let mut file = make_private_file(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(|source| StartError::File { path: path.into(), source })
}

/// Makes a file that only its owner reads; one that exists is left alone.
pub fn make_private_file(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
