use entity::{outcomes, yields};

use super::rule;
use crate::reference::{Qualifies, Reference};

/// Whether an outcome makes a source valuable, by the kinds of the day of the decision.
///
/// `identified`: the source identified or confirmed a person or place in an existing case. A kind that is no longer
/// on record is no ground by itself; the other grounds still hold.
pub fn qualifies(reference: &Reference, outcome: &outcomes::Model, yields: &[yields::Model], identified: bool) -> bool {
    let kind = reference.outcome_kind_on(&outcome.kind, outcome.decided_on);
    let kind = kind.map_or(Qualifies::Never, |kind| kind.qualifies);
    let has_yield = yields.iter().any(|item| item.outcome_id == outcome.id && item.amount_milli > 0);
    rule::qualifies(kind, outcome.action_confirmed, has_yield, identified)
}
