use entity::{
    enums::OfficerStatus,
    ids::{OfficeId, OfficerId},
    officers,
};
use sea_orm::{ConnectionTrait, DbErr, Set};
use vault::{
    password::{self, OfficerLock},
    secret::Secret,
};

use super::{Permission, Refused, Staff, store};
use crate::{
    app::App,
    audit::{self, Object},
    identities,
    platform::{
        fault::{Code, Fault, Public, store_code},
        shedding::Overloaded,
    },
    tips, units,
};

#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    #[error("no such officer in this office")]
    NoSuchOfficer,
    #[error("keys that nobody else holds would be lost")]
    WouldLoseKeys,
    #[error("the officer's password was changed at the same moment")]
    ConcurrentChange,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ResetPasswordError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOfficer => Code::NoSuchOfficer.into(),
            Self::WouldLoseKeys => Code::WouldLoseKeys.into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Gives an officer who lost password and recovery code a temporary password, and with it a new key pair: it lets
/// him log in and opens nothing until a member grants again. The second factor goes too, its secret lay under the
/// old key.
///
/// Where the old key is the last that opens an office or a restricted tip, or opens a share of an identity, it is
/// refused unless the administrator says that the loss is accepted.
pub async fn reset_password(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    id: OfficerId,
    accept_loss: bool,
) -> Result<Secret<String>, ResetPasswordError> {
    staff.must_in(office, Permission::Administer)?;
    let db = app.db.read();
    let officer = store::officer(db, id).await?.ok_or(ResetPasswordError::NoSuchOfficer)?;
    let mut offices: Vec<OfficeId> = store::grants_of(db, id).await?.iter().map(|grant| grant.office_id).collect();
    if officer.status != OfficerStatus::Active || !offices.contains(&office) {
        return Err(ResetPasswordError::NoSuchOfficer);
    }
    // In one order everywhere, so that no two wait for each other.
    offices.sort_unstable();
    offices.dedup();
    let temporary = password::generate_phrase(&app.chance);
    let (secrets, chance, new) = (app.secrets.clone(), app.chance.clone(), temporary.clone());
    let (lock, _, _) = app.log_ins.run(move || password::enrol(id.into(), &new, &secrets, &chance)).await?;
    app.db
        .write(async |txn| {
            // Of two members who are reset at the same moment, the second is the last.
            for office in offices {
                units::store::office_to_change(txn, office).await?;
            }
            let loses = would_lose(txn, id).await?;
            let tips_lost = tips::forget_key_of_reader(txn, id).await?;
            if !accept_loss && (loses || tips_lost > 0) {
                return Err(ResetPasswordError::WouldLoseKeys);
            }
            if !store::update_officer_if_locked(txn, id, &officer.auth_hash, reset(lock)).await? {
                return Err(ResetPasswordError::ConcurrentChange);
            }
            store::delete_all_sessions_of(txn, id).await?;
            store::delete_recovery_codes_of(txn, id).await?;
            units::store::delete_wraps_of(txn, id).await?;
            identities::store::delete_shares_of(txn, id).await?;
            audit::record_officer(txn, app, staff, Some(office), "PasswordReset", Object::Officer(id)).await?;
            Ok(())
        })
        .await?;
    Ok(temporary)
}

/// Whether an office's key or a share of an identity is sealed to the officer that too few others hold.
async fn would_lose(db: &impl ConnectionTrait, id: OfficerId) -> Result<bool, DbErr> {
    if !identities::store::shares_of_officer(db, id).await?.is_empty() {
        return Ok(true);
    }
    for key in units::store::newest_keys(db).await? {
        let holders = units::store::holders_of_key(db, key.id).await?;
        if holders.contains(&id) {
            let others = holders.into_iter().filter(|holder| *holder != id).collect();
            let others = store::officers_by_id(db, others).await?;
            if !others.iter().any(|other| other.status == OfficerStatus::Active) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn reset(lock: OfficerLock) -> officers::ActiveModel {
    officers::ActiveModel {
        salt: Set(lock.salt),
        pepper_version: Set(lock.pepper_version),
        auth_hash: Set(lock.auth_hash),
        public_key: Set(lock.public_key),
        sealed_private_key: Set(lock.sealed_private_key),
        recovery_sealed_private_key: Set(lock.recovery_sealed_private_key),
        must_change_password: Set(true),
        second_factor_sealed: Set(None),
        second_factor_last_step: Set(None),
        second_factor_failures: Set(0),
        second_factor_locked_until: Set(None),
        ..Default::default()
    }
}
