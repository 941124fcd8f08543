use entity::{enums::ValuationState, ids::ValuationId, valuations};
use sea_orm::Set;
use vault::secret::Secret;

use super::{
    Valuation, ValuationError,
    state::{self, Event},
    store,
    verdict::find_for,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::FieldFault,
    staff::{Permission, Staff},
    statistics::ledger::{self, Kind},
    tips::{self, MAX_TEXT, REASON, text_fault},
};

/// Ends a valuation: from now on the tip counts no more. The reason is sealed with the tip, and the history stays:
/// figures as of an earlier day do not move.
///
/// It takes the right to confirm; what nobody has confirmed yet, its attester may withdraw too.
pub async fn revoke(
    app: &App,
    staff: &Staff,
    id: ValuationId,
    reason: Secret<String>,
) -> Result<Valuation, ValuationError> {
    let fact = find_for(app, staff, id).await?;
    if !is_own_unconfirmed(&fact, staff) {
        staff.must_in(fact.office_id, Permission::Confirm)?;
    }
    if let Some(code) = text_fault(reason.expose(), MAX_TEXT, REASON) {
        return Err(ValuationError::Fields(vec![FieldFault::new("reason", code)]));
    }
    let to = state::next(fact.state, Event::Revoke)?;
    let tip = tips::open_for(app, staff, fact.tip_id, Permission::ReadTips).await?;
    let sealed = tip.keys.seal_revocation(id, reason.expose(), &app.chance);
    app.db
        .write(async |txn| {
            // Under the key that it was sealed with: the tip may have been sealed anew meanwhile.
            tips::keep_key(txn, &tip).await?;
            let changes = valuations::ActiveModel {
                state: Set(to),
                revoked_by: Set(Some(staff.id)),
                revoked_at: Set(Some(app.clock.now())),
                revoke_sealed: Set(Some(sealed)),
                ..Default::default()
            };
            // Confirmed meanwhile, it is no longer the attester's to withdraw: the state is part of the condition.
            if !store::update_if_state(txn, id, fact.state, changes).await? {
                return Err(ValuationError::ConcurrentChange);
            }
            let known = ledger::decided_on(txn, app, ending(&fact), &fact).await?;
            ledger::record(txn, app, vec![known]).await?;
            let object = Object::Valuation(id);
            audit::record_officer(txn, app, staff, Some(fact.office_id), "ValueRevoked", object).await?;
            Ok(Valuation { id, tip: fact.tip_id, state: to })
        })
        .await
}

/// What never counted is withdrawn; only what counted is taken out of the count.
fn ending(fact: &valuations::Model) -> Kind {
    match fact.state {
        ValuationState::Confirmed => Kind::Revoked,
        ValuationState::Attested | ValuationState::Revoked => Kind::Withdrawn,
    }
}

fn is_own_unconfirmed(fact: &valuations::Model, staff: &Staff) -> bool {
    fact.state == ValuationState::Attested
        && fact.attested_by == staff.id
        && staff.may_in(fact.office_id, Permission::Investigate)
}
