use entity::{ids::ValuationId, valuations};
use sea_orm::Set;

use super::{
    Valuation, ValuationError,
    state::{self, Event},
    store,
    verdict::find_for,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
    statistics::ledger,
};

/// Confirms what another officer attested: from now on the tip counts as a valuable source.
pub async fn confirm(app: &App, staff: &Staff, id: ValuationId) -> Result<Valuation, ValuationError> {
    let fact = find_for(app, staff, id).await?;
    staff.must_in(fact.office_id, Permission::Confirm)?;
    if fact.attested_by == staff.id {
        return Err(ValuationError::OwnAttestation);
    }
    let to = state::next(fact.state, Event::Confirm)?;
    app.db
        .write(async |txn| {
            let changes = valuations::ActiveModel {
                state: Set(to),
                confirmed_by: Set(Some(staff.id)),
                confirmed_at: Set(Some(app.clock.now())),
                ..Default::default()
            };
            if !store::update_if_state(txn, id, fact.state, changes).await? {
                return Err(ValuationError::ConcurrentChange);
            }
            let known = ledger::decided_on(txn, app, ledger::Kind::Confirmed, &fact).await?;
            ledger::record(txn, app, vec![known]).await?;
            let object = Object::Valuation(id);
            audit::record_officer(txn, app, staff, Some(fact.office_id), "ValueConfirmed", object).await?;
            Ok(Valuation { id, tip: fact.tip_id, state: to })
        })
        .await
}
