//! An office's keys: one pair that anybody can seal to, and one symmetric key for what members seal themselves.

use std::collections::BTreeMap;

use entity::ids::{OfficeId, OfficeKeyId, OfficerId, WrapId};
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

/// Opens the keys of an office with the officer's own private key.
pub async fn open_keys(db: &impl ConnectionTrait, staff: &Staff, office: OfficeId) -> Result<Keyring, OpenKeysError> {
    staff.must_in(office, Permission::ReadTips)?;
    let mut epochs = BTreeMap::new();
    for (key, wrap) in store::keys_of(db, office, staff.id).await? {
        let context = context(key.id.into(), staff.id.into(), key.epoch);
        // A wrap that does not open was made for an older key pair of this officer: as good as none.
        if let Ok(keys) = UnitKeys::open_from(&staff.private, &context, &wrap.wrap) {
            epochs.insert(key.epoch, keys);
        }
    }
    if epochs.is_empty() {
        return Err(OpenKeysError::NoKey);
    }
    Ok(Keyring { office, epochs })
}
