//! Keys: symmetric ones, X-Wing pairs, and what an office holds.

use std::fmt;

use hpke::{Deserializable, Kem, Serializable, kem::XWing};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    chance::Chance,
    kdf,
    seal::{self, Context, OpenError},
};

type XWingPrivate = <XWing as Kem>::PrivateKey;
type XWingPublic = <XWing as Kem>::PublicKey;

/// 32 bytes that open and seal.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SymmetricKey([u8; 32]);

impl SymmetricKey {
    pub fn generate(chance: &Chance) -> Self {
        Self(chance.bytes())
    }

    /// None unless there are exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn from_array(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SymmetricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SymmetricKey(..)")
    }
}

/// The key of a tip's thread, derived from the tip's key and leading nowhere else.
pub fn thread_key(dek: &SymmetricKey) -> SymmetricKey {
    SymmetricKey(*kdf::expand(&dek.0, b"", "tipline/thread/1"))
}

/// A key that whoever holds a private key has, and nobody else: for what is sealed to a pair by somebody who has both
/// halves. It needs no encapsulation, so it is shorter and quicker than sealing to the public half.
pub fn own_key(private: &PrivateKey) -> SymmetricKey {
    SymmetricKey(*kdf::expand(private.0.as_slice(), b"", "tipline/own/1"))
}

/// The secret half of an X-Wing pair (draft-connolly-cfrg-xwing-kem-10): a seed of 32 bytes.
#[derive(Clone)]
pub struct PrivateKey(Zeroizing<[u8; 32]>);

/// The public half: 1,216 bytes that anybody may seal to.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(XWingPublic);

/// The bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key")]
pub struct BadKey;

/// Makes a pair.
pub fn generate_pair(chance: &Chance) -> (PrivateKey, PublicKey) {
    let private = PrivateKey(Zeroizing::new(chance.bytes()));
    let public = private.public();
    (private, public)
}

impl PrivateKey {
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadKey> {
        bytes.try_into().map(|seed| Self(Zeroizing::new(seed))).map_err(|_| BadKey)
    }

    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(XWing::sk_to_pk(&self.expanded()))
    }

    /// A symmetric key that only the holder of this private key can derive, for what the officer keeps for himself.
    pub fn own_key(&self, purpose: &str) -> SymmetricKey {
        SymmetricKey(*kdf::expand(self.0.as_slice(), b"", purpose))
    }

    // Any 32 bytes are an X-Wing seed.
    pub(crate) fn expanded(&self) -> XWingPrivate {
        XWingPrivate::from_bytes(self.0.as_slice()).expect("32 bytes")
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

impl PublicKey {
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadKey> {
        XWingPublic::from_bytes(bytes).map(Self).map_err(|_| BadKey)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    pub(crate) fn inner(&self) -> &XWingPublic {
        &self.0
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(..)")
    }
}

/// What an office holds in one epoch: the private half that opens what comes in, and a symmetric key for what its
/// members seal themselves (opened a hundred times faster).
#[derive(Clone, Debug)]
pub struct UnitKeys {
    pub private: PrivateKey,
    pub symmetric: SymmetricKey,
}

impl UnitKeys {
    pub fn generate(chance: &Chance) -> (Self, PublicKey) {
        let (private, public) = generate_pair(chance);
        (Self { private, symmetric: SymmetricKey::generate(chance) }, public)
    }

    /// Seals both to a member.
    pub fn seal_to(&self, member: &PublicKey, context: &Context, chance: &Chance) -> Vec<u8> {
        let mut both = self.private.to_bytes();
        both.extend_from_slice(self.symmetric.as_bytes());
        seal::seal_to(member, context, &both, chance)
    }

    /// Opens what `seal_to` made.
    pub fn open_from(member: &PrivateKey, context: &Context, wrap: &[u8]) -> Result<Self, OpenError> {
        let both = seal::open_from(member, context, wrap)?;
        let (private, symmetric) = both.split_at_checked(32).ok_or(OpenError)?;
        Ok(Self {
            private: PrivateKey::from_bytes(private).map_err(|_| OpenError)?,
            symmetric: SymmetricKey::from_slice(symmetric).ok_or(OpenError)?,
        })
    }
}
