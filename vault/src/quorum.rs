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

/// Shares of a key, and a commitment that tells the right key from a wrong one and names a wrong share.
pub struct Split {
    pub shares: Vec<Share>,
    /// The key's check value, then one of each share in the order of their numbers; 32 bytes each.
    pub commitment: Vec<u8>,
}

/// `k` and `n` do not serve: 1 ≤ k ≤ n ≤ 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be split so")]
pub struct BadQuorum;

/// The shares do not make the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    #[error("fewer good shares than are needed")]
    TooFew,
    /// Without these there are too few.
    #[error("wrong shares, by number: {0:?}")]
    Wrong(Vec<u8>),
    #[error("the shares do not belong together, or the commitment is another key's")]
    Foreign,
}

/// Combinations looked at when no check value says which share is wrong. 2 of 3 has 3, 5 of 9 has 126.
const TRIES: usize = 4096;

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
    let mut shares = shares.ok_or(BadQuorum)?;
    shares.sort_unstable_by_key(Share::number);
    let checks = shares.iter().flat_map(check);
    let commitment = commit(key).into_iter().chain(checks).collect();
    Ok(Split { shares, commitment })
}

/// Rebuilds a key from `k` or more good shares, whatever else is among them.
pub fn combine(shares: &[Share], k: usize, commitment: &[u8]) -> Result<SymmetricKey, CombineError> {
    let mut good: Vec<&Share> = Vec::new();
    for share in shares {
        if is_right(share, commitment) && good.iter().all(|other| other.number() != share.number()) {
            good.push(share);
        }
    }
    if k == 0 || good.len() < k {
        let wrong = wrong_among(shares, commitment);
        return Err(if wrong.is_empty() { CombineError::TooFew } else { CombineError::Wrong(wrong) });
    }
    let expected = commitment.get(..32).ok_or(CombineError::Foreign)?;
    let right = |key: &SymmetricKey| bool::from(commit(key).ct_eq(expected));
    choices(good.len(), k)
        .take(TRIES)
        .find_map(|chosen| interpolate(&good, &chosen).filter(right))
        .ok_or(CombineError::Foreign)
}

/// Numbers of the shares that are not as they were made. None can be told where the commitment has no check values.
pub fn wrong_among(shares: &[Share], commitment: &[u8]) -> Vec<u8> {
    shares.iter().filter(|share| !is_right(share, commitment)).map(Share::number).collect()
}

/// Whether a share is as it was made; true as well where nothing says otherwise.
pub fn is_right(share: &Share, commitment: &[u8]) -> bool {
    let at = 32 * usize::from(share.number());
    match commitment.get(at..at + 32) {
        Some(expected) => bool::from(check(share).ct_eq(expected)),
        None => commitment.len() == 32,
    }
}

fn interpolate(shares: &[&Share], chosen: &[usize]) -> Option<SymmetricKey> {
    if let [only] = chosen {
        return shares.get(*only).and_then(|share| SymmetricKey::from_slice(&share.0[1..]));
    }
    let mut parts: Vec<Vec<u8>> =
        chosen.iter().filter_map(|at| shares.get(*at)).map(|share| share.0.to_vec()).collect();
    let combined = Gf256::combine_bytes(&parts).map(Zeroizing::new);
    parts.iter_mut().for_each(Zeroize::zeroize);
    combined.ok().and_then(|bytes| SymmetricKey::from_slice(&bytes))
}

/// All ways to choose `k` of `n`, in order.
fn choices(n: usize, k: usize) -> impl Iterator<Item = Vec<usize>> {
    let first: Vec<usize> = (0..k).collect();
    std::iter::successors((k <= n).then_some(first), move |last| {
        let mut next = last.clone();
        let at = (0..k).rev().find(|at| next.get(*at).is_some_and(|index| *index < n - k + at))?;
        let from = next.get(at)? + 1;
        next.iter_mut().skip(at).enumerate().for_each(|(offset, index)| *index = from + offset);
        Some(next)
    })
}

/// Tells nothing of a key of 256 random bits.
fn commit(key: &SymmetricKey) -> [u8; 32] {
    kdf::sha256(&[b"tipline/quorum/1", key.as_bytes()])
}

/// Tells nothing of a share, which is as random as the key.
fn check(share: &Share) -> [u8; 32] {
    kdf::sha256(&[b"tipline/quorum/share/1", &share.0])
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
            prop_assert_eq!(combine(&split.shares[..2], 2, &split.commitment).unwrap_err(), CombineError::Wrong(vec![1]));
        }

        #[test]
        fn any_k_good_shares_serve_whatever_else_is_there(
            k in 1usize..6, spare in 0usize..4, wrong in 0usize..4, checked: bool, seed: u64,
        ) {
            let (chance, n) = (Chance::seeded(seed), k + spare + wrong);
            let key = SymmetricKey::generate(&chance);
            let mut split = split(&key, k, n, &chance).unwrap();
            for at in 0..wrong {
                split.shares[at].0[1 + at] ^= 0x55;
            }
            // Without check values the right combination is looked for.
            let commitment = if checked { split.commitment.as_slice() } else { &split.commitment[..32] };
            let opened = combine(&split.shares, k, commitment).unwrap();
            prop_assert_eq!(opened.as_bytes(), key.as_bytes());
            let named: Vec<u8> = if checked { (1..=wrong as u8).collect() } else { Vec::new() };
            prop_assert_eq!(wrong_among(&split.shares, commitment), named);
        }

        #[test]
        fn every_choice_comes_once(n in 0usize..9, k in 1usize..6) {
            let all: Vec<_> = choices(n, k).collect();
            let expected = if k > n { 0 } else { (0..k).fold(1, |c, i| c * (n - i) / (i + 1)) };
            prop_assert_eq!(all.len(), expected);
            let distinct: std::collections::BTreeSet<_> = all.iter().collect();
            prop_assert_eq!(distinct.len(), expected);
            prop_assert!(all.iter().flatten().all(|index| *index < n));
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
        assert_eq!(combine(&twice, 2, &split.commitment).unwrap_err(), CombineError::TooFew);
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
