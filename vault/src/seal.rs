//! Sealing, under a key (`seal`, `open`) and to a key pair (`seal_to`, `open_from`).
//!
//! Every sealed thing begins with a suite byte, so that algorithms can change while old rows stay readable, and is
//! bound to its place: moved to another row, field, owner or version it does not open.
//!
//! | suite | under a key | to a key pair |
//! |---|---|---|
//! | 1 | XChaCha20-Poly1305, sub-key by HKDF-SHA256 | HPKE base mode: X-Wing, HKDF-SHA256, ChaCha20-Poly1305 |

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing,
    single_shot_open, single_shot_seal_with_rng,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    chance::Chance,
    kdf,
    keys::{PrivateKey, PublicKey, SymmetricKey},
};

const SUITE_1: u8 = 1;
const NONCE: usize = 24;
const INFO: &[u8] = b"tipline/wrap/1";

/// Nothing is sealed into less than this many bytes: "yes" and "no, nobody" look alike.
const SMALLEST: usize = 64;

/// Where a sealed field belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
    /// What the row belongs to: a tip, an officer.
    pub owner: Uuid,
    /// Layout of the content.
    pub version: u32,
}

/// What a key sealed to somebody is for.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    pub purpose: &'static str,
    pub row: Uuid,
    pub owner: Uuid,
    /// Epoch of the key sealed to.
    pub version: u32,
}

/// Wrong key, wrong place, or changed bytes: which of them is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not open")]
pub struct OpenError;

/// Names are preceded by their length, so that no two places have the same bytes.
fn bind(names: &[&str], row: Uuid, owner: Uuid, version: u32) -> Vec<u8> {
    let mut bytes = vec![SUITE_1];
    for name in names {
        bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(name.as_bytes());
    }
    bytes.extend_from_slice(row.as_bytes());
    bytes.extend_from_slice(owner.as_bytes());
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes
}

impl Place {
    fn aad(&self) -> Vec<u8> {
        bind(&[self.table, self.column], self.row, self.owner, self.version)
    }

    fn cipher(&self, key: &SymmetricKey) -> XChaCha20Poly1305 {
        let purpose = format!("tipline/field/1|{}|{}", self.table, self.column);
        let sub = kdf::expand(key.as_bytes(), self.row.as_bytes(), &purpose);
        XChaCha20Poly1305::new((&*sub).into())
    }
}

impl Context {
    fn aad(&self) -> Vec<u8> {
        bind(&[self.purpose], self.row, self.owner, self.version)
    }
}

/// Seals `plain` under a key: suite byte, nonce, ciphertext and tag.
pub fn seal(key: &SymmetricKey, place: &Place, plain: &[u8], chance: &Chance) -> Vec<u8> {
    let nonce: [u8; NONCE] = chance.bytes();
    let padded = pad(plain);
    let payload = Payload { msg: &padded, aad: &place.aad() };
    let sealed = place.cipher(key).encrypt(&XNonce::from(nonce), payload);
    // An empty seal in its stead would be stored, and the words lost.
    let sealed = sealed.expect("what fits into memory is shorter than 256 GiB");
    [&[SUITE_1], nonce.as_slice(), sealed.as_slice()].concat()
}

/// Opens what `seal` made for the same place.
pub fn open(key: &SymmetricKey, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let Some((&SUITE_1, rest)) = sealed.split_first() else { return Err(OpenError) };
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(OpenError)?;
    let payload = Payload { msg: ciphertext, aad: &place.aad() };
    let padded = place.cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| OpenError)?;
    unpad(Zeroizing::new(padded))
}

/// Seals `plain`, a key or another thing of fixed length, to whoever holds the private half: suite byte,
/// encapsulated key, ciphertext and tag.
pub fn seal_to(public: &PublicKey, context: &Context, plain: &[u8], chance: &Chance) -> Vec<u8> {
    let done = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        public.inner(),
        INFO,
        plain,
        &context.aad(),
        &mut chance.rng(),
    );
    let (encapsulated, sealed) = done.expect("X-Wing encapsulates to any public key that could be read");
    [&[SUITE_1], encapsulated.to_bytes().as_slice(), sealed.as_slice()].concat()
}

/// Opens what `seal_to` made for the same context.
pub fn open_from(private: &PrivateKey, context: &Context, wrap: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    type Encapsulated = <XWing as Kem>::EncappedKey;
    let Some((&SUITE_1, rest)) = wrap.split_first() else { return Err(OpenError) };
    let (encapsulated, sealed) = rest.split_at_checked(Encapsulated::size()).ok_or(OpenError)?;
    let encapsulated = Encapsulated::from_bytes(encapsulated).map_err(|_| OpenError)?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private.expanded(),
        &encapsulated,
        INFO,
        sealed,
        &context.aad(),
    )
    .map(Zeroizing::new)
    .map_err(|_| OpenError)
}

/// Length in four bytes, content, zeros up to the bucket.
fn pad(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = u32::try_from(plain.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut padded = Zeroizing::new(Vec::with_capacity(bucket(plain.len() + 4)));
    padded.extend_from_slice(&length);
    padded.extend_from_slice(plain);
    padded.resize(bucket(plain.len() + 4), 0);
    padded
}

fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let length = u32::from_be_bytes(*padded.first_chunk::<4>().ok_or(OpenError)?) as usize;
    if length > padded.len() - 4 {
        return Err(OpenError);
    }
    padded.truncate(length + 4);
    padded.drain(..4);
    Ok(padded)
}

/// Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019): a length tells O(log log n)
/// bits and grows by at most 12 %.
fn bucket(length: usize) -> usize {
    if length <= SMALLEST {
        return SMALLEST;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << (exponent - kept)) - 1;
    (length + mask) & !mask
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::generate_pair;

    fn place(row: u128) -> Place {
        Place { table: "tips", column: "sealed", row: Uuid::from_u128(row), owner: Uuid::from_u128(9), version: 1 }
    }

    fn context(row: u128) -> Context {
        Context { purpose: "tip_office", row: Uuid::from_u128(row), owner: Uuid::from_u128(9), version: 1 }
    }

    #[test]
    fn a_sealed_field_opens_only_at_its_place() {
        let chance = Chance::seeded(1);
        let key = SymmetricKey::generate(&chance);
        let sealed = seal(&key, &place(1), b"hush", &chance);
        assert_eq!(open(&key, &place(1), &sealed).unwrap().as_slice(), b"hush");
        let elsewhere = [
            place(2),
            Place { table: "notes", ..place(1) },
            Place { column: "contact_sealed", ..place(1) },
            Place { owner: Uuid::from_u128(8), ..place(1) },
            Place { version: 2, ..place(1) },
            // The same letters, cut elsewhere.
            Place { table: "tipss", column: "ealed", ..place(1) },
        ];
        for place in elsewhere {
            assert_eq!(open(&key, &place, &sealed), Err(OpenError), "{place:?}");
        }
        assert_eq!(open(&SymmetricKey::generate(&chance), &place(1), &sealed), Err(OpenError));
    }

    #[test]
    fn a_wrap_opens_only_for_its_holder_and_purpose() {
        let chance = Chance::seeded(2);
        let ((private, public), (other, _)) = (generate_pair(&chance), generate_pair(&chance));
        let wrap = seal_to(&public, &context(1), b"key", &chance);
        assert_eq!(open_from(&private, &context(1), &wrap).unwrap().as_slice(), b"key");
        assert_eq!(open_from(&other, &context(1), &wrap), Err(OpenError));
        for context in [context(2), Context { purpose: "x", ..context(1) }, Context { version: 2, ..context(1) }] {
            assert_eq!(open_from(&private, &context, &wrap), Err(OpenError));
        }
        for cut in 0..wrap.len() {
            assert_eq!(open_from(&private, &context(1), &wrap[..cut]), Err(OpenError));
        }
    }

    #[test]
    fn a_seeded_chance_seals_the_same_again() {
        let make = || {
            let chance = Chance::seeded(7);
            let (key, (_, public)) = (SymmetricKey::generate(&chance), generate_pair(&chance));
            (seal(&key, &place(1), b"a", &chance), seal_to(&public, &context(1), b"a", &chance))
        };
        assert_eq!(make(), make());
    }

    #[test]
    fn the_same_words_never_look_the_same() {
        let chance = Chance::seeded(3);
        let key = SymmetricKey::generate(&chance);
        assert_ne!(seal(&key, &place(1), b"a", &chance), seal(&key, &place(1), b"a", &chance));
    }

    #[test]
    fn short_words_have_one_length() {
        let chance = Chance::seeded(4);
        let key = SymmetricKey::generate(&chance);
        let lengths = [0, 1, 30, 60].map(|n| seal(&key, &place(1), &vec![b'x'; n], &chance).len());
        assert_eq!(lengths, [lengths[0]; 4]);
    }

    proptest! {
        #[test]
        fn anything_sealed_opens(plain in prop::collection::vec(any::<u8>(), 0..3000), seed: u64) {
            let chance = Chance::seeded(seed);
            let key = SymmetricKey::generate(&chance);
            let opened = open(&key, &place(1), &seal(&key, &place(1), &plain, &chance));
            prop_assert_eq!(opened.unwrap().to_vec(), plain);
        }

        #[test]
        fn any_changed_bit_is_found(plain in prop::collection::vec(any::<u8>(), 0..200), at: usize, bit in 0u8..8) {
            let chance = Chance::seeded(5);
            let key = SymmetricKey::generate(&chance);
            let mut sealed = seal(&key, &place(1), &plain, &chance);
            let at = at % sealed.len();
            sealed[at] ^= 1u8 << bit;
            prop_assert_eq!(open(&key, &place(1), &sealed), Err(OpenError));
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
            let chance = Chance::seeded(6);
            let key = SymmetricKey::generate(&chance);
            prop_assert_eq!(open(&key, &place(1), &bytes), Err(OpenError));
            prop_assert_eq!(open_from(&generate_pair(&chance).0, &context(1), &bytes), Err(OpenError));
        }

        #[test]
        fn buckets_cost_at_most_12_percent(length in SMALLEST..50_000_000) {
            let padded = bucket(length);
            prop_assert!(padded >= length && (padded - length) * 100 <= length * 12, "{padded}");
            prop_assert_eq!(bucket(padded), padded);
        }
    }
}
