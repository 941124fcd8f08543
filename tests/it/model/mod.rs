//! Any sequence of verbs, by any officers, over any tips: a model that knows the rules by heart works beside the
//! program, and after each step both must stand at the same place and count the same sources.

mod rules;

use std::collections::BTreeMap;

use entity::{
    ids::{CaseId, OutcomeId, TipId, ValuationId},
    tips as rows,
};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sea_orm::EntityTrait;
use tipline::{
    cases,
    outcomes::{self, NewOutcome},
    platform::fault::{Code, Fault, Kind},
    staff::Staff,
    statistics::{self, By, CountQuery},
    tips::{
        self,
        state::{Dismissal, State},
        thread,
    },
    valuations,
};
use vault::{receipt::Receipt, secret::Secret};

use self::rules::{FOREIGNER, Model, ROLES, Step, TIPS, Verb, kind, pick, steps};
use crate::support::{TestApp, Tip, deployment::NA_MEO};

const SEQUENCES: u32 = 24;

/// The program, with what this sequence has made in it so far.
struct World<'a> {
    app: &'a TestApp,
    officers: &'a [Staff],
    tips: Vec<Tip>,
    ids: Vec<TipId>,
    cases: Vec<CaseId>,
    outcomes: Vec<OutcomeId>,
    valuations: Vec<ValuationId>,
    /// What others had left to count.
    counted_before: u64,
}

/// What a verb made, if it made something.
enum Made {
    Nothing,
    Case(CaseId),
    Outcome(OutcomeId),
    Valuation(ValuationId),
}

/// Takes what a verb gives, and of a refusal what a caller would be told.
fn told<T, E: Fault>(result: Result<T, E>, made: impl FnOnce(T) -> Made) -> Result<Made, Code> {
    result.map(made).map_err(|error| error.public().code)
}

fn nothing<T>(_: T) -> Made {
    Made::Nothing
}

fn words() -> Secret<String> {
    Secret::new("vì vậy".to_owned())
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp, officers: &'a [Staff]) -> Self {
        let mut tips = Vec::new();
        for i in 0..TIPS {
            tips.push(app.tip(&format!("Việc thứ {i}")).await);
        }
        let ids = tips.iter().map(|tip| tip.id.parse().unwrap()).collect();
        let (cases, outcomes, valuations) = Default::default();
        let mut world = Self { app, officers, tips, ids, cases, outcomes, valuations, counted_before: 0 };
        world.counted_before = world.counted().await;
        world
    }

    async fn counted(&self) -> u64 {
        let (from, to) = ("2024-01-01".parse().unwrap(), "2024-12-31".parse().unwrap());
        let query = CountQuery { from, to, by: Some(By::Month), as_of: None };
        let count = statistics::count_valuable_sources(&self.app.app, &self.officers[0], &query).await.unwrap();
        assert_eq!(count.groups.iter().map(|group| group.total).sum::<u64>(), count.total);
        count.total
    }

    /// Does a step; none: there is nothing yet to do it to.
    async fn does(&self, step: Step) -> Option<Result<Made, Code>> {
        match step.verb {
            Verb::OpenCase | Verb::LinkCase | Verb::RecordOutcome | Verb::CloseCase | Verb::ReopenCase => {
                self.does_to_case(step).await
            }
            Verb::Attest | Verb::Confirm | Verb::Revoke => self.values(step).await,
            Verb::Screen
            | Verb::Accept
            | Verb::Ask
            | Verb::Answer
            | Verb::Refer
            | Verb::Dismiss
            | Verb::MarkDuplicate
            | Verb::Reopen => Some(self.does_to_tip(step).await),
        }
    }

    async fn does_to_tip(&self, Step { actor, verb, tip, other }: Step) -> Result<Made, Code> {
        let (app, by, id) = (&self.app.app, &self.officers[actor], self.ids[tip]);
        match verb {
            Verb::Screen => told(tips::screen(app, by, id, None).await, nothing),
            Verb::Accept => told(tips::accept(app, by, id, None).await, nothing),
            Verb::Ask => told(tips::ask(app, by, id, None, words()).await, nothing),
            Verb::Refer => told(tips::refer(app, by, id, None, "nơi khác", words()).await, nothing),
            Verb::Dismiss => told(tips::dismiss(app, by, id, None, Dismissal::Spam, words()).await, nothing),
            Verb::Reopen => told(tips::reopen(app, by, id, None, words()).await, nothing),
            Verb::MarkDuplicate => {
                told(tips::mark_duplicate(app, by, id, None, self.ids[other % TIPS], words()).await, nothing)
            }
            _ => self.answers(tip).await,
        }
    }

    async fn answers(&self, tip: usize) -> Result<Made, Code> {
        let app = &self.app.app;
        let receipt = Receipt::parse(&self.tips[tip].receipt).unwrap();
        let opened = thread::open_thread(app, &receipt).await.unwrap();
        let reporter = thread::authenticate(app, opened.token.expose()).await.unwrap();
        told(thread::add_message(app, &reporter, words()).await, nothing)
    }

    async fn does_to_case(&self, Step { actor, verb, tip, other }: Step) -> Option<Result<Made, Code>> {
        let (app, by, id) = (&self.app.app, &self.officers[actor], self.ids[tip]);
        if verb == Verb::OpenCase {
            return Some(told(tips::open_case(app, by, id, None, words()).await, |opened| Made::Case(opened.id)));
        }
        let case = self.cases[pick(&self.cases, other)?];
        let outcome = NewOutcome {
            kind: kind(other).0.to_owned(),
            decided_on: app.clock.today(),
            action_confirmed: false,
            note: None,
            yields: Vec::new(),
        };
        Some(match verb {
            Verb::LinkCase => told(tips::link_case(app, by, id, None, case).await, nothing),
            Verb::CloseCase => told(cases::close(app, by, case, None, None).await, nothing),
            Verb::ReopenCase => told(cases::reopen(app, by, case, None, words()).await, nothing),
            _ => told(outcomes::record(app, by, case, outcome).await, Made::Outcome),
        })
    }

    async fn values(&self, Step { actor, verb, tip, other }: Step) -> Option<Result<Made, Code>> {
        let (app, by, id) = (&self.app.app, &self.officers[actor], self.ids[tip]);
        if verb == Verb::Attest {
            let outcome = self.outcomes[pick(&self.outcomes, other)?];
            let attested = tips::attest_value(app, by, id, outcome, words(), false).await;
            return Some(told(attested, |attested| Made::Valuation(attested.id)));
        }
        let valuation = self.valuations[pick(&self.valuations, other)?];
        Some(match verb {
            Verb::Confirm => told(valuations::confirm(app, by, valuation).await, nothing),
            _ => told(valuations::revoke(app, by, valuation, words()).await, nothing),
        })
    }

    fn keep(&mut self, made: Made) {
        match made {
            Made::Nothing => (),
            Made::Case(id) => self.cases.push(id),
            Made::Outcome(id) => self.outcomes.push(id),
            Made::Valuation(id) => self.valuations.push(id),
        }
    }

    /// Compares where everything stands.
    async fn agrees_with(&self, model: &Model) -> Result<(), TestCaseError> {
        for (at, expected) in model.tips.iter().enumerate() {
            let row = rows::Entity::find_by_id(self.ids[at]).one(self.app.app.db.read()).await.unwrap().unwrap();
            proptest::prop_assert_eq!(State::from_row(row.status, row.asked_from), expected.state, "tip {}", at);
            proptest::prop_assert_eq!(row.duplicate_of, expected.duplicate_of.map(|of| self.ids[of]), "tip {}", at);
        }
        proptest::prop_assert_eq!(self.counted().await - self.counted_before, model.valuable());
        Ok(())
    }
}

/// How often each verb was done: a sequence in which nothing happens would prove nothing.
type Done = BTreeMap<Verb, u32>;

async fn runs(app: &TestApp, officers: &[Staff], steps: Vec<Step>, done: &mut Done) -> Result<(), TestCaseError> {
    let (mut world, mut model) = (World::new(app, officers).await, Model::new());
    for step in steps {
        let allowed = model.step(step);
        let did = world.does(step).await.unwrap_or(Err(Code::NoSuchRoute));
        if let Err(code) = &did {
            let orderly = !matches!(code.kind(), Kind::Internal | Kind::Unavailable) && *code != Code::ConcurrentChange;
            proptest::prop_assert!(orderly, "{:?}: {:?}", step, code);
        }
        proptest::prop_assert_eq!(did.is_ok(), allowed, "{:?}: {:?}", step, did.as_ref().err());
        if let Ok(made) = did {
            world.keep(made);
            *done.entry(step.verb).or_default() += 1;
        }
        world.agrees_with(&model).await?;
    }
    Ok(())
}

#[test]
fn no_sequence_of_verbs_breaks_the_states_or_the_count() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (app, officers) = runtime.block_on(async {
        let app = TestApp::spawn().await;
        let mut officers = Vec::new();
        for (at, roles) in ROLES.iter().enumerate() {
            let name = format!("officer-{at}");
            let officer = match at {
                FOREIGNER => app.officer_at(NA_MEO, &name, roles).await,
                _ => app.officer(&name, roles).await,
            };
            officers.push(officer.staff);
        }
        (app, officers)
    });
    let config = Config { cases: SEQUENCES, max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    let done = std::cell::RefCell::new(Done::new());
    let result = TestRunner::new(config)
        .run(&steps(), |steps| runtime.block_on(runs(&app, &officers, steps, &mut done.borrow_mut())));
    result.unwrap_or_else(|error| panic!("{error}"));
    let done = done.into_inner();
    assert_eq!(done.len(), 16, "every verb was done at least once: {done:?}");
    runtime.block_on(async { drop(app) });
}
