use entity::{
    enums::ValuationState,
    ids::{OutcomeId, TipId, ValuationId},
    outcomes as rows, tips, valuations as facts,
};
use sea_orm::{DatabaseTransaction, DbErr, Set, TryIntoModel};
use vault::secret::Secret;

use super::{
    MoveError,
    access::{open_for, reread, same_key},
    content::{MAX_TEXT, REASON, text_fault},
    state::State,
    store,
    submit::is_unique,
};
use crate::{
    app::App,
    audit::{self, Object},
    outcomes,
    platform::fault::{Code, Fault, Public},
    staff::{Permission, Staff},
    statistics::ledger,
    valuations,
};

/// An attested valuation, which waits for a second officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attested {
    pub id: ValuationId,
    pub state: ValuationState,
}

#[derive(Debug, thiserror::Error)]
pub enum AttestError {
    /// None, or another office's.
    #[error("no such outcome")]
    NoSuchOutcome,
    #[error("the outcome is of a case that the tip is no part of")]
    OutcomeNotOfTip,
    #[error("the outcome is none that makes a source valuable")]
    OutcomeNotQualifying,
    #[error("no case worked this tip, or it is a duplicate")]
    NotWorked(State),
    #[error("its value is attested already")]
    AlreadyAttested,
    #[error(transparent)]
    Move(#[from] MoveError),
}

impl Fault for AttestError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOutcome => Code::NoSuchOutcome.into(),
            Self::OutcomeNotOfTip => Code::OutcomeNotOfTip.into(),
            Self::OutcomeNotQualifying => Code::OutcomeNotQualifying.into(),
            Self::NotWorked(state) => Public {
                code: Code::InvalidMove,
                fields: Vec::new(),
                state: Some((state.to_row().0.as_str(), state.allowed())),
            },
            Self::AlreadyAttested => Code::AlreadyAttested.into(),
            Self::Move(error) => error.public(),
        }
    }
}

impl From<DbErr> for AttestError {
    fn from(error: DbErr) -> Self {
        Self::Move(error.into())
    }
}

/// Attests by name that a tip was a valuable source, by the outcome that decided it. It counts once a second
/// officer has confirmed it.
///
/// `identified`: the third ground of the rule, that it identified or confirmed a person or place in an existing case.
pub async fn attest_value(
    app: &App,
    staff: &Staff,
    id: TipId,
    outcome: OutcomeId,
    reason: Secret<String>,
    identified: bool,
) -> Result<Attested, AttestError> {
    let opened = open_for(app, staff, id, Permission::Investigate).await?;
    if let Some(code) = text_fault(reason.expose(), MAX_TEXT, REASON) {
        return Err(MoveError::field("reason", code).into());
    }
    let valuation = ValuationId::from(app.chance.uuid());
    let sealed = opened.keys.seal_attestation(valuation, reason.expose(), &app.chance);
    app.db
        .write(async |txn| {
            let tip = reread(txn, staff, id, None).await?;
            same_key(&opened, &tip)?;
            let outcome = deciding(txn, app, &tip, outcome, identified).await?;
            if valuations::store::live_of_tip(txn, id).await?.is_some() {
                return Err(AttestError::AlreadyAttested);
            }
            let fact = fact(app, staff, &tip, &outcome, (valuation, sealed, identified));
            let known = ledger::attested(app, &tip, &fact.clone().try_into_model()?);
            valuations::store::insert(txn, fact).await.map_err(|error| match is_unique(&error) {
                true => AttestError::AlreadyAttested,
                false => error.into(),
            })?;
            ledger::record(txn, app, vec![known]).await?;
            let object = Object::Valuation(valuation);
            audit::record_officer(txn, app, staff, Some(tip.office_id), "ValueAttested", object).await?;
            Ok(Attested { id: valuation, state: ValuationState::Attested })
        })
        .await
}

/// The outcome, if by rule v1 it makes this tip a valuable source.
async fn deciding(
    txn: &DatabaseTransaction,
    app: &App,
    tip: &tips::Model,
    id: OutcomeId,
    identified: bool,
) -> Result<rows::Model, AttestError> {
    let state = State::from_row(tip.status, tip.asked_from);
    if !state.may_be_valued() || tip.duplicate_of.is_some() {
        return Err(AttestError::NotWorked(state));
    }
    let outcome = outcomes::store::outcome(txn, id).await?.ok_or(AttestError::NoSuchOutcome)?;
    if outcome.office_id != tip.office_id {
        return Err(AttestError::NoSuchOutcome);
    }
    if !store::is_linked(txn, tip.id, outcome.case_id).await? {
        return Err(AttestError::OutcomeNotOfTip);
    }
    let yields = outcomes::store::yields_of(txn, id).await?;
    if valuations::qualifies(&app.reference, &outcome, &yields, identified) {
        Ok(outcome)
    } else {
        Err(AttestError::OutcomeNotQualifying)
    }
}

/// What counting will ask for, copied: no later change of the tip moves a figure.
fn fact(
    app: &App,
    staff: &Staff,
    tip: &tips::Model,
    outcome: &rows::Model,
    (id, sealed, identified): (ValuationId, Vec<u8>, bool),
) -> facts::ActiveModel {
    facts::ActiveModel {
        id: Set(id),
        tip_id: Set(tip.id),
        outcome_id: Set(outcome.id),
        office_id: Set(tip.office_id),
        state: Set(ValuationState::Attested),
        rule: Set(valuations::RULE),
        attested_by: Set(staff.id),
        attested_at: Set(app.clock.now()),
        attest_sealed: Set(sealed),
        confirmed_by: Set(None),
        confirmed_at: Set(None),
        revoked_by: Set(None),
        revoked_at: Set(None),
        revoke_sealed: Set(None),
        decided_on: Set(outcome.decided_on),
        unit_code: Set(tip.unit_code.clone()),
        unit_valid_from: Set(tip.unit_valid_from),
        category: Set(tip.category.clone()),
        channel: Set(tip.channel.clone()),
        identified: Set(identified),
    }
}
