//! The only way to an identity, its shares, and what is said about it: which key opens what, and what it is bound to.
//!
//! A request has a symmetric key, sealed to its requester and to each custodian, for what is said on it; and a key
//! pair made for it alone, whose private half only the requester opens, for the shares.

use entity::{
    identities, identity_decisions, identity_requests, identity_shares,
    ids::{IdentityDecisionId, IdentityRequestId, OfficerId, ShareId, TipId},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use vault::{
    chance::Chance,
    digest::fingerprint,
    keys::{PrivateKey, PublicKey, SymmetricKey},
    quorum::{self, Share},
    seal::{self, Context, OpenError, Place},
};

use crate::tips::Identity;

/// Why somebody asks, as it is sealed.
#[derive(Serialize, Deserialize)]
pub struct Grounds {
    pub reason: String,
    pub legal_ground: String,
    /// Fingerprint of the request's public key: whoever can write to the database could otherwise put in a key of
    /// their own and be approved in the requester's name.
    pub key: String,
}

pub(super) fn damaged(what: &'static str, id: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("sealed {what} {id} does not open"))
}

fn identity_place(tip: TipId) -> Place {
    Place { table: "identities", column: "sealed", row: tip.into(), owner: tip.into(), version: 1 }
}

fn share_context(tip: TipId, custodian: OfficerId) -> Context {
    Context { purpose: "identity_share", row: custodian.into(), owner: tip.into(), version: 1 }
}

fn reader_context(request: IdentityRequestId, reader: OfficerId) -> Context {
    Context { purpose: "identity_request_reader", row: reader.into(), owner: request.into(), version: 1 }
}

fn private_context(request: IdentityRequestId, requester: OfficerId) -> Context {
    Context { purpose: "identity_request_key", row: requester.into(), owner: request.into(), version: 1 }
}

fn resealed_context(request: IdentityRequestId, share: ShareId) -> Context {
    Context { purpose: "identity_resealed_share", row: share.into(), owner: request.into(), version: 1 }
}

fn grounds_place(request: IdentityRequestId, tip: TipId) -> Place {
    Place { table: "identity_requests", column: "sealed", row: request.into(), owner: tip.into(), version: 1 }
}

fn decision_place(decision: IdentityDecisionId, request: IdentityRequestId) -> Place {
    Place { table: "identity_decisions", column: "sealed", row: decision.into(), owner: request.into(), version: 1 }
}

pub fn seal_identity<T: Serialize>(key: &SymmetricKey, tip: TipId, who: &T, chance: &Chance) -> Vec<u8> {
    let json = zeroize::Zeroizing::new(serde_json::to_vec(who).unwrap_or_default());
    seal::seal(key, &identity_place(tip), &json, chance)
}

/// Opens an identity with shares of its key.
pub fn open_identity(row: &identities::Model, shares: &[Share]) -> Result<Identity, DbErr> {
    let k = usize::try_from(row.threshold).unwrap_or(0);
    let key = quorum::combine(shares, k, &row.commitment)
        .map_err(|error| DbErr::Custom(format!("identity of tip {}: {error}", row.tip_id)))?;
    let opened = seal::open(&key, &identity_place(row.tip_id), &row.sealed);
    let opened = opened.map_err(|_| damaged("identity of tip", row.tip_id))?;
    serde_json::from_slice(&opened).map_err(|_| damaged("identity of tip", row.tip_id))
}

pub fn seal_share(public: &PublicKey, tip: TipId, custodian: OfficerId, share: &Share, chance: &Chance) -> Vec<u8> {
    seal::seal_to(public, &share_context(tip, custodian), &share.to_bytes(), chance)
}

/// Opens a custodian's own share; none if it was sealed to another key, or is not as it was made.
pub fn open_share(private: &PrivateKey, row: &identity_shares::Model, commitment: &[u8]) -> Option<Share> {
    let opened = seal::open_from(private, &share_context(row.tip_id, row.custodian_id), &row.wrap).ok()?;
    Share::from_slice(&opened).filter(|share| quorum::is_right(share, commitment))
}

/// The key to what is said on a request, sealed to somebody who may read it.
pub fn seal_reader(
    public: &PublicKey,
    request: IdentityRequestId,
    reader: OfficerId,
    key: &SymmetricKey,
    chance: &Chance,
) -> Vec<u8> {
    seal::seal_to(public, &reader_context(request, reader), key.as_bytes(), chance)
}

pub fn open_reader(
    private: &PrivateKey,
    request: IdentityRequestId,
    reader: OfficerId,
    wrap: &[u8],
) -> Result<SymmetricKey, OpenError> {
    let opened = seal::open_from(private, &reader_context(request, reader), wrap)?;
    SymmetricKey::from_slice(&opened).ok_or(OpenError)
}

/// The private half of a request's key pair, sealed to the requester.
pub fn seal_private(
    public: &PublicKey,
    request: IdentityRequestId,
    requester: OfficerId,
    private: &PrivateKey,
    chance: &Chance,
) -> Vec<u8> {
    seal::seal_to(public, &private_context(request, requester), &private.to_bytes(), chance)
}

pub fn open_private(private: &PrivateKey, row: &identity_requests::Model) -> Result<PrivateKey, OpenError> {
    let opened = seal::open_from(private, &private_context(row.id, row.requester_id), &row.private_wrap)?;
    PrivateKey::from_bytes(&opened).map_err(|_| OpenError)
}

pub fn seal_grounds(
    key: &SymmetricKey,
    request: IdentityRequestId,
    tip: TipId,
    grounds: &Grounds,
    chance: &Chance,
) -> Vec<u8> {
    let json = zeroize::Zeroizing::new(serde_json::to_vec(grounds).unwrap_or_default());
    seal::seal(key, &grounds_place(request, tip), &json, chance)
}

/// What a request says; refused if its public key is not the one that the requester made.
pub fn open_grounds(key: &SymmetricKey, row: &identity_requests::Model) -> Result<Grounds, DbErr> {
    let broken = || damaged("request for an identity", row.id);
    let opened = seal::open(key, &grounds_place(row.id, row.tip_id), &row.sealed).map_err(|_| broken())?;
    let grounds: Grounds = serde_json::from_slice(&opened).map_err(|_| broken())?;
    if grounds.key == fingerprint(&row.public_key) { Ok(grounds) } else { Err(broken()) }
}

/// A custodian's share, sealed to a request's key.
pub fn reseal_share(row: &identity_requests::Model, id: ShareId, share: &Share, chance: &Chance) -> Option<Vec<u8>> {
    let public = PublicKey::from_bytes(&row.public_key).ok()?;
    Some(seal::seal_to(&public, &resealed_context(row.id, id), &share.to_bytes(), chance))
}

/// Opens what `reseal_share` made; none if it was changed since.
pub fn open_resealed(private: &PrivateKey, row: &identity_decisions::Model) -> Option<Share> {
    let wrap = row.share_wrap.as_ref()?;
    let opened = seal::open_from(private, &resealed_context(row.request_id, row.share_id), wrap).ok()?;
    Share::from_slice(&opened)
}

pub fn seal_why(
    key: &SymmetricKey,
    decision: IdentityDecisionId,
    request: IdentityRequestId,
    why: &str,
    chance: &Chance,
) -> Vec<u8> {
    seal::seal(key, &decision_place(decision, request), why.as_bytes(), chance)
}

pub fn open_why(key: &SymmetricKey, row: &identity_decisions::Model) -> Result<String, DbErr> {
    let opened = seal::open(key, &decision_place(row.id, row.request_id), &row.sealed);
    let text = opened.ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    text.ok_or_else(|| damaged("decision", row.id))
}
