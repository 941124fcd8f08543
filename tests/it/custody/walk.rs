//! Any sequence of comings and goings: a model that knows by heart who may open what walks beside the program, and
//! after each step every actor tries every tip. A further verb is one more arm in `Verb` and in `World::does`.
//!
//! `TIPLINE_TEST_STEPS` says how many steps are taken in all, `TIPLINE_TEST_SEED` where the draws begin;
//! docs/MEMBERSHIP.md tells the command for a long walk.

mod checks;
mod custodians;
mod endings;
mod losses;
mod people;
mod world;

use std::{collections::BTreeMap, io::Write};

use world::World;

/// Steps that one deployment is walked for; then another one begins: each step looks at every tip of it.
const STEPS_OF_A_WORLD: u64 = 200;

/// Enough to find most of what breaks, in the time that a test run has.
const FEWEST: u64 = 200;

/// What somebody does. The number is its weight among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verb {
    Submit,
    Grant,
    Remove,
    /// Somebody who was removed is taken on again; a member has to grant anew.
    Return,
    Transfer,
    Share,
    Unshare,
    Restrict,
    Lift,
    Concern,
    Rewrap,
    Reset,
    /// With a recovery code, or an office with sheets of paper.
    Recover,
    /// A custodian hands over.
    Succeed,
    /// For an identity.
    Ask,
    /// A secret of the line.
    Rotate,
    Expire,
}

const WEIGHTS: [(Verb, u64); 17] = [
    (Verb::Submit, 14),
    (Verb::Grant, 14),
    (Verb::Remove, 4),
    (Verb::Return, 4),
    (Verb::Transfer, 14),
    (Verb::Share, 14),
    (Verb::Unshare, 8),
    (Verb::Restrict, 10),
    (Verb::Lift, 8),
    (Verb::Concern, 6),
    (Verb::Rewrap, 6),
    (Verb::Reset, 6),
    (Verb::Recover, 6),
    (Verb::Succeed, 8),
    (Verb::Ask, 5),
    (Verb::Rotate, 2),
    (Verb::Expire, 3),
];

fn drawn(mut at: u64) -> Verb {
    for (verb, weight) in WEIGHTS {
        if at < weight {
            return verb;
        }
        at -= weight;
    }
    Verb::Submit
}

#[tokio::test]
async fn whoever_comes_and_goes_everybody_opens_what_is_theirs_and_nothing_is_lost() {
    let steps = std::env::var("TIPLINE_TEST_STEPS").map_or(FEWEST, |text| text.parse().expect("a number of steps"));
    let first = std::env::var("TIPLINE_TEST_SEED").map_or(0, |text| text.parse().expect("a number"));
    let (mut taken, mut seed, mut done) = (0, first, BTreeMap::<Verb, u32>::new());
    while taken < steps {
        seed += 1;
        let mut world = World::new(seed).await;
        let whole: u64 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        for _ in 0..STEPS_OF_A_WORLD.min(steps - taken) {
            let verb = drawn(world.draw(whole));
            world.does(verb).await;
            world.every_actor_opens_what_the_matrix_says().await;
            taken += 1;
        }
        world.reconciles().await;
        for (verb, times) in world.done {
            *done.entry(verb).or_default() += times;
        }
    }
    if steps > FEWEST {
        writeln!(std::io::stderr(), "{taken} steps from seed {first}; done, and not refused: {done:?}").unwrap();
    }
    // A long walk in which something never happens proves nothing of it.
    assert!(steps < 20 * FEWEST || done.len() == WEIGHTS.len(), "{done:?}");
}
