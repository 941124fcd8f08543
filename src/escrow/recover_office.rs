use entity::{
    enums::OfficerStatus,
    escrows,
    ids::{OfficeId, OfficerId},
    office_keys, officers,
};
use sea_orm::DbErr;
use uuid::Uuid;
use vault::{
    escrow::{self, Sheet, WithdrawError},
    keys::{PublicKey, UnitKeys},
};

use super::store;
use crate::{
    app::App,
    audit::{self, Object},
    staff::{self, Permission},
    units,
};

#[derive(Debug, thiserror::Error)]
pub enum RecoverOfficeError {
    #[error("no active officer has this name")]
    NoSuchOfficer,
    #[error("the officer has no role in this office that opens tips")]
    NoRole,
    #[error("the officer has not made a key pair yet: the first log-in and password change do")]
    NotReady,
    #[error("none of the sheets belongs to a key of this office; sheets that were printed anew replace older ones")]
    NoSuchEscrow,
    #[error("epoch {epoch}: {needed} sheets are needed, {given} different ones were given")]
    TooFew { epoch: i32, needed: i32, given: usize },
    #[error("epoch {epoch}: {source}")]
    Withdraw { epoch: i32, source: WithdrawError },
    #[error("epoch {0}: the sheets open another key than the office's")]
    OtherKey(i32),
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// Gives an office's keys to an officer from sheets of paper. For the command line: whoever holds enough sheets is
/// the authority. Gives the epochs that came back.
pub async fn recover_office(
    app: &App,
    office: OfficeId,
    username: &str,
    sheets: &[Sheet],
) -> Result<Vec<i32>, RecoverOfficeError> {
    let officer = heir(app, office, username).await?;
    let public = PublicKey::from_bytes(&officer.public_key).map_err(|_| RecoverOfficeError::NotReady)?;
    let keys = store::keys_of_office(app.db.read(), office).await?;
    let escrows = store::of_keys(app.db.read(), keys.iter().map(|key| key.id).collect()).await?;
    let mut opened = Vec::new();
    for escrow in &escrows {
        let Some(key) = keys.iter().find(|key| key.id == escrow.office_key_id) else { continue };
        if sheets.iter().any(|sheet| sheet.escrow == Uuid::from(escrow.id)) {
            opened.push((key, open(key, escrow, sheets)?));
        }
    }
    if opened.is_empty() {
        return Err(RecoverOfficeError::NoSuchEscrow);
    }
    let epochs = opened.iter().map(|(key, _)| key.epoch).collect();
    app.db
        .write(async |txn| {
            for (key, unit_keys) in &opened {
                store::delete_wrap(txn, key.id, officer.id).await?;
                units::seal_to_member(txn, app, unit_keys, (key.id, key.epoch), officer.id, &public, None).await?;
            }
            audit::record_system(txn, app, Some(office), "OfficeRecovered", Object::Officer(officer.id)).await
        })
        .await?;
    Ok(epochs)
}

fn open(key: &office_keys::Model, escrow: &escrows::Model, sheets: &[Sheet]) -> Result<UnitKeys, RecoverOfficeError> {
    let mut numbers: Vec<u8> =
        sheets.iter().filter(|sheet| sheet.escrow == Uuid::from(escrow.id)).map(Sheet::number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let needed = usize::try_from(escrow.threshold).unwrap_or(usize::MAX);
    if numbers.len() < needed {
        let (epoch, given) = (key.epoch, numbers.len());
        return Err(RecoverOfficeError::TooFew { epoch, needed: escrow.threshold, given });
    }
    let opened = escrow::withdraw(sheets, escrow.id.into(), key.id.into(), needed, &escrow.commitment, &escrow.sealed);
    let keys = opened.map_err(|source| RecoverOfficeError::Withdraw { epoch: key.epoch, source })?;
    if keys.private.public().to_bytes() == key.public_key {
        Ok(keys)
    } else {
        Err(RecoverOfficeError::OtherKey(key.epoch))
    }
}

/// Who gets the keys: somebody whose work in this office needs them.
async fn heir(app: &App, office: OfficeId, username: &str) -> Result<officers::Model, RecoverOfficeError> {
    let db = app.db.read();
    let officer = staff::store::officer_by_name(db, &username.to_lowercase()).await?;
    let officer = officer.filter(|officer| officer.status == OfficerStatus::Active);
    let officer = officer.ok_or(RecoverOfficeError::NoSuchOfficer)?;
    let id: OfficerId = officer.id;
    let grants = staff::store::grants_of(db, id).await?;
    if !grants.iter().any(|grant| grant.office_id == office && Permission::ReadTips.is_given_by(grant.role)) {
        return Err(RecoverOfficeError::NoRole);
    }
    if officer.must_change_password { Err(RecoverOfficeError::NotReady) } else { Ok(officer) }
}
