use entity::tips;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Fact, Kind, Standing, store};
use crate::{app::App, tips::state::State};

/// What a tip's move to another state makes known. `tip` is as it was before.
pub async fn moved(txn: &impl ConnectionTrait, app: &App, tip: &tips::Model, to: State) -> Result<Vec<Fact>, DbErr> {
    let (from, today) = (State::from_row(tip.status, tip.asked_from), app.clock.today());
    let fact = |kind| Fact::of_tip(kind, today, tip);
    let mut facts = Vec::new();
    // Nothing leads back to where every tip begins: it is left once.
    if from == State::Received && to != State::Received {
        facts.push(fact(Kind::Screened).after(tip.received_on, today));
    }
    if is_accepted(from, to) && !store::has(txn, Kind::Accepted, tip.id).await? {
        facts.push(fact(Kind::Accepted).after(tip.received_on, today));
    }
    match (from, to) {
        (State::NeedInfo(_), State::NeedInfo(_)) => (),
        // Asked again before an answer came, it is still one question that waits.
        (_, State::NeedInfo(_)) => facts.push(fact(Kind::Asked)),
        (_, _) => (),
    }
    let (was, is) = (Standing::of(from), Standing::of(to));
    if was != is {
        facts.extend(was.map(|was| fact(Kind::Unsettled).told(was.as_str())));
        facts.extend(is.map(|is| fact(Kind::Settled).told(is.as_str())));
    }
    Ok(facts)
}

/// The reporter answered a question that waited.
pub fn answered(app: &App, tip: &tips::Model) -> Fact {
    Fact::of_tip(Kind::Answered, app.clock.today(), tip)
}

/// From where it waited to be judged; not back from a question to which it was accepted before.
fn is_accepted(from: State, to: State) -> bool {
    Standing::is_unjudged(from) && to == State::Accepted
}
