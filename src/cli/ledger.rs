use clap::Subcommand;

use super::{CommandError, print, serve};
use crate::{config::Config, statistics::ledger};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Count everything once more, line by line, and compare it with the sums that figures are read from. Changes
    /// nothing; exit code 1 if a sum is wrong.
    Verify,
    /// Make all sums from the lines anew. The line may serve meanwhile; acts that change figures wait.
    Rebuild,
}

/// Proves the sums of the ledger, or makes them again.
pub(super) async fn ledger(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    let recount = match verb {
        Verb::Verify => app.db.snapshot(async |txn| ledger::recount(txn).await).await?,
        Verb::Rebuild => app.db.write(async |txn| ledger::rebuild(txn).await).await?,
    };
    print::recount(recount)?;
    if recount.wrong > 0 { Err(CommandError::WrongSums(recount.wrong)) } else { Ok(()) }
}
