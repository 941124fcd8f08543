//! From what is known to what is shown: pure, and the same on every machine.

use super::{ReleasedCell, Split, gather::Gathered, layout::Layout};
use crate::{
    disclosure::{Cell, Decision, Policy, Request, Span, protect},
    reference::Reference,
};

pub(super) fn decide(
    reference: &Reference,
    gathered: &Gathered,
    period: Span,
    splits: &[Split],
    policy: &Policy,
) -> Vec<ReleasedCell> {
    let layout = Layout::new(reference, period, &gathered.now.lines);
    let places = layout.places(splits);
    let cell = |place: &super::layout::Place| Cell {
        region: place.region.clone(),
        rank: place.split.rank(),
        closed: place.closed,
    };
    let cells: Vec<Cell> = places.iter().map(cell).collect();
    let born = layout.born();
    let request =
        Request { cells: &cells, earlier: &gathered.earlier, now: &gathered.now, then: &gathered.then, born: &born };
    let decisions = protect(&request, policy);
    let released = places.into_iter().zip(decisions).map(|(place, decision)| ReleasedCell {
        split: place.split,
        keys: place.keys,
        label: place.label,
        region: place.region,
        figure: match decision {
            Decision::Show(value) => Ok(value),
            Decision::Withhold(reason) => Err(reason),
        },
    });
    released.collect()
}
