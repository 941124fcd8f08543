use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    audit::{self, CheckpointError},
    codebook::{self, LearnError},
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
    /// Takes up reference data that was edited on another node. On every node.
    LearnEdition,
}

/// Why a job did not do its work; it is tried again when it is next due.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Store(#[from] DbErr),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Learn(#[from] LearnError),
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
            Self::LearnEdition => "learn_edition",
        }
    }

    /// Those that are done within a second, in this order: a checkpoint covers what was placed just before it.
    pub const SHORT: [Self; 3] = [Self::SequenceAudit, Self::WriteCheckpoint, Self::EndIdentityRequests];

    /// Those that may go through the whole ledger. What they have begun may be broken off anywhere.
    pub const LONG: [Self; 1] = [Self::ApplyRetention];

    /// Those that only look whether something has changed. Beside the others: nobody waits for a batch to end before a
    /// new category holds.
    pub const LOOK: [Self; 1] = [Self::LearnEdition];

    /// How often it is due. An act has its place within a second, and what an administrator edited holds within one on
    /// every node; a cut tail is at most an hour long.
    pub fn every(self) -> Duration {
        match self {
            Self::SequenceAudit | Self::LearnEdition => Duration::from_millis(500),
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
            Self::LearnEdition => Ok(codebook::learn_edition(app).await?),
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
