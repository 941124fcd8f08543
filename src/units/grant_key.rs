use entity::{
    enums::OfficerStatus,
    ids::{OfficeId, OfficerId},
    officers,
};
use sea_orm::{DbErr, SqlErr};
use vault::{digest::fingerprint, keys::PublicKey};

use super::{OpenKeysError, open_keys, seal_to_member, store};
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
    #[error("the officer's key is not the one that the member has seen")]
    OtherKey,
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
            Self::OtherKey => Code::KeyMismatch.into(),
            Self::AlreadyMember => Code::AlreadyMember.into(),
            Self::Keys(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// As `grant_key`, to the key whose fingerprint the member has compared with the officer and to no other.
pub async fn grant_seen_key(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    to: OfficerId,
    seen: &str,
) -> Result<(), GrantKeyError> {
    staff.must_in(office, Permission::ReadTips)?;
    let officer = staff::store::officer(app.db.read(), to).await?.ok_or(GrantKeyError::NoSuchOfficer)?;
    if fingerprint(&officer.public_key) != seen {
        return Err(GrantKeyError::OtherKey);
    }
    grant_to(app, staff, office, officer).await
}

/// A member gives another officer the office's keys, all epochs that the member holds.
///
/// The server cannot do this by itself, nor can an administrator: only who can open can pass on.
pub async fn grant_key(app: &App, staff: &Staff, office: OfficeId, to: OfficerId) -> Result<(), GrantKeyError> {
    staff.must_in(office, Permission::ReadTips)?;
    let officer = staff::store::officer(app.db.read(), to).await?.ok_or(GrantKeyError::NoSuchOfficer)?;
    grant_to(app, staff, office, officer).await
}

async fn grant_to(app: &App, staff: &Staff, office: OfficeId, officer: officers::Model) -> Result<(), GrantKeyError> {
    let (db, to) = (app.db.read(), officer.id);
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
