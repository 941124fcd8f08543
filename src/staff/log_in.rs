use entity::{enums::OfficerStatus, ids::SessionId, officers};
use sea_orm::Set;
use vault::{
    keys::PrivateKey,
    password::{self, OfficerLock},
    second_factor::{self, SecondFactor},
    secret::Secret,
};

use super::{
    authenticate,
    sessions::{Tokens, end_of_shift, mint},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::{
        fault::{Code, Fault, Public, store_code},
        shedding::Overloaded,
    },
    tips,
};

/// Wrong codes in a row, after a right password, before the second factor rests. At one try in three seconds an
/// attacker who knows the password would otherwise be through six digits in weeks; so it takes centuries.
const MAX_WRONG_CODES: i32 = 5;

/// How long the second factor rests after that.
const REST: chrono::Duration = chrono::Duration::minutes(15);

#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    #[error("no such name and password")]
    WrongCredentials,
    #[error("the second factor's code is missing")]
    CodeRequired,
    #[error("the second factor's code is wrong")]
    WrongCode,
    #[error("too many wrong codes")]
    TooManyCodes,
    /// Somebody wrote to the database: what would be sealed to this officer, somebody else would open.
    #[error("the stored public key is not the officer's")]
    KeyMismatch,
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for LogInError {
    fn public(&self) -> Public {
        match self {
            Self::WrongCredentials => Code::WrongCredentials.into(),
            Self::CodeRequired => Code::SecondFactorCodeRequired.into(),
            Self::WrongCode => Code::WrongCode.into(),
            Self::TooManyCodes => Code::TooManyCodes.into(),
            Self::KeyMismatch => Code::KeyMismatch.into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Opens a session. An unknown name costs what a wrong password costs, so that names cannot be told.
pub async fn log_in(
    app: &App,
    username: &str,
    password: Secret<String>,
    code: Option<&str>,
) -> Result<Tokens, LogInError> {
    let officer = store::officer_by_name(app.db.read(), &username.to_lowercase()).await?;
    let officer = officer.filter(|officer| officer.status == OfficerStatus::Active);
    let opened = unlock(app, officer.as_ref(), password).await?;
    let (Some(officer), Some((private, newer))) = (officer, opened) else {
        return Err(LogInError::WrongCredentials);
    };
    if let Some(sealed) = &officer.second_factor_sealed {
        let code = code.ok_or(LogInError::CodeRequired)?;
        check_code(app, &officer, sealed, &private, code).await?;
    }
    check_key(&officer, &private)?;
    let session_id = SessionId::from(app.chance.uuid());
    let minted = mint(app, session_id, officer.id, &private, 0, end_of_shift(app));
    app.db
        .write(async |txn| {
            store::delete_ended_sessions(txn, officer.id, app.clock.now()).await?;
            store::insert_session(txn, minted.row).await?;
            if let Some(newer) = newer {
                // Unless the password was changed meanwhile: then it is under the newest pepper already.
                store::relock_officer(txn, officer.id, &officer.auth_hash, locked(newer)).await?;
            }
            audit::record_system(txn, app, None, "LoggedIn", Object::Officer(officer.id)).await
        })
        .await?;
    carry_on(app, &minted.tokens).await;
    Ok(minted.tokens)
}

/// Whoever can write to the database could put in a public key of their own and wait for a grant.
pub(super) fn check_key(officer: &officers::Model, private: &PrivateKey) -> Result<(), LogInError> {
    if private.public().to_bytes() == officer.public_key { Ok(()) } else { Err(LogInError::KeyMismatch) }
}

/// An office's move to its newest epoch needs a member's key: each log-in takes some of it along. Nothing of it is a
/// reason to keep anybody out; the next log-in goes on.
async fn carry_on(app: &App, tokens: &Tokens) {
    let Ok(staff) = authenticate(app, &tokens.access).await else { return };
    if let Err(error) = tips::rewrap_some(app, &staff).await {
        tracing::warn!(cause = %error.code().as_str(), "tips were not moved to the newest epoch");
    }
}

/// The officer's private key; and a lock under the present pepper, where the stored one is of an earlier.
async fn unlock(
    app: &App,
    officer: Option<&officers::Model>,
    password: Secret<String>,
) -> Result<Option<(PrivateKey, Option<OfficerLock>)>, Overloaded> {
    let (secrets, chance) = (app.secrets.clone(), app.chance.clone());
    match officer {
        Some(officer) => {
            let (id, lock) = (officer.id, lock_of(officer));
            app.log_ins
                .run(move || {
                    let private = password::unlock(id.into(), &lock, &password, &secrets).ok()?;
                    let outdated = lock.pepper_version != secrets.current_pepper();
                    let newer =
                        outdated.then(|| password::relock(id.into(), &lock, &private, &password, &secrets, &chance));
                    Some((private, newer))
                })
                .await
        }
        None => {
            app.log_ins
                .run(move || {
                    password::decoy(&password, &secrets);
                    None
                })
                .await
        }
    }
}

/// What of a lock hangs on the password.
fn locked(lock: OfficerLock) -> officers::ActiveModel {
    officers::ActiveModel {
        salt: Set(lock.salt),
        pepper_version: Set(lock.pepper_version),
        auth_hash: Set(lock.auth_hash),
        sealed_private_key: Set(lock.sealed_private_key),
        ..Default::default()
    }
}

/// The stored lock in the vault's terms.
pub(super) fn lock_of(officer: &officers::Model) -> OfficerLock {
    OfficerLock {
        salt: officer.salt.clone(),
        pepper_version: officer.pepper_version,
        auth_hash: officer.auth_hash.clone(),
        public_key: officer.public_key.clone(),
        sealed_private_key: officer.sealed_private_key.clone(),
        recovery_sealed_private_key: officer.recovery_sealed_private_key.clone(),
    }
}

/// Asks for the second factor, once the private key is open.
pub(super) async fn check_code(
    app: &App,
    officer: &officers::Model,
    sealed: &[u8],
    private: &PrivateKey,
    code: &str,
) -> Result<(), LogInError> {
    let now = app.clock.now();
    if officer.second_factor_locked_until.is_some_and(|until| until > now) {
        return Err(LogInError::TooManyCodes);
    }
    let factor = SecondFactor::open(officer.id.into(), private, sealed).map_err(|_| LogInError::WrongCode)?;
    let step = factor.verify(code, now, officer.second_factor_last_step).ok();
    let hash = second_factor::hash_recovery_code(officer.id.into(), code, &app.secrets);
    let accepted = app
        .db
        .write(async |txn| match step {
            // Compare-and-swap: of two log-ins with the same code at once, one gets in.
            Some(step) => store::use_step(txn, officer.id, step).await,
            None => store::use_recovery_code(txn, officer.id, &hash, now).await,
        })
        .await?;
    if accepted {
        return Ok(());
    }
    let rest = (officer.second_factor_failures + 1 >= MAX_WRONG_CODES).then_some(now + REST);
    app.db.write(async |txn| store::count_wrong_code(txn, officer.id, rest).await).await?;
    Err(LogInError::WrongCode)
}
