use sea_orm::DbErr;

use super::{load, store};
use crate::{app::App, reference::ReferenceError};

/// Why a node goes on with the edition that it knows.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    #[error(transparent)]
    Store(#[from] DbErr),
    /// Such as rows of a kind that only a later version of the program knows.
    #[error("reference data: {0}")]
    Reference(#[from] ReferenceError),
}

/// Takes up the newest edition, if another node made one. Whoever begins something from then on goes by it.
pub async fn learn_edition(app: &App) -> Result<(), LearnError> {
    // A look at one row: mostly there is nothing new.
    let newest = store::edition(app.db.read()).await?.unwrap_or_default();
    if newest > app.editions.newest().number {
        let (number, rows) = load::read_edition(&app.db).await?;
        app.editions.learn(load::build(number, rows)?);
    }
    Ok(())
}
