//! The states of a valuation and every move between them. It begins attested.

use entity::enums::ValuationState;

/// What moves a valuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Confirm,
    Revoke,
}

/// The state does not allow the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from:?} allows no {event:?}")]
pub struct InvalidMove {
    pub from: ValuationState,
    pub event: Event,
}

/// Where `event` leads from `from`. Revoked is the end: what was revoked in error is attested anew.
pub fn next(from: ValuationState, event: Event) -> Result<ValuationState, InvalidMove> {
    use ValuationState as S;
    match (from, event) {
        (S::Attested, Event::Confirm) => Ok(S::Confirmed),
        (S::Attested | S::Confirmed, Event::Revoke) => Ok(S::Revoked),
        (from, event) => Err(InvalidMove { from, event }),
    }
}

impl Event {
    /// All of them, with the verb's path in the API.
    pub const VERBS: [(&'static str, Event); 2] = [("confirm", Event::Confirm), ("revoke", Event::Revoke)];
}

/// The verbs that a state allows.
pub fn allowed(from: ValuationState) -> Vec<&'static str> {
    Event::VERBS.iter().filter(|(_, event)| next(from, *event).is_ok()).map(|(verb, _)| *verb).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_state_tells_what_it_allows() {
        assert_eq!(allowed(ValuationState::Attested), ["confirm", "revoke"]);
        assert_eq!(allowed(ValuationState::Confirmed), ["revoke"]);
        assert_eq!(allowed(ValuationState::Revoked), [""; 0]);
    }

    proptest! {
        #[test]
        fn it_is_confirmed_once_and_revoked_once(path in prop::collection::vec(0usize..2, 0..20)) {
            let (mut state, mut confirmed, mut revoked) = (ValuationState::Attested, 0, 0);
            for step in path {
                let (_, event) = Event::VERBS[step];
                if let Ok(to) = next(state, event) {
                    confirmed += usize::from(event == Event::Confirm);
                    revoked += usize::from(event == Event::Revoke);
                    state = to;
                }
                prop_assert!(confirmed <= 1 && revoked <= 1);
                prop_assert_eq!(state == ValuationState::Revoked, revoked == 1);
                prop_assert_eq!(state == ValuationState::Confirmed, confirmed == 1 && revoked == 0);
            }
        }
    }
}
