//! Configuration: defaults < file < environment < `*_FILE`. A wrong value stops the start and names its key.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::platform::{
    mail::{BadMailSetting, Mailer},
    telemetry::Verbosity,
};

/// Settings of one deployment. Each is a key of `tipline.toml` and an environment variable `TIPLINE_<KEY>`;
/// `TIPLINE_<KEY>_FILE` names a file that holds the value. `DATABASE_URL` is accepted as customary.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address and port of the public listener.
    pub listen: SocketAddr,
    /// Folder of the embedded database and of the generated secrets.
    pub data_dir: PathBuf,
    /// `postgres://..` or `sqlite:..`; none: an SQLite file in `data_dir`.
    pub database_url: Option<String>,
    /// File of the application secrets; none: `secrets.json` in `data_dir`.
    pub secrets: Option<PathBuf>,
    /// Zone by which days, periods and limits are reckoned (IANA name).
    pub timezone: String,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// Logs as JSON lines.
    pub log_json: bool,
    /// Request threads; 0: one for each core.
    pub workers: usize,
    /// Custodians who must act together to open one identity (k of n), for tips from now on.
    pub identity_threshold: usize,
    /// Custodians who hold a share (n of k of n), for tips from now on.
    pub identity_holders: usize,
    /// Name of the line in authenticator apps.
    pub issuer: String,
    /// File of signed audit checkpoints, one for each node; none: `checkpoints.jsonl` in `data_dir`.
    pub checkpoints: Option<PathBuf>,
    /// Mail server: `smtps://user:password@host`, `smtp://host?tls=required`; none: no mail is sent.
    pub smtp_url: Option<String>,
    /// Who mail is from.
    pub mail_from: Option<String>,
    /// Who is sent each audit checkpoint: best somebody whom the operator cannot reach.
    pub overseer: Option<String>,
    /// File of the public key that backups are sealed to; none: `tipline backup` is told with `--key`.
    pub backup_key: Option<PathBuf>,
    /// Ordinary site to which "leave quickly" goes.
    pub exit_url: String,
    /// Address of the line as an onion service, if there is one.
    pub onion_url: Option<String>,
    /// Tickets that one network may draw within five minutes for nothing; those beyond cost work or a wait. 0: any
    /// number.
    pub network_burst: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("data"),
            database_url: None,
            secrets: None,
            timezone: "Asia/Ho_Chi_Minh".into(),
            log_level: "info".into(),
            log_json: false,
            workers: 0,
            identity_threshold: 2,
            identity_holders: 3,
            issuer: "tipline".into(),
            checkpoints: None,
            smtp_url: None,
            mail_from: None,
            overseer: None,
            backup_key: None,
            exit_url: "https://vi.wikipedia.org/".into(),
            onion_url: None,
            network_burst: 300,
        }
    }
}

const KEYS: [&str; 19] = [
    "listen",
    "data_dir",
    "database_url",
    "secrets",
    "timezone",
    "log_level",
    "log_json",
    "workers",
    "identity_threshold",
    "identity_holders",
    "issuer",
    "checkpoints",
    "smtp_url",
    "mail_from",
    "overseer",
    "backup_key",
    "exit_url",
    "onion_url",
    "network_burst",
];

/// Why the configuration was refused; names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("configuration: {0}")]
    Figment(Box<figment::Error>),
    #[error("configuration: {key}: {reason}")]
    Value { key: String, reason: String },
}

impl From<figment::Error> for ConfigError {
    fn from(error: figment::Error) -> Self {
        Self::Figment(Box::new(error))
    }
}

impl Config {
    /// Reads all layers. `file`: the file named on the command line (it must exist), else `tipline.toml` if there is one.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match file {
            Some(path) => figment.merge(Toml::file_exact(path)),
            None => figment.merge(Toml::file("tipline.toml")),
        };
        figment = figment.merge(Env::raw().only(&["DATABASE_URL"])).merge(Env::prefixed("TIPLINE_").only(&KEYS));
        refuse_unknown_variables()?;
        for key in KEYS {
            if let Some(value) = from_file(key)? {
                figment = figment.merge((key, value));
            }
        }
        let config: Self = figment.extract()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.zone()?;
        self.verbosity()?;
        let (k, n) = (self.identity_threshold, self.identity_holders);
        require(k >= 1 && k <= n, "identity_threshold", "must be at least 1 and at most identity_holders")?;
        require(n <= 32, "identity_holders", "must be at most 32")?;
        require(self.workers <= 1024, "workers", "must be at most 1024")?;
        require(is_web_address(&self.exit_url), "exit_url", WEB_ADDRESS)?;
        require(self.onion_url.as_deref().is_none_or(is_web_address), "onion_url", WEB_ADDRESS)?;
        let url = self.database_url.as_deref().unwrap_or("sqlite:");
        self.mailer()?;
        let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme));
        require(known, "database_url", "must begin with postgres:// or sqlite:")
    }

    pub fn zone(&self) -> Result<chrono_tz::Tz, ConfigError> {
        self.timezone.parse().map_err(|_| wrong("timezone", "is not an IANA time zone such as Asia/Ho_Chi_Minh"))
    }

    pub fn verbosity(&self) -> Result<Verbosity, ConfigError> {
        self.log_level.parse().map_err(|_| wrong("log_level", "must be error, warn, info, debug or trace"))
    }

    pub fn secrets_path(&self) -> PathBuf {
        self.secrets.clone().unwrap_or_else(|| self.data_dir.join("secrets.json"))
    }

    pub fn checkpoints_path(&self) -> PathBuf {
        self.checkpoints.clone().unwrap_or_else(|| self.data_dir.join("checkpoints.jsonl"))
    }

    /// Sends mail, if it is configured: all three settings, or none.
    pub fn mailer(&self) -> Result<Option<Mailer>, ConfigError> {
        match (&self.smtp_url, &self.mail_from, &self.overseer) {
            (None, None, None) => Ok(None),
            (Some(server), Some(from), Some(to)) => {
                let wrong_mail = |error: BadMailSetting| wrong(error.setting(), &error.to_string());
                Mailer::new(server, from, to).map(Some).map_err(wrong_mail)
            }
            (_, _, _) => Err(wrong("smtp_url", "needs mail_from and overseer beside it, and they need it")),
        }
    }

    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| crate::platform::db::Db::sqlite_url(&self.data_dir.join("tipline.db")))
    }
}

const WEB_ADDRESS: &str = "must begin with https:// or http:// and hold no space";

fn is_web_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic()))
}

fn wrong(key: &str, reason: &str) -> ConfigError {
    ConfigError::Value { key: key.into(), reason: reason.into() }
}

fn require(holds: bool, key: &str, reason: &str) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(wrong(key, reason)) }
}

fn from_file(key: &str) -> Result<Option<String>, ConfigError> {
    let customary = (key == "database_url").then(|| "DATABASE_URL_FILE".to_owned());
    let own = format!("TIPLINE_{}_FILE", key.to_uppercase());
    for variable in customary.into_iter().chain([own]) {
        if let Some(path) = std::env::var_os(&variable) {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| wrong(&variable, &format!("cannot be read: {error}")))?;
            return Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()));
        }
    }
    Ok(None)
}

/// A misspelt variable is refused: an operator who set it believes that it holds.
fn refuse_unknown_variables() -> Result<(), ConfigError> {
    for (name, _) in std::env::vars_os() {
        let Some(key) = name.to_str().and_then(|name| name.strip_prefix("TIPLINE_")) else { continue };
        let key = key.strip_suffix("_FILE").unwrap_or(key).to_lowercase();
        if !KEYS.contains(&key.as_str()) && !key.starts_with("test_") {
            return Err(wrong(&name.to_string_lossy(), "is not a setting of tipline"));
        }
    }
    Ok(())
}
