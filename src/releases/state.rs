//! The three states of a release and every move between them. Nothing leads back: what is wrong stays unpublished, or
//! is corrected by another release.

use entity::enums::ReleaseState;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Check,
    Publish,
    /// Prepares another release that corrects this one.
    Revise,
}

/// The state does not allow the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from:?} allows no {event:?}")]
pub struct InvalidMove {
    pub from: ReleaseState,
    pub event: Event,
}

/// Where `event` leads from `from`.
pub fn next(from: ReleaseState, event: Event) -> Result<ReleaseState, InvalidMove> {
    match (from, event) {
        (ReleaseState::Prepared, Event::Check) => Ok(ReleaseState::Checked),
        (ReleaseState::Checked, Event::Publish) => Ok(ReleaseState::Published),
        (ReleaseState::Published, Event::Revise) => Ok(ReleaseState::Published),
        (from, event) => Err(InvalidMove { from, event }),
    }
}

impl Event {
    /// All of them, with the verb that an officer asks for.
    pub const VERBS: [(&'static str, Event); 3] =
        [("check", Event::Check), ("publish", Event::Publish), ("revise", Event::Revise)];
}

/// The verbs that a state allows.
pub fn allowed(from: ReleaseState) -> Vec<&'static str> {
    Event::VERBS.iter().filter(|(_, event)| next(from, *event).is_ok()).map(|(verb, _)| *verb).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_state_allows_one_verb() {
        for state in ReleaseState::ALL.iter().copied() {
            assert_eq!(allowed(state).len(), 1, "{state}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_published_unchecked_and_nothing_published_is_taken_back(
            path in prop::collection::vec(0usize..3, 0..20),
        ) {
            let (mut state, mut checked) = (ReleaseState::Prepared, 0);
            for step in path {
                let (_, event) = Event::VERBS[step];
                let before = state;
                if let Ok(to) = next(state, event) {
                    checked += usize::from(event == Event::Check);
                    state = to;
                }
                prop_assert!(state >= before, "{before} became {state}");
                prop_assert_eq!(checked, usize::from(state != ReleaseState::Prepared));
            }
        }
    }
}
