use entity::{
    enums::{OfficerStatus, Role},
    ids::{KeyConsentId, OfficeId, OfficerId},
    officers,
};
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};
use vault::{digest::fingerprint, keys::PublicKey};

use super::{
    Keyring, OpenKeysError,
    keys::{link_epochs, seal_to_member},
    open_keys,
    start_epoch::holders,
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Public, store_code},
    staff::{self, Permission, Refused, Staff},
};

#[derive(Debug, thiserror::Error)]
pub enum GrantKeyError {
    #[error("no such office")]
    NoSuchOffice,
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
    #[error("this member has consented; a commander needs a second one")]
    SecondMemberNeeded,
    #[error(transparent)]
    Keys(#[from] OpenKeysError),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for GrantKeyError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::NoSuchOfficer => Code::NoSuchOfficer.into(),
            Self::NoRole => Code::OfficerHasNoRole.into(),
            Self::NotReady => Code::PasswordChangeRequired.into(),
            Self::OtherKey => Code::KeyMismatch.into(),
            Self::AlreadyMember => Code::AlreadyMember.into(),
            Self::SecondMemberNeeded => Code::SecondMemberNeeded.into(),
            Self::Keys(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// What a member's grant came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// The officer holds the keys.
    Granted,
    /// A commander is let in by two: another member has to grant as well.
    WaitsForSecondMember,
}

/// A member gives another officer the office's keys: the newest, which opens those before it.
///
/// The server cannot do this by itself, nor can an administrator: only who can open can pass on. `seen` is the
/// fingerprint of the officer's public key as the member has compared it with the officer: whoever can write to the
/// database could put another key in its place, and nothing is sealed to that. A commander, who confirms and removes,
/// needs two members' grants, unless the office has only one member to ask.
pub async fn grant_key(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    to: OfficerId,
    seen: &str,
) -> Result<Granted, GrantKeyError> {
    staff.must_in(office, Permission::ReadTips).map_err(OpenKeysError::from)?;
    let officer = staff::store::officer(app.db.read(), to).await?.ok_or(GrantKeyError::NoSuchOfficer)?;
    grant_to(app, staff, office, officer, seen).await
}

async fn grant_to(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    officer: officers::Model,
    seen: &str,
) -> Result<Granted, GrantKeyError> {
    let (db, to) = (app.db.read(), officer.id);
    if officer.status != OfficerStatus::Active {
        return Err(GrantKeyError::NoSuchOfficer);
    }
    if officer.must_change_password {
        return Err(match roles_in(db, office, to).await?.is_empty() {
            true => GrantKeyError::NoRole,
            false => GrantKeyError::NotReady,
        });
    }
    if fingerprint(&officer.public_key) != seen {
        return Err(GrantKeyError::OtherKey);
    }
    let public = PublicKey::from_bytes(&officer.public_key).map_err(|_| GrantKeyError::NotReady)?;
    let keyring = open_keys(db, staff, office).await?;
    app.db.write(async |txn| grant_in(txn, app, staff, &keyring, &officer, &public).await).await.map_err(
        |error: GrantKeyError| match error {
            GrantKeyError::Store(error) if is_unique(&error) => GrantKeyError::AlreadyMember,
            other => other,
        },
    )
}

fn is_unique(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// The officer's roles in the office that open tips.
async fn roles_in(
    db: &impl sea_orm::ConnectionTrait,
    office: OfficeId,
    officer: OfficerId,
) -> Result<Vec<Role>, DbErr> {
    let grants = staff::store::grants_of(db, officer).await?;
    let here = grants.into_iter().filter(|grant| grant.office_id == office).map(|grant| grant.role);
    Ok(here.filter(|role| Permission::ReadTips.is_given_by(*role)).collect())
}

/// Under the office's lock: whoever is being removed at the same moment lets nobody in any more.
async fn grant_in(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    keyring: &Keyring,
    officer: &officers::Model,
    public: &PublicKey,
) -> Result<Granted, GrantKeyError> {
    let office = keyring.office;
    store::office_to_change(txn, office).await?.ok_or(GrantKeyError::NoSuchOffice)?;
    let roles = roles_in(txn, office, officer.id).await?;
    if roles.is_empty() {
        return Err(GrantKeyError::NoRole);
    }
    let members = holders(txn, office).await?;
    let present = store::current_key(txn, office).await?.ok_or(OpenKeysError::NoKey)?;
    let granter = members.iter().any(|member| member.id == staff.id);
    let (true, Some(keys)) = (granter, keyring.epoch(present.epoch)) else {
        return Err(OpenKeysError::NoKey.into());
    };
    if members.iter().any(|member| member.id == officer.id) {
        return Err(GrantKeyError::AlreadyMember);
    }
    let object = Object::Officer(officer.id);
    if roles.contains(&Role::Commander) && members.len() > 1 && !has_second(txn, app, staff, office, officer).await? {
        audit::record_officer(txn, app, staff, Some(office), "KeyGrantConsented", object).await?;
        return Ok(Granted::WaitsForSecondMember);
    }
    link_epochs(txn, app, keyring).await?;
    seal_to_member(txn, app, keys, (present.id, present.epoch), officer.id, public, Some(staff.id)).await?;
    store::delete_consent(txn, office, officer.id).await?;
    audit::record_officer(txn, app, staff, Some(office), "KeyGranted", object).await?;
    Ok(Granted::Granted)
}

/// Whether another member has consented to this officer with this key pair; if nobody has, this one does now.
async fn has_second(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    office: OfficeId,
    officer: &officers::Model,
) -> Result<bool, GrantKeyError> {
    match store::consent(txn, office, officer.id).await? {
        Some(row) if row.public_key != officer.public_key => store::delete_consent(txn, office, officer.id).await?,
        Some(row) if row.consented_by == staff.id => return Err(GrantKeyError::SecondMemberNeeded),
        Some(_) => return Ok(true),
        None => (),
    }
    let id = KeyConsentId::from(app.chance.uuid());
    let (key, now) = (officer.public_key.clone(), app.clock.now());
    store::insert_consent(txn, id, (office, officer.id), key, staff.id, now).await?;
    Ok(false)
}

impl From<Refused> for GrantKeyError {
    fn from(refused: Refused) -> Self {
        Self::Keys(refused.into())
    }
}
