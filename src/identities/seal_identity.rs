use entity::{
    identities, identity_shares,
    ids::{ShareId, TipId},
};
use sea_orm::{DbErr, Set};
use serde::Serialize;
use vault::{
    keys::{PublicKey, SymmetricKey},
    quorum,
};

use super::{read_quorum, sealed};
use crate::{app::App, staff};

#[derive(Debug, thiserror::Error)]
pub enum SealIdentityError {
    #[error("fewer custodians than hold a share")]
    TooFewCustodians,
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// Rows to store with the tip.
#[derive(Clone)]
pub struct SealedIdentity {
    pub identity: identities::ActiveModel,
    pub shares: Vec<identity_shares::ActiveModel>,
}

/// Seals an identity to a quorum of custodians, drawn anew for each tip.
pub async fn seal_identity<T: Serialize>(app: &App, tip: TipId, who: &T) -> Result<SealedIdentity, SealIdentityError> {
    let (k, n) = read_quorum(app).await?.parts();
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
    let identity = identities::ActiveModel {
        tip_id: Set(tip),
        threshold: Set(i32::try_from(k).unwrap_or(i32::MAX)),
        holders: Set(i32::try_from(n).unwrap_or(i32::MAX)),
        commitment: Set(split.commitment),
        sealed: Set(sealed::seal_identity(&key, tip, who, &app.chance)),
    };
    let mut shares = Vec::with_capacity(n);
    for (custodian, share) in custodians.iter().zip(&split.shares) {
        let damaged = |_| DbErr::Custom(format!("the public key of officer {} is damaged", custodian.id));
        let public = PublicKey::from_bytes(&custodian.public_key).map_err(damaged)?;
        shares.push(identity_shares::ActiveModel {
            id: Set(ShareId::from(app.chance.uuid())),
            tip_id: Set(tip),
            custodian_id: Set(custodian.id),
            wrap: Set(sealed::seal_share(&public, tip, custodian.id, share, &app.chance)),
        });
    }
    Ok(SealedIdentity { identity, shares })
}
