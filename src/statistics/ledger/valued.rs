use entity::{tips, valuations};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Fact, Kind, store};
use crate::{app::App, reference::UnitKey};

/// An officer attested that a tip was a valuable source. It counts, once confirmed, in the period of the decision.
pub fn attested(app: &App, tip: &tips::Model, valuation: &valuations::Model) -> Fact {
    Fact {
        effective_on: valuation.decided_on,
        valuation: Some(valuation.id),
        outcome: Some(valuation.outcome_id),
        rule: Some(valuation.rule),
        ..Fact::of_tip(Kind::Attested, app.clock.today(), tip)
    }
}

/// What was decided on a valuation (`Confirmed`, `Revoked` or `Withdrawn`): told apart just as its attestation was.
pub async fn decided_on(
    txn: &impl ConnectionTrait,
    app: &App,
    kind: Kind,
    valuation: &valuations::Model,
) -> Result<Fact, DbErr> {
    let attested = store::attested(txn, valuation.id).await?.unwrap_or_else(|| copied(valuation));
    Ok(Fact { kind, recorded_on: app.clock.today(), ..attested })
}

/// The attestation of a time before there was a ledger.
fn copied(valuation: &valuations::Model) -> Fact {
    let unit = valuation.unit_code.clone().zip(valuation.unit_valid_from);
    Fact {
        unit: unit.map(|(code, valid_from)| UnitKey { code, valid_from }),
        category: Some(valuation.category.clone()),
        channel: Some(valuation.channel.clone()),
        tip: Some(valuation.tip_id),
        outcome: Some(valuation.outcome_id),
        valuation: Some(valuation.id),
        rule: Some(valuation.rule),
        ..Fact::of_office(Kind::Attested, valuation.decided_on, valuation.office_id)
    }
}
