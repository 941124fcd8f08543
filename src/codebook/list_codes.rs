use super::{EditError, load, store};
use crate::{
    app::App,
    reference::{DatedRow, RowKind},
    staff::Staff,
};

/// Rows of one list, and the edition that an edit of them must have seen.
#[derive(Clone, Debug)]
pub struct Codes {
    pub edition: i32,
    pub rows: Vec<DatedRow>,
}

/// Lists what every code of a kind meant, means and will mean: by code, oldest first.
pub async fn list_codes(app: &App, staff: &Staff, kind: RowKind) -> Result<Codes, EditError> {
    staff.must_be_ready()?;
    let (edition, rows) = load::read_edition(&app.db).await?;
    let of_kind = rows.into_iter().filter(|row| row.kind == kind.as_str());
    let mut rows = of_kind.map(store::read).collect::<Result<Vec<_>, _>>().map_err(EditError::unreadable)?;
    rows.sort_by(|a, b| (&a.key, a.valid_from).cmp(&(&b.key, b.valid_from)));
    Ok(Codes { edition, rows })
}
