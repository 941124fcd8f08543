use std::path::PathBuf;

use clap::Subcommand;
use vault::chain::{self, Checkpoint, PublicKey};

use super::{CommandError, print, serve};
use crate::{app, audit, config::Config};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Check that no act was changed, taken away, put in or exchanged; names the first row that is wrong.
    Verify {
        /// A copy of a node's checkpoints, best one that the operator could not reach; may be given several times.
        /// Without one: this node's own file.
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
        /// A key as `tipline audit keys` prints it; may be given several times. With it no secret is read and nothing
        /// is written: for an auditor who has the database, or a copy of it, and checkpoints.
        #[arg(long, value_name = "VERSION:KEY", value_parser = PublicKey::parse)]
        public_key: Vec<(i32, PublicKey)>,
    },
    /// Print the public keys that checkpoints are signed with.
    Keys,
}

/// Checks the record, or prints what others need to check it.
pub(super) async fn audit(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let verdict = match verb {
        Verb::Keys => {
            let app = serve::open(config).await?;
            return print::audit_keys(&chain::public_keys(&app.secrets));
        }
        Verb::Verify { checkpoint, public_key } if public_key.is_empty() => {
            let app = serve::open(config).await?;
            let files = read(config, &chain::public_keys(&app.secrets), checkpoint)?;
            audit::verify(&app, &files).await?
        }
        Verb::Verify { checkpoint, public_key } => {
            let files = read(config, &public_key, checkpoint)?;
            let db = app::open_database(config).await?;
            audit::verify_without_secrets(&db, &files).await?
        }
    };
    print::verdict(&verdict)?;
    verdict.tampering.map_or(Ok(()), |tampering| Err(CommandError::Tampered(tampering)))
}

fn read(config: &Config, keys: &[(i32, PublicKey)], named: Vec<PathBuf>) -> Result<Vec<Vec<Checkpoint>>, CommandError> {
    let own = config.checkpoints_path();
    let paths = if named.is_empty() && own.exists() { vec![own] } else { named };
    paths.iter().map(|path| Ok(audit::read_checkpoints(keys, path)?)).collect()
}
