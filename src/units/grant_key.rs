use entity::{
    enums::OfficerStatus,
    ids::{OfficeId, OfficerId},
};
use sea_orm::{DbErr, SqlErr};
use vault::keys::PublicKey;

use super::{OpenKeysError, keys::seal_to_member, open_keys, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Public, store_code},
    staff::{self, Permission, Refused, Staff},
};

#[derive(Debug, thiserror::Error)]
pub enum GrantKeyError {
    #[error("no such officer")]
    NoSuchOfficer,
    #[error("the officer has no role in this office that opens tips")]
    NoRole,
    #[error("the officer has not made a key pair yet: the first log-in and password change do")]
    NotReady,
    #[error("the officer holds the key already")]
    AlreadyMember,
    #[error(transparent)]
    Keys(#[from] OpenKeysError),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for GrantKeyError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOfficer => Code::NoSuchOfficer.into(),
            Self::NoRole => Code::OfficerHasNoRole.into(),
            Self::NotReady => Code::PasswordChangeRequired.into(),
            Self::AlreadyMember => Code::AlreadyMember.into(),
            Self::Keys(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// A member gives another officer the office's keys, all epochs that the member holds.
///
/// The server cannot do this by itself, nor can an administrator: only who can open can pass on.
pub async fn grant_key(app: &App, staff: &Staff, office: OfficeId, to: OfficerId) -> Result<(), GrantKeyError> {
    let db = app.db.read();
    staff.must_in(office, Permission::ReadTips).map_err(OpenKeysError::from)?;
    let officer = staff::store::officer(db, to).await?.ok_or(GrantKeyError::NoSuchOfficer)?;
    if officer.status != OfficerStatus::Active {
        return Err(GrantKeyError::NoSuchOfficer);
    }
    let grants = staff::store::grants_of(db, to).await?;
    let reads =
        |grant: &entity::role_grants::Model| grant.office_id == office && Permission::ReadTips.is_given_by(grant.role);
    if !grants.iter().any(reads) {
        return Err(GrantKeyError::NoRole);
    }
    if officer.must_change_password {
        return Err(GrantKeyError::NotReady);
    }
    let public = PublicKey::from_bytes(&officer.public_key).map_err(|_| GrantKeyError::NotReady)?;
    let keyring = open_keys(db, staff, office).await?;
    let held = store::keys_of(db, office, staff.id).await?;
    app.db
        .write(async |txn| {
            for (key, _) in &held {
                if let Some(keys) = keyring.epoch(key.epoch) {
                    seal_to_member(txn, app, keys, (key.id, key.epoch), to, &public, Some(staff.id)).await?;
                }
            }
            audit::record_officer(txn, app, staff, Some(office), "KeyGranted", Object::Officer(to)).await
        })
        .await
        .map_err(|error: DbErr| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => GrantKeyError::AlreadyMember,
            _ => error.into(),
        })
}

impl From<Refused> for GrantKeyError {
    fn from(refused: Refused) -> Self {
        Self::Keys(refused.into())
    }
}
