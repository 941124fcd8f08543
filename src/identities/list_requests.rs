use chrono::{DateTime, Datelike, Utc};
use entity::{enums::RequestState, ids::IdentityRequestId};
use serde::{Deserialize, Serialize};

use super::{
    RequestError, end_requests,
    read_request::{Opened, Request, view},
    sealed,
    store::{self, ListPart},
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::paging::{self, BadCursor, Page},
    staff::Staff,
};

/// What an officer looks for. Nothing named: all requests that are the officer's to see.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    pub state: Option<RequestState>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// The place of a request in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    a: DateTime<Utc>,
    i: IdentityRequestId,
}

/// A moment that no clock of ours tells would be refused by the database, not by us.
fn read_cursor(cursor: &str) -> Result<(DateTime<Utc>, IdentityRequestId), BadCursor> {
    let key: Key = paging::decode(cursor)?;
    if (1900..=9999).contains(&key.a.year()) { Ok((key.a, key.i)) } else { Err(BadCursor) }
}

/// Lists the requests that an officer made or may decide on, the newest first.
///
/// What was sealed to an older key of the officer cannot be shown and is left out: a page may be shorter than asked.
pub async fn list_requests(app: &App, staff: &Staff, filter: &RequestFilter) -> Result<Page<Request>, RequestError> {
    staff.must_be_ready()?;
    let limit = u64::from(paging::limit(filter.limit));
    let after = filter.cursor.as_deref().map(read_cursor).transpose()?;
    end_requests(app).await?;
    // One more, to know whether there is a next page.
    let part = ListPart { state: filter.state, after, limit: limit + 1 };
    let mut rows = store::requests_for(app.db.read(), staff.id, part).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more);
    let next_cursor = last.map(|row| paging::encode(&Key { a: row.created_at, i: row.id }));
    let mut items = Vec::new();
    for row in rows {
        let Some(reader) = store::reader(app.db.read(), row.id, staff.id).await? else { continue };
        let Ok(key) = sealed::open_reader(&staff.private, row.id, staff.id, &reader.wrap) else { continue };
        items.push(view(app, staff, Opened { row, key }).await?);
    }
    app.db
        .write(async |txn| {
            audit::record_officer(txn, app, staff, None, "IdentityRequestsListed", Object::Officer(staff.id)).await
        })
        .await?;
    Ok(Page { items, next_cursor })
}
