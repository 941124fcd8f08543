use chrono::NaiveDate;
use entity::tips;

use super::{Fact, Kind};

/// A tip came in.
pub fn received(today: NaiveDate, tip: &tips::Model) -> Fact {
    Fact::of_tip(Kind::Received, today, tip)
}
