//! A tip's life. A resident asks for a ticket (`issue_ticket`) and `submit`s; an officer may `write_down` what came
//! by phone or paper. It waits in the queue (`list`); a screener `screen`s it, `ask`s, and decides: `accept`,
//! `refer`, `mark_duplicate` or `dismiss`. Accepted, it is `assign`ed, `grade`d, and worked: `open_case` or
//! `link_case`. An outcome of the case makes it *handled*, the case's end *closed*; `reopen` brings it back.
//! Meanwhile reporter and police talk in its thread (`thread`: `open_thread`, `read_thread`, `add_message`;
//! `reply`, `ask`), and what officers note stays among them (`note`). Who may open it changes in `custody`.
//! `attest_value` hands it on to `valuations`.
//!
//! `state` says which move is possible when; `sealed` is the only way to its words.

mod access;
mod assign;
mod attest_value;
mod check_receipt;
mod compose;
mod content;
pub mod custody;
mod fast_wraps;
mod find_by_number;
mod follow_case;
mod grade;
pub mod intake;
mod issue_ticket;
mod link_case;
mod list;
mod may_read;
mod moves;
mod open_case;
mod queue;
mod read;
mod say;
mod seal_tip;
mod sealed;
mod search;
pub mod shelf;
pub mod state;
pub mod store;
mod submit;
pub mod thread;
mod view;
mod wait_out;
mod write_down;

pub use access::{Edit, MoveError, Opened, find_for, keep_key, open_for, reread};
pub use assign::assign;
pub use attest_value::{AttestError, Attested, attest_value};
pub use check_receipt::{GROUPS, WrittenWrong, check_receipt};
pub use content::{
    Identity, LINE, MAX_LINE, MAX_NARRATIVE, MAX_TEXT, NewTip, REASON, TEXT, TITLE, line_fault, text_fault,
};
pub(crate) use custody::rewrap_some;
pub use custody::{
    CustodyError, Left, Progress, Sight, concern, forget_key_of_reader, forget_reader, hidden_among, lift_restriction,
    restrict, rewrap, rewrap_progress, share, sight, transfer, unshare,
};
pub use find_by_number::find_by_number;
pub(crate) use follow_case::follow_case;
pub use grade::{Grade, grade};
pub use issue_ticket::{Ticket, issue_ticket, issue_ticket_to};
pub use link_case::{LinkCaseError, link_case};
pub use list::{Assignee, Filter, ListError, TipPage, TipRow, list};
pub use may_read::may_read;
pub use moves::{accept, dismiss, mark_duplicate, refer, reopen, screen};
pub use open_case::{OpenedCase, open_case};
pub use queue::{MOST_COUNTED, MOST_COUNTED_ENDED, Tally, count_lane, count_states};
pub use read::{ReadTipError, read};
pub(crate) use say::insert_note;
pub use say::{ask, note, reply};
pub use sealed::{TipKeys, open_tip_keys};
pub use submit::{Acknowledgement, SubmitError, Submitted, submit};
pub use view::{Act, CaseRef, MessageView, NoteView, OfficerName, TipRef, TipView, ValuationView};
pub use wait_out::wait_out;
pub use write_down::{WrittenDown, write_down};

/// How soon a tip wants to be looked at.
pub mod priority {
    pub const NORMAL: i16 = 0;
    /// It is happening now.
    pub const HIGH: i16 = 1;
    /// A life is in danger.
    pub const URGENT: i16 = 2;

    /// As the queue shows them: the most pressing first.
    pub const ALL: [i16; 3] = [URGENT, HIGH, NORMAL];

    pub fn name(priority: i16) -> &'static str {
        match priority {
            URGENT => "urgent",
            HIGH => "high",
            _ => "normal",
        }
    }

    pub fn parse(name: &str) -> Option<i16> {
        ALL.into_iter().find(|priority| self::name(*priority) == name)
    }
}
