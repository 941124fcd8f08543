//! The API as its clients meet it, one file a topic.

mod bad_input;
mod canary;
mod document;
mod door;
mod edits;
mod enrolment;
mod escrow;
mod exactly_once;
mod figures;
mod identities;
mod lanes;
mod line;
mod office_edit;
mod queue;
mod recovery;
mod reference_edit;
mod reference_nodes;
mod releases;
mod reports;
mod routing;
pub mod second_factor;
mod sessions;
mod shedding;
mod thread;
