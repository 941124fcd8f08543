use entity::{outcomes, tips, yields};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Fact, Kind, store};
use crate::app::App;

/// What an outcome makes known: its kind and what it brought in, credited to the tip that the case began with, and
/// for each of the case's tips the first decision.
pub async fn came_out(
    txn: &impl ConnectionTrait,
    app: &App,
    outcome: &outcomes::Model,
    yields: &[yields::Model],
    tips: &[tips::Model],
) -> Result<Vec<Fact>, DbErr> {
    let credited = Fact {
        effective_on: outcome.decided_on,
        recorded_on: app.clock.today(),
        outcome: Some(outcome.id),
        ..credit(txn, app, outcome).await?
    };
    let mut facts = vec![Fact { kind: Kind::Outcome, ..credited.clone() }.told(&outcome.kind)];
    facts.extend(yields.iter().map(|item| brought_in(&credited, item)));
    for tip in tips {
        if !store::has(txn, Kind::Decided, tip.id).await? {
            facts.push(decided(app, outcome, tip));
        }
    }
    Ok(facts)
}

/// Whose place, category and channel it counts for: one tip's, so that sums count nothing twice.
async fn credit(txn: &impl ConnectionTrait, app: &App, outcome: &outcomes::Model) -> Result<Fact, DbErr> {
    if let Some(opened) = store::case_opened(txn, outcome.case_id).await? {
        return Ok(opened);
    }
    Ok(Fact { case: Some(outcome.case_id), ..Fact::of_office(Kind::Outcome, app.clock.today(), outcome.office_id) })
}

fn brought_in(credited: &Fact, item: &yields::Model) -> Fact {
    Fact {
        kind: Kind::Yield,
        detail: Some(detail_of(&item.kind, item.choice.as_deref())),
        amount_milli: Some(item.amount_milli),
        amount_unit: Some(item.unit.clone()),
        ..credited.clone()
    }
}

/// `drugs`, or `drugs:heroin`.
pub fn detail_of(kind: &str, choice: Option<&str>) -> String {
    choice.map_or_else(|| kind.to_owned(), |choice| format!("{kind}:{choice}"))
}

fn decided(app: &App, outcome: &outcomes::Model, tip: &tips::Model) -> Fact {
    let fact = Fact::of_tip(Kind::Decided, app.clock.today(), tip).after(tip.received_on, outcome.decided_on);
    Fact { effective_on: outcome.decided_on, case: Some(outcome.case_id), outcome: Some(outcome.id), ..fact }
}
