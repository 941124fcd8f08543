//! The secrets that live outside the database: without them a stolen database cannot even be guessed at.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{chance::Chance, kdf, keys::SymmetricKey};

/// Pepper P, session secret S, token keys J and the keys of the audit chain, each in versions: the current one makes,
/// all of them open. Beside them one key A for administrative data, which has no version: what hangs on it is replaced with it.
pub struct Secrets {
    pepper: Versions,
    session: Versions,
    token: Versions,
    audit: Versions,
    administrative: SymmetricKey,
}

struct Versions {
    current: i32,
    keys: BTreeMap<i32, SymmetricKey>,
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
}

impl Secrets {
    pub fn generate(chance: &Chance) -> Self {
        let first = || Versions { current: 1, keys: BTreeMap::from([(1, SymmetricKey::generate(chance))]) };
        let (pepper, session, token) = (first(), first(), first());
        Self { pepper, session, token, administrative: SymmetricKey::generate(chance), audit: first() }
    }

    pub fn from_json(text: &str) -> Result<Self, BadSecrets> {
        let file: File = serde_json::from_str(text).map_err(|_| BadSecrets::Malformed)?;
        let administrative = decode(&file.administrative)?;
        Ok(Self {
            pepper: file.pepper.read()?,
            session: file.session.read()?,
            token: file.token.read()?,
            audit: file.audit.map_or_else(|| Ok(first_audit(&administrative)), FileVersions::read)?,
            administrative,
        })
    }

    pub fn to_json(&self) -> Zeroizing<String> {
        let file = File {
            pepper: self.pepper.write(),
            session: self.session.write(),
            token: self.token.write(),
            audit: Some(self.audit.write()),
            administrative: encode(&self.administrative),
        };
        // Numbers and strings: serialization has no way to fail.
        Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default())
    }

    /// Version under which new receipts and passwords are derived.
    pub fn current_pepper(&self) -> i32 {
        self.pepper.current
    }

    /// All versions that may still open something, newest first.
    pub fn pepper_versions(&self) -> impl Iterator<Item = i32> + '_ {
        self.pepper.keys.keys().rev().copied()
    }

    pub(crate) fn pepper(&self, version: i32) -> Option<&SymmetricKey> {
        self.pepper.keys.get(&version)
    }

    pub(crate) fn session(&self, version: i32) -> Option<&SymmetricKey> {
        self.session.keys.get(&version)
    }

    pub(crate) fn current_session(&self) -> (i32, &SymmetricKey) {
        self.session.current()
    }

    pub(crate) fn token(&self, version: i32) -> Option<&SymmetricKey> {
        self.token.keys.get(&version)
    }

    pub(crate) fn current_token(&self) -> (i32, &SymmetricKey) {
        self.token.current()
    }

    pub(crate) fn audit_keys(&self) -> impl Iterator<Item = (i32, &SymmetricKey)> + '_ {
        self.audit.keys.iter().map(|(version, key)| (*version, key))
    }

    pub(crate) fn current_audit(&self) -> (i32, &SymmetricKey) {
        self.audit.current()
    }

    pub(crate) fn administrative(&self) -> &SymmetricKey {
        &self.administrative
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
    Versions { current: 1, keys: BTreeMap::from([(1, key)]) }
}

impl Versions {
    #[expect(clippy::expect_used, reason = "from_json and generate make none without its current key")]
    fn current(&self) -> (i32, &SymmetricKey) {
        (self.current, self.keys.get(&self.current).expect("checked when read"))
    }

    fn write(&self) -> FileVersions {
        FileVersions {
            current: self.current,
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
        Ok(Versions { current: self.current, keys })
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
}
