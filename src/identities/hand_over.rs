use std::collections::{HashMap, HashSet};

use entity::{
    identity_request_readers, identity_shares,
    ids::{OfficerId, ShareId, TipId},
    officers,
};
use sea_orm::{DbErr, SqlErr};
use vault::digest::fingerprint;

use super::{
    request_identity::{public_of, reader_row},
    sealed, store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    staff::{self, Permission, Refused, Staff},
};

/// Somebody to whom shares go, and the fingerprint of his key as the one who leaves has seen it.
pub struct Successor {
    pub id: OfficerId,
    pub key_fingerprint: String,
}

#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("a successor is no ready custodian")]
    NotCustodian,
    #[error("a successor's key is not the one that was seen")]
    OtherKey,
    #[error("an identity would be left with fewer holders than it has: each successor holds a share of it already")]
    NoSuccessor,
    #[error("an own share is damaged")]
    ShareDamaged,
    #[error("somebody else changed a share at the same moment")]
    ConcurrentChange,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for HandOverError {
    fn public(&self) -> Public {
        match self {
            Self::Fields(fields) => fields.clone().into(),
            Self::NotCustodian => Code::NotCustodian.into(),
            Self::OtherKey => Code::KeyMismatch.into(),
            Self::NoSuccessor => Code::NoSuccessor.into(),
            Self::ShareDamaged => Code::ShareDamaged.into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// A custodian who leaves seals his own shares to his successors; nothing is rebuilt. Gives how many shares went.
///
/// Each share goes to the first successor who holds none of the same identity yet. All of them go, or none: an
/// identity must not be left with fewer live holders than it was sealed to. Votes that were cast stay cast.
pub async fn hand_over(app: &App, staff: &Staff, to: &[Successor]) -> Result<usize, HandOverError> {
    staff.must(Permission::Custody)?;
    let successors = successors(app, staff, to).await?;
    let shares = store::shares_of_officer(app.db.read(), staff.id).await?;
    let mut resealed = Vec::new();
    let mut heirs: HashMap<TipId, &officers::Model> = HashMap::new();
    for share in &shares {
        let (heir, row) = reseal(app, staff, &successors, share).await?;
        heirs.insert(share.tip_id, heir);
        resealed.push(row);
    }
    let readers = readers(app, staff, &heirs).await?;
    let moved = resealed.len();
    app.db
        .write(async |txn| {
            for (share, heir, wrap) in resealed {
                if !store::hand_over(txn, share, staff.id, heir, wrap).await? {
                    return Err(HandOverError::ConcurrentChange);
                }
            }
            for reader in readers {
                store::insert_reader(txn, reader).await?;
            }
            audit::record_officer(txn, app, staff, None, "CustodyHandedOver", Object::Officer(staff.id)).await?;
            Ok(moved)
        })
        .await
        .map_err(|error| match error {
            HandOverError::Store(error) if is_unique(&error) => HandOverError::ConcurrentChange,
            other => other,
        })
}

fn is_unique(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// The successors in the order in which they were named.
async fn successors(app: &App, staff: &Staff, to: &[Successor]) -> Result<Vec<officers::Model>, HandOverError> {
    if to.is_empty() {
        return Err(HandOverError::Fields(vec![FieldFault::new("to", Code::Missing)]));
    }
    let ready = staff::store::ready_custodians(app.db.read()).await?;
    let mut found = Vec::new();
    for successor in to {
        let officer = ready.iter().find(|officer| officer.id == successor.id && officer.id != staff.id);
        let officer = officer.ok_or(HandOverError::NotCustodian)?;
        if fingerprint(&officer.public_key) != successor.key_fingerprint {
            return Err(HandOverError::OtherKey);
        }
        found.push(officer.clone());
    }
    Ok(found)
}

type Resealed = (ShareId, OfficerId, Vec<u8>);

async fn reseal<'a>(
    app: &App,
    staff: &Staff,
    successors: &'a [officers::Model],
    share: &identity_shares::Model,
) -> Result<(&'a officers::Model, Resealed), HandOverError> {
    let db = app.db.read();
    let holders: HashSet<OfficerId> =
        store::shares_of_tip(db, share.tip_id).await?.iter().map(|share| share.custodian_id).collect();
    let heir = successors.iter().find(|officer| !holders.contains(&officer.id)).ok_or(HandOverError::NoSuccessor)?;
    let identity = store::identity(db, share.tip_id).await?.ok_or(HandOverError::ShareDamaged)?;
    let plain = sealed::open_share(&staff.private, share, &identity.commitment).ok_or(HandOverError::ShareDamaged)?;
    let wrap = sealed::seal_share(&public_of(heir)?, share.tip_id, heir.id, &plain, &app.chance);
    Ok((heir, (share.id, heir.id, wrap)))
}

/// What successors need to read the requests that are under way.
async fn readers(
    app: &App,
    staff: &Staff,
    heirs: &HashMap<TipId, &officers::Model>,
) -> Result<Vec<identity_request_readers::ActiveModel>, HandOverError> {
    let mut rows = Vec::new();
    for request in store::live_requests(app.db.read(), heirs.keys().copied().collect()).await? {
        let Some(heir) = heirs.get(&request.tip_id) else { continue };
        let own = store::reader(app.db.read(), request.id, staff.id).await?;
        let known = store::reader(app.db.read(), request.id, heir.id).await?.is_some();
        let key = own.and_then(|own| sealed::open_reader(&staff.private, request.id, staff.id, &own.wrap).ok());
        if let (Some(key), false) = (key, known) {
            rows.push(reader_row(app, request.id, heir, &key)?);
        }
    }
    Ok(rows)
}
