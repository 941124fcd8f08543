//! Chance is handed in, so that tests and the demonstration can repeat it.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rand::{
    Rng, SeedableRng, TryCryptoRng, TryRng,
    rand_core::UnwrapErr,
    rngs::{ChaCha20Rng, SysRng},
};
use uuid::Uuid;

use crate::kdf;

/// A source of random bytes; cheap to clone, and all clones draw from the same source.
#[derive(Clone)]
pub struct Chance {
    source: Source,
}

#[derive(Clone)]
enum Source {
    System,
    /// One algorithm by name, not the library's choice of the day: a seed means the same after an update.
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Chance {
    /// The operating system's, asked anew each time: no state lies in this process from which past keys could be
    /// told. Panics when the system gives none; nothing may be sealed then.
    pub fn system() -> Self {
        Self { source: Source::System }
    }

    /// The same draws for the same seed. Never for a deployment: who knows the seed knows every key.
    pub fn seeded(seed: u64) -> Self {
        let seed = kdf::sha256(&[b"tipline/chance/1", &seed.to_be_bytes()]);
        Self { source: Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed)))) }
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.source {
            Source::System => UnwrapErr(SysRng).fill_bytes(bytes),
            Source::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number below `n`, each equally likely; 0 if `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // Numbers from the last, incomplete run of n are drawn again: they would favour the small ones.
        let limit = u64::MAX - u64::MAX % n;
        loop {
            let drawn = u64::from_le_bytes(self.bytes());
            if drawn < limit {
                return drawn % n;
            }
        }
    }

    /// A version 4 UUID (RFC 9562): unlike version 7 it does not tell when it was made.
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// One that begins with `beginning`, at most 8 bytes of it but for the version, and is drawn beyond.
    pub fn uuid_beginning(&self, beginning: &[u8]) -> Uuid {
        let mut bytes: [u8; 16] = self.bytes();
        bytes.iter_mut().zip(beginning).take(8).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// One whose first half is `other`'s. What belongs to one thing lies together in indexes that way, and the id tells
    /// nothing that a row which names the thing does not.
    pub fn uuid_beside(&self, other: Uuid) -> Uuid {
        self.uuid_beginning(other.as_bytes())
    }

    /// A generator for libraries that ask for one.
    pub(crate) fn rng(&self) -> ChanceRng<'_> {
        ChanceRng(self)
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance(..)")
    }
}

pub(crate) struct ChanceRng<'a>(&'a Chance);

impl TryRng for ChanceRng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.bytes()))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(dst);
        Ok(())
    }
}

impl TryCryptoRng for ChanceRng<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_clones_share_the_source() {
        let (a, b) = (Chance::seeded(7), Chance::seeded(7));
        let shared = b.clone();
        assert_eq!(a.uuid(), b.uuid());
        assert_eq!(a.uuid(), shared.uuid());
        assert_ne!(a.uuid(), Chance::seeded(8).uuid());
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        let id = Chance::system().uuid();
        assert_ne!(id, Chance::system().uuid());
        assert_eq!(id.get_version_num(), 4);
    }

    #[test]
    fn an_id_beside_another_shares_its_first_half_and_no_more() {
        let chance = Chance::system();
        let one = chance.uuid();
        let (beside, again) = (chance.uuid_beside(one), chance.uuid_beside(one));
        assert_eq!(beside.as_bytes()[..8], one.as_bytes()[..8]);
        assert_ne!(beside, again);
        assert_ne!(beside.as_bytes()[9..], one.as_bytes()[9..]);
        assert_eq!((beside.get_version_num(), beside.get_variant()), (4, uuid::Variant::RFC4122));
    }

    #[test]
    fn an_id_with_a_beginning_is_drawn_beyond_it() {
        let chance = Chance::system();
        let (one, other) = (chance.uuid_beginning(&[0xff; 9]), chance.uuid_beginning(&[0xff; 9]));
        assert_eq!(one.as_bytes()[..6], [0xff; 6]);
        assert_ne!(one, other);
        assert_eq!((one.get_version_num(), one.get_variant()), (4, uuid::Variant::RFC4122));
    }

    #[test]
    fn draws_stay_below_and_reach_every_number() {
        let chance = Chance::seeded(1);
        let mut seen = [false; 7];
        for _ in 0..500 {
            seen[usize::try_from(chance.below(7)).unwrap()] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!((chance.below(0), chance.below(1)), (0, 0));
    }
}
