use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audit_links, audit_rows,
    enums::Actor,
    ids::{AuditId, OfficeId, OfficerId},
};
use sea_orm::DbErr;
use uuid::Uuid;
use vault::chain::Hash;

use super::{
    Object, record_officer,
    store::{self, ListPart},
};
use crate::{
    app::App,
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        paging::{self, BadCursor, Page},
    },
    staff::{self, Permission, Refused, Staff},
    units,
};

/// What an auditor looks for. Nothing named: all acts in the auditor's offices and beneath.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub act: Option<String>,
    pub officer: Option<OfficerId>,
    pub object: Option<Uuid>,
    pub office: Option<OfficeId>,
    /// First and last day, both inclusive.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// An act in its place: what was done, and never what was said.
#[derive(Clone, Debug)]
pub struct Entry {
    pub seq: i64,
    pub id: AuditId,
    /// None for what a reporter did.
    pub at: Option<DateTime<Utc>>,
    pub on_day: NaiveDate,
    pub actor: Actor,
    pub officer: Option<OfficerId>,
    pub username: Option<String>,
    pub office: Option<OfficeId>,
    pub act: String,
    pub object_kind: String,
    pub object: Option<Uuid>,
    /// Codes, days and hashes that the row covers.
    pub detail: Option<String>,
    /// Hashes of the row and of the link before it, in hexadecimal.
    pub leaf: String,
    pub prev: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for AuditError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Cursor(_) => Code::InvalidCursor.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Lists acts, newest first, and puts that on record.
///
/// Shown is what has its place in the chain: officers' acts within seconds, reporters' acts when their day is over.
pub async fn list(app: &App, staff: &Staff, filter: &Filter) -> Result<Page<Entry>, AuditError> {
    let limit = u64::from(paging::limit(filter.limit));
    let mut part = part(app, staff, filter, "AuditListed").await?;
    // One more, to know whether there is a next page.
    part.limit = limit + 1;
    let mut rows = store::list(app.db.read(), part).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more);
    let next_cursor = last.map(|(link, _)| paging::encode(&link.seq));
    Ok(Page { items: entries(app, rows).await?, next_cursor })
}

/// What this auditor may see of what is asked for; asking for it is an act like others.
pub(super) async fn part(app: &App, staff: &Staff, filter: &Filter, act: &'static str) -> Result<ListPart, AuditError> {
    staff.must(Permission::Audit)?;
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && to < from
    {
        return Err(AuditError::Fields(vec![FieldFault::new("to", Code::PeriodReversed)]));
    }
    let before = filter.cursor.as_deref().map(paging::decode).transpose()?;
    let held = staff.offices(Permission::Audit);
    app.db
        .write(async |txn| {
            for office in &held {
                record_officer(txn, app, staff, Some(*office), act, Object::Office(*office)).await?;
            }
            Ok::<_, DbErr>(())
        })
        .await?;
    Ok(ListPart {
        offices: units::offices_beneath(app.db.read(), &held).await?,
        act: filter.act.clone(),
        officer: filter.officer,
        object: filter.object,
        office: filter.office,
        from: filter.from,
        to: filter.to,
        before,
        limit: 0,
    })
}

/// A link with its act, if that was not taken away.
pub(super) type Placed = (audit_links::Model, Option<audit_rows::Model>);

pub(super) async fn entries(app: &App, rows: Vec<Placed>) -> Result<Vec<Entry>, DbErr> {
    let mut ids: Vec<OfficerId> = rows.iter().filter_map(|(_, act)| act.as_ref()?.officer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let officers = staff::store::officers_by_id(app.db.read(), ids).await?;
    let names: HashMap<OfficerId, String> =
        officers.into_iter().map(|officer| (officer.id, officer.username)).collect();
    let hex = |bytes: &[u8]| Hash::from_slice(bytes).map_or_else(String::new, Hash::to_hex);
    let entry = |(link, act): Placed| {
        let act = act?;
        Some(Entry {
            seq: link.seq,
            id: act.id,
            at: act.at,
            on_day: act.on_day,
            actor: act.actor,
            username: act.officer_id.and_then(|officer| names.get(&officer).cloned()),
            officer: act.officer_id,
            office: act.office_id,
            act: act.act,
            object_kind: act.object_kind,
            object: act.object_id,
            detail: act.detail,
            leaf: hex(&link.leaf),
            prev: hex(&link.prev),
        })
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}
