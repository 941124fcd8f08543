use super::{
    list::{self, AuditError, Entry, Filter},
    store::{self, ListPart},
};
use crate::{app::App, staff::Staff};

/// Rows that are held in memory at once.
const STRETCH: u64 = 1000;

/// Acts on their way out, newest first, stretch by stretch.
pub struct Export {
    /// None: all is out.
    rest: Option<ListPart>,
}

/// Begins an export of all acts that the filter lets through (`limit` is not asked), and puts it on record.
pub async fn export(app: &App, staff: &Staff, filter: &Filter) -> Result<Export, AuditError> {
    let part = list::part(app, staff, filter, "AuditExported").await?;
    Ok(Export { rest: Some(ListPart { limit: STRETCH, ..part }) })
}

impl Export {
    /// The next stretch; empty at the end. Acts that were placed since the beginning are not in it.
    pub async fn next(&mut self, app: &App) -> Result<Vec<Entry>, AuditError> {
        let Some(part) = self.rest.take() else { return Ok(Vec::new()) };
        let rows = store::list(app.db.read(), part.clone()).await?;
        let last = rows.last().map(|(link, _)| link.seq);
        self.rest = last.map(|seq| ListPart { before: Some(seq), ..part });
        Ok(list::entries(app, rows).await?)
    }
}
