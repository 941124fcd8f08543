//! An office's keys: one pair that anybody can seal to, and one symmetric key for what members seal themselves.

use std::collections::BTreeMap;

use entity::{
    ids::{OfficeId, OfficeKeyId, OfficerId, WrapId},
    key_links, office_keys,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;
use vault::{
    keys::{PublicKey, UnitKeys},
    seal::Context,
};

use super::store;
use crate::{
    app::App,
    platform::fault::{Code, Fault, Public, store_code},
    staff::{Permission, Refused, Staff},
};

/// An office's keys, opened for one request; forgotten at its end.
pub struct Keyring {
    pub office: OfficeId,
    epochs: BTreeMap<i32, UnitKeys>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenKeysError {
    #[error("no member has granted this officer the office's key")]
    NoKey,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl OpenKeysError {
    pub fn code(&self) -> Code {
        match self {
            Self::NoKey => Code::NoKey,
            Self::Refused(refused) => refused.code(),
            Self::Store(error) => store_code(error),
        }
    }
}

impl Fault for OpenKeysError {
    fn public(&self) -> Public {
        self.code().into()
    }
}

impl Keyring {
    /// The keys of one epoch, if this officer was granted them.
    pub fn epoch(&self, epoch: i32) -> Option<&UnitKeys> {
        self.epochs.get(&epoch)
    }

    /// The newest epoch, under which new things are sealed.
    pub fn newest(&self) -> Option<(i32, &UnitKeys)> {
        self.epochs.last_key_value().map(|(epoch, keys)| (*epoch, keys))
    }

    pub fn epochs(&self) -> impl Iterator<Item = (i32, &UnitKeys)> {
        self.epochs.iter().map(|(epoch, keys)| (*epoch, keys))
    }
}

/// Binds an older epoch's keys, sealed to a newer epoch, to both.
fn link_context(older: &office_keys::Model, newer: OfficeKeyId) -> Context {
    let version = older.epoch.unsigned_abs();
    Context { purpose: "office_key_link", row: older.id.into(), owner: newer.into(), version }
}

/// Binds a sealed copy of an office's keys to the key's row, the member and the epoch.
fn context(key: Uuid, member: Uuid, epoch: i32) -> Context {
    Context { purpose: "office_key", row: key, owner: member, version: epoch.unsigned_abs() }
}

/// Makes an office's first keys, sealed to its first member and to nobody else: the server keeps no copy.
pub async fn found_keys(
    txn: &impl ConnectionTrait,
    app: &App,
    office: OfficeId,
    member: OfficerId,
    public: &PublicKey,
) -> Result<(), DbErr> {
    let (keys, key_public) = UnitKeys::generate(&app.chance);
    let (id, now, epoch) = (OfficeKeyId::from(app.chance.uuid()), app.clock.now(), 1);
    store::insert_key(txn, id, office, epoch, key_public.to_bytes(), now).await?;
    seal_to_member(txn, app, &keys, (id, epoch), member, public, None).await
}

/// Seals keys of one epoch to a member.
pub(crate) async fn seal_to_member(
    txn: &impl ConnectionTrait,
    app: &App,
    keys: &UnitKeys,
    (id, epoch): (OfficeKeyId, i32),
    member: OfficerId,
    public: &PublicKey,
    granted_by: Option<OfficerId>,
) -> Result<(), DbErr> {
    let wrap = keys.seal_to(public, &context(id.into(), member.into(), epoch), &app.chance);
    let wrap_id = WrapId::from(app.chance.uuid());
    store::insert_key_wrap(txn, wrap_id, id, member, wrap, granted_by, app.clock.now()).await
}

/// Opens the keys of an office with the officer's own private key, and older ones with the newer.
pub async fn open_keys(db: &impl ConnectionTrait, staff: &Staff, office: OfficeId) -> Result<Keyring, OpenKeysError> {
    staff.must_in(office, Permission::ReadTips)?;
    let keys = store::keys(db, office).await?;
    let mut epochs = BTreeMap::new();
    for wrap in store::key_wraps_of(db, &keys, staff.id).await? {
        let Some(key) = keys.iter().find(|key| key.id == wrap.office_key_id) else { continue };
        let context = context(key.id.into(), staff.id.into(), key.epoch);
        // A wrap that does not open was made for an older key pair of this officer: as good as none.
        if let Ok(keys) = UnitKeys::open_from(&staff.private, &context, &wrap.wrap) {
            epochs.insert(key.epoch, keys);
        }
    }
    if epochs.is_empty() {
        return Err(OpenKeysError::NoKey);
    }
    if epochs.len() < keys.len() {
        follow_links(&mut epochs, &keys, &store::links_of(db, &keys).await?);
    }
    Ok(Keyring { office, epochs })
}

/// From the newest down, each epoch that is not held by itself is opened with the one that it was sealed to.
fn follow_links(epochs: &mut BTreeMap<i32, UnitKeys>, keys: &[office_keys::Model], links: &[key_links::Model]) {
    for older in keys.iter().rev() {
        if epochs.contains_key(&older.epoch) {
            continue;
        }
        let Some(link) = links.iter().find(|link| link.older_key_id == older.id) else { continue };
        let newer = keys.iter().find(|key| key.id == link.newer_key_id).and_then(|key| epochs.get(&key.epoch));
        let opened =
            newer.map(|newer| UnitKeys::open_from(&newer.private, &link_context(older, link.newer_key_id), &link.wrap));
        if let Some(Ok(opened)) = opened {
            epochs.insert(older.epoch, opened);
        }
    }
}

/// The office's newest epoch, if it is among these keys: who was left behind moves nothing.
pub(crate) async fn present_epoch(db: &impl ConnectionTrait, keyring: &Keyring) -> Result<Option<i32>, DbErr> {
    let key = store::current_key(db, keyring.office).await?;
    Ok(key.map(|key| key.epoch).filter(|epoch| keyring.epoch(*epoch).is_some()))
}

/// Seals each of the office's older epochs that has no link yet, and that is held here, to the next one.
///
/// Whoever starts an epoch without holding the former (an administrator) leaves this to the first member who comes.
pub(crate) async fn link_epochs(txn: &impl ConnectionTrait, app: &App, keyring: &Keyring) -> Result<(), DbErr> {
    let keys = store::keys(txn, keyring.office).await?;
    let linked = store::links_of(txn, &keys).await?;
    for (older, newer) in keys.iter().zip(keys.iter().skip(1)) {
        let (Some(opened), false) =
            (keyring.epoch(older.epoch), linked.iter().any(|link| link.older_key_id == older.id))
        else {
            continue;
        };
        let damaged = |_| DbErr::Custom(format!("the public key of office {} is damaged", keyring.office));
        let public = PublicKey::from_bytes(&newer.public_key).map_err(damaged)?;
        let wrap = opened.seal_to(&public, &link_context(older, newer.id), &app.chance);
        store::insert_link(txn, older.id, newer.id, wrap).await?;
    }
    Ok(())
}
