use std::path::PathBuf;

use clap::Subcommand;
use vault::chain::Checkpoint;

use super::{CommandError, print, serve};
use crate::{app::App, audit, config::Config};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Check that no act was changed, taken away, put in or exchanged; names the first row that is wrong.
    Verify {
        /// A copy of a node's checkpoints, best one that the operator could not reach; may be given several times.
        /// Without one: this node's own file.
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
    },
    /// Print the public keys that checkpoints are signed with.
    Keys,
}

/// Checks the record, or prints what others need to check it.
pub(super) async fn audit(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    match verb {
        Verb::Keys => print::audit_keys(&vault::chain::public_keys(&app.secrets)),
        Verb::Verify { checkpoint } => {
            let files = read(&app, checkpoint)?;
            let verdict = audit::verify(&app, &files).await?;
            print::verdict(&verdict)?;
            verdict.tampering.map_or(Ok(()), |tampering| Err(CommandError::Tampered(tampering)))
        }
    }
}

fn read(app: &App, named: Vec<PathBuf>) -> Result<Vec<Vec<Checkpoint>>, CommandError> {
    let own = app.settings.checkpoints.clone();
    let paths = if named.is_empty() && own.exists() { vec![own] } else { named };
    paths.iter().map(|path| Ok(audit::read_checkpoints(app, path)?)).collect()
}
