//! Key derivation: HKDF-SHA256 (RFC 5869) and Argon2id (RFC 9106).

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 32 bytes for one purpose from strong key material.
pub fn expand(material: &[u8], salt: &[u8], purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let done = Hkdf::<Sha256>::new(Some(salt), material).expand(purpose.as_bytes(), out.as_mut_slice());
    // Never to go on with a key of zeros.
    done.expect("32 bytes are within HKDF-SHA256's 8,160");
    out
}

pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// What a derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

/// Officers' passwords: 64 MiB, three passes (RFC 9106, section 4, second recommended option).
pub const PASSWORD: Cost = Cost { memory_kib: 64 * 1024, passes: 3 };

/// Passwords of tests.
pub const SPARED: Cost = Cost { memory_kib: 64, passes: 1 };

/// Receipts carry 76 bits of their own; the cost only slows a server's flood of guesses down.
pub const RECEIPT: Cost = Cost { memory_kib: 1024, passes: 1 };

thread_local! {
    /// What receipts are derived in: fetching and clearing a megabyte for each would take a tenth of a derivation. Nothing
    /// of it needs to be wiped that an allocator would not leave behind as well; each derivation writes over all of it.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Most of it that a thread keeps for the next derivation.
const KEPT_KIB: u32 = RECEIPT.memory_kib;

/// Argon2id with a pepper. None only if a parameter is out of range, which the callers' constants are not.
pub fn stretch(input: &[u8], salt: &[u8], pepper: &[u8], cost: Cost) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let blocks = params.block_count();
    let argon = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).ok()?;
    let mut out = Zeroizing::new([0; 32]);
    if cost.memory_kib > KEPT_KIB {
        argon.hash_password_into(input, salt, out.as_mut_slice()).ok()?;
        return Some(out);
    }
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(blocks, Block::new());
        argon.hash_password_into_with_memory(input, salt, out.as_mut_slice(), memory.as_mut_slice()).ok()
    })?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Cost, PASSWORD, RECEIPT, SPARED, stretch};

    #[test]
    fn what_was_derived_before_leaves_no_trace() {
        let derived =
            |input: &str, cost: Cost| stretch(input.as_bytes(), b"sixteen of salt.", b"pepper", cost).unwrap();
        let of_a_fresh_thread =
            |input: &'static str, cost| std::thread::spawn(move || derived(input, cost)).join().unwrap();
        for (input, cost) in
            [("one", RECEIPT), ("two", RECEIPT), ("three", SPARED), ("one", RECEIPT), ("two", PASSWORD)]
        {
            assert_eq!(derived(input, cost), of_a_fresh_thread(input, cost), "{input}");
        }
        assert_ne!(derived("one", RECEIPT), derived("two", RECEIPT));
    }
}
