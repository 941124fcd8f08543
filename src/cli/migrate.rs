use clap::Subcommand;

use super::{CommandError, print};
use crate::{app, config::Config, platform::db::Db};

/// Which way.
#[derive(Subcommand)]
pub(super) enum Direction {
    /// Apply every migration that is pending.
    Up,
    /// Take back the last migrations, with what their tables hold.
    Down {
        /// How many.
        #[arg(long, default_value_t = 1)]
        steps: u32,
    },
    /// List what is applied and what is pending.
    Status,
}

/// Moves the schema, or only looks; then tells where it stands.
pub(super) async fn migrate(config: &Config, direction: Direction) -> Result<(), CommandError> {
    let db: Db = app::open_database(config).await?;
    match direction {
        Direction::Up => db.migrate_up().await?,
        Direction::Down { steps } => db.migrate_down(steps).await?,
        Direction::Status => (),
    }
    let (applied, pending) = db.migration_status().await?;
    db.close().await?;
    print::migrations(&applied, &pending)
}
