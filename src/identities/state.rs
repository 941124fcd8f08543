//! The states of a request for an identity and every move between them. It begins pending.
//!
//! Each share is voted on once, and no vote is taken back. As many approvals as the identity's threshold grant the
//! request; it is refused for good as soon as the custodians who have not decided could no longer make that many.
//! Whoever still wants to know asks anew, with a new reason. A granted request takes further approvals, so that a
//! damaged share can be stood in for, but no refusals: what was granted runs its time.

use entity::enums::RequestState;

/// What moves a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Approve,
    Refuse,
    /// Its time is over.
    End,
}

/// Where a request stands: its state, and the votes that led there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: RequestState,
    pub threshold: i32,
    pub holders: i32,
    pub approvals: i32,
    pub refusals: i32,
}

/// The state does not allow the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from:?} allows no {event:?}")]
pub struct InvalidMove {
    pub from: RequestState,
    pub event: Event,
}

/// Where `event` leads from `from`.
pub fn next(from: Standing, event: Event) -> Result<Standing, InvalidMove> {
    use RequestState as S;
    match (from.state, event) {
        (S::Pending | S::Granted, Event::Approve) => {
            let approvals = from.approvals + 1;
            let state = if approvals >= from.threshold { S::Granted } else { S::Pending };
            Ok(Standing { state, approvals, ..from })
        }
        (S::Pending, Event::Refuse) => {
            let refusals = from.refusals + 1;
            let state = if from.holders - refusals < from.threshold { S::Refused } else { S::Pending };
            Ok(Standing { state, refusals, ..from })
        }
        (S::Pending | S::Granted, Event::End) => Ok(Standing { state: S::Ended, ..from }),
        (state, event) => Err(InvalidMove { from: state, event }),
    }
}

impl Event {
    /// Those that a custodian decides, with the verb's path in the API.
    pub const VERBS: [(&'static str, Event); 2] = [("approve", Event::Approve), ("refuse", Event::Refuse)];
}

/// The verbs that a standing allows.
pub fn allowed(from: Standing) -> Vec<&'static str> {
    Event::VERBS.iter().filter(|(_, event)| next(from, *event).is_ok()).map(|(verb, _)| *verb).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pending(threshold: i32, holders: i32) -> Standing {
        Standing { state: RequestState::Pending, threshold, holders, approvals: 0, refusals: 0 }
    }

    #[test]
    fn two_of_three_grant_and_two_of_three_refuse() {
        let step = |from, event| next(from, event).unwrap();
        let one = step(pending(2, 3), Event::Approve);
        assert_eq!((one.state, allowed(one)), (RequestState::Pending, vec!["approve", "refuse"]));
        let granted = step(step(one, Event::Refuse), Event::Approve);
        assert_eq!((granted.state, allowed(granted)), (RequestState::Granted, vec!["approve"]));
        let refused = step(step(one, Event::Refuse), Event::Refuse);
        assert_eq!((refused.state, allowed(refused)), (RequestState::Refused, Vec::new()));
        assert!(next(refused, Event::End).is_err());
    }

    proptest! {
        #[test]
        fn it_is_granted_by_enough_and_by_no_fewer(
            threshold in 1i32..6, more in 0i32..4, votes in prop::collection::vec(0usize..2, 0..12),
        ) {
            let mut at = pending(threshold, threshold + more);
            for vote in votes.into_iter().take(usize::try_from(at.holders).unwrap()) {
                let (_, event) = Event::VERBS[vote];
                let before = at;
                match next(at, event) {
                    Ok(to) => at = to,
                    Err(_) => prop_assert!(before.state == RequestState::Refused
                        || (before.state == RequestState::Granted && event == Event::Refuse)),
                }
                prop_assert_eq!(at.state == RequestState::Granted, at.approvals >= at.threshold);
                prop_assert_eq!(at.state == RequestState::Refused, at.holders - at.refusals < at.threshold);
                prop_assert!(at.approvals + at.refusals <= at.holders);
            }
            // Whatever happened, the end is the end.
            if let Ok(ended) = next(at, Event::End) {
                for event in [Event::Approve, Event::Refuse, Event::End] {
                    prop_assert_eq!(next(ended, event), Err(InvalidMove { from: RequestState::Ended, event }));
                }
            }
        }

        #[test]
        fn a_standing_of_any_numbers_is_answered(
            state in 0usize..4, threshold in 1i32..99, holders in 1i32..99, votes in 0i32..99, event in 0usize..3,
        ) {
            let from = Standing {
                state: RequestState::ALL[state], threshold, holders, approvals: votes, refusals: votes,
            };
            let event = [Event::Approve, Event::Refuse, Event::End][event];
            if let Ok(to) = next(from, event) {
                prop_assert!(to.approvals >= from.approvals && to.refusals >= from.refusals);
                prop_assert!(!matches!(from.state, RequestState::Refused | RequestState::Ended));
            }
        }
    }
}
