use entity::officers;
use sea_orm::Set;
use vault::{
    keys::PrivateKey,
    password::{self, OfficerLock, WeakPassword},
    secret::Secret,
};

use super::{Pending, Staff, log_in::lock_of, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        shedding::Overloaded,
    },
};

#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    #[error("the old password is wrong")]
    WrongPassword,
    #[error("the new password is too weak")]
    Weak(WeakPassword),
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for ChangePasswordError {
    fn public(&self) -> Public {
        match self {
            Self::WrongPassword => Code::WrongCredentials.into(),
            Self::Weak(weak) => vec![FieldFault::new("new_password", weak_code(*weak))].into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

pub(super) fn weak_code(weak: WeakPassword) -> Code {
    match weak {
        WeakPassword::TooShort => Code::PasswordTooShort,
        WeakPassword::TooLong => Code::PasswordTooLong,
        WeakPassword::Common => Code::PasswordCommon,
        WeakPassword::LikeUsername => Code::PasswordLikeUsername,
    }
}

/// Changes the officer's own password and ends all other sessions.
///
/// The first change after an account was made for somebody makes a fresh key pair too, because the maker of the
/// account has seen the temporary password; its recovery code is returned, to be printed once. This session ends
/// with it (it holds the old key): log in again.
pub async fn change_password(
    app: &App,
    staff: &Staff,
    old: Secret<String>,
    new: Secret<String>,
) -> Result<Option<Secret<String>>, ChangePasswordError> {
    password::check(&new, &staff.username).map_err(ChangePasswordError::Weak)?;
    let officer = store::officer(app.db.read(), staff.id).await?.ok_or(ChangePasswordError::WrongPassword)?;
    let fresh_pair = staff.pending == Some(Pending::PasswordChange);
    let (id, secrets, chance, lock) = (staff.id, app.secrets.clone(), app.chance.clone(), lock_of(&officer));
    let changed = app
        .log_ins
        .run(move || -> Option<(OfficerLock, Option<Secret<String>>)> {
            let private: PrivateKey = password::unlock(id.into(), &lock, &old, &secrets).ok()?;
            if fresh_pair {
                let (lock, _, recovery) = password::enrol(id.into(), &new, &secrets, &chance);
                Some((lock, Some(recovery)))
            } else {
                Some((password::relock(id.into(), &lock, &private, &new, &secrets, &chance), None))
            }
        })
        .await?;
    let (lock, recovery) = changed.ok_or(ChangePasswordError::WrongPassword)?;
    app.db
        .write(async |txn| {
            store::update_officer(txn, locked(staff, lock)).await?;
            store::delete_sessions_of(txn, staff.id, staff.session).await?;
            if fresh_pair {
                store::delete_session(txn, staff.session).await?;
            }
            audit::record_officer(txn, app, staff, None, "PasswordChanged", Object::Officer(staff.id)).await
        })
        .await?;
    Ok(recovery)
}

fn locked(staff: &Staff, lock: OfficerLock) -> officers::ActiveModel {
    officers::ActiveModel {
        id: Set(staff.id),
        salt: Set(lock.salt),
        pepper_version: Set(lock.pepper_version),
        auth_hash: Set(lock.auth_hash),
        public_key: Set(lock.public_key),
        sealed_private_key: Set(lock.sealed_private_key),
        recovery_sealed_private_key: Set(lock.recovery_sealed_private_key),
        must_change_password: Set(false),
        ..Default::default()
    }
}
