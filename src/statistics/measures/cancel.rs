//! What is left of lines when those that end others are taken out together with what they ended.

use std::collections::HashMap;

use entity::ids::{TipId, ValuationId};

use super::Line;

type Whose = (Option<TipId>, Option<ValuationId>);

/// Takes out every line that ends another, and the one that it ended: first of the same detail, then of any.
///
/// Of two that a later one could have ended, the earlier goes: what is left is how it stands now.
pub(super) fn cancel(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by_key(|line| (line.fact.recorded_on, line.fact.effective_on, line.fact.id));
    let mut gone = vec![false; lines.len()];
    let mut ends: HashMap<Whose, Vec<usize>> = HashMap::new();
    let mut begins: HashMap<Whose, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let side = if line.sign < 0 { &mut ends } else { &mut begins };
        side.entry((line.fact.tip_id, line.fact.valuation_id)).or_default().push(at);
    }
    for (whose, ends) in &ends {
        let Some(begins) = begins.get(whose) else { continue };
        for same_detail in [true, false] {
            for end in ends {
                let fits = |begin: &&usize| {
                    let same = lines.get(**begin).zip(lines.get(*end));
                    let same = same.is_some_and(|(begin, end)| begin.fact.detail == end.fact.detail);
                    !is_gone(&gone, **begin) && (same || !same_detail)
                };
                if is_gone(&gone, *end) {
                    continue;
                }
                if let Some(begin) = begins.iter().find(fits) {
                    [*begin, *end]
                        .into_iter()
                        .filter_map(|at| gone.get_mut(at).map(|gone| *gone = true))
                        .for_each(drop);
                }
            }
        }
    }
    let mut gone = gone.into_iter();
    lines.retain(|_| !gone.next().unwrap_or(false));
    lines
}

fn is_gone(gone: &[bool], at: usize) -> bool {
    gone.get(at).copied().unwrap_or(true)
}
