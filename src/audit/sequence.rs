//! Gives acts their places in the chain.
//!
//! Officers' acts follow in the order of their times within a batch; batches follow each other as they were
//! committed. A reporter's act has no time, and its place must not tell one: acts of reporters wait until their day
//! and an hour more are over (so that nothing of that day is still on its way), and then follow each other, those of a
//! day by their ids, which say nothing of an order (they begin as the ids of the tips, `src/tips/shelf.rs`).
//! Between whose acts they stand says only that the day was over.

use chrono::{Duration, NaiveDate};
use entity::{audit_links, audit_rows};
use sea_orm::{ConnectionTrait, DbErr};
use vault::chain::{self, Head, Link, Marker};

use super::store::{self, Waiting};
use crate::app::App;

/// Most acts of one batch; more are left to the next.
pub const BATCH: usize = 1000;

/// No transaction that wrote an act before midnight commits later than this after it.
fn grace() -> Duration {
    Duration::hours(1)
}

/// The last day of which no more acts come.
fn closed_day(app: &App) -> NaiveDate {
    let open = app.clock.day_of(app.clock.now() - grace());
    open.pred_opt().unwrap_or(open)
}

/// Whether an act waits that could have its place by now. For a look before anything is locked.
pub async fn any_due(app: &App) -> Result<bool, DbErr> {
    let reporters = Waiting::Reporters(closed_day(app));
    Ok(store::any_waits(app.db.read(), Waiting::Others).await? || store::any_waits(app.db.read(), reporters).await?)
}

/// Places one batch of acts, and says how many they were.
///
/// Call it with a transaction that no other node has the like of at the same time: two would give out the same
/// numbers, which the table refuses. All of a batch is placed, or nothing: who is killed leaves neither gap nor double.
pub async fn sequence(txn: &impl ConnectionTrait, app: &App) -> Result<usize, DbErr> {
    let mut acts = store::next(txn, Waiting::Reporters(closed_day(app)), BATCH as u64).await?;
    let room = BATCH.saturating_sub(acts.len());
    acts.extend(store::next(txn, Waiting::Others, room as u64).await?);
    if acts.is_empty() {
        return Ok(0);
    }
    let newest = store::newest_link(txn).await?;
    let mut head = newest.as_ref().map_or(Ok(Head::start()), head_of)?;
    let marker = Marker::of(&app.secrets);
    let mut links = Vec::with_capacity(acts.len());
    for act in &acts {
        let link = head.next(leaf_of(act));
        let (mark_key, mark) = marker.mark(&link);
        links.push(audit_links::Model {
            seq: i64::try_from(link.seq).map_err(|_| unreadable())?,
            audit_id: act.id,
            prev: link.prev.as_bytes().to_vec(),
            leaf: link.leaf.as_bytes().to_vec(),
            mark,
            mark_key,
        });
        head = Head::of(&link);
    }
    store::place(txn, links).await?;
    Ok(acts.len())
}

/// The chain's newest link; the start if there is none.
pub(super) async fn head(db: &impl ConnectionTrait) -> Result<Head, DbErr> {
    store::newest_link(db).await?.as_ref().map_or(Ok(Head::start()), head_of)
}

fn head_of(row: &audit_links::Model) -> Result<Head, DbErr> {
    link_of(row).map(|link| Head::of(&link)).ok_or_else(unreadable)
}

fn unreadable() -> DbErr {
    DbErr::Custom("audit_links: not a link".to_owned())
}

/// None if a hash has not its length, which nothing of ours writes.
pub(super) fn link_of(row: &audit_links::Model) -> Option<Link> {
    Some(Link {
        seq: row.seq.try_into().ok()?,
        prev: chain::Hash::from_slice(&row.prev)?,
        leaf: chain::Hash::from_slice(&row.leaf)?,
    })
}

/// Hashes all that a row says. Times in microseconds since 1970, eight bytes big-endian, as all databases keep them.
pub(super) fn leaf_of(row: &audit_rows::Model) -> chain::Hash {
    let at = row.at.map(|at| at.timestamp_micros().to_be_bytes());
    let day = row.on_day.to_string();
    let id = |id: uuid::Uuid| *id.as_bytes();
    let (officer, office) = (row.officer_id.map(|officer| id(officer.into())), row.office_id.map(|o| id(o.into())));
    let object = row.object_id.map(id);
    chain::leaf(&[
        Some(&id(row.id.into())),
        at.as_ref().map(<[u8; 8]>::as_slice),
        Some(day.as_bytes()),
        Some(row.actor.as_str().as_bytes()),
        officer.as_ref().map(<[u8; 16]>::as_slice),
        office.as_ref().map(<[u8; 16]>::as_slice),
        Some(row.act.as_bytes()),
        Some(row.object_kind.as_bytes()),
        object.as_ref().map(<[u8; 16]>::as_slice),
        row.detail.as_deref().map(str::as_bytes),
    ])
}
