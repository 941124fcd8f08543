use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use entity::reference_rows;
use sea_orm::{ConnectionTrait, DbErr};

use super::{book::Book, draft, list_codes::Codes, store, unsound::fault_of};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    reference::{DatedRow, Edition, Reference, ReferenceError, RowKind},
    staff::{Refused, Staff, StaffError},
    tips::Edit,
    units,
};

/// Why nothing was edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("no such code, or it means nothing on that day")]
    NoSuchCode,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("somebody was faster")]
    Stale,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl EditError {
    pub(super) fn field(field: &'static str, code: Code) -> Self {
        Self::Fields(vec![FieldFault::new(field, code)])
    }

    /// A row of the database that this program cannot read is none that the caller sent.
    pub(super) fn unreadable(error: ReferenceError) -> Self {
        Self::Store(DbErr::Custom(error.to_string()))
    }
}

impl From<StaffError> for EditError {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Refused(refused) => refused.into(),
            StaffError::Store(error) => error.into(),
        }
    }
}

impl Fault for EditError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchCode => Code::NoSuchCode.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Stale => Code::Stale.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// What an edit is about, as it stands on the record.
pub(super) struct Act<'a> {
    pub name: &'static str,
    pub kind: RowKind,
    pub key: &'a str,
    /// The first day on which it shows.
    pub day: NaiveDate,
}

impl Act<'_> {
    /// As rows are called in errors and on the record: `category ma_tuy@2027-01-01`.
    fn row(&self) -> String {
        format!("{} {}@{}", self.kind, self.key, self.day)
    }
}

/// Makes the next edition: all rows as they are after the edit, which are judged together; or leaves all as it is.
///
/// `seen`: the edition that the administrator looked at. One number for all lists, because rows are judged against
/// each other's: who was faster with a place may have taken away the parent of this one.
pub(super) async fn edit(
    app: &App,
    staff: &Staff,
    seen: Edit,
    act: Act<'_>,
    change: impl FnOnce(&mut Book) -> Result<(), EditError>,
) -> Result<Codes, EditError> {
    let intake = units::must_administer_all(app, staff).await?;
    let today = app.clock.today();
    let (edition, codes) = app
        .db
        .write(async |txn| {
            let held = store::edition_to_change(txn).await?.unwrap_or_default();
            if seen.is_some_and(|seen| seen != held) {
                return Err(EditError::Stale);
            }
            let before = rows(txn).await?;
            let mut book = Book { rows: before.clone(), today };
            change(&mut book)?;
            let reference = judge(&book.rows, &act)?;
            write_difference(txn, &before, &book.rows).await?;
            let number = held + 1;
            store::put_edition(txn, number).await?;
            let object = Object::Office(intake);
            audit::record_detailed(txn, app, staff, Some(intake), act.name, object, act.row()).await?;
            Ok((Edition { number, reference: Arc::new(reference) }, codes(number, book, &act)))
        })
        .await?;
    // At once here; the other nodes look twice a second.
    app.editions.learn(edition);
    Ok(codes)
}

async fn rows(txn: &impl ConnectionTrait) -> Result<Vec<DatedRow>, EditError> {
    let rows: Vec<reference_rows::Model> = store::rows(txn).await?;
    rows.into_iter().map(store::read).collect::<Result<Vec<_>, _>>().map_err(EditError::unreadable)
}

/// Whether the rows as a whole are sound, with the row named that is not.
fn judge(rows: &[DatedRow], act: &Act<'_>) -> Result<Reference, EditError> {
    let edited = act.row();
    let reference =
        Reference::build(rows.to_vec()).map_err(|error| EditError::Fields(vec![fault_of(&error, &edited)]))?;
    let rule = rows.iter().find(|row| row.kind == RowKind::RetentionRule && row.name() == edited);
    if let Some(rule) = rule {
        draft::check_rule(&reference, rule)?;
    }
    Ok(reference)
}

async fn write_difference(txn: &impl ConnectionTrait, before: &[DatedRow], after: &[DatedRow]) -> Result<(), DbErr> {
    let (was, is) = (by_place(before), by_place(after));
    for (_, gone) in was.iter().filter(|(place, _)| !is.contains_key(*place)) {
        store::delete(txn, gone).await?;
    }
    for (_, new) in is.iter().filter(|(place, row)| was.get(*place) != Some(*row)) {
        store::put(txn, new).await?;
    }
    Ok(())
}

/// Rows by what makes each the only one of its kind, key and first day.
fn by_place(rows: &[DatedRow]) -> BTreeMap<(RowKind, &str, NaiveDate), &DatedRow> {
    rows.iter().map(|row| ((row.kind, row.key.as_str(), row.valid_from), row)).collect()
}

fn codes(edition: i32, book: Book, act: &Act<'_>) -> Codes {
    let mut rows = book.rows;
    rows.retain(|row| row.kind == act.kind && row.key == act.key);
    rows.sort_by_key(|row| row.valid_from);
    Codes { edition, rows }
}
