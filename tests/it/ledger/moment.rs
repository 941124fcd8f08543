//! What may happen in a history.

use proptest::{prelude::*, strategy::Union};

const MOMENTS: usize = 140;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Submit,
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

const VERBS: [(u32, Verb); 17] = [
    (9, Verb::Submit),
    (3, Verb::Screen),
    (7, Verb::Accept),
    (4, Verb::Ask),
    (3, Verb::Answer),
    (2, Verb::Refer),
    (3, Verb::Dismiss),
    (2, Verb::MarkDuplicate),
    (4, Verb::Reopen),
    (9, Verb::OpenCase),
    (2, Verb::LinkCase),
    (12, Verb::RecordOutcome),
    (3, Verb::CloseCase),
    (2, Verb::ReopenCase),
    (12, Verb::Attest),
    (12, Verb::Confirm),
    (3, Verb::Revoke),
];

/// What may happen: after some days, somebody tries something.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub days: i64,
    pub actor: usize,
    pub verb: Verb,
    pub one: usize,
    pub other: usize,
}

pub fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let verb = Union::new_weighted(VERBS.map(|(weight, verb)| (weight, Just(verb).boxed())).to_vec());
    let days = prop_oneof![3 => Just(0i64), 3 => 1i64..4, 1 => 4i64..40];
    let one = (days, 0usize..2, verb, 0usize..64, 0usize..4096).prop_map(|(days, actor, verb, one, other)| Moment {
        days,
        actor,
        verb,
        one,
        other,
    });
    proptest::collection::vec(one, MOMENTS)
}
