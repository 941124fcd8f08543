use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Change, Comparison, Table, TableQuery,
    compute::{apart, region},
    definition::Reads,
    fold::fold,
    measure::Measure,
    store::{self, Apart, Edges, Region, Tally},
};
use crate::{reference::Reference, statistics::periods};

/// Figures that share what they are worked out from: sums of one region, kept apart alike, are read once for all
/// measures. Only for one snapshot: what is read later must be what was read before.
pub struct Shared {
    read: Vec<(Region, Apart, Vec<Tally>)>,
    edges: Edges,
}

impl Default for Shared {
    fn default() -> Self {
        Self { read: Vec::new(), edges: Edges::of_all_kinds() }
    }
}

impl Shared {
    /// As `compute` does. `together`: the measures that will be asked for in the same way, read along with this one.
    pub async fn compute(
        &mut self,
        db: &impl ConnectionTrait,
        reference: &Reference,
        query: &TableQuery,
        together: &[Measure],
    ) -> Result<Table, DbErr> {
        let (wanted, apart) = (region(query), apart(query));
        let found = self.read.iter().position(|(region, known, _)| *known == apart && is_in(&wanted, region));
        let at = match found {
            Some(at) => at,
            None => {
                let region = widened(query, together);
                let tallies = store::tallies(db, &region, apart, &mut self.edges).await?;
                self.read.push((region, apart, tallies));
                self.read.len() - 1
            }
        };
        let tallies = self.read.get(at).map_or(&[][..], |(_, _, tallies)| tallies);
        Ok(fold(reference, query, tallies))
    }

    /// As `compare` does.
    pub async fn compare(
        &mut self,
        db: &impl ConnectionTrait,
        reference: &Reference,
        query: &TableQuery,
        together: &[Measure],
    ) -> Result<Comparison, DbErr> {
        let (from, to) = periods::before(query.from, query.to);
        let now = self.compute(db, reference, query, together).await?;
        let before = self.compute(db, reference, &TableQuery { from, to, ..query.clone() }, together).await?;
        let change = Change::between(before.total, now.total);
        Ok(Comparison { now, before, change })
    }
}

/// Whether all of a region has been read with another.
fn is_in(wanted: &Region, read: &Region) -> bool {
    let Region { kinds, offices, from, to, known } = read;
    (&wanted.offices, wanted.from, wanted.to, wanted.known) == (offices, *from, *to, *known)
        && wanted.kinds.iter().all(|kind| kinds.contains(kind))
}

/// The region of a query with the kinds of all measures that are worked out alike.
fn widened(query: &TableQuery, together: &[Measure]) -> Region {
    let waits = |measure: Measure| matches!(measure.definition().reads, Reads::Percentile { .. });
    let alike = together.iter().copied().filter(|measure| waits(*measure) == waits(query.measure));
    let all = alike.chain([query.measure]);
    let mut kinds: Vec<_> = all.flat_map(|measure| measure.definition().reads.kinds()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Region { kinds, ..region(query) }
}
