//! The secrets that live outside the database: without them a stolen database cannot even be guessed at.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    chance::Chance,
    kdf::{self, Cost},
    keys::SymmetricKey,
};

/// Pepper P, session secret S, token keys J and the keys of the audit chain, each in versions: the current one makes,
/// all of them open. Beside them one key A for administrative data, which has no version: what hangs on it is replaced
/// with it.
///
/// They can be replaced while others use them: who needs a version and its key twice asks once.
pub struct Secrets {
    held: RwLock<Arc<Held>>,
    /// See [`spare_passwords`](Self::spare_passwords).
    spared: AtomicBool,
}

struct Held {
    pepper: Versions,
    session: Versions,
    token: Versions,
    audit: Versions,
    administrative: SymmetricKey,
}

#[derive(Clone)]
struct Versions {
    current: i32,
    keys: BTreeMap<i32, SymmetricKey>,
    /// When the current one became so, in seconds; 0: from the first.
    since: i64,
}

/// Those of the secrets that have versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Pepper,
    Session,
    Token,
}

/// What may be known of a secret's versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub current: i32,
    /// Oldest first.
    pub versions: Vec<i32>,
    pub since: DateTime<Utc>,
}

/// A version that is missing, or that must not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotateError {
    #[error("there is no such version")]
    NoSuchVersion,
    #[error("it is the current version: rotate first")]
    IsCurrent,
}

/// The file of secrets does not serve. Its content is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecrets {
    #[error("cannot be read: not the JSON that tipline writes")]
    Malformed,
    #[error("a key is not 32 bytes of base64url")]
    Key,
    #[error("a current version has no key")]
    Current,
    #[error("a version is not a positive number")]
    Version,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pepper: FileVersions,
    session: FileVersions,
    token: FileVersions,
    /// Missing in files that were written before there was a chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audit: Option<FileVersions>,
    administrative: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileVersions {
    current: i32,
    keys: BTreeMap<i32, Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "is_first")]
    since: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference in")]
fn is_first(since: &i64) -> bool {
    *since == 0
}

impl Secrets {
    fn of(held: Held) -> Self {
        Self { held: RwLock::new(Arc::new(held)), spared: AtomicBool::new(false) }
    }

    fn held(&self) -> Arc<Held> {
        // Nobody can break off while holding the lock: it is held for a copy of a pointer only.
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn generate(chance: &Chance) -> Self {
        let first = || Versions { current: 1, keys: BTreeMap::from([(1, SymmetricKey::generate(chance))]), since: 0 };
        let (pepper, session, token) = (first(), first(), first());
        let audit = first();
        Self::of(Held { pepper, session, token, audit, administrative: SymmetricKey::generate(chance) })
    }

    pub fn from_json(text: &str) -> Result<Self, BadSecrets> {
        let file: File = serde_json::from_str(text).map_err(|_| BadSecrets::Malformed)?;
        let administrative = decode(&file.administrative)?;
        Ok(Self::of(Held {
            pepper: file.pepper.read()?,
            session: file.session.read()?,
            token: file.token.read()?,
            audit: file.audit.map_or_else(|| Ok(first_audit(&administrative)), FileVersions::read)?,
            administrative,
        }))
    }

    pub fn to_json(&self) -> Zeroizing<String> {
        let held = self.held();
        let file = File {
            pepper: held.pepper.write(),
            session: held.session.write(),
            token: held.token.write(),
            audit: Some(held.audit.write()),
            administrative: encode(&held.administrative),
        };
        // Numbers and strings: serialization has no way to fail.
        Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default())
    }

    /// Puts others in the place of these, for whoever asks from now on.
    pub fn replace(&self, newer: &Self) {
        let newer = newer.held();
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = newer;
    }

    /// From now on a password costs nearly nothing to derive from, and to guess: for deployments that a test makes by the
    /// hundred, each with officers. `tests/architecture.rs` holds that no program calls it.
    pub fn spare_passwords(&self) {
        self.spared.store(true, Ordering::Relaxed);
    }

    /// What it costs to derive from an officer's password.
    pub(crate) fn password_cost(&self) -> Cost {
        if self.spared.load(Ordering::Relaxed) { kdf::SPARED } else { kdf::PASSWORD }
    }

    /// The versions of a secret.
    pub fn known(&self, which: Which) -> Known {
        let held = self.held();
        let Versions { current, keys, since } = held.versions(which);
        let since = DateTime::from_timestamp(*since, 0).unwrap_or_default();
        Known { current: *current, versions: keys.keys().copied().collect(), since }
    }

    /// Draws a further version, which opens from now on and makes nothing yet: so that all nodes know it before any
    /// uses it. Gives its number.
    #[must_use]
    pub fn with_another(&self, which: Which, chance: &Chance) -> (Self, i32) {
        let mut versions = self.held().versions(which).clone();
        let number = versions.keys.last_key_value().map_or(1, |(last, _)| last + 1);
        versions.keys.insert(number, SymmetricKey::generate(chance));
        (self.with(which, versions), number)
    }

    /// Lets the newest version make what is made from now on. Gives its number.
    #[must_use]
    pub fn with_newest_current(&self, which: Which, now: DateTime<Utc>) -> (Self, i32) {
        let mut versions = self.held().versions(which).clone();
        if let Some((newest, _)) = versions.keys.last_key_value() {
            (versions.current, versions.since) = (*newest, now.timestamp());
        }
        let current = versions.current;
        (self.with(which, versions), current)
    }

    /// Takes a version away: what was made under it never opens again.
    pub fn without(&self, which: Which, version: i32) -> Result<Self, RotateError> {
        let mut versions = self.held().versions(which).clone();
        if versions.current == version {
            return Err(RotateError::IsCurrent);
        }
        versions.keys.remove(&version).ok_or(RotateError::NoSuchVersion)?;
        Ok(self.with(which, versions))
    }

    fn with(&self, which: Which, versions: Versions) -> Self {
        let held = self.held();
        let keep = |other: Which, kept: &Versions| if other == which { versions.clone() } else { kept.clone() };
        Self::of(Held {
            pepper: keep(Which::Pepper, &held.pepper),
            session: keep(Which::Session, &held.session),
            token: keep(Which::Token, &held.token),
            audit: held.audit.clone(),
            administrative: held.administrative.clone(),
        })
    }

    /// Version under which new receipts and passwords are derived.
    pub fn current_pepper(&self) -> i32 {
        self.held().pepper.current
    }

    /// All versions that may still open something, newest first.
    pub fn pepper_versions(&self) -> Vec<i32> {
        self.held().pepper.keys.keys().rev().copied().collect()
    }

    pub(crate) fn pepper(&self, version: i32) -> Option<SymmetricKey> {
        self.held().pepper.keys.get(&version).cloned()
    }

    pub(crate) fn session(&self, version: i32) -> Option<SymmetricKey> {
        self.held().session.keys.get(&version).cloned()
    }

    pub(crate) fn current_session(&self) -> (i32, SymmetricKey) {
        self.held().session.current()
    }

    pub(crate) fn token(&self, version: i32) -> Option<SymmetricKey> {
        self.held().token.keys.get(&version).cloned()
    }

    pub(crate) fn current_token(&self) -> (i32, SymmetricKey) {
        self.held().token.current()
    }

    pub(crate) fn audit_keys(&self) -> Vec<(i32, SymmetricKey)> {
        self.held().audit.keys.iter().map(|(version, key)| (*version, key.clone())).collect()
    }

    pub(crate) fn current_audit(&self) -> (i32, SymmetricKey) {
        self.held().audit.current()
    }

    pub(crate) fn administrative(&self) -> SymmetricKey {
        self.held().administrative.clone()
    }
}

impl Held {
    fn versions(&self, which: Which) -> &Versions {
        match which {
            Which::Pepper => &self.pepper,
            Which::Session => &self.session,
            Which::Token => &self.token,
        }
    }
}

impl Which {
    pub const ALL: [Self; 3] = [Self::Pepper, Self::Session, Self::Token];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pepper => "pepper",
            Self::Session => "session",
            Self::Token => "token",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.as_str() == text)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// For a file that has none: the same at every start, and nothing else is told by it.
fn first_audit(administrative: &SymmetricKey) -> Versions {
    let key = SymmetricKey::from_array(*kdf::expand(administrative.as_bytes(), b"", "tipline/audit/first/1"));
    Versions { current: 1, keys: BTreeMap::from([(1, key)]), since: 0 }
}

impl Versions {
    #[expect(clippy::expect_used, reason = "from_json and generate make none without its current key")]
    fn current(&self) -> (i32, SymmetricKey) {
        (self.current, self.keys.get(&self.current).expect("checked when read").clone())
    }

    fn write(&self) -> FileVersions {
        FileVersions {
            current: self.current,
            since: self.since,
            keys: self.keys.iter().map(|(version, key)| (*version, encode(key))).collect(),
        }
    }
}

impl FileVersions {
    fn read(self) -> Result<Versions, BadSecrets> {
        if self.keys.keys().any(|version| *version < 1) {
            return Err(BadSecrets::Version);
        }
        if !self.keys.contains_key(&self.current) {
            return Err(BadSecrets::Current);
        }
        let keys = self.keys.iter().map(|(version, text)| Ok((*version, decode(text)?))).collect::<Result<_, _>>()?;
        Ok(Versions { current: self.current, keys, since: self.since })
    }
}

fn encode(key: &SymmetricKey) -> Zeroizing<String> {
    Zeroizing::new(URL_SAFE_NO_PAD.encode(key.as_bytes()))
}

fn decode(text: &str) -> Result<SymmetricKey, BadSecrets> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new).ok();
    bytes.and_then(|bytes| SymmetricKey::from_slice(&bytes)).ok_or(BadSecrets::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_survive_their_file() {
        let secrets = Secrets::generate(&Chance::seeded(1));
        let json = secrets.to_json();
        assert_eq!(Secrets::from_json(&json).unwrap().to_json(), json);
        assert_eq!(format!("{secrets:?}"), "Secrets(..)");
    }

    #[test]
    fn passwords_cost_what_they_should_unless_spared() {
        let secrets = Secrets::generate(&Chance::seeded(1));
        let read = Secrets::from_json(&secrets.to_json()).unwrap();
        secrets.spare_passwords();
        assert_eq!(secrets.password_cost(), kdf::SPARED);
        read.replace(&secrets);
        assert_eq!(read.password_cost(), kdf::PASSWORD);
        // RFC 9106, section 4: the second recommended option.
        assert_eq!((kdf::PASSWORD.memory_kib, kdf::PASSWORD.passes), (65_536, 3));
    }

    #[test]
    fn a_file_from_before_the_chain_still_serves() {
        let json = Secrets::generate(&Chance::seeded(1)).to_json();
        let mut file: serde_json::Value = serde_json::from_str(&json).unwrap();
        file.as_object_mut().unwrap().remove("audit").unwrap();
        let read = || Secrets::from_json(&file.to_string()).unwrap().to_json();
        assert_eq!(read(), read());
        assert!(read().contains("\"audit\""));
        assert_ne!(read(), json);
    }

    #[test]
    fn a_bad_file_is_refused() {
        let json = Secrets::generate(&Chance::seeded(1)).to_json();
        let refused = |text: &str| Secrets::from_json(text).unwrap_err();
        assert_eq!(refused("{}"), BadSecrets::Malformed);
        assert_eq!(refused(&json.replacen("\"current\": 1", "\"current\": 2", 1)), BadSecrets::Current);
        assert_eq!(refused(&json.replace("\"1\": \"", "\"1\": \"AA")), BadSecrets::Key);
        assert_eq!(refused(&json.replace("\"1\":", "\"-1\":").replace(": 1,", ": -1,")), BadSecrets::Version);
    }

    #[test]
    fn a_further_version_opens_before_it_makes_and_an_old_one_until_it_goes() {
        let chance = Chance::seeded(2);
        let first = Secrets::generate(&chance);
        let (wider, number) = first.with_another(Which::Pepper, &chance);
        assert_eq!((number, wider.current_pepper(), wider.pepper_versions()), (2, 1, vec![2, 1]));
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (rotated, current) = wider.with_newest_current(Which::Pepper, now);
        assert_eq!((current, rotated.current_pepper()), (2, 2));
        assert_eq!(rotated.known(Which::Pepper), Known { current: 2, versions: vec![1, 2], since: now });
        assert_eq!(rotated.known(Which::Token).current, 1);
        let read = Secrets::from_json(&rotated.to_json()).unwrap();
        assert_eq!(read.known(Which::Pepper), rotated.known(Which::Pepper));
        assert_eq!(rotated.without(Which::Pepper, 2).unwrap_err(), RotateError::IsCurrent);
        assert_eq!(rotated.without(Which::Pepper, 3).unwrap_err(), RotateError::NoSuchVersion);
        let narrow = rotated.without(Which::Pepper, 1).unwrap();
        assert!(narrow.pepper(1).is_none() && narrow.pepper(2).is_some());
        first.replace(&narrow);
        assert_eq!(first.to_json(), narrow.to_json());
    }
}
