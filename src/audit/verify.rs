//! Walks the chain from its start, and names the first row that is wrong.

use std::collections::{BTreeMap, HashMap};

use entity::{
    audit_links, audit_rows,
    ids::{AuditId, TipId},
};
use sea_orm::{ConnectionTrait, DbErr};
use vault::chain::{Checkpoint, Hash, Head, Marker};

use super::{
    replaced,
    sequence::{leaf_of, link_of},
    store,
};
use crate::{app::App, platform::db::Db};

/// Rows that are held in memory at once.
const STRETCH: u64 = 4000;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The last link up to which all is well.
    pub head: Head,
    /// Acts that have no place yet.
    pub waiting: u64,
    /// Checkpoints that the chain was held against.
    pub checkpoints: usize,
    /// None: nothing was changed.
    pub tampering: Option<Tampering>,
}

/// The first thing that is wrong. Numbers are places in the chain, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    #[error("row {seq}: its place is empty, the chain was taken apart here")]
    LinkMissing { seq: u64 },
    #[error("row {seq} ({id}): deleted")]
    RowDeleted { seq: u64, id: AuditId },
    #[error("row {seq} ({id}): edited, it does not say what it said")]
    RowEdited { seq: u64, id: AuditId },
    #[error("row {seq}: not what followed on the row before it")]
    OutOfOrder { seq: u64 },
    #[error("row {seq}: hashed anew by somebody without this line's secrets")]
    Rehashed { seq: u64 },
    #[error("row {seq}: its link cannot be read")]
    LinkUnreadable { seq: i64 },
    #[error("rows {first} to {last}: history was hashed anew; what was signed of it was another")]
    Rewritten { first: u64, last: u64 },
    #[error("row {seq}: cut off with all that followed; {signed} rows were signed for")]
    TailCut { seq: u64, signed: u64 },
    #[error("rows {first} to {last}: two histories were signed, the chain was forked")]
    Forked { first: u64, last: u64 },
    #[error(
        "checkpoint {line}: signed for fewer rows than the one before it, the chain was set back after row {after}"
    )]
    SetBack { line: usize, after: u64 },
    #[error("checkpoint {line}: signed before the one that it follows, the clock was set back")]
    ClockSetBack { line: usize },
    #[error("row {0}: not in the chain, and not waiting for it: put in past this line")]
    Unplaced(AuditId),
    #[error("row {0}: deleted before it had its place, or put in twice")]
    WronglyWaiting(AuditId),
    #[error("tip {tip}: its sealed words are not those that row {row} stored")]
    TipReplaced { tip: TipId, row: AuditId },
    #[error("tip {tip}: stored by row {row}, and taken away by none")]
    TipGone { tip: TipId, row: AuditId },
}

/// Checks all rows, against what one or more files of checkpoints say (each in the order of its lines).
pub async fn verify(app: &App, files: &[Vec<Checkpoint>]) -> Result<Verdict, DbErr> {
    walk(&app.db, Some(Marker::of(&app.secrets)), files).await
}

/// Like [`verify`], for an auditor who has the database, or a copy of it, and none of the line's secrets: a history
/// that was hashed anew is found by the checkpoints alone.
pub async fn verify_without_secrets(db: &Db, files: &[Vec<Checkpoint>]) -> Result<Verdict, DbErr> {
    walk(db, None, files).await
}

async fn walk(db: &Db, marker: Option<Marker>, files: &[Vec<Checkpoint>]) -> Result<Verdict, DbErr> {
    db.snapshot(async |txn| {
        let mut walk = Walk::new(marker, files);
        let mut tampering = walk.chain(txn).await?;
        // A fork says more of what happened than the one branch that is not there any more.
        tampering = fork(files).or(tampering).or_else(|| walk.tail()).or_else(|| order_of_lines(files));
        if tampering.is_none() {
            tampering = beside(txn).await?;
        }
        let checkpoints = files.iter().map(Vec::len).sum();
        Ok(Verdict { head: walk.head, waiting: store::count_waiting(txn).await?, checkpoints, tampering })
    })
    .await
}

/// Rows that the chain knows nothing of.
async fn beside(txn: &impl ConnectionTrait) -> Result<Option<Tampering>, DbErr> {
    if let Some(id) = store::unplaced(txn).await? {
        return Ok(Some(Tampering::Unplaced(id)));
    }
    if let Some(id) = store::wrongly_waiting(txn).await? {
        return Ok(Some(Tampering::WronglyWaiting(id)));
    }
    replaced::find(txn).await
}

struct Walk {
    /// None: without the secrets nobody knows the line's own links.
    marker: Option<Marker>,
    head: Head,
    /// What was signed, by place.
    signed: BTreeMap<u64, Hash>,
    /// The last place that a checkpoint agreed with.
    agreed: u64,
}

impl Walk {
    fn new(marker: Option<Marker>, files: &[Vec<Checkpoint>]) -> Self {
        let signed = files.iter().flatten().map(|checkpoint| (checkpoint.head.seq, checkpoint.head.hash)).collect();
        Self { marker, head: Head::start(), signed, agreed: 0 }
    }

    async fn chain(&mut self, txn: &impl ConnectionTrait) -> Result<Option<Tampering>, DbErr> {
        // From below zero: a link in a place that does not exist is not passed over.
        let mut after = i64::MIN;
        loop {
            let links = store::links_after(txn, after, STRETCH).await?;
            let Some(last) = links.last() else { return Ok(None) };
            after = last.seq;
            let ids = links.iter().map(|link| link.audit_id);
            let rows = store::rows_by_id(txn, ids).await?;
            let rows: HashMap<AuditId, audit_rows::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
            for link in &links {
                if let Some(tampering) = self.step(link, rows.get(&link.audit_id)) {
                    return Ok(Some(tampering));
                }
            }
        }
    }

    fn step(&mut self, row: &audit_links::Model, act: Option<&audit_rows::Model>) -> Option<Tampering> {
        let seq = self.head.seq + 1;
        let Some(link) = link_of(row) else { return Some(Tampering::LinkUnreadable { seq: row.seq }) };
        if link.seq != seq {
            return Some(if link.seq < seq { Tampering::OutOfOrder { seq } } else { Tampering::LinkMissing { seq } });
        }
        let Some(act) = act else { return Some(Tampering::RowDeleted { seq, id: row.audit_id }) };
        if link.prev != self.head.hash {
            return Some(Tampering::OutOfOrder { seq });
        }
        if link.leaf != leaf_of(act) {
            return Some(Tampering::RowEdited { seq, id: row.audit_id });
        }
        if self.marker.as_ref().is_some_and(|marker| !marker.is_marked(&link, row.mark_key, &row.mark)) {
            return Some(Tampering::Rehashed { seq });
        }
        let head = Head::of(&link);
        match self.signed.get(&seq) {
            Some(signed) if *signed != head.hash => {
                return Some(Tampering::Rewritten { first: self.agreed + 1, last: seq });
            }
            Some(_) => self.agreed = seq,
            None => (),
        }
        self.head = head;
        None
    }

    /// What was signed for, and is not there.
    fn tail(&self) -> Option<Tampering> {
        let signed = self.signed.keys().next_back().copied().filter(|signed| *signed > self.head.seq)?;
        Some(Tampering::TailCut { seq: self.head.seq + 1, signed })
    }
}

/// Two checkpoints of one place and of different histories, in whichever files.
fn fork(files: &[Vec<Checkpoint>]) -> Option<Tampering> {
    let mut all: Vec<Head> = files.iter().flatten().map(|checkpoint| checkpoint.head).collect();
    all.sort_by_key(|head| head.seq);
    let mut agreed = 0;
    for two in all.windows(2) {
        let [one, other] = two else { continue };
        if one.seq == other.seq && one.hash != other.hash {
            return Some(Tampering::Forked { first: agreed + 1, last: one.seq });
        }
        if one.seq < other.seq {
            agreed = one.seq;
        }
    }
    None
}

/// A node's chain only grows, and its time only goes on.
fn order_of_lines(files: &[Vec<Checkpoint>]) -> Option<Tampering> {
    for file in files {
        for (line, two) in file.windows(2).enumerate() {
            let [one, other] = two else { continue };
            let line = line + 2;
            if other.head.seq < one.head.seq {
                return Some(Tampering::SetBack { line, after: other.head.seq });
            }
            if other.at < one.at {
                return Some(Tampering::ClockSetBack { line });
            }
        }
    }
    None
}
