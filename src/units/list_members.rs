use std::collections::{BTreeMap, HashSet};

use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId},
};
use sea_orm::DbErr;
use vault::digest::fingerprint;

use super::store;
use crate::{
    app::App,
    platform::fault::{Code, Fault, Public, store_code},
    staff::{self, Refused, Staff},
};

/// Somebody who has a role in an office.
pub struct Member {
    pub id: OfficerId,
    pub username: String,
    pub display_name: String,
    pub active: bool,
    pub roles: Vec<Role>,
    /// Has been granted the office's newest key. One who works tips and does not hold it waits for a member.
    pub holds_key: bool,
    /// Of the public key: to be compared with the officer before anything is granted.
    pub key_fingerprint: String,
    /// One member has granted a commander's key; a second one has to.
    pub waits_for_second_member: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ListMembersError {
    #[error("no such office")]
    NoSuchOffice,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ListMembersError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Lists who works in an office, for those who have a role in it themselves.
pub async fn list_members(app: &App, staff: &Staff, office: OfficeId) -> Result<Vec<Member>, ListMembersError> {
    staff.must_be_ready()?;
    let db = app.db.read();
    store::office(db, office).await?.ok_or(ListMembersError::NoSuchOffice)?;
    if !staff.grants.iter().any(|(held, _)| *held == office) {
        return Err(Refused::Forbidden.into());
    }
    let mut roles: BTreeMap<OfficerId, Vec<Role>> = BTreeMap::new();
    for grant in staff::store::grants_in(db, office).await? {
        roles.entry(grant.officer_id).or_default().push(grant.role);
    }
    let holders: HashSet<OfficerId> = match store::current_key(db, office).await? {
        Some(key) => store::holders_of_key(db, key.id).await?.into_iter().collect(),
        None => HashSet::new(),
    };
    let consents = store::consents_in(db, office).await?;
    let mut officers = staff::store::officers_by_id(db, roles.keys().copied().collect()).await?;
    officers.sort_by(|a, b| a.username.cmp(&b.username));
    let member = |officer: entity::officers::Model| {
        let mut roles = roles.get(&officer.id).cloned().unwrap_or_default();
        roles.sort_unstable();
        Member {
            holds_key: holders.contains(&officer.id),
            key_fingerprint: fingerprint(&officer.public_key),
            waits_for_second_member: consents.iter().any(|row| row.officer_id == officer.id),
            active: officer.status == OfficerStatus::Active,
            id: officer.id,
            username: officer.username,
            display_name: officer.display_name,
            roles,
        }
    };
    Ok(officers.into_iter().map(member).collect())
}
