use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    audit::{self, CheckpointError},
    identities, retention,
};

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Gives acts their places in the audit chain. One node at a time.
    SequenceAudit,
    /// Signs the chain into this node's file.
    WriteCheckpoint,
    /// Takes away what is kept no longer. On any number of nodes at once: each tip is looked at again under its lock.
    ApplyRetention,
    /// Takes away shares of identities whose day is over, whether or not somebody comes by who would do it.
    EndIdentityRequests,
}

/// Why a job did not do its work; it is tried again when it is next due.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Store(#[from] DbErr),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl Job {
    /// What is done once more when a node stops.
    pub const AT_STOP: [Self; 2] = [Self::SequenceAudit, Self::WriteCheckpoint];

    pub fn name(self) -> &'static str {
        match self {
            Self::SequenceAudit => "sequence_audit",
            Self::WriteCheckpoint => "write_checkpoint",
            Self::ApplyRetention => "apply_retention",
            Self::EndIdentityRequests => "end_identity_requests",
        }
    }

    /// Those that are done within a second, in this order: a checkpoint covers what was placed just before it.
    pub const SHORT: [Self; 3] = [Self::SequenceAudit, Self::WriteCheckpoint, Self::EndIdentityRequests];

    /// Those that may go through the whole ledger. What they have begun may be broken off anywhere.
    pub const LONG: [Self; 1] = [Self::ApplyRetention];

    /// How often it is due. An act has its place within a second; a cut tail is at most an hour long.
    pub fn every(self) -> Duration {
        match self {
            Self::SequenceAudit => Duration::from_millis(500),
            Self::WriteCheckpoint => Duration::from_secs(60 * 60),
            Self::ApplyRetention => Duration::from_secs(24 * 60 * 60),
            Self::EndIdentityRequests => Duration::from_secs(60),
        }
    }

    /// Does all of it that is there to do now.
    pub async fn run(self, app: &App, node: Uuid) -> Result<(), JobError> {
        match self {
            Self::SequenceAudit => Ok(sequence_audit(app, node).await?),
            Self::WriteCheckpoint => Ok(audit::write_checkpoint(app).await.map(|_| ())?),
            Self::ApplyRetention => Ok(retention::apply(app).await.map(|_| ())?),
            Self::EndIdentityRequests => Ok(identities::end_requests(app).await.map(|_| ())?),
        }
    }
}

/// Batch by batch, so that nobody waits for the writer longer than one takes.
async fn sequence_audit(app: &App, node: Uuid) -> Result<(), DbErr> {
    // A look without a lock first: mostly there is nothing to do.
    while audit::any_due(app).await? {
        let placed = app
            .db
            .write(async |txn| {
                // The claim is on the same transaction: on PostgreSQL its row stays locked until the batch is in.
                if store::claim(txn, Job::SequenceAudit.name(), node, app.clock.now()).await? {
                    audit::sequence(txn, app).await
                } else {
                    Ok(0)
                }
            })
            .await?;
        if placed == 0 {
            break;
        }
    }
    Ok(())
}
