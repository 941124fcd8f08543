use entity::{ids::OfficeId, tips};

use super::{Fact, Kind};
use crate::app::App;

/// A tip went from its office to another: from now on it counts as received there, and here no more. `tip` is as it
/// was before.
pub fn handed_over(app: &App, tip: &tips::Model, to: OfficeId) -> [Fact; 2] {
    let fact = Fact::of_tip(Kind::HandedOver, app.clock.today(), tip);
    [fact.clone(), Fact { kind: Kind::TakenOver, office: to, ..fact }]
}
