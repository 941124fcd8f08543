//! The rules once more, by heart and apart from the program: who may do what when, and what then counts.

use std::collections::BTreeSet;

use entity::enums::{Role, TipStage};
use proptest::{prelude::*, strategy::Union};
use tipline::tips::state::State;

pub const TIPS: usize = 3;
const STEPS: usize = 40;

/// Second things to pick from: both kinds of outcomes, for each of a handful of cases.
const OTHERS: usize = 14;

/// Of the outcomes that are recorded, one kind makes a source valuable.
const KINDS: [(&str, bool); 2] = [("khoi_to", true), ("nhac_nho", false)];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Screen,
    Accept,
    Ask,
    Answer,
    Refer,
    Dismiss,
    MarkDuplicate,
    Reopen,
    OpenCase,
    LinkCase,
    RecordOutcome,
    CloseCase,
    ReopenCase,
    Attest,
    Confirm,
    Revoke,
}

/// Verbs, each as often as it takes, and after those that have to come first.
const VERBS: [(u32, Verb); 16] = [
    (1, Verb::Dismiss),
    (1, Verb::Refer),
    (2, Verb::MarkDuplicate),
    (3, Verb::Reopen),
    (2, Verb::Answer),
    (2, Verb::Ask),
    (2, Verb::Screen),
    (3, Verb::Accept),
    (4, Verb::OpenCase),
    (3, Verb::LinkCase),
    (5, Verb::RecordOutcome),
    (10, Verb::Attest),
    (8, Verb::Confirm),
    (4, Verb::Revoke),
    (2, Verb::CloseCase),
    (2, Verb::ReopenCase),
];

/// Who does what to which tip; `other` picks a second thing: a case, an outcome, a valuation, another tip.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub actor: usize,
    pub verb: Verb,
    pub tip: usize,
    pub other: usize,
}

/// How a step is chosen: a verb, and how the rest is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// Index in `VERBS`.
    verb: usize,
    /// Draw among what the rules allow, if need be of a verb that has to come first: drawn blindly, few sequences
    /// would get as far as to a valuation.
    sensible: bool,
    index: usize,
}

pub fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let verbs = VERBS.iter().enumerate().map(|(at, (weight, _))| (*weight, Just(at).boxed()));
    let draw = (Union::new_weighted(verbs.collect()), prop::bool::weighted(0.7), 0usize..10_000);
    prop::collection::vec(draw.prop_map(|(verb, sensible, index)| Draw { verb, sensible, index }), STEPS)
}

impl Draw {
    pub fn step(self, model: &Model) -> Step {
        let mut from = every(VERBS[self.verb].1);
        if self.sensible {
            let first = (0..=self.verb).rev().map(|verb| model.allowed(VERBS[verb].1)).find(|steps| !steps.is_empty());
            from = first.unwrap_or(from);
        }
        from[self.index % from.len()]
    }
}

/// Every way to do a verb.
fn every(verb: Verb) -> Vec<Step> {
    let all = (0..ROLES.len() * TIPS * OTHERS).map(|i| {
        let (actor, i) = (i % ROLES.len(), i / ROLES.len());
        Step { verb, actor, tip: i % TIPS, other: i / TIPS }
    });
    all.collect()
}

/// The officers: two commanders, because nobody confirms what they attested. The last one is of another office.
pub const ROLES: [&[Role]; 5] = [
    &[Role::Commander],
    &[Role::Screener, Role::Commander],
    &[Role::Screener],
    &[Role::Investigator],
    &[Role::Commander],
];
pub const FOREIGNER: usize = 4;

#[derive(Clone, Debug)]
pub struct ModelTip {
    pub state: State,
    cases: BTreeSet<usize>,
    pub duplicate_of: Option<usize>,
    /// Index of the valuation that lives.
    live: Option<usize>,
}

#[derive(Clone, Debug)]
struct ModelCase {
    open: bool,
}

#[derive(Clone, Debug)]
struct ModelValuation {
    tip: usize,
    attested_by: usize,
    confirmed: bool,
    revoked: bool,
}

/// What should be the case.
#[derive(Clone, Debug)]
pub struct Model {
    pub tips: Vec<ModelTip>,
    cases: Vec<ModelCase>,
    /// Case and whether it qualifies.
    outcomes: Vec<(usize, bool)>,
    valuations: Vec<ModelValuation>,
}

fn may(actor: usize, roles: &[Role]) -> bool {
    actor != FOREIGNER && ROLES[actor].iter().any(|role| roles.contains(role))
}

fn may_screen(actor: usize) -> bool {
    may(actor, &[Role::Screener, Role::Commander])
}

fn may_work(actor: usize) -> bool {
    may(actor, &[Role::Screener, Role::Investigator, Role::Commander])
}

fn may_investigate(actor: usize) -> bool {
    may(actor, &[Role::Investigator, Role::Commander])
}

fn may_confirm(actor: usize) -> bool {
    may(actor, &[Role::Commander])
}

/// In review or on the way there.
fn undecided(state: State) -> bool {
    matches!(state, State::Received | State::Screening | State::NeedInfo(TipStage::Screening))
}

/// Taken on, and in no case yet.
fn taken_on(state: State) -> bool {
    matches!(state, State::Accepted | State::NeedInfo(TipStage::Accepted))
}

/// Worked in a case.
fn worked(state: State) -> bool {
    matches!(state, State::Verifying | State::NeedInfo(TipStage::Verifying))
}

impl Model {
    pub fn new() -> Self {
        let tip = ModelTip { state: State::Received, cases: BTreeSet::new(), duplicate_of: None, live: None };
        Self { tips: vec![tip; TIPS], cases: Vec::new(), outcomes: Vec::new(), valuations: Vec::new() }
    }

    pub fn valuable(&self) -> u64 {
        self.valuations.iter().filter(|one| one.confirmed && !one.revoked).count() as u64
    }

    /// Makes the step if the rules allow it; says whether they do.
    pub fn step(&mut self, step: Step) -> bool {
        let Step { actor, verb, tip, other } = step;
        let from = self.tips[tip].state;
        match verb {
            Verb::Screen => may_screen(actor) && from == State::Received && self.moved(tip, State::Screening),
            Verb::Accept => may_screen(actor) && undecided(from) && self.moved(tip, State::Accepted),
            Verb::Ask => may_work(actor) && self.ask(tip),
            Verb::Answer => self.answer(tip),
            Verb::Refer => self.leave(actor, tip, State::Referred),
            Verb::Dismiss => self.leave(actor, tip, State::Spam),
            Verb::MarkDuplicate => may_screen(actor) && self.mark_duplicate(tip, other % TIPS),
            Verb::Reopen => may_screen(actor) && self.reopen(tip),
            Verb::OpenCase => may_work(actor) && self.open_case(tip),
            Verb::LinkCase => may_work(actor) && pick(&self.cases, other).is_some_and(|case| self.link(tip, case)),
            Verb::RecordOutcome => {
                may_investigate(actor) && pick(&self.cases, other).is_some_and(|case| self.record(case, kind(other).1))
            }
            Verb::CloseCase => may_investigate(actor) && pick(&self.cases, other).is_some_and(|case| self.close(case)),
            Verb::ReopenCase => {
                may_investigate(actor) && pick(&self.cases, other).is_some_and(|case| self.reopen_case(case))
            }
            Verb::Attest => may_investigate(actor) && self.attest(actor, tip, other),
            Verb::Confirm => may_confirm(actor) && self.confirm(actor, other),
            Verb::Revoke => self.revoke(actor, other),
        }
    }

    fn allowed(&self, verb: Verb) -> Vec<Step> {
        every(verb).into_iter().filter(|step| self.clone().step(*step)).collect()
    }

    fn moved(&mut self, tip: usize, to: State) -> bool {
        self.tips[tip].state = to;
        true
    }

    fn ask(&mut self, tip: usize) -> bool {
        let stage = match self.tips[tip].state {
            State::Received | State::Screening => TipStage::Screening,
            State::Accepted => TipStage::Accepted,
            State::Verifying => TipStage::Verifying,
            State::NeedInfo(stage) => stage,
            _ => return false,
        };
        self.moved(tip, State::NeedInfo(stage))
    }

    fn answer(&mut self, tip: usize) -> bool {
        let to = match self.tips[tip].state {
            State::NeedInfo(TipStage::Screening) => State::Screening,
            State::NeedInfo(TipStage::Accepted) => State::Accepted,
            State::NeedInfo(TipStage::Verifying) => State::Verifying,
            state => state,
        };
        self.moved(tip, to)
    }

    fn leave(&mut self, actor: usize, tip: usize, to: State) -> bool {
        let from = self.tips[tip].state;
        let allowed = (undecided(from) || taken_on(from)) && self.tips[tip].live.is_none();
        if may_screen(actor) && allowed {
            // What it was a duplicate of, it no longer is.
            self.tips[tip].duplicate_of = None;
            return self.moved(tip, to);
        }
        false
    }

    fn mark_duplicate(&mut self, tip: usize, of: usize) -> bool {
        let from = self.tips[tip].state;
        let itself = tip == of || self.tips[of].duplicate_of == Some(tip);
        let allowed = undecided(from) || taken_on(from) || worked(from);
        if itself || !allowed || self.tips[tip].live.is_some() {
            return false;
        }
        let first = self.tips[of].duplicate_of.unwrap_or(of);
        for other in &mut self.tips {
            if other.duplicate_of == Some(tip) {
                other.duplicate_of = Some(first);
            }
        }
        self.tips[tip].duplicate_of = Some(first);
        self.moved(tip, State::Duplicate)
    }

    fn reopen(&mut self, tip: usize) -> bool {
        let to = match self.tips[tip].state {
            State::Closed => State::Verifying,
            State::Duplicate | State::Referred | State::Spam => State::Screening,
            _ => return false,
        };
        self.tips[tip].duplicate_of = None;
        self.moved(tip, to)
    }

    fn workable(&self, tip: usize) -> bool {
        let from = self.tips[tip].state;
        taken_on(from) || worked(from) || from == State::Handled
    }

    fn open_case(&mut self, tip: usize) -> bool {
        if !self.workable(tip) {
            return false;
        }
        self.cases.push(ModelCase { open: true });
        self.tips[tip].cases.insert(self.cases.len() - 1);
        self.moved(tip, State::Verifying)
    }

    fn link(&mut self, tip: usize, case: usize) -> bool {
        if !self.workable(tip) || !self.cases[case].open || self.tips[tip].cases.contains(&case) {
            return false;
        }
        self.tips[tip].cases.insert(case);
        self.moved(tip, State::Verifying)
    }

    /// The tips of a case that are worked or handled, and so move with it.
    fn following(&mut self, case: usize) -> impl Iterator<Item = &mut ModelTip> {
        let moves = |tip: &&mut ModelTip| worked(tip.state) || tip.state == State::Handled;
        self.tips.iter_mut().filter(move |tip| tip.cases.contains(&case)).filter(moves)
    }

    fn record(&mut self, case: usize, qualifies: bool) -> bool {
        if !self.cases[case].open {
            return false;
        }
        self.outcomes.push((case, qualifies));
        self.following(case).for_each(|tip| tip.state = State::Handled);
        true
    }

    fn close(&mut self, case: usize) -> bool {
        if !self.cases[case].open {
            return false;
        }
        self.cases[case].open = false;
        let open: Vec<bool> = self.cases.iter().map(|case| case.open).collect();
        let left = |tip: &ModelTip| tip.cases.iter().any(|case| open[*case]);
        self.following(case).filter(|tip| !left(tip)).for_each(|tip| tip.state = State::Closed);
        true
    }

    fn reopen_case(&mut self, case: usize) -> bool {
        if self.cases[case].open {
            return false;
        }
        self.cases[case].open = true;
        let closed = self.tips.iter_mut().filter(|tip| tip.cases.contains(&case) && tip.state == State::Closed);
        closed.for_each(|tip| tip.state = State::Verifying);
        true
    }

    fn attest(&mut self, actor: usize, tip: usize, other: usize) -> bool {
        if self.outcomes.is_empty() {
            return false;
        }
        let (case, qualifies) = self.outcomes[other % self.outcomes.len()];
        let subject = &self.tips[tip];
        let valued = worked(subject.state) || matches!(subject.state, State::Handled | State::Closed);
        if !valued || !qualifies || !subject.cases.contains(&case) || subject.live.is_some() {
            return false;
        }
        self.valuations.push(ModelValuation { tip, attested_by: actor, confirmed: false, revoked: false });
        self.tips[tip].live = Some(self.valuations.len() - 1);
        true
    }

    fn confirm(&mut self, actor: usize, other: usize) -> bool {
        let Some(at) = pick(&self.valuations, other) else { return false };
        let valuation = &mut self.valuations[at];
        if valuation.confirmed || valuation.revoked || valuation.attested_by == actor {
            return false;
        }
        valuation.confirmed = true;
        true
    }

    fn revoke(&mut self, actor: usize, other: usize) -> bool {
        let Some(at) = pick(&self.valuations, other) else { return false };
        let valuation = &mut self.valuations[at];
        let own = may_investigate(actor) && valuation.attested_by == actor && !valuation.confirmed;
        if valuation.revoked || !(own || may_confirm(actor)) {
            return false;
        }
        valuation.revoked = true;
        let tip = valuation.tip;
        self.tips[tip].live = None;
        true
    }
}

pub fn pick<T>(things: &[T], other: usize) -> Option<usize> {
    (!things.is_empty()).then(|| other % things.len())
}

pub fn kind(other: usize) -> (&'static str, bool) {
    KINDS[other / 7 % KINDS.len()]
}
