use clap::Subcommand;

use super::{CommandError, print, serve};
use crate::{config::Config, retention};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Show which tips would lose their words, and which would go, if it were done now. Changes nothing.
    Plan,
    /// Do it now. A line that serves does it by itself every day.
    Run,
}

/// Shows or does what is due by the retention rules.
pub(super) async fn retention(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    match verb {
        Verb::Plan => print::retention_plan(&retention::plan(&app).await?),
        Verb::Run => print::retention_done(retention::apply(&app).await?),
    }
}
