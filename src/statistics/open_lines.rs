use entity::ids::OfficeId;
use sea_orm::DbErr;

use super::{
    measures::{Line, lines},
    scope_of,
    tabulate::{Asked, TableError, check, query},
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, FieldFault},
    staff::{Permission, Staff},
    tips,
};

/// Some of the lines behind a cell, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePage {
    pub lines: Vec<Line>,
    pub total: u64,
    /// Where the next part begins; none: this was the last.
    pub next: Option<usize>,
}

/// Lines that are shown at once.
const PAGE: usize = 200;

/// Opens a cell of a figure to the facts behind it, oldest first, for officers who work tips and for auditors. They
/// tell no more than the ledger holds, and that is nothing of whom or in which words.
///
/// `keys`: the cell's, one for each dimension; none: everything behind the total.
pub async fn open_lines(
    app: &App,
    staff: &Staff,
    asked: &Asked,
    keys: &[String],
    from: usize,
) -> Result<LinePage, TableError> {
    staff.must(Permission::Count)?;
    if staff.must(Permission::Audit).is_err() {
        staff.must(Permission::ReadTips)?;
    }
    check(asked, app.clock.today())?;
    if !keys.is_empty() && keys.len() != asked.by.len() {
        return Err(TableError::Fields(vec![FieldFault::new("key", Code::Invalid)]));
    }
    put_on_record(app, staff, asked).await.map_err(TableError::Store)?;
    let keys = (!keys.is_empty()).then_some(keys);
    let found = app
        .db
        .snapshot(async |txn| {
            let query = query(app, asked, scope_of(txn, staff).await?);
            let found = lines(txn, &app.reference, &query, keys).await?;
            // What is about one of the officer's own offices shows no line to that officer.
            let own: Vec<OfficeId> = staff.grants.iter().map(|(office, _)| *office).collect();
            let concerning = tips::custody::store::concerning(txn, &own).await?;
            let shown = |line: &Line| line.fact.tip_id.is_none_or(|tip| !concerning.contains(&tip));
            Ok(found.into_iter().filter(shown).collect::<Vec<Line>>())
        })
        .await
        .map_err(TableError::Store)?;
    let total = found.len();
    let lines: Vec<Line> = found.into_iter().skip(from).take(PAGE).collect();
    let next = from.saturating_add(lines.len());
    Ok(LinePage { lines, total: total as u64, next: (next < total).then_some(next) })
}

async fn put_on_record(app: &App, staff: &Staff, asked: &Asked) -> Result<(), DbErr> {
    let detail = format!("{} {} {}", asked.measure.as_str(), asked.from, asked.to);
    app.db
        .write(async |txn| {
            for office in staff.offices(Permission::Count) {
                let figure = Object::Figure(office);
                audit::record_detailed(txn, app, staff, Some(office), "FigureOpened", figure, detail.clone()).await?;
            }
            Ok(())
        })
        .await
}
