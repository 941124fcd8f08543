//! The command line: a door like the others. It reads arguments, calls one service, and prints.
//!
//! Exit codes: 0 done, 1 it did not work, 2 the command line or the configuration is wrong.

mod audit;
mod backup;
mod demo;
mod doctor;
mod escrow;
mod ledger;
mod migrate;
mod officer;
mod print;
mod report;
mod retention;
mod secrets;
mod serve;

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use vault::password::WeakPassword;

use crate::{
    app::{StartError, rotation::RotationError},
    audit::{CheckpointError, Tampering},
    backups::BackupError,
    config::{Config, ConfigError},
    demo::DemoError,
    platform::telemetry,
    reports::{ReportError, WriteError},
    server::ServerError,
    staff::CreateOfficerError,
    web,
};

/// The tip line that police run and residents can trust.
#[derive(Parser)]
#[command(name = "tipline", version)]
struct Line {
    #[command(flatten)]
    places: Places,
    /// Without one: serve.
    #[command(subcommand)]
    command: Option<Command>,
}

/// Where a deployment is; each wins over the configuration.
#[derive(Args)]
struct Places {
    /// Address and port to listen on.
    #[arg(long, global = true, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Folder of the embedded database and of the generated secrets.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file, instead of tipline.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the line.
    Serve,
    /// Serve a made-up ledger of Quan Sơn, 2021-2023, with one account for each role.
    Demo(demo::Demo),
    /// Bring the database schema up or down, or tell where it stands.
    Migrate {
        #[command(subcommand)]
        direction: migrate::Direction,
    },
    /// Officers' accounts.
    Officer {
        #[command(subcommand)]
        verb: officer::Verb,
    },
    /// An office's keys on paper, for the day on which its last member is gone.
    Escrow {
        #[command(subcommand)]
        verb: escrow::Verb,
    },
    /// Tell what could be lost by accident: offices that one officer opens, keys that lie on no paper, too few
    /// custodians. Exit code 1 if anything was found.
    Doctor,
    Backup(backup::Backup),
    Restore(backup::Restore),
    /// Write a report of a period: figures, their checks and their rules.
    Report(report::Report),
    /// The lines that figures are counted from, and their sums.
    Ledger {
        #[command(subcommand)]
        verb: ledger::Verb,
    },
    /// The record of who did what.
    Audit {
        #[command(subcommand)]
        verb: audit::Verb,
    },
    /// How long tips are kept.
    Retention {
        #[command(subcommand)]
        verb: retention::Verb,
    },
    /// The secrets outside the database: pepper, session secret, token keys (docs/ROTATION.md).
    Secrets {
        #[command(subcommand)]
        verb: secrets::Verb,
    },
    /// Print the API document (OpenAPI 3.1).
    Openapi,
}

/// Why a command did not work.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("{path}: {source}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("--keep {}: the folder is not empty", .0.display())]
    KeepNotEmpty(PathBuf),
    #[error("--data: a demonstration makes a ledger of its own; --keep DIR says where it stays")]
    DataOfDemo,
    #[error("no office has the code {0}")]
    NoSuchOffice(String),
    #[error("{}", officer::ASK_A_MEMBER)]
    AskAMember,
    #[error("the password is {0}")]
    Weak(WeakPassword),
    #[error(transparent)]
    Officer(CreateOfficerError),
    #[error(transparent)]
    Escrow(#[from] escrow::EscrowError),
    #[error("findings: {0}")]
    Findings(usize),
    #[error("{}", report_fault(.0))]
    Report(#[from] ReportError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the sums of this report do not agree: do not use or publish it")]
    DoesNotReconcile,
    #[error("sums that are not those of their lines: {0}; `tipline ledger rebuild` makes them again")]
    WrongSums(u64),
    #[error("a workbook does not go to a terminal: give --output FILE")]
    NoTerminal,
    #[error(transparent)]
    Rotation(#[from] RotationError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("to whom? --key FILE, or `backup_key` in the configuration, names the operator's public key")]
    NoBackupKey,
    #[error("{}: not the key that is asked for: `tipline backup keys` makes a pair", .0.display())]
    NotABackupKey(PathBuf),
    #[error("the record was tampered with: {0}")]
    Tampered(Tampering),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    #[error("terminal: {0}")]
    Terminal(#[from] io::Error),
}

impl CommandError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Start(StartError::Config(_))
            | Self::KeepNotEmpty(_)
            | Self::DataOfDemo
            | Self::Report(ReportError::Fields(_))
            | Self::NoBackupKey
            | Self::NoTerminal => 2,
            Self::Start(_)
            | Self::Server(_)
            | Self::Demo(_)
            | Self::File { .. }
            | Self::NoSuchOffice(_)
            | Self::AskAMember
            | Self::Weak(_)
            | Self::Officer(_)
            | Self::Escrow(_)
            | Self::Findings(_)
            | Self::Report(ReportError::Refused(_) | ReportError::Store(_))
            | Self::Write(_)
            | Self::DoesNotReconcile
            | Self::WrongSums(_)
            | Self::Tampered(_)
            | Self::Backup(_)
            | Self::NotABackupKey(_)
            | Self::Checkpoint(_)
            | Self::Database(_)
            | Self::Rotation(_)
            | Self::Terminal(_) => 1,
        }
    }
}

/// Which option is wrong, and how.
fn report_fault(error: &ReportError) -> String {
    match error {
        ReportError::Fields(fields) => fields
            .iter()
            .map(|fault| format!("--{}: {}", fault.field, fault.code.as_str()))
            .collect::<Vec<_>>()
            .join("; "),
        ReportError::Refused(_) | ReportError::Store(_) => error.to_string(),
    }
}

/// Runs the command of this process's arguments to its end.
pub fn run() -> ExitCode {
    match command(Line::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "tipline: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn command(line: Line) -> Result<(), CommandError> {
    let command = line.command.unwrap_or(Command::Serve);
    if let Some(done) = alone(&command) {
        return done;
    }
    if let (Command::Demo(_), Some(_)) = (&command, &line.places.data) {
        return Err(CommandError::DataOfDemo);
    }
    let config = configuration(line.places)?;
    log(&config)?;
    let runtime = actix_web::rt::System::new();
    runtime.block_on(async {
        match command {
            Command::Serve => serve::serve(&config).await,
            Command::Demo(demo) => demo.run(config).await,
            Command::Migrate { direction } => migrate::migrate(&config, direction).await,
            Command::Officer { verb: officer::Verb::Add(new) } => officer::add(&config, new).await,
            Command::Escrow { verb } => escrow::run(&config, verb).await,
            Command::Doctor => doctor::examine(&config).await,
            Command::Backup(backup) => backup.run(&config).await,
            Command::Restore(restore) => restore.run(&config).await,
            Command::Report(report) => report.run(&config).await,
            Command::Ledger { verb } => ledger::ledger(&config, verb).await,
            Command::Audit { verb } => audit::audit(&config, verb).await,
            Command::Retention { verb } => retention::retention(&config, verb).await,
            Command::Secrets { verb } => secrets::run(&config, verb).await,
            Command::Openapi => Ok(()),
        }
    })
}

/// What needs no configuration and no deployment.
fn alone(command: &Command) -> Option<Result<(), CommandError>> {
    match command {
        Command::Openapi => Some(print::document(&web::api::document_json())),
        Command::Backup(backup) => backup.run_alone(),
        Command::Restore(restore) => restore.run_alone(),
        _ => None,
    }
}

fn configuration(places: Places) -> Result<Config, ConfigError> {
    let mut config = Config::load(places.config.as_deref())?;
    if let Some(listen) = places.listen {
        config.listen = listen;
    }
    if let Some(data) = places.data {
        config.data_dir = data;
    }
    Ok(config)
}

/// Logs go to the standard error: what is printed on purpose stays apart.
fn log(config: &Config) -> Result<(), ConfigError> {
    let subscriber = telemetry::subscriber(config.verbosity()?, config.log_json, io::stderr);
    // Fails only if a host of this library has installed one already, which then is the one to use.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}
