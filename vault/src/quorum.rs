//! A key split among several holders: any k of n rebuild it, k-1 learn nothing (Shamir 1979, over GF(256)).

use subtle::ConstantTimeEq;
use vsss_rs::Gf256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{chance::Chance, kdf, keys::SymmetricKey};

/// One holder's part: its number (1 to 255) and 32 bytes.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Share([u8; 33]);

impl Share {
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    /// None unless there are 33 bytes and the number is not 0.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(|share: &[u8; 33]| share[0] != 0).map(Self)
    }

    pub fn number(&self) -> u8 {
        self.0[0]
    }
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Share(..)")
    }
}

/// Shares of a key, and a commitment that tells the right key from a wrong one.
pub struct Split {
    pub shares: Vec<Share>,
    pub commitment: [u8; 32],
}

/// `k` and `n` do not serve: 1 ≤ k ≤ n ≤ 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be split so")]
pub struct BadQuorum;

/// Too few shares, or a wrong one among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the shares do not make the key")]
pub struct CombineError;

/// Splits a key so that any `k` of `n` shares rebuild it.
pub fn split(key: &SymmetricKey, k: usize, n: usize, chance: &Chance) -> Result<Split, BadQuorum> {
    if k == 0 || k > n || n > 255 {
        return Err(BadQuorum);
    }
    let mut parts = if k == 1 {
        // The library wants a threshold of two at least; of one, every share is the key.
        (1..=n).map(|number| [&[number as u8], key.as_bytes().as_slice()].concat()).collect()
    } else {
        Gf256::split_bytes(k, n, key.as_bytes(), chance.rng()).map_err(|_| BadQuorum)?
    };
    let shares: Option<Vec<Share>> = parts.iter().map(|part| Share::from_slice(part)).collect();
    parts.iter_mut().for_each(Zeroize::zeroize);
    Ok(Split { shares: shares.ok_or(BadQuorum)?, commitment: commit(key) })
}

/// Rebuilds a key from `k` or more shares.
pub fn combine(shares: &[Share], k: usize, commitment: &[u8]) -> Result<SymmetricKey, CombineError> {
    let mut distinct: Vec<&Share> = Vec::new();
    for share in shares {
        if distinct.iter().all(|other| other.number() != share.number()) {
            distinct.push(share);
        }
    }
    if k == 0 || distinct.len() < k {
        return Err(CombineError);
    }
    let key = if k == 1 {
        distinct.first().and_then(|share| SymmetricKey::from_slice(&share.0[1..]))
    } else {
        let mut parts: Vec<Vec<u8>> = distinct.iter().take(k).map(|share| share.0.to_vec()).collect();
        let combined = Gf256::combine_bytes(&parts).map(Zeroizing::new);
        parts.iter_mut().for_each(Zeroize::zeroize);
        combined.ok().and_then(|bytes| SymmetricKey::from_slice(&bytes))
    };
    let key = key.ok_or(CombineError)?;
    if bool::from(commit(&key).ct_eq(commitment)) { Ok(key) } else { Err(CombineError) }
}

/// Tells nothing of a key of 256 random bits.
fn commit(key: &SymmetricKey) -> [u8; 32] {
    kdf::sha256(&[b"tipline/quorum/1", key.as_bytes()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_k_of_n_and_no_fewer(k in 1usize..6, more in 0usize..5, seed: u64) {
            let (chance, n) = (Chance::seeded(seed), k + more);
            let key = SymmetricKey::generate(&chance);
            let mut split = split(&key, k, n, &chance).unwrap();
            for _ in 0..n {
                split.shares.rotate_left(1);
                let opened = combine(&split.shares[..k], k, &split.commitment).unwrap();
                prop_assert_eq!(opened.as_bytes(), key.as_bytes());
                prop_assert!(combine(&split.shares[..k - 1], k, &split.commitment).is_err());
            }
        }

        #[test]
        fn a_wrong_share_is_found(byte in 1usize..33, bit in 0u8..8, seed: u64) {
            let chance = Chance::seeded(seed);
            let mut split = split(&SymmetricKey::generate(&chance), 2, 3, &chance).unwrap();
            split.shares[0].0[byte] ^= 1u8 << bit;
            prop_assert!(combine(&split.shares[..2], 2, &split.commitment).is_err());
        }

        #[test]
        fn any_shares_are_answered(shares in prop::collection::vec(prop::collection::vec(any::<u8>(), 33), 0..5), k in 0usize..6) {
            let shares: Vec<Share> = shares.iter().filter_map(|share| Share::from_slice(share)).collect();
            prop_assert!(combine(&shares, k, &[0; 32]).is_err());
        }
    }

    #[test]
    fn one_share_twice_is_one_share() {
        let chance = Chance::seeded(1);
        let split = split(&SymmetricKey::generate(&chance), 2, 3, &chance).unwrap();
        let twice = [split.shares[0].clone(), split.shares[0].clone()];
        assert_eq!(combine(&twice, 2, &split.commitment).unwrap_err(), CombineError);
    }

    #[test]
    fn impossible_quorums_are_refused() {
        let chance = Chance::seeded(1);
        let key = SymmetricKey::generate(&chance);
        for (k, n) in [(0, 3), (4, 3), (2, 256)] {
            assert!(split(&key, k, n, &chance).is_err());
        }
    }
}
