use clap::{Args, Subcommand};
use vault::app_secrets::Which;

use super::{CommandError, print, serve};
use crate::{app::rotation, config::Config, platform::clock::Clock};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Show which versions of each secret there are.
    Show,
    /// Draw a further version, which opens but makes nothing yet: the first step where there are several nodes.
    Add(Secret),
    /// Let the newest version make what is made from now on; draws one if none is waiting.
    Rotate(Secret),
    /// Take a version away that nothing hangs on any more.
    Retire(Retire),
}

#[derive(Args)]
pub(super) struct Secret {
    /// pepper, session or token.
    #[arg(value_parser = which)]
    which: Which,
}

#[derive(Args)]
pub(super) struct Retire {
    /// pepper, session or token.
    #[arg(value_parser = which)]
    which: Which,
    version: i32,
}

fn which(name: &str) -> Result<Which, String> {
    Which::parse(name).ok_or_else(|| "one of pepper, session, token".to_owned())
}

/// Works on the file of secrets; a server that runs learns of it by SIGHUP.
pub(super) async fn run(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let (path, chance) = (config.secrets_path(), vault::chance::Chance::system());
    match verb {
        Verb::Show => print::secrets(&rotation::read_versions(&path)?),
        Verb::Add(Secret { which }) => {
            let number = rotation::add_version(&path, which, &chance)?;
            print::secret_changed(which, number, "opens from now on and makes nothing yet")
        }
        Verb::Rotate(Secret { which }) => {
            let now = Clock::system(config.zone()?).now();
            let number = rotation::make_current(&path, which, &chance, now)?;
            print::secret_changed(which, number, "makes what is made from now on")
        }
        Verb::Retire(Retire { which, version }) => {
            let app = serve::open(config).await?;
            rotation::retire_version(&app, &path, which, version).await?;
            print::secret_changed(which, version, "is gone")
        }
    }
}
