//! Confidential reporters: who they are is sealed under a key of its own, split among custodians.
//!
//! At submission (`seal_identity`) the key is split k of n and each share sealed to one custodian; whole, it exists
//! nowhere after that. Neither the handling office nor the server nor k-1 custodians can open it. An investigator who
//! has to know asks (`request_identity`); custodians `read_request` and decide (`approve`, `refuse`); an approval
//! seals the custodian's own share to a key pair made for this request. After k approvals the requester, and nobody
//! else, can `read_identity`, for a day; `end_requests` takes the shares away again.
//!
//! Who gives up custody hands his shares to a successor (`hand_over`); nothing is rebuilt for that. `set_quorum`
//! changes k and n for tips from then on. `state` says what a vote leads to; `sealed` is the only way to anything.

mod decide;
mod end_requests;
mod error;
mod hand_over;
mod list_custodians;
mod list_requests;
mod quorum;
mod read_identity;
mod read_request;
mod request_identity;
mod seal_identity;
mod sealed;
pub mod state;
pub mod store;

pub use decide::{approve, refuse};
pub use end_requests::end_requests;
pub use error::RequestError;
pub use hand_over::{HandOverError, Successor, hand_over};
pub use list_custodians::{Custodian, list_custodians};
pub use list_requests::{RequestFilter, list_requests};
pub use quorum::{Quorum, SetQuorumError, read_quorum, set_quorum};
pub use read_identity::read_identity;
pub use read_request::{Decision, Request, read_request};
pub use request_identity::request_identity;
pub use seal_identity::{SealIdentityError, SealedIdentity, seal_identity};
