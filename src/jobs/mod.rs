//! What a node does without being asked: a door like the others, with a clock in front of it instead of a caller.
//!
//! `registry` names the jobs and what each calls; `schedule` says when one is due; `worker` runs them, one after the
//! other, and the long ones and those that only look beside the short, until the node stops, and lets the one at work
//! end. A job that one node at a time may do is claimed in the database (`store`), for a while only: a node that was
//! killed holds nobody up for longer. Jobs can be run again at any time: what a killed one had begun was not committed.

mod registry;
mod schedule;
mod store;
mod worker;

pub use registry::{Job, JobError};
pub use worker::{Working, run, start};
