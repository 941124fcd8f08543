use entity::{ids::CaseId, tips};

use super::{Fact, Kind};
use crate::app::App;

/// A case begins with a tip: its outcomes are credited to it.
pub fn case_opened(app: &App, tip: &tips::Model, case: CaseId) -> Fact {
    let today = app.clock.today();
    Fact { case: Some(case), effective_on: today, ..Fact::of_tip(Kind::CaseOpened, today, tip) }
}
