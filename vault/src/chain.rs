//! The audit chain: every act hashed, every hash bound to the one before, and the head signed now and then.
//!
//! `leaf` covers what a row says, `Link::hash` its place and everything before it (both plain SHA-256, so that
//! anybody can recompute them), `mac` says that this line made the link (HMAC-SHA256: who holds the database only
//! cannot hash a changed history anew), and a `Checkpoint` is a head signed with Ed25519 that is kept elsewhere: who
//! holds the secrets as well cannot take back what was signed.

use std::fmt;

use aws_lc_rs::{hmac, signature};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{app_secrets::Secrets, kdf, keys::SymmetricKey};

/// A SHA-256 hash of the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Hash {
    /// None unless there are exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// What stands before the first link.
pub fn genesis() -> Hash {
    Hash(kdf::sha256(&[b"tipline/audit/genesis/1"]))
}

/// Hashes what a row says: its fields in the order of the table.
///
/// Each field is told apart by what it is and how long it is, so that no two rows are spelled alike: 0 for nothing,
/// else 1, the length in eight bytes (big-endian) and the bytes. A field is never left out.
pub fn leaf(fields: &[Option<&[u8]>]) -> Hash {
    let mut text = Vec::with_capacity(256);
    text.extend_from_slice(b"tipline/audit/leaf/1\0");
    text.extend_from_slice(&(fields.len() as u64).to_be_bytes());
    for field in fields {
        match field {
            None => text.push(0),
            Some(bytes) => {
                text.push(1);
                text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
                text.extend_from_slice(bytes);
            }
        }
    }
    Hash(kdf::sha256(&[&text]))
}

/// Stands for ciphertexts that are stored together, so that a row can vouch for them without knowing what they say.
pub fn ciphertext(parts: &[Option<&[u8]>]) -> Hash {
    let mut fields = Vec::with_capacity(parts.len() + 1);
    // No row has so short a first field: nobody passes a ciphertext off as a row.
    fields.push(Some(b"sealed".as_slice()));
    fields.extend_from_slice(parts);
    leaf(&fields)
}

/// A row's place in the chain. The first has number 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub seq: u64,
    /// `hash` of the link before; of the first one `genesis`.
    pub prev: Hash,
    pub leaf: Hash,
}

impl Link {
    /// Stands for this link and all before it. All parts have one length each: nothing has to be told apart.
    pub fn hash(&self) -> Hash {
        Hash(kdf::sha256(&[b"tipline/audit/link/1\0", &self.seq.to_be_bytes(), &self.prev.0, &self.leaf.0]))
    }
}

/// The newest link: how many there are, and what stands for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub hash: Hash,
}

impl Head {
    pub fn start() -> Self {
        Self { seq: 0, hash: genesis() }
    }

    /// The link that a row gets which comes next.
    pub fn next(&self, leaf: Hash) -> Link {
        Link { seq: self.seq + 1, prev: self.hash, leaf }
    }

    pub fn of(link: &Link) -> Self {
        Self { seq: link.seq, hash: link.hash() }
    }
}

/// Makes and checks the marks by which this line knows its links.
pub struct Marker {
    current: i32,
    keys: Vec<(i32, hmac::Key)>,
}

impl Marker {
    pub fn of(secrets: &Secrets) -> Self {
        let key = |key: &SymmetricKey| {
            hmac::Key::new(hmac::HMAC_SHA256, kdf::expand(key.as_bytes(), b"", "tipline/audit/mark/1").as_slice())
        };
        Self {
            current: secrets.current_audit().0,
            keys: secrets.audit_keys().iter().map(|(version, k)| (*version, key(k))).collect(),
        }
    }

    /// Marks a link under the current key; also says which that is.
    pub fn mark(&self, link: &Link) -> (i32, Vec<u8>) {
        let tag = self.key(self.current).map(|key| hmac::sign(key, link.hash().as_bytes()).as_ref().to_vec());
        // The current key is among the keys: `Secrets` makes none without.
        (self.current, tag.unwrap_or_default())
    }

    pub fn is_marked(&self, link: &Link, version: i32, mark: &[u8]) -> bool {
        self.key(version).is_some_and(|key| hmac::verify(key, link.hash().as_bytes(), mark).is_ok())
    }

    fn key(&self, version: i32) -> Option<&hmac::Key> {
        self.keys.iter().find(|(known, _)| *known == version).map(|(_, key)| key)
    }
}

/// A head that was signed. Whoever keeps one outside the database can tell whether history was changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub head: Head,
    pub at: DateTime<Utc>,
}

/// A line that is no checkpoint of this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    #[error("not a checkpoint")]
    Malformed,
    #[error("signed with a key that is not among the secrets")]
    UnknownKey,
    #[error("the signature does not hold")]
    Forged,
}

/// A checkpoint as it is written: one line of JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    seq: u64,
    hash: String,
    at: DateTime<Utc>,
    key: i32,
    signature: String,
}

impl Checkpoint {
    /// What is signed: all parts have one length each.
    fn message(&self, key: i32) -> Vec<u8> {
        let at = self.at.timestamp_micros().to_be_bytes();
        let parts: [&[u8]; 5] =
            [b"tipline/audit/checkpoint/1\0", &key.to_be_bytes(), &self.head.seq.to_be_bytes(), &self.head.hash.0, &at];
        parts.concat()
    }

    /// The signed line, without its line break. None if the key cannot sign, which no key of 32 bytes does.
    pub fn sign(&self, secrets: &Secrets) -> Option<String> {
        let (key, secret) = secrets.current_audit();
        let signature = pair(&secret)?.sign(&self.message(key));
        let written = Written {
            seq: self.head.seq,
            hash: self.head.hash.to_hex(),
            at: self.at,
            key,
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
        };
        serde_json::to_string(&written).ok()
    }

    /// Reads a line that was signed with one of the keys.
    pub fn read(line: &str, keys: &[(i32, PublicKey)]) -> Result<Self, BadCheckpoint> {
        let written: Written = serde_json::from_str(line).map_err(|_| BadCheckpoint::Malformed)?;
        let hash = Hash::from_hex(&written.hash).ok_or(BadCheckpoint::Malformed)?;
        let signature = URL_SAFE_NO_PAD.decode(&written.signature).map_err(|_| BadCheckpoint::Malformed)?;
        let checkpoint = Self { head: Head { seq: written.seq, hash }, at: written.at };
        let key = keys.iter().find(|(version, _)| *version == written.key).ok_or(BadCheckpoint::UnknownKey)?;
        let public = signature::UnparsedPublicKey::new(&signature::ED25519, key.1.0);
        let holds = public.verify(&checkpoint.message(written.key), &signature);
        holds.map(|()| checkpoint).map_err(|_| BadCheckpoint::Forged)
    }
}

/// The public half of the key that signs checkpoints: may be known to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// The text is no public key: `version:key`, as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a public key: VERSION:KEY, as `tipline audit keys` prints it")]
pub struct BadPublicKey;

impl PublicKey {
    /// Reads `version:key`.
    pub fn parse(text: &str) -> Result<(i32, Self), BadPublicKey> {
        let (version, key) = text.trim().split_once(':').ok_or(BadPublicKey)?;
        let version = version.parse().map_err(|_| BadPublicKey)?;
        let bytes = URL_SAFE_NO_PAD.decode(key).map_err(|_| BadPublicKey)?;
        Ok((version, Self(bytes.try_into().map_err(|_| BadPublicKey)?)))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// The keys that checkpoints of this deployment are signed with, by version.
pub fn public_keys(secrets: &Secrets) -> Vec<(i32, PublicKey)> {
    use signature::KeyPair;
    let public = |secret| pair(secret)?.public_key().as_ref().try_into().ok().map(PublicKey);
    secrets.audit_keys().iter().filter_map(|(version, secret)| Some((*version, public(secret)?))).collect()
}

fn pair(secret: &SymmetricKey) -> Option<signature::Ed25519KeyPair> {
    let seed = kdf::expand(secret.as_bytes(), b"", "tipline/audit/checkpoint/1");
    signature::Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).ok()
}

#[cfg(test)]
mod tests;
