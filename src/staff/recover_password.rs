use entity::{enums::OfficerStatus, officers};
use sea_orm::Set;
use vault::{
    keys::PrivateKey,
    password::{self, OfficerLock, WeakPassword},
    secret::Secret,
};

use super::{
    LogInError,
    change_password::weak_code,
    log_in::{check_code, check_key, lock_of},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::{
        fault::{Code, Fault, FieldFault, Public},
        shedding::Overloaded,
    },
};

#[derive(Debug, thiserror::Error)]
pub enum RecoverPasswordError {
    #[error("the new password is too weak")]
    Weak(WeakPassword),
    #[error("no such name and recovery code")]
    WrongCredentials,
    #[error(transparent)]
    LogIn(#[from] LogInError),
}

impl From<Overloaded> for RecoverPasswordError {
    fn from(error: Overloaded) -> Self {
        Self::LogIn(error.into())
    }
}

impl From<sea_orm::DbErr> for RecoverPasswordError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::LogIn(error.into())
    }
}

impl Fault for RecoverPasswordError {
    fn public(&self) -> Public {
        match self {
            Self::Weak(weak) => vec![FieldFault::new("new_password", weak_code(*weak))].into(),
            Self::WrongCredentials => Code::WrongCredentials.into(),
            Self::LogIn(error) => error.public(),
        }
    }
}

/// What a right code leads to: the officer's key, its new lock, and the next code.
type Relocked = (PrivateKey, OfficerLock, Secret<String>);

/// Sets a new password with the recovery code. The key pair stays, so nothing is lost; every session ends, and the
/// code is used up: the next one is returned, to be printed once.
///
/// An unknown name and a wrong code cost what a right one costs, so that names cannot be told.
pub async fn recover_password(
    app: &App,
    username: &str,
    recovery_code: Secret<String>,
    new: Secret<String>,
    code: Option<&str>,
) -> Result<Secret<String>, RecoverPasswordError> {
    let username = username.to_lowercase();
    password::check(&new, &username).map_err(RecoverPasswordError::Weak)?;
    let officer = store::officer_by_name(app.db.read(), &username).await?;
    let officer = officer.filter(|officer| officer.status == OfficerStatus::Active);
    let relocked = relock(app, officer.as_ref(), recovery_code, new).await?;
    let (Some(officer), Some((private, lock, next))) = (officer, relocked) else {
        return Err(RecoverPasswordError::WrongCredentials);
    };
    if let Some(sealed) = &officer.second_factor_sealed {
        let code = code.ok_or(LogInError::CodeRequired)?;
        check_code(app, &officer, sealed, &private, code).await?;
    }
    check_key(&officer, &private)?;
    app.db
        .write(async |txn| {
            // Reset or changed meanwhile, it must not come back to the old key pair.
            if !store::update_officer_if_locked(txn, officer.id, &officer.auth_hash, locked(lock)).await? {
                return Err(RecoverPasswordError::WrongCredentials);
            }
            store::delete_all_sessions_of(txn, officer.id).await?;
            audit::record_system(txn, app, None, "PasswordRecovered", Object::Officer(officer.id)).await?;
            Ok(())
        })
        .await?;
    Ok(next)
}

async fn relock(
    app: &App,
    officer: Option<&officers::Model>,
    recovery_code: Secret<String>,
    new: Secret<String>,
) -> Result<Option<Relocked>, Overloaded> {
    let (secrets, chance) = (app.secrets.clone(), app.chance.clone());
    let known = officer.map(|officer| (uuid::Uuid::from(officer.id), lock_of(officer)));
    let work = move || {
        let opened = known.and_then(|(id, lock)| {
            let private = password::unlock_with_recovery_code(id, &lock, &recovery_code, &secrets).ok()?;
            Some((id, lock, private))
        });
        let Some((id, lock, private)) = opened else {
            password::decoy(&new, &secrets);
            return None;
        };
        let (lock, next) = password::renew_recovery_code(id, &lock, &private, &secrets, &chance);
        let lock = password::relock(id, &lock, &private, &new, &secrets, &chance);
        Some((private, lock, next))
    };
    app.log_ins.run(work).await
}

/// The key pair is the same; so a password that had to be changed still has to be.
fn locked(lock: OfficerLock) -> officers::ActiveModel {
    officers::ActiveModel {
        salt: Set(lock.salt),
        pepper_version: Set(lock.pepper_version),
        auth_hash: Set(lock.auth_hash),
        sealed_private_key: Set(lock.sealed_private_key),
        recovery_sealed_private_key: Set(lock.recovery_sealed_private_key),
        ..Default::default()
    }
}
