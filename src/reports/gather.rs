//! Counts what a report needs, all of it on one snapshot: while officers go on working, its figures still agree.

use chrono::NaiveDate;
use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use super::plan::{Plan, Split};
use crate::{
    reference::{Label, Reference},
    statistics::{
        invariants::{self, Invariant},
        measures::{self, Comparison, Dimension, Measure, Shared, Table, TableQuery},
    },
};

/// Of what, of when, whose, and as known when.
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub as_of: NaiveDate,
    pub today: NaiveDate,
    pub offices: Vec<OfficeId>,
}

/// The figures of a report, before they are put in order.
pub struct Gathered {
    /// One for each measure of `Plan::compared`, in its order.
    pub compared: Vec<Vec<Comparison>>,
    /// One for each of `Plan::splits`.
    pub splits: Vec<Counted>,
    pub invariants: Vec<Invariant>,
}

/// What was counted for a split.
pub struct Counted {
    /// One for each measure.
    pub tables: Vec<Table>,
    /// Every key of any of the tables, with its label, in the order to show.
    pub keys: Vec<(String, Label)>,
}

pub async fn gather(
    db: &impl ConnectionTrait,
    reference: &Reference,
    (plan, span): (&Plan, &Span),
) -> Result<Gathered, DbErr> {
    let mut shared = Shared::default();
    let mut compared = Vec::with_capacity(plan.compared.len());
    for part in &plan.compared {
        let mut figures = Vec::with_capacity(part.measures.len());
        for measure in part.measures {
            figures.push(shared.compare(db, reference, &query(span, *measure, Vec::new(), false), Measure::ALL).await?);
        }
        compared.push(figures);
    }
    let mut splits = Vec::with_capacity(plan.splits.len());
    for split in &plan.splits {
        splits.push(count(db, reference, (split, span), &mut shared).await?);
    }
    let scope = invariants::Scope {
        offices: span.offices.clone(),
        from: span.from,
        to: span.to,
        as_of: span.as_of,
        today: span.today,
    };
    Ok(Gathered { compared, splits, invariants: invariants::check_shared(db, reference, &scope, &mut shared).await? })
}

fn query(span: &Span, measure: Measure, by: Vec<Dimension>, restate: bool) -> TableQuery {
    let Span { from, to, as_of, today: _, offices } = span;
    TableQuery { measure, from: *from, to: *to, by, as_of: *as_of, offices: offices.clone(), restate }
}

async fn count(
    db: &impl ConnectionTrait,
    reference: &Reference,
    (split, span): (&Split, &Span),
    shared: &mut Shared,
) -> Result<Counted, DbErr> {
    let (mut tables, mut keys) = (Vec::with_capacity(split.measures.len()), Vec::new());
    // Read along, because they are checked in the same ways.
    let together = [split.measures, &invariants::IN_PARTS].concat();
    for measure in split.measures {
        let wanted = query(span, *measure, vec![split.by], split.restate);
        let table = shared.compute(db, reference, &wanted, &together).await?;
        for key in table.axes.iter().flat_map(|axis| &axis.keys) {
            if !keys.iter().any(|(known, _)| known == key) {
                keys.push((key.clone(), measures::label(reference, &table.query, split.by, key)));
            }
        }
        tables.push(table);
    }
    // Stable: what belongs nowhere comes last, the rest stays in its order.
    keys.sort_by_key(|(key, _)| key == measures::NO_UNIT || key == measures::NOT_ATTRIBUTABLE);
    Ok(Counted { tables, keys })
}
