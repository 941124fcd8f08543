//! How many bytes a database takes.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tipline::app::App;

use super::Any;

/// Bytes of the whole database, settled. SQLite: the file, without the log that is written into it sooner or later.
pub async fn database(app: &App) -> Result<u64, Any> {
    let db = app.db.read();
    if db.get_database_backend() == DbBackend::Sqlite {
        let pages = number(app, "PRAGMA page_count").await?;
        let free = number(app, "PRAGMA freelist_count").await?;
        let page = number(app, "PRAGMA page_size").await?;
        return Ok(u64::try_from((pages - free) * page)?);
    }
    Ok(u64::try_from(number(app, "SELECT pg_database_size(current_database())").await?)?)
}

async fn number(app: &App, question: &str) -> Result<i64, Any> {
    let db = app.db.read();
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), question)).await?;
    Ok(row.ok_or("no answer")?.try_get_by_index(0)?)
}
