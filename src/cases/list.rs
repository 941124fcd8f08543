use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use entity::{
    case_wraps, cases,
    enums::CaseStatus,
    ids::{CaseId, OfficeId},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::{
    CaseError, CaseKey,
    store::{self, ListPart},
    view::Names,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::paging::{self, BadCursor, Page},
    staff::{Permission, Staff},
    tips::OfficerName,
    units::{self, Keyring, OpenKeysError},
};

/// What an officer looks for. Nothing named: all cases of the officer's offices.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub office: Option<OfficeId>,
    pub status: Option<CaseStatus>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// A case in the list.
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    /// None while nobody has granted this officer the key that it is under, and when its time is over.
    pub title: Option<String>,
    pub status: CaseStatus,
    pub version: i32,
    pub office: OfficeId,
    pub opened_by: OfficerName,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    /// How many tips it is made of.
    pub tips: u64,
}

/// The place of a case in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    a: DateTime<Utc>,
    i: CaseId,
}

/// A moment that no clock of ours tells would be refused by the database, not by us.
fn read_cursor(cursor: &str) -> Result<(DateTime<Utc>, CaseId), BadCursor> {
    let key: Key = paging::decode(cursor)?;
    if (1900..=9999).contains(&key.a.year()) { Ok((key.a, key.i)) } else { Err(BadCursor) }
}

/// Lists the cases of the officer's offices, newest first. Titles are opened for it, which is on record.
pub async fn list(app: &App, staff: &Staff, filter: &Filter) -> Result<Page<CaseRow>, CaseError> {
    staff.must(Permission::ReadTips)?;
    let limit = u64::from(paging::limit(filter.limit));
    let mine = staff.offices(Permission::ReadTips).into_iter();
    let part = ListPart {
        offices: mine.filter(|office| filter.office.is_none_or(|wanted| wanted == *office)).collect(),
        status: filter.status,
        after: filter.cursor.as_deref().map(read_cursor).transpose()?,
        // One more, to know whether there is a next page.
        limit: limit + 1,
    };
    let mut rows = store::list(app.db.read(), part).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more);
    let next_cursor = last.map(|row| paging::encode(&Key { a: row.opened_at, i: row.id }));
    Ok(Page { items: show(app, staff, rows).await?, next_cursor })
}

async fn show(app: &App, staff: &Staff, rows: Vec<cases::Model>) -> Result<Vec<CaseRow>, CaseError> {
    let keyrings = open_keyrings(app, staff, &rows).await?;
    record(app, staff, keyrings.keys().copied().collect()).await?;
    let wraps = store::wraps(app.db.read(), rows.iter().map(|row| row.id).collect()).await?;
    let wraps: HashMap<CaseId, case_wraps::Model> = wraps.into_iter().map(|wrap| (wrap.case_id, wrap)).collect();
    let names = Names::load(app.db.read(), rows.iter().map(|row| row.opened_by).collect()).await?;
    let counts = store::tip_counts(app.db.read(), rows.iter().map(|row| row.id).collect()).await?;
    let counts: HashMap<CaseId, i64> = counts.into_iter().map(|count| (count.case_id, count.tips)).collect();
    let show = |row: cases::Model| {
        Ok(CaseRow {
            title: title(&keyrings, &row, wraps.get(&row.id))?,
            opened_by: names.of(row.opened_by),
            tips: counts.get(&row.id).copied().unwrap_or(0).unsigned_abs(),
            id: row.id,
            number: row.number,
            status: row.status,
            version: row.version,
            office: row.office_id,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
        })
    };
    rows.into_iter().map(show).collect()
}

fn title(
    keyrings: &HashMap<OfficeId, Keyring>,
    row: &cases::Model,
    wrap: Option<&case_wraps::Model>,
) -> Result<Option<String>, DbErr> {
    let (Some(keyring), Some(wrap)) = (keyrings.get(&row.office_id), wrap) else { return Ok(None) };
    let key = CaseKey::open(keyring, row, wrap)?;
    key.map(|key| Ok(key.open_content(&row.sealed)?.title)).transpose()
}

/// The keys of the offices on the page, as far as this officer was granted them.
async fn open_keyrings(
    app: &App,
    staff: &Staff,
    rows: &[cases::Model],
) -> Result<HashMap<OfficeId, Keyring>, CaseError> {
    let mut offices: Vec<OfficeId> = rows.iter().map(|row| row.office_id).collect();
    offices.sort_unstable();
    offices.dedup();
    let mut keyrings = HashMap::new();
    for office in offices {
        match units::open_keys(app.db.read(), staff, office).await {
            Ok(keyring) => drop(keyrings.insert(office, keyring)),
            Err(OpenKeysError::NoKey) => {}
            Err(OpenKeysError::Refused(refused)) => return Err(refused.into()),
            Err(OpenKeysError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(keyrings)
}

async fn record(app: &App, staff: &Staff, mut offices: Vec<OfficeId>) -> Result<(), DbErr> {
    if offices.is_empty() {
        return Ok(());
    }
    offices.sort_unstable();
    app.db
        .write(async |txn| {
            for office in &offices {
                audit::record_officer(txn, app, staff, Some(*office), "CasesListed", Object::Office(*office)).await?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_out_and_hostile_ones_are_refused() {
        let key = Key { a: "2023-06-01T08:00:00.000123Z".parse().unwrap(), i: uuid::Uuid::from_u128(7).into() };
        assert_eq!(read_cursor(&paging::encode(&key)).unwrap(), (key.a, key.i));
        let absurd = Key { a: DateTime::<Utc>::MAX_UTC, ..key };
        for cursor in ["", "x", "e30", &paging::encode(&absurd), &paging::encode(&[1, 2, 3])] {
            assert!(read_cursor(cursor).is_err(), "{cursor}");
        }
    }
}
