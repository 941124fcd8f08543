//! Where ids of new tips begin.

use std::sync::{Mutex, PoisonError};

use entity::ids::TipId;
use vault::chance::Chance;

/// So many tips that come one after the other begin alike.
///
/// Ids that are random throughout put each row on a page of its own in every index, and the log of the database takes
/// pages whole: with some ten thousand tips that was 150 KB for each one. The more begin alike, the more they are apart
/// again; the fewer, the more an id would tell of when its tip came. It tells that two tips are among the same 256 of
/// their node, and neither which came first nor when: beginnings are random. Databases tell more by where rows lie
/// (docs/THREAT_MODEL.md, section 2).
const TOGETHER: u16 = 256;

/// Random: beginnings are in no order either.
type Beginning = [u8; 4];

/// Gives ids to tips that residents send, so that those that come together lie together; one for each node.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<(Beginning, u16)>);

impl Shelf {
    /// An id for a tip that comes now.
    pub fn next(&self, chance: &Chance) -> TipId {
        let beginning = {
            let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let (beginning, left) = &mut *shelf;
            if *left == 0 {
                (*beginning, *left) = (chance.bytes(), TOGETHER);
            }
            *left -= 1;
            *beginning
        };
        chance.uuid_beginning(&beginning).into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use uuid::Uuid;

    use super::*;

    fn drawn(count: usize) -> Vec<[u8; 16]> {
        let (shelf, chance) = (Shelf::default(), Chance::seeded(3));
        (0..count).map(|_| Uuid::from(shelf.next(&chance)).into_bytes()).collect()
    }

    #[test]
    fn as_many_as_said_begin_alike_and_no_two_are_the_same() {
        let ids = drawn(1_000);
        let mut shelves: BTreeMap<[u8; 4], usize> = BTreeMap::new();
        for id in &ids {
            *shelves.entry(id[..4].try_into().unwrap()).or_default() += 1;
        }
        let mut counts: Vec<_> = shelves.values().copied().collect();
        counts.sort_unstable();
        assert_eq!(counts, [1_000 - 3 * 256, 256, 256, 256]);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 1_000);
    }

    /// Of tips that begin alike nobody can tell by their ids which came first, and of beginnings neither.
    #[test]
    fn ids_are_in_no_order() {
        let ids = drawn(256 * 40);
        let rising = |pairs: &mut dyn Iterator<Item = bool>| {
            let (mut all, mut up) = (0_f64, 0_f64);
            for is_up in pairs {
                all += 1.0;
                up += f64::from(u8::from(is_up));
            }
            up / all
        };
        let within =
            rising(&mut ids.windows(2).filter(|pair| pair[0][..4] == pair[1][..4]).map(|pair| pair[0] < pair[1]));
        assert!((0.45..0.55).contains(&within), "{within}");
        let firsts: Vec<_> = ids.chunks(256).map(|chunk| chunk[0]).collect();
        let between = rising(&mut firsts.windows(2).map(|pair| pair[0] < pair[1]));
        assert!((0.2..0.8).contains(&between), "{between}");
    }
}
