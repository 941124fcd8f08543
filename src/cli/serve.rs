use vault::chance::Chance;

use super::{CommandError, print};
use crate::{
    app::{App, StartError},
    config::Config,
    platform::clock::Clock,
    server, staff,
};

/// Opens the deployment and serves until it is told to stop.
pub(super) async fn serve(config: &Config) -> Result<(), CommandError> {
    let app = open(config).await?;
    let enrolment = staff::enrolment_token(&app).await?;
    let synthetic = app.settings.synthetic;
    let running = server::start(app, config.listen, config.workers).await?;
    print::listening(running.addr, synthetic)?;
    if let Some(token) = enrolment {
        print::enrolment(running.addr, &token)?;
    }
    Ok(running.until_told().await?)
}

/// Opens what the configuration names, in this machine's time and with its chance.
pub(super) async fn open(config: &Config) -> Result<App, StartError> {
    App::open(config, Clock::system(config.zone()?), Chance::system()).await
}
