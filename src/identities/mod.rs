//! Confidential reporters: who they are is sealed under a key of its own, split among custodians.
//!
//! At submission the key is split k of n and each share sealed to one custodian; whole, it exists nowhere after
//! that. Neither the handling office nor the server nor k-1 custodians can open it.

use entity::{
    identities, identity_shares,
    ids::{ShareId, TipId},
};
use sea_orm::{DbErr, Set};
use serde::Serialize;
use vault::{
    keys::{PublicKey, SymmetricKey},
    quorum,
    seal::{self, Context, Place},
};

use crate::{app::App, staff};

pub mod store;

#[derive(Debug, thiserror::Error)]
pub enum SealIdentityError {
    #[error("fewer custodians than hold a share")]
    TooFewCustodians,
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// Rows to store with the tip.
pub struct SealedIdentity {
    pub identity: identities::ActiveModel,
    pub shares: Vec<identity_shares::ActiveModel>,
}

/// Seals an identity to a quorum of custodians, drawn anew for each tip.
pub async fn seal_identity<T: Serialize>(app: &App, tip: TipId, who: &T) -> Result<SealedIdentity, SealIdentityError> {
    let (k, n) = (app.settings.identity_threshold, app.settings.identity_holders);
    let mut custodians = staff::store::ready_custodians(app.db.read()).await?;
    if custodians.len() < n {
        return Err(SealIdentityError::TooFewCustodians);
    }
    while custodians.len() > n {
        let out = app.chance.below(custodians.len() as u64) as usize;
        custodians.swap_remove(out);
    }
    let key = SymmetricKey::generate(&app.chance);
    let broken = |_| DbErr::Custom("the key could not be split".into());
    let split = quorum::split(&key, k, n, &app.chance).map_err(broken)?;
    let json = zeroize::Zeroizing::new(serde_json::to_vec(who).unwrap_or_default());
    let place = Place { table: "identities", column: "sealed", row: tip.into(), owner: tip.into(), version: 1 };
    let identity = identities::ActiveModel {
        tip_id: Set(tip),
        threshold: Set(i32::try_from(k).unwrap_or(i32::MAX)),
        holders: Set(i32::try_from(n).unwrap_or(i32::MAX)),
        commitment: Set(split.commitment),
        sealed: Set(seal::seal(&key, &place, &json, &app.chance)),
    };
    let mut shares = Vec::with_capacity(n);
    for (custodian, share) in custodians.iter().zip(&split.shares) {
        let damaged = |_| DbErr::Custom(format!("the public key of officer {} is damaged", custodian.id));
        let public = PublicKey::from_bytes(&custodian.public_key).map_err(damaged)?;
        let context = Context { purpose: "identity_share", row: custodian.id.into(), owner: tip.into(), version: 1 };
        shares.push(identity_shares::ActiveModel {
            id: Set(ShareId::from(app.chance.uuid())),
            tip_id: Set(tip),
            custodian_id: Set(custodian.id),
            wrap: Set(seal::seal_to(&public, &context, &share.to_bytes(), &app.chance)),
        });
    }
    Ok(SealedIdentity { identity, shares })
}
