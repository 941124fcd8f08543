use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::NaiveDate;

use super::{
    closures::Closed,
    route::{Errand, RouteError, Routed, route},
};
use crate::{
    app::App,
    reference::{Routing, UnitKey},
};

/// How long a way is kept in mind: so long it may take until a node notices what changed on another.
const KEPT: Duration = Duration::from_secs(1);

/// Ways that are kept in mind at most.
const MOST: usize = 4096;

/// The ways of tips of the last second, so that a flood of them does not ask for each alone.
///
/// What this node wrote since is noticed at once. What another wrote is noticed after a second by this memory, and at
/// once by whoever stores the tip: it goes to no key that is not its office's newest, and to nothing that is closed.
#[derive(Clone, Debug, Default)]
pub struct Ways(Arc<Mutex<HashMap<Question, Known>>>);

/// All that a way depends on, beside offices and their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    unit: Option<UnitKey>,
    to_oversight: bool,
    concerns: Vec<UnitKey>,
    day: NaiveDate,
}

#[derive(Debug)]
struct Known {
    since: Instant,
    /// How much this node had written then.
    writes: u64,
    way: Way,
}

/// A tip's way, and whether residents' tips are refused on it now.
#[derive(Clone, Debug)]
pub struct Way {
    pub routed: Routed,
    pub closed: bool,
}

/// Finds the office for a tip, as [`route`] does. `anew`: what was kept in mind proved wrong.
pub async fn find_way(app: &App, errand: &Errand<'_>, anew: bool) -> Result<Way, RouteError> {
    let question = Question {
        unit: errand.unit.map(|unit| unit.key.clone()),
        to_oversight: errand.category.routing == Routing::Oversight,
        concerns: errand.concerns.iter().map(|unit| unit.key.clone()).collect(),
        day: errand.day,
    };
    // Before anything is read: a write in between makes what is read old.
    let writes = app.db.writes();
    if !anew && let Some(way) = app.ways.known(&question, writes) {
        return Ok(way);
    }
    let since = Instant::now();
    let routed = route(app.db.read(), &app.reference, errand).await?;
    let closed = Closed::now(app.db.read()).await?.has(routed.desk.office);
    let way = Way { routed, closed };
    app.ways.keep(question, Known { since, writes, way: way.clone() });
    Ok(way)
}

impl Ways {
    fn known(&self, question: &Question, writes: u64) -> Option<Way> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(question)?;
        let holds = known.writes == writes && known.since.elapsed() < KEPT;
        holds.then(|| known.way.clone())
    }

    fn keep(&self, question: Question, known: Known) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(question, known);
    }
}
