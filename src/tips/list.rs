use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use entity::{
    enums::TipStatus,
    ids::{OfficeId, OfficerId, TipId},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use vault::secret::Secret;

use super::{
    compose::Names,
    content::{LINE, MAX_LINE, text_fault},
    custody::own_offices,
    priority,
    queue::store::{self, QueueFilter, QueuePart, QueueRow},
    search::{Found, Search},
    view::OfficerName,
};
use crate::{
    app::App,
    platform::{
        fault::{Code, Fault, Faults, FieldFault, Public, store_code},
        paging::{self, BadCursor},
    },
    reference::fold,
    staff::{Permission, Refused, Staff},
};

/// What an officer looks for in the queue. Nothing named: all tips of the officer's offices.
#[derive(Default)]
pub struct Filter {
    pub office: Option<OfficeId>,
    /// Any of these; empty: all.
    pub states: Vec<TipStatus>,
    pub category: Option<String>,
    /// A unit's code.
    pub unit: Option<String>,
    pub priority: Option<i16>,
    pub assignee: Option<Assignee>,
    /// Tips that the officer's offices have for information, instead of those that they work.
    pub informed: bool,
    /// Words to find in the opened tips, accents optional.
    pub q: Option<Secret<String>>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// Whose tips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Nobody,
    Officer(OfficerId),
}

/// A tip in the queue.
#[derive(Clone, Debug)]
pub struct TipRow {
    pub id: TipId,
    pub number: String,
    pub office: OfficeId,
    pub state: TipStatus,
    pub category: String,
    pub priority: i16,
    /// The unit's code.
    pub unit: Option<String>,
    pub received_on: NaiveDate,
    pub assignee: Option<OfficerName>,
    pub unread: i32,
    pub message_count: i32,
    pub version: i32,
}

#[derive(Debug, Default)]
pub struct TipPage {
    pub items: Vec<TipRow>,
    pub next_cursor: Option<String>,
    /// Tips that were opened in search of words; 0 where none were looked for.
    pub scanned: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("no member has granted this officer an office's key, without which nothing can be searched")]
    NoKey,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    BadCursor(#[from] BadCursor),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ListError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::NoKey => Code::NoKey.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::BadCursor(_) => Code::InvalidCursor.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Lists the queue: most pressing first, and among those the longest waiting.
///
/// With `q` the tips are opened and read through; the search is on record (not its words). Such a page may be
/// short, even empty, and still have a next one.
pub async fn list(app: &App, staff: &Staff, filter: &Filter) -> Result<TipPage, ListError> {
    staff.must(Permission::ReadTips)?;
    check(filter)?;
    let queue = queue_of(staff, filter);
    let after = filter.cursor.as_deref().map(read_cursor).transpose()?;
    let limit = u64::from(paging::limit(filter.limit));
    let found = match filter.q.as_ref().map(|q| fold(q.expose())) {
        None => page(app, &queue, filter.priority, after, limit).await?,
        Some(needle) => {
            let search = Search::open(app, staff, queue, filter.priority, needle).await?;
            Arc::new(search).run(app, after, limit).await?
        }
    };
    let names = Names::load(app.db.read(), found.rows.iter().filter_map(|row| row.assignee_id).collect()).await?;
    let items = found.rows.into_iter().map(|row| show(row, &names)).collect();
    Ok(TipPage { items, next_cursor: found.next.map(|key| paging::encode(&key)), scanned: found.scanned })
}

pub(super) fn check(filter: &Filter) -> Result<(), ListError> {
    let mut faults = Faults::default();
    let is_code = |code: &str| code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    faults.check(filter.category.as_deref().is_none_or(is_code), "category", Code::UnknownCategory);
    faults.check(filter.unit.as_deref().is_none_or(is_code), "unit", Code::UnknownUnit);
    if let Some(code) = filter.q.as_ref().and_then(|q| text_fault(q.expose(), MAX_LINE, LINE)) {
        faults.add("q", code);
    }
    faults.into_result().map_err(ListError::Fields)
}

/// Offices other than the officer's own are left out rather than refused: whether they exist is nobody's business.
pub(super) fn queue_of(staff: &Staff, filter: &Filter) -> QueueFilter {
    let mine = staff.offices(Permission::ReadTips).into_iter();
    QueueFilter {
        offices: mine.filter(|office| filter.office.is_none_or(|wanted| wanted == *office)).collect(),
        states: filter.states.clone(),
        category: filter.category.clone(),
        unit: filter.unit.clone(),
        assignee: filter.assignee.map(|assignee| match assignee {
            Assignee::Nobody => None,
            Assignee::Officer(id) => Some(id),
        }),
        informed: filter.informed,
        reader: Some(staff.id),
        own_offices: own_offices(staff),
    }
}

/// A tip's place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    pub p: i16,
    pub d: NaiveDate,
    pub i: TipId,
}

impl Key {
    pub fn of(row: &QueueRow) -> Self {
        Self { p: row.priority, d: row.received_on, i: row.id }
    }
}

/// A day that no calendar of ours has would be refused by the database, not by us.
fn read_cursor(cursor: &str) -> Result<Key, BadCursor> {
    let key: Key = paging::decode(cursor)?;
    if (1900..=9999).contains(&key.d.year()) { Ok(key) } else { Err(BadCursor) }
}

/// The parts of the queue that come after a place in it, each of one priority.
pub(super) fn parts(
    wanted: Option<i16>,
    after: Option<Key>,
) -> impl Iterator<Item = (i16, Option<(NaiveDate, TipId)>)> {
    priority::ALL
        .into_iter()
        .filter(move |priority| wanted.is_none_or(|wanted| wanted == *priority))
        .filter(move |priority| after.is_none_or(|key| *priority <= key.p))
        .map(move |priority| (priority, after.filter(|key| key.p == priority).map(|key| (key.d, key.i))))
}

/// One page, and where the next begins. One row more is read, to know whether there is a next.
async fn page(
    app: &App,
    queue: &QueueFilter,
    wanted: Option<i16>,
    after: Option<Key>,
    limit: u64,
) -> Result<Found, DbErr> {
    let mut rows: Vec<QueueRow> = Vec::new();
    for (priority, after) in parts(wanted, after) {
        // As many each time, not as many as are missing: so it is one statement, of which the database keeps the plan.
        let part = QueuePart { priority, after, skip: 0, limit: limit + 1 };
        rows.extend(store::queue(app.db.read(), queue, part).await?);
        if rows.len() as u64 > limit {
            break;
        }
    }
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(Key::of);
    Ok(Found { rows, next, scanned: 0 })
}

fn show(row: QueueRow, names: &Names) -> TipRow {
    TipRow {
        id: row.id,
        number: row.number,
        office: row.office_id,
        state: row.status,
        category: row.category,
        priority: row.priority,
        unit: row.unit_code,
        received_on: row.received_on,
        assignee: row.assignee_id.map(|id| names.of(id)),
        unread: row.unread,
        message_count: row.message_count,
        version: row.version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn key(p: i16) -> Key {
        Key { p, d: day("2023-06-01"), i: TipId::from(uuid::Uuid::from_u128(7)) }
    }

    #[test]
    fn the_queue_goes_on_after_the_last_row_and_down_by_priority() {
        let seen = |wanted, after| parts(wanted, after).collect::<Vec<_>>();
        let place = Some((day("2023-06-01"), TipId::from(uuid::Uuid::from_u128(7))));
        assert_eq!(seen(None, None), [(2, None), (1, None), (0, None)]);
        assert_eq!(seen(None, Some(key(1))), [(1, place), (0, None)]);
        assert_eq!(seen(Some(1), None), [(1, None)]);
        assert_eq!(seen(Some(2), Some(key(2))), [(2, place)]);
        assert_eq!(seen(Some(2), Some(key(1))), []);
    }

    #[test]
    fn a_cursor_comes_back_as_it_went_out_and_hostile_ones_are_refused() {
        assert_eq!(read_cursor(&paging::encode(&key(1))).unwrap(), key(1));
        let absurd = Key { d: NaiveDate::MAX, ..key(1) };
        for cursor in ["", "x", "e30", &paging::encode(&absurd), &paging::encode(&[1, 2, 3])] {
            assert!(read_cursor(cursor).is_err(), "{cursor}");
        }
    }

    #[test]
    fn codes_and_words_are_judged_before_the_database_sees_them() {
        let nul = Filter { category: Some("ma_tuy\0".into()), unit: Some("15016'".into()), ..Default::default() };
        let Err(ListError::Fields(faults)) = check(&nul) else { panic!("accepted") };
        assert_eq!(
            faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
            [Code::UnknownCategory, Code::UnknownUnit]
        );
        let blank = Filter { q: Some(Secret::new("  ".into())), ..Default::default() };
        assert!(matches!(check(&blank), Err(ListError::Fields(_))));
        let plain =
            Filter { category: Some("ma_tuy".into()), q: Some(Secret::new("rừng".into())), ..Default::default() };
        assert!(check(&plain).is_ok());
    }
}
