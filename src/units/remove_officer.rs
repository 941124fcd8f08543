use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId},
    officers, role_grants,
};
use sea_orm::{DatabaseTransaction, DbErr, Set};

use super::{
    Keyring, OpenKeysError,
    keys::link_epochs,
    open_keys,
    start_epoch::{holders, start_epoch},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    identities,
    platform::fault::{Code, Fault, Public, store_code},
    staff::{self, Permission, Refused, Staff},
    tips,
};

#[derive(Debug, thiserror::Error)]
pub enum RemoveOfficerError {
    #[error("no such office")]
    NoSuchOffice,
    #[error("the officer has no role in this office")]
    NoSuchOfficer,
    #[error("nobody removes himself")]
    OwnRemoval,
    #[error("nobody else holds the office's key: what was sealed to it would be lost")]
    LastMember,
    #[error("a restricted tip names no other officer: it would be lost")]
    LastReader,
    #[error("fewer custodians would be left than hold a share of an identity")]
    TooFewCustodians,
    #[error("the officer holds shares of identities, which he has to hand over first")]
    SharesNotHandedOver,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for RemoveOfficerError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::NoSuchOfficer => Code::NoSuchOfficer.into(),
            Self::OwnRemoval => Code::OwnRemoval.into(),
            Self::LastMember => Code::LastMember.into(),
            Self::LastReader => Code::LastReader.into(),
            Self::TooFewCustodians => Code::TooFewCustodians.into(),
            Self::SharesNotHandedOver => Code::SharesNotHandedOver.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// What a removal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovedOfficer {
    /// The epoch that began with it; none if the officer held no key.
    pub epoch: Option<i32>,
    /// Restricted tips that name one officer only from now on: another should be named.
    pub tips_with_one_reader: u64,
}

/// Takes an officer out of an office: roles, keys and sessions go at once, on every node, and a new epoch begins.
///
/// What the officer copied before stays readable to him, as far as it is sealed to keys that he copied too; what
/// comes in from now on does not (docs/MEMBERSHIP.md). Open tips are moved to the new epoch by `tips::rewrap`.
/// Commanders and administrators of the office can; the administrator, who holds no key, leaves the link between
/// the epochs to the first member who comes.
///
/// A custodian goes when his shares have gone to successors (`identities::hand_over`), so that no identity is left
/// with fewer live holders than it was sealed to. Where he does not do that any more, an administrator resets his
/// password and says that the loss of the shares is accepted.
pub async fn remove_officer(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    officer: OfficerId,
) -> Result<RemovedOfficer, RemoveOfficerError> {
    may_remove(staff, office)?;
    if officer == staff.id {
        return Err(RemoveOfficerError::OwnRemoval);
    }
    let keyring = match open_keys(app.db.read(), staff, office).await {
        Ok(keyring) => Some(keyring),
        Err(OpenKeysError::NoKey | OpenKeysError::Refused(_)) => None,
        Err(OpenKeysError::Store(error)) => return Err(error.into()),
    };
    let needed = usize::try_from(identities::read_quorum(app).await?.holders).unwrap_or(usize::MAX);
    app.db.write(async |txn| remove_in(txn, app, staff, (office, officer), keyring.as_ref(), needed).await).await
}

fn may_remove(staff: &Staff, office: OfficeId) -> Result<(), Refused> {
    staff.must_in(office, Permission::Confirm).or_else(|_| staff.must_in(office, Permission::Administer))
}

async fn remove_in(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    (office, officer): (OfficeId, OfficerId),
    keyring: Option<&Keyring>,
    custodians_needed: usize,
) -> Result<RemovedOfficer, RemoveOfficerError> {
    store::office_to_change(txn, office).await?.ok_or(RemoveOfficerError::NoSuchOffice)?;
    // Of two who remove each other, the second has been removed meanwhile.
    let own = staff::store::grants_of(txn, staff.id).await?;
    let may = |grant: &role_grants::Model| {
        grant.office_id == office
            && (Permission::Confirm.is_given_by(grant.role) || Permission::Administer.is_given_by(grant.role))
    };
    if !own.iter().any(may) {
        return Err(Refused::Forbidden.into());
    }
    let grants = staff::store::grants_of(txn, officer).await?;
    if !grants.iter().any(|grant| grant.office_id == office) {
        return Err(RemoveOfficerError::NoSuchOfficer);
    }
    keep_custodians(txn, office, officer, &grants, custodians_needed).await?;
    let held = holders(txn, office).await?.iter().any(|member| member.id == officer);
    let tips_with_one_reader = take_away(txn, office, officer).await?;
    if grants.iter().all(|grant| grant.office_id == office) {
        let status = Set(OfficerStatus::Removed);
        let row = officers::ActiveModel { id: Set(officer), status, ..Default::default() };
        staff::store::update_officer(txn, row).await?;
    }
    let epoch = if held { next_epoch(txn, app, staff, office, keyring).await? } else { None };
    audit::record_officer(txn, app, staff, Some(office), "OfficerRemoved", Object::Officer(officer)).await?;
    Ok(RemovedOfficer { epoch, tips_with_one_reader })
}

/// Who holds shares hands them over first. Confidential tips need as many custodians as hold a share; who would make
/// them too few stays until another is made.
async fn keep_custodians(
    txn: &DatabaseTransaction,
    office: OfficeId,
    officer: OfficerId,
    grants: &[role_grants::Model],
    needed: usize,
) -> Result<(), RemoveOfficerError> {
    let mut custodian = grants.iter().filter(|grant| grant.role == Role::Custodian);
    let leaves = custodian.clone().any(|grant| grant.office_id == office);
    if !leaves || custodian.any(|grant| grant.office_id != office) {
        return Ok(());
    }
    if !identities::store::shares_of_officer(txn, officer).await?.is_empty() {
        return Err(RemoveOfficerError::SharesNotHandedOver);
    }
    // Where there were too few before, or without this one, nothing hangs on this one.
    let ready = staff::store::ready_custodians(txn).await?;
    let is_ready = ready.iter().any(|custodian| custodian.id == officer);
    if is_ready && ready.len() == needed { Err(RemoveOfficerError::TooFewCustodians) } else { Ok(()) }
}

/// Takes roles, sessions, keys and names off; gives how many restricted tips name one officer only from now on.
async fn take_away(txn: &DatabaseTransaction, office: OfficeId, officer: OfficerId) -> Result<u64, RemoveOfficerError> {
    staff::store::delete_grants(txn, officer, office).await?;
    staff::store::delete_all_sessions_of(txn, officer).await?;
    let keys = store::keys(txn, office).await?;
    store::delete_key_wraps(txn, &keys, officer).await?;
    store::delete_consent(txn, office, officer).await?;
    store::delete_consents_by(txn, office, officer).await?;
    let left = tips::forget_reader(txn, office, officer).await?;
    if left.with_none > 0 { Err(RemoveOfficerError::LastReader) } else { Ok(left.with_one) }
}

async fn next_epoch(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    office: OfficeId,
    keyring: Option<&Keyring>,
) -> Result<Option<i32>, RemoveOfficerError> {
    let epoch = start_epoch(txn, app, office, staff.id).await?.ok_or(RemoveOfficerError::LastMember)?;
    if let Some(keyring) = keyring {
        link_epochs(txn, app, keyring).await?;
    }
    audit::record_officer(txn, app, staff, Some(office), "EpochStarted", Object::Office(office)).await?;
    Ok(Some(epoch))
}
