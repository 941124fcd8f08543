//! Where requests come from, as far as their number has to be kept within bounds: which network, and never which.
//!
//! What is kept is a number that no one can turn back into a network without a key, and the key lives in memory and is
//! drawn anew before long: after that not even this process could tell that two requests came from one place.

use std::net::IpAddr;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{chance::Chance, kdf};

/// A network under a key. Says nothing when printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(u64);

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(..)")
    }
}

/// Tells networks apart for as long as it is there.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SourceKey([u8; 32]);

impl SourceKey {
    pub fn draw(chance: &Chance) -> Self {
        Self(chance.bytes())
    }

    /// The network of an address: 24 bits of IPv4, 48 of IPv6, which is what one site is given.
    pub fn source_of(&self, address: IpAddr) -> Source {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.octets().iter().take(3).copied().collect::<Vec<u8>>(),
            IpAddr::V6(address) => address.octets().iter().take(6).copied().collect(),
        };
        let hash = kdf::expand(&self.0, &network, "tipline/source/1");
        Source(hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_source_and_others_are_not() {
        let key = SourceKey::draw(&Chance::seeded(1));
        let of = |address: &str| key.source_of(address.parse().unwrap());
        assert!(of("203.0.113.7") == of("203.0.113.200") && of("203.0.113.7") == of("::ffff:203.0.113.9"));
        assert!(of("203.0.113.7") != of("203.0.114.7"));
        assert!(of("2001:db8:1:2::1") == of("2001:db8:1:ffff::2") && of("2001:db8:1::1") != of("2001:db8:2::1"));
    }

    #[test]
    fn another_key_tells_nothing_of_the_former() {
        let chance = Chance::seeded(1);
        let address = "203.0.113.7".parse().unwrap();
        assert!(SourceKey::draw(&chance).source_of(address) != SourceKey::draw(&chance).source_of(address));
        assert_eq!(format!("{:?}", SourceKey::draw(&chance).source_of(address)), "Source(..)");
    }
}
