//! The second factor: a time-based code (RFC 6238) and ten recovery codes on paper.

use entity::{ids::RecoveryCodeId, officers};
use sea_orm::Set;
use vault::{
    second_factor::{self, SecondFactor},
    secret::Secret,
};

use super::{Pending, Refused, Staff, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Public, store_code},
};

#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    #[error("one is enrolled already; its code is needed to replace it")]
    Enrolled,
    #[error("not a secret that this line gave out")]
    NotStarted,
    #[error("the code is wrong")]
    WrongCode,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for SecondFactorError {
    fn public(&self) -> Public {
        match self {
            Self::Enrolled => Code::SecondFactorEnrolled.into(),
            Self::NotStarted => Code::SecondFactorNotStarted.into(),
            Self::WrongCode => Code::WrongCode.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// A fresh secret for an authenticator app. Nothing is stored until a code proves that the app has it.
pub struct StartedSecondFactor {
    pub secret: Secret<String>,
    pub uri: Secret<String>,
}

/// Makes a secret to scan or type into an authenticator app.
pub fn start_second_factor(app: &App, staff: &Staff) -> Result<StartedSecondFactor, SecondFactorError> {
    refuse_before_password_change(staff)?;
    let factor = SecondFactor::generate(&app.chance);
    Ok(StartedSecondFactor { secret: factor.base32(), uri: factor.uri(&staff.username, &app.settings.issuer) })
}

/// Enrols the secret once its code is right; gives ten recovery codes, shown once.
///
/// `current_code` is needed when a second factor is enrolled already: a stolen session alone must not replace it.
pub async fn verify_second_factor(
    app: &App,
    staff: &Staff,
    secret: &Secret<String>,
    code: &str,
    current_code: Option<&str>,
) -> Result<Vec<Secret<String>>, SecondFactorError> {
    refuse_before_password_change(staff)?;
    let factor = SecondFactor::from_base32(secret.expose()).map_err(|_| SecondFactorError::NotStarted)?;
    let officer = store::officer(app.db.read(), staff.id).await?.ok_or(Refused::Forbidden)?;
    check_current(app, staff, &officer, current_code)?;
    let step = factor.verify(code, app.clock.now(), None).map_err(|_| SecondFactorError::WrongCode)?;
    let codes = second_factor::recovery_codes(&app.chance);
    let hashes = codes.iter().map(|code| {
        let hash = second_factor::hash_recovery_code(staff.id.into(), code.expose(), &app.secrets);
        (RecoveryCodeId::from(app.chance.uuid()), hash.to_vec())
    });
    let hashes = hashes.collect();
    let sealed = factor.seal(staff.id.into(), &staff.private, &app.chance);
    app.db
        .write(async |txn| {
            let row = officers::ActiveModel {
                id: Set(staff.id),
                second_factor_sealed: Set(Some(sealed)),
                second_factor_last_step: Set(Some(step)),
                second_factor_failures: Set(0),
                second_factor_locked_until: Set(None),
                ..Default::default()
            };
            store::update_officer(txn, row).await?;
            store::replace_recovery_codes(txn, staff.id, hashes).await?;
            audit::record_officer(txn, app, staff, None, "SecondFactorEnrolled", Object::Officer(staff.id)).await
        })
        .await?;
    Ok(codes)
}

fn check_current(
    app: &App,
    staff: &Staff,
    officer: &officers::Model,
    current_code: Option<&str>,
) -> Result<(), SecondFactorError> {
    let Some(sealed) = &officer.second_factor_sealed else { return Ok(()) };
    let current_code = current_code.ok_or(SecondFactorError::Enrolled)?;
    let current =
        SecondFactor::open(staff.id.into(), &staff.private, sealed).map_err(|_| SecondFactorError::Enrolled)?;
    let fresh = current.verify(current_code, app.clock.now(), officer.second_factor_last_step);
    fresh.map(|_| ()).map_err(|_| SecondFactorError::WrongCode)
}

/// The password change makes the key pair under which the secret is sealed, so it comes first.
fn refuse_before_password_change(staff: &Staff) -> Result<(), Refused> {
    match staff.pending {
        Some(Pending::PasswordChange) => Err(Refused::PasswordChangeRequired),
        Some(Pending::SecondFactor) | None => Ok(()),
    }
}
