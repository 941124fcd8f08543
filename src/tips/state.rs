//! The states of a tip and every move between them: pure, total, and nowhere else.

use entity::enums::{TipStage, TipStatus};

/// Where a tip stands. A question remembers the stage it was asked from, to which its answer leads back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Received,
    Screening,
    NeedInfo(TipStage),
    Accepted,
    Verifying,
    Handled,
    Closed,
    Duplicate,
    Referred,
    Spam,
    Test,
    NotPolice,
}

/// Why a tip is not police work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dismissal {
    Spam,
    Test,
    NotPolice,
}

/// What moves a tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Screen,
    Accept,
    Ask,
    /// The reporter wrote.
    Answer,
    Refer,
    MarkDuplicate,
    Dismiss(Dismissal),
    OpenCase,
    LinkCase,
    /// An outcome was recorded in one of its cases.
    RecordOutcome,
    /// All its cases are closed.
    CloseCases,
    /// One of its cases was opened again.
    ReopenCase,
    Reopen,
    /// Another office takes it over and judges it anew.
    Transfer,
}

/// The state does not allow the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from:?} allows no {event:?}")]
pub struct InvalidMove {
    pub from: State,
    pub event: Event,
}

/// Where `event` leads from `from`.
pub fn next(from: State, event: Event) -> Result<State, InvalidMove> {
    use Event as E;
    use State as S;
    match (from, event) {
        (S::Received, E::Screen) => Ok(S::Screening),
        (S::Received | S::Screening, E::Accept) => Ok(S::Accepted),
        (S::NeedInfo(TipStage::Screening), E::Accept) => Ok(S::Accepted),

        (S::Received | S::Screening, E::Ask) => Ok(S::NeedInfo(TipStage::Screening)),
        (S::Accepted, E::Ask) => Ok(S::NeedInfo(TipStage::Accepted)),
        (S::Verifying, E::Ask) => Ok(S::NeedInfo(TipStage::Verifying)),
        (S::NeedInfo(stage), E::Ask) => Ok(S::NeedInfo(stage)),
        (S::NeedInfo(stage), E::Answer) => Ok(from_stage(stage)),
        // A reporter may always add something; only a question waits for it.
        (state, E::Answer) => Ok(state),

        (S::Received | S::Screening | S::Accepted, E::Refer) => Ok(S::Referred),
        (S::NeedInfo(TipStage::Screening | TipStage::Accepted), E::Refer) => Ok(S::Referred),
        (S::Received | S::Screening | S::Accepted | S::Verifying | S::NeedInfo(_), E::MarkDuplicate) => {
            Ok(S::Duplicate)
        }
        (S::Received | S::Screening | S::Accepted, E::Dismiss(why)) => Ok(dismissed(why)),
        (S::NeedInfo(TipStage::Screening | TipStage::Accepted), E::Dismiss(why)) => Ok(dismissed(why)),

        (S::Accepted | S::Verifying | S::Handled, E::OpenCase | E::LinkCase) => Ok(S::Verifying),
        (S::NeedInfo(TipStage::Accepted | TipStage::Verifying), E::OpenCase | E::LinkCase) => Ok(S::Verifying),
        (S::Verifying | S::Handled | S::NeedInfo(TipStage::Verifying), E::RecordOutcome) => Ok(S::Handled),
        (S::Verifying | S::Handled | S::NeedInfo(TipStage::Verifying), E::CloseCases) => Ok(S::Closed),
        (S::Closed, E::ReopenCase | E::Reopen) => Ok(S::Verifying),

        (S::Received, E::Transfer) => Ok(S::Received),
        (S::Screening | S::Accepted, E::Transfer) => Ok(S::Screening),
        // The question still waits; whoever took over hears the answer.
        (S::NeedInfo(TipStage::Screening | TipStage::Accepted), E::Transfer) => Ok(S::NeedInfo(TipStage::Screening)),

        (S::Duplicate | S::Referred | S::Spam | S::Test | S::NotPolice, E::Reopen) => Ok(S::Screening),

        (from, event) => Err(InvalidMove { from, event }),
    }
}

fn from_stage(stage: TipStage) -> State {
    match stage {
        TipStage::Screening => State::Screening,
        TipStage::Accepted => State::Accepted,
        TipStage::Verifying => State::Verifying,
    }
}

fn dismissed(why: Dismissal) -> State {
    match why {
        Dismissal::Spam => State::Spam,
        Dismissal::Test => State::Test,
        Dismissal::NotPolice => State::NotPolice,
    }
}

impl Dismissal {
    pub const ALL: [Self; 3] = [Self::Spam, Self::Test, Self::NotPolice];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Test => "test",
            Self::NotPolice => "not_police",
        }
    }
}

impl Event {
    /// Moves that an officer asks for by name, with the verb's path in the API.
    pub const VERBS: [(&'static str, Event); 10] = [
        ("screen", Event::Screen),
        ("accept", Event::Accept),
        ("ask", Event::Ask),
        ("refer", Event::Refer),
        ("mark-duplicate", Event::MarkDuplicate),
        ("dismiss", Event::Dismiss(Dismissal::NotPolice)),
        ("open-case", Event::OpenCase),
        ("link-case", Event::LinkCase),
        ("reopen", Event::Reopen),
        ("transfer", Event::Transfer),
    ];
}

impl State {
    pub const ALL: [State; 14] = [
        State::Received,
        State::Screening,
        State::NeedInfo(TipStage::Screening),
        State::NeedInfo(TipStage::Accepted),
        State::NeedInfo(TipStage::Verifying),
        State::Accepted,
        State::Verifying,
        State::Handled,
        State::Closed,
        State::Duplicate,
        State::Referred,
        State::Spam,
        State::Test,
        State::NotPolice,
    ];

    /// From the stored columns. A question without its stage is read as asked while screening, where every way is open.
    pub fn from_row(status: TipStatus, asked_from: Option<TipStage>) -> Self {
        match status {
            TipStatus::Received => Self::Received,
            TipStatus::Screening => Self::Screening,
            TipStatus::NeedInfo => Self::NeedInfo(asked_from.unwrap_or(TipStage::Screening)),
            TipStatus::Accepted => Self::Accepted,
            TipStatus::Verifying => Self::Verifying,
            TipStatus::Handled => Self::Handled,
            TipStatus::Closed => Self::Closed,
            TipStatus::Duplicate => Self::Duplicate,
            TipStatus::Referred => Self::Referred,
            TipStatus::Spam => Self::Spam,
            TipStatus::Test => Self::Test,
            TipStatus::NotPolice => Self::NotPolice,
        }
    }

    /// To the stored columns.
    pub fn to_row(self) -> (TipStatus, Option<TipStage>) {
        match self {
            Self::Received => (TipStatus::Received, None),
            Self::Screening => (TipStatus::Screening, None),
            Self::NeedInfo(stage) => (TipStatus::NeedInfo, Some(stage)),
            Self::Accepted => (TipStatus::Accepted, None),
            Self::Verifying => (TipStatus::Verifying, None),
            Self::Handled => (TipStatus::Handled, None),
            Self::Closed => (TipStatus::Closed, None),
            Self::Duplicate => (TipStatus::Duplicate, None),
            Self::Referred => (TipStatus::Referred, None),
            Self::Spam => (TipStatus::Spam, None),
            Self::Test => (TipStatus::Test, None),
            Self::NotPolice => (TipStatus::NotPolice, None),
        }
    }

    /// The verbs that this state allows an officer.
    pub fn allowed(self) -> Vec<&'static str> {
        Event::VERBS.iter().filter(|(_, event)| next(self, *event).is_ok()).map(|(verb, _)| *verb).collect()
    }

    /// Whether police worked it in a case, so that its value can be attested.
    pub fn may_be_valued(self) -> bool {
        matches!(self, Self::Verifying | Self::Handled | Self::Closed | Self::NeedInfo(TipStage::Verifying))
    }

    /// What the reporter is told: few words, that tell nothing to somebody who looks over a shoulder.
    pub fn public(self) -> PublicState {
        match self {
            Self::Received => PublicState::Received,
            Self::Screening => PublicState::InReview,
            Self::NeedInfo(_) => PublicState::NeedsReply,
            Self::Accepted | Self::Verifying | Self::Referred => PublicState::Forwarded,
            Self::Handled => PublicState::HasResult,
            Self::Closed | Self::Duplicate | Self::Spam | Self::Test | Self::NotPolice => PublicState::Ended,
        }
    }
}

/// The public words of a tip's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PublicState {
    Received,
    InReview,
    NeedsReply,
    Forwarded,
    HasResult,
    Ended,
}

impl PublicState {
    pub const ALL: [Self; 6] =
        [Self::Received, Self::InReview, Self::NeedsReply, Self::Forwarded, Self::HasResult, Self::Ended];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InReview => "in_review",
            Self::NeedsReply => "needs_reply",
            Self::Forwarded => "forwarded",
            Self::HasResult => "has_result",
            Self::Ended => "ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events() -> Vec<Event> {
        let mut events = vec![
            Event::Screen,
            Event::Accept,
            Event::Ask,
            Event::Answer,
            Event::Refer,
            Event::MarkDuplicate,
            Event::OpenCase,
            Event::LinkCase,
            Event::RecordOutcome,
            Event::CloseCases,
            Event::ReopenCase,
            Event::Reopen,
            Event::Transfer,
        ];
        events.extend(Dismissal::ALL.map(Event::Dismiss));
        events
    }

    #[test]
    fn every_state_can_be_left_and_none_by_a_resident() {
        for state in State::ALL {
            assert!(
                events().iter().any(|event| next(state, *event).is_ok_and(|to| to != state)),
                "{state:?} is a trap"
            );
            let answered = next(state, Event::Answer).unwrap();
            assert!(answered == state || matches!(state, State::NeedInfo(_)));
        }
    }

    #[test]
    fn a_question_leads_back_to_where_it_was_asked() {
        for state in State::ALL {
            if let Ok(asked) = next(state, Event::Ask) {
                let back = next(asked, Event::Answer).unwrap();
                let expected = if state == State::Received { State::Screening } else { state };
                assert!(back == expected || matches!(state, State::NeedInfo(_)));
            }
        }
    }

    #[test]
    fn the_stored_columns_hold_every_state() {
        for state in State::ALL {
            let (status, stage) = state.to_row();
            assert_eq!(State::from_row(status, stage), state);
        }
    }

    proptest! {
        #[test]
        fn a_tip_is_valued_only_after_a_case(path in proptest::collection::vec(0usize..16, 0..40)) {
            let (events, mut state, mut had_case) = (events(), State::Received, false);
            for step in path {
                let event = events[step];
                if let Ok(to) = next(state, event) {
                    had_case |= matches!(event, Event::OpenCase | Event::LinkCase);
                    state = to;
                }
                prop_assert!(!state.may_be_valued() || had_case);
            }
        }
    }
}
