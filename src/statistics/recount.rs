//! The count once more, fact by fact and without a database: what a figure is checked against.

use entity::valuations;

use super::store::Scope;

/// A fact that counts.
pub type Counted<'a> = &'a valuations::Model;

/// The facts that make up a count, one for each source: the lines behind a figure.
pub fn recount<'a>(facts: &'a [valuations::Model], scope: &Scope) -> Vec<Counted<'a>> {
    facts.iter().filter(|fact| counts(fact, scope)).collect()
}

fn counts(fact: &valuations::Model, scope: &Scope) -> bool {
    let confirmed = fact.confirmed_at.is_some_and(|at| at <= scope.at);
    let revoked = fact.revoked_at.is_some_and(|at| at <= scope.at);
    let in_period = (scope.from..=scope.to).contains(&fact.decided_on);
    confirmed && !revoked && in_period && fact.rule == scope.rule && scope.offices.contains(&fact.office_id)
}
