//! The ledger against a naive recount: random histories through the services, then every measure, told apart by any
//! two dimensions, as of any day, must be what a list of all that happened gives when it is counted by hand.

mod history;
mod moment;
mod naive;
mod question;
mod told;
mod world;

use std::collections::BTreeSet;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tipline::{
    app::App,
    platform::fault::{Fault, Kind},
    reference::Reference,
    staff::Staff,
    statistics::{
        invariants, ledger,
        measures::{self, Measure, TableQuery},
    },
    valuations::{self, Valuation, ValuationError},
};

use self::{
    history::History,
    moment::{Moment, moments},
    naive::Told,
    question::{Question, questions},
    world::World,
};

const HISTORIES: u32 = 24;

/// Asks a question; tells which measure it was about if it had an answer other than nothing.
async fn agrees(world: &World, history: &History, question: &Question) -> Result<Option<Measure>, TestCaseError> {
    let (app, query) = (&world.app.app, question.query(world, history));
    let table = app.db.snapshot(async |txn| measures::compute(txn, &app.reference, &query).await).await.unwrap();
    let expected = naive::tell(history, &query);
    let cells: Vec<(Vec<String>, i64)> =
        table.cells.iter().filter(|cell| cell.value != 0).map(|cell| (cell.keys.clone(), cell.value)).collect();
    let mut sorted = cells.clone();
    sorted.sort_unstable();
    proptest::prop_assert_eq!(&sorted, &expected.cells, "{:?}", &query);
    proptest::prop_assert_eq!(table.total, expected.total, "{:?}", &query);
    if query.measure.is_additive() && !query.by.is_empty() {
        let sum: i64 = table.cells.iter().map(|cell| cell.value).sum();
        proptest::prop_assert_eq!(Some(sum), table.total);
    }
    opens(world, &app.reference, &query, &expected).await?;
    Ok(expected.total.filter(|total| *total != 0).map(|_| query.measure))
}

/// Every cell opens to the lines that make it up.
async fn opens(world: &World, reference: &Reference, query: &TableQuery, told: &Told) -> Result<(), TestCaseError> {
    if !query.measure.is_additive() {
        return Ok(());
    }
    let db = world.app.app.db.read();
    let value = |line: &measures::Line| match query.measure.form() {
        measures::Form::Milli(_) => line.sign * line.fact.amount_milli.unwrap_or(0),
        _ => line.sign,
    };
    let lines = measures::lines(db, reference, query, None).await.unwrap();
    proptest::prop_assert_eq!(Some(lines.iter().map(value).sum::<i64>()), told.total);
    for (keys, expected) in &told.cells {
        if query.by.is_empty() {
            break;
        }
        let lines = measures::lines(db, reference, query, Some(keys)).await.unwrap();
        proptest::prop_assert_eq!(lines.iter().map(value).sum::<i64>(), *expected, "{:?} {:?}", query, keys);
        proptest::prop_assert!(lines.iter().all(|line| line.sign == 1), "{:?} {:?}", query, keys);
    }
    Ok(())
}

async fn reconciles(world: &World, history: &History, as_of: chrono::NaiveDate) -> Result<(), TestCaseError> {
    let app = &world.app.app;
    let scope = invariants::Scope {
        offices: world.offices.to_vec(),
        from: history.begun,
        to: app.clock.today(),
        as_of,
        today: app.clock.today(),
    };
    for found in invariants::check(app.db.read(), &app.reference, &scope).await.unwrap() {
        proptest::prop_assert!(found.holds(), "{:?}", found);
    }
    Ok(())
}

/// What was met in histories: one in which nothing happens would prove nothing.
#[derive(Default)]
struct Met {
    verbs: u32,
    valuable: u32,
    measures: BTreeSet<Measure>,
}

async fn lives(world: &World, moments: Vec<Moment>, asked: Vec<Question>, met: &mut Met) -> Result<(), TestCaseError> {
    let mut history = History::begin(world).await;
    for moment in moments {
        met.verbs += u32::from(history.goes_on(world, moment).await);
    }
    for question in &asked {
        met.measures.extend(agrees(world, &history, question).await?);
    }
    let middle = history.begun + (world.app.app.clock.today() - history.begun) / 2;
    reconciles(world, &history, world.app.app.clock.today()).await?;
    reconciles(world, &history, middle).await?;
    met.valuable += history.counted();
    Ok(())
}

#[test]
fn every_figure_is_what_a_naive_recount_gives() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let config = Config { cases: HISTORIES, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let met = std::cell::RefCell::new(Met::default());
    let histories = (moments(), questions());
    let result = TestRunner::new(config)
        .run(&histories, |(moments, asked)| runtime.block_on(lives(&world, moments, asked, &mut met.borrow_mut())));
    result.unwrap_or_else(|error| panic!("{error}"));
    let met = met.into_inner();
    assert!(
        met.verbs > 50 * HISTORIES && met.valuable > HISTORIES / 3,
        "{} verbs, {} valuable",
        met.verbs,
        met.valuable
    );
    // All but those that nothing in these histories brings in.
    assert!(met.measures.len() >= 24, "{:?}", met.measures);
    runtime.block_on(async {
        let recount = ledger::recount(world.app.app.db.read()).await.unwrap();
        assert!(recount.wrong == 0 && recount.facts > 0, "{recount:?}");
        let rebuilt = world.app.app.db.write(async |txn| ledger::rebuild(txn).await).await.unwrap();
        assert_eq!((rebuilt.facts, rebuilt.rollups), (recount.facts, recount.rollups));
        drop(world);
    });
}

/// Two commanders confirm and revoke at once, each on a node of their own, while figures are asked for.
#[actix_web::test]
async fn reports_reconcile_while_two_nodes_confirm_and_revoke() {
    let world = World::new().await;
    let mut history = History::begin(&world).await;
    let waiting = history.attests_some(&world, 12).await;
    let (node, server, _) = world.app.another_node().await;
    let [first, second, ..] = world.officers.each_ref();
    let nodes = [(&world.app.app, first), (&node, second)];
    let decide = async |(app, staff): (&App, &Staff)| {
        for valuation in &waiting {
            orderly(valuations::confirm(app, staff, *valuation).await);
            orderly(valuations::revoke(app, staff, *valuation, history::words()).await);
        }
    };
    let report = async {
        for _ in 0..20 {
            reconciles_in_one_snapshot(&world, &history).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(decide(nodes[0]), decide(nodes[1]), report);
    reconciles_in_one_snapshot(&world, &history).await;
    let recount = ledger::recount(world.app.app.db.read()).await.unwrap();
    assert_eq!(recount.wrong, 0, "{recount:?}");
    drop((node, server));
}

/// Done, or refused for what the other did; nothing broke.
fn orderly(result: Result<Valuation, ValuationError>) {
    let Err(error) = result else { return };
    let code = error.public().code;
    assert!(!matches!(code.kind(), Kind::Internal | Kind::Unavailable), "{error:?}");
}

async fn reconciles_in_one_snapshot(world: &World, history: &History) {
    let (app, today) = (&world.app.app, world.app.app.clock.today());
    let scope =
        invariants::Scope { offices: world.offices.to_vec(), from: history.begun, to: today, as_of: today, today };
    let found = app.db.snapshot(async |txn| invariants::check(txn, &app.reference, &scope).await).await.unwrap();
    assert!(found.iter().all(invariants::Invariant::holds), "{found:?}");
}
