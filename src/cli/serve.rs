use std::path::PathBuf;

use vault::chance::Chance;

use super::{CommandError, print};
use crate::{
    app::{App, StartError, rotation},
    config::Config,
    platform::clock::Clock,
    server, staff,
};

/// Opens the deployment and serves until it is told to stop.
pub(super) async fn serve(config: &Config) -> Result<(), CommandError> {
    let app = open(config).await?;
    let enrolment = staff::enrolment_token(&app).await?;
    let synthetic = app.settings.synthetic;
    tokio::spawn(learn_secrets(app.clone(), config.secrets_path()));
    let running = server::start(app, config.listen, config.workers).await?;
    print::listening(running.addr, synthetic)?;
    if let Some(token) = enrolment {
        print::enrolment(running.addr, &token)?;
    }
    Ok(running.until_told().await?)
}

/// Reads the file of secrets anew whenever it is told to (SIGHUP); a file that does not serve changes nothing.
async fn learn_secrets(app: App, path: PathBuf) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut told) = signal(SignalKind::hangup()) else {
        tracing::warn!("secrets are learned at start only: no signal for it on this machine");
        return;
    };
    while told.recv().await.is_some() {
        match rotation::reload(&app, &path) {
            Ok(()) => tracing::info!("secrets were read anew"),
            Err(error) => tracing::error!(cause = %error, "secrets stay as they were"),
        }
    }
}

/// Opens what the configuration names, in this machine's time and with its chance.
pub(super) async fn open(config: &Config) -> Result<App, StartError> {
    App::open(config, Clock::system(config.zone()?), Chance::system()).await
}
