//! The two states of a case and every move between them.

use entity::enums::CaseStatus;

/// What moves a case, or is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    LinkTip,
    RecordOutcome,
    Close,
    Reopen,
}

/// The state does not allow the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from:?} allows no {event:?}")]
pub struct InvalidMove {
    pub from: CaseStatus,
    pub event: Event,
}

/// Where `event` leads from `from`.
pub fn next(from: CaseStatus, event: Event) -> Result<CaseStatus, InvalidMove> {
    match (from, event) {
        (CaseStatus::Open, Event::LinkTip | Event::RecordOutcome) => Ok(CaseStatus::Open),
        (CaseStatus::Open, Event::Close) => Ok(CaseStatus::Closed),
        (CaseStatus::Closed, Event::Reopen) => Ok(CaseStatus::Open),
        (from, event) => Err(InvalidMove { from, event }),
    }
}

impl Event {
    /// All of them, with the verb that an officer asks for.
    pub const VERBS: [(&'static str, Event); 4] = [
        ("link-case", Event::LinkTip),
        ("record-outcome", Event::RecordOutcome),
        ("close", Event::Close),
        ("reopen", Event::Reopen),
    ];
}

/// The verbs that a state allows.
pub fn allowed(from: CaseStatus) -> Vec<&'static str> {
    Event::VERBS.iter().filter(|(_, event)| next(from, *event).is_ok()).map(|(verb, _)| *verb).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_ended_case_allows_nothing_but_reopening() {
        assert_eq!(allowed(CaseStatus::Closed), ["reopen"]);
        assert_eq!(allowed(CaseStatus::Open), ["link-case", "record-outcome", "close"]);
    }

    proptest! {
        #[test]
        fn a_case_is_closed_exactly_from_its_closing_to_its_reopening(path in prop::collection::vec(0usize..4, 0..40)) {
            let (mut state, mut closed) = (CaseStatus::Open, false);
            for step in path {
                let (_, event) = Event::VERBS[step];
                match next(state, event) {
                    Ok(to) => {
                        closed = event == Event::Close;
                        state = to;
                    }
                    Err(refused) => prop_assert_eq!(refused, InvalidMove { from: state, event }),
                }
                prop_assert_eq!(state == CaseStatus::Closed, closed);
                prop_assert!(!allowed(state).is_empty());
            }
        }
    }
}
