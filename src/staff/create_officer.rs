use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId, RoleGrantId},
    officers,
};
use sea_orm::{ConnectionTrait, DbErr, Set, SqlErr};
use vault::{
    keys::PublicKey,
    password::{self, OfficerLock, WeakPassword},
    secret::Secret,
};

use super::{Permission, Refused, Staff, change_password::weak_code, permission::opens_tips, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        shedding::Overloaded,
    },
    tips::line_fault,
    units,
};

/// A name in a list of names; the longest that people here bear is half as long.
const MAX_NAME: usize = 100;

#[derive(Debug, thiserror::Error)]
pub enum CreateOfficerError {
    #[error("the username does not serve: 3 to 64 of a-z, 0-9, dot, dash, underscore")]
    UsernameInvalid,
    #[error("the display name is missing or too long")]
    DisplayName(Code),
    #[error("the username is taken")]
    UsernameTaken,
    #[error("no role was named")]
    NoRole,
    #[error("the password is too weak")]
    Weak(WeakPassword),
    #[error("no such office")]
    NoSuchOffice,
    #[error("the office has members: one of them grants its key")]
    OfficeHasMembers,
    #[error("a screener, investigator or commander is needed as the first member")]
    RoleOpensNothing,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for CreateOfficerError {
    fn public(&self) -> Public {
        match self {
            Self::UsernameInvalid => vec![FieldFault::new("username", Code::UsernameInvalid)].into(),
            Self::DisplayName(code) => vec![FieldFault::new("display_name", *code)].into(),
            Self::UsernameTaken => Code::UsernameTaken.into(),
            Self::NoRole => vec![FieldFault::new("roles", Code::Missing)].into(),
            Self::Weak(weak) => vec![FieldFault::new("password", weak_code(*weak))].into(),
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::OfficeHasMembers => Code::OfficeHasMembers.into(),
            Self::RoleOpensNothing => vec![FieldFault::new("roles", Code::Invalid)].into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewOfficer {
    pub username: String,
    pub display_name: String,
    pub office: OfficeId,
    pub roles: Vec<Role>,
    pub password: Secret<String>,
    /// True when somebody else has seen the password.
    pub must_change_password: bool,
    /// Every account outside the demonstration.
    pub second_factor_required: bool,
}

impl NewOfficer {
    fn check(&self) -> Result<(), CreateOfficerError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        if !(3..=64).contains(&self.username.len()) || !self.username.chars().all(plain) {
            return Err(CreateOfficerError::UsernameInvalid);
        }
        let name = self.display_name.trim();
        if let Some(code) = line_fault(name, MAX_NAME) {
            return Err(CreateOfficerError::DisplayName(code));
        }
        if self.roles.is_empty() {
            return Err(CreateOfficerError::NoRole);
        }
        password::check(&self.password, &self.username).map_err(CreateOfficerError::Weak)
    }
}

/// A made account: its id, its public key, and its recovery code to print once.
pub struct Created {
    pub id: OfficerId,
    pub public: PublicKey,
    pub recovery_code: Secret<String>,
}

/// An administrator makes an account in an office of theirs. Gives the temporary six-word password; the officer
/// must change it, which makes the key pair, and a member must then grant the office's key.
pub async fn create_officer(
    app: &App,
    staff: &Staff,
    username: String,
    display_name: String,
    office: OfficeId,
    roles: Vec<Role>,
) -> Result<(OfficerId, Secret<String>), CreateOfficerError> {
    staff.must_in(office, Permission::Administer)?;
    let password = password::generate_phrase(&app.chance);
    let new = NewOfficer {
        username,
        display_name,
        office,
        roles,
        password: password.clone(),
        must_change_password: true,
        second_factor_required: true,
    };
    let prepared = prepare(app, new).await?;
    let id = prepared.id;
    app.db
        .write(async |txn| {
            insert(txn, app, prepared, Some(staff.id)).await?;
            audit::record_officer(txn, app, staff, Some(office), "OfficerCreated", Object::Officer(id)).await?;
            Ok::<_, CreateOfficerError>(())
        })
        .await?;
    Ok((id, password))
}

/// Makes an account without asking for authority: for the command line and the demonstration only.
pub async fn insert_officer(app: &App, new: NewOfficer) -> Result<Created, CreateOfficerError> {
    let office = new.office;
    let prepared = prepare(app, new).await?;
    let (id, public, recovery_code) = (prepared.id, prepared.public.clone(), prepared.recovery_code.clone());
    app.db
        .write(async |txn| {
            insert(txn, app, prepared, None).await?;
            audit::record_system(txn, app, Some(office), "OfficerCreated", Object::Officer(id)).await?;
            Ok::<_, CreateOfficerError>(())
        })
        .await?;
    Ok(Created { id, public, recovery_code })
}

/// Makes the first member of an office, and with it the office's keys: from then on the office can be written to,
/// and only its members can read.
pub async fn create_first_member(app: &App, new: NewOfficer) -> Result<Created, CreateOfficerError> {
    if !new.roles.iter().any(|role| opens_tips(*role)) {
        return Err(CreateOfficerError::RoleOpensNothing);
    }
    let office = new.office;
    if units::store::current_key(app.db.read(), office).await?.is_some() {
        return Err(CreateOfficerError::OfficeHasMembers);
    }
    let prepared = prepare(app, new).await?;
    let (id, public, recovery_code) = (prepared.id, prepared.public.clone(), prepared.recovery_code.clone());
    app.db
        .write(async |txn| {
            insert(txn, app, prepared, None).await?;
            units::found_keys(txn, app, office, id, &public).await?;
            audit::record_system(txn, app, Some(office), "OfficeFounded", Object::Office(office)).await?;
            Ok(())
        })
        .await
        .map_err(|error: CreateOfficerError| match error {
            CreateOfficerError::Store(error) if is_unique(&error) => CreateOfficerError::OfficeHasMembers,
            other => other,
        })?;
    Ok(Created { id, public, recovery_code })
}

pub(super) struct Prepared {
    pub id: OfficerId,
    public: PublicKey,
    pub recovery_code: Secret<String>,
    lock: OfficerLock,
    new: NewOfficer,
}

/// The costly part, outside any transaction: key derivation and the key pair.
pub(super) async fn prepare(app: &App, new: NewOfficer) -> Result<Prepared, CreateOfficerError> {
    new.check()?;
    if store::officer_by_name(app.db.read(), &new.username).await?.is_some() {
        return Err(CreateOfficerError::UsernameTaken);
    }
    let id = OfficerId::from(app.chance.uuid());
    let (secrets, chance, password) = (app.secrets.clone(), app.chance.clone(), new.password.clone());
    let made = app.log_ins.run(move || password::enrol(id.into(), &password, &secrets, &chance)).await?;
    let (lock, private, recovery_code) = made;
    Ok(Prepared { id, public: private.public(), recovery_code, lock, new })
}

pub(super) async fn insert(
    txn: &impl ConnectionTrait,
    app: &App,
    prepared: Prepared,
    by: Option<OfficerId>,
) -> Result<(), CreateOfficerError> {
    let now = app.clock.now();
    let Prepared { id, lock, new, .. } = prepared;
    let row = officers::ActiveModel {
        id: Set(id),
        username: Set(new.username),
        display_name: Set(new.display_name.trim().to_owned()),
        status: Set(OfficerStatus::Active),
        salt: Set(lock.salt),
        pepper_version: Set(lock.pepper_version),
        auth_hash: Set(lock.auth_hash),
        public_key: Set(lock.public_key),
        sealed_private_key: Set(lock.sealed_private_key),
        recovery_sealed_private_key: Set(lock.recovery_sealed_private_key),
        must_change_password: Set(new.must_change_password),
        second_factor_required: Set(new.second_factor_required),
        second_factor_sealed: Set(None),
        second_factor_last_step: Set(None),
        second_factor_failures: Set(0),
        second_factor_locked_until: Set(None),
        created_at: Set(now),
    };
    store::insert_officer(txn, row).await.map_err(|error| {
        if is_unique(&error) { CreateOfficerError::UsernameTaken } else { CreateOfficerError::Store(error) }
    })?;
    let mut roles = new.roles;
    roles.sort_unstable();
    roles.dedup();
    for role in roles {
        let grant = RoleGrantId::from(app.chance.uuid());
        store::insert_grant(txn, grant, id, new.office, role, by, now).await?;
    }
    Ok(())
}

fn is_unique(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
