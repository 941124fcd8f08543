//! Somebody who reads what is published, and what must stay hidden from them.

use super::{
    board::Board,
    budget::Budget,
    change::Consequences,
    settle::{Settled, Shape, Shift},
};

/// A sum of unknowns that must stay hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    pub cells: Vec<usize>,
    /// A region of the new release: a secret only if it is withheld.
    pub region: Option<usize>,
}

/// A reader in one world.
pub struct View<'a> {
    pub board: &'a Board,
    /// Unknowns of every region; those of the new release come first.
    pub regions: &'a [Vec<usize>],
    pub truth: Vec<i64>,
    /// Regions that the reader knows from elsewhere.
    pub known: Vec<usize>,
    /// Of the regions of the new release, those that the reader can use where they are shown.
    pub news: Vec<bool>,
    pub kind: Kind,
    pub secrets: Vec<Secret>,
}

/// What the reader is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A count: no interval shorter than this.
    Count { room: i64 },
    /// How much a count moved, where what it was is certain: not exactly.
    Change,
}

impl View<'_> {
    fn known<'v>(&'v self, hidden: &'v [bool]) -> impl Iterator<Item = &'v Vec<usize>> {
        let news = (0..self.news.len()).filter(|region| self.news[*region] && !hidden[*region]);
        self.known.iter().copied().chain(news).filter_map(|region| self.regions.get(region))
    }

    fn settled(&self, hidden: &[bool]) -> Settled<'_> {
        Settled::of(self.board, &self.truth, self.known(hidden))
    }

    fn is_due(secret: &Secret, hidden: &[bool]) -> bool {
        secret.region.is_none_or(|region| hidden[region])
    }

    /// The first secrets that what is shown gives away, at most `limit`. None: not found out.
    pub fn given_away(&self, hidden: &[bool], limit: usize, budget: &mut Budget) -> Option<Vec<usize>> {
        budget.spend()?;
        let settled = self.settled(hidden);
        let mut found = Vec::new();
        match self.kind {
            Kind::Change => {
                let all = Consequences::of(self.board, self.known(hidden), |cell| settled.is_certain(cell));
                let due = (0..self.secrets.len()).filter(|at| Self::is_due(&self.secrets[*at], hidden));
                found.extend(due.filter(|at| all.hold(&self.secrets[*at].cells)).take(limit));
            }
            Kind::Count { room } => {
                // Worlds found for one secret show room for others.
                let mut seen: Vec<(i64, i64)> = vec![(0, 0); self.secrets.len()];
                for at in 0..self.secrets.len() {
                    let spread = seen[at].1 - seen[at].0;
                    if found.len() >= limit || spread >= room || !Self::is_due(&self.secrets[at], hidden) {
                        continue;
                    }
                    let see = |shift: &Shift| self.see(shift, &mut seen);
                    if !settled.has_room(&self.secrets[at].cells, room, budget, see)? {
                        found.push(at);
                    }
                }
            }
        }
        Some(found)
    }

    fn see(&self, shift: &Shift, seen: &mut [(i64, i64)]) {
        let mut by = vec![0; self.board.size];
        shift.iter().for_each(|(cell, moved)| by[*cell] = *moved);
        for (secret, (low, high)) in self.secrets.iter().zip(seen) {
            let moved = secret.cells.iter().map(|cell| by[*cell]).sum();
            (*low, *high) = ((*low).min(moved), (*high).max(moved));
        }
    }

    /// Whether one secret is given away. `before`: the shape under which it was; the same shape, the same answer.
    pub fn gives_away(
        &self,
        at: usize,
        hidden: &[bool],
        before: &mut Option<Shape>,
        budget: &mut Budget,
    ) -> Option<bool> {
        budget.spend()?;
        let (settled, secret) = (self.settled(hidden), &self.secrets[at].cells);
        match self.kind {
            Kind::Change => {
                let all = Consequences::of(self.board, self.known(hidden), |cell| settled.is_certain(cell));
                Some(all.hold(secret))
            }
            Kind::Count { room } => {
                let shape = settled.shape(secret);
                if *before == Some(shape) {
                    return Some(true);
                }
                let given = !settled.has_room(secret, room, budget, |_| ())?;
                if given {
                    *before = Some(shape);
                }
                Some(given)
            }
        }
    }

    /// Forgets the secrets that were out before anything of the new release is shown: nothing withheld brings them back.
    pub fn forget_what_is_out(&mut self, budget: &mut Budget) -> Option<()> {
        let hidden = vec![true; self.news.len()];
        let out = self.given_away(&hidden, usize::MAX, budget)?;
        let mut at = 0;
        self.secrets.retain(|_| {
            at += 1;
            !out.contains(&(at - 1))
        });
        Some(())
    }
}
