//! Who may decide on which valuation, and what refuses a decision.

use entity::{
    enums::ValuationState,
    ids::{TipId, ValuationId},
    valuations,
};
use sea_orm::DbErr;

use super::{
    state::{self, InvalidMove},
    store,
};
use crate::{
    app::App,
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    staff::{Permission, Refused, Staff},
    tips::{self, MoveError},
};

/// Where a valuation stands after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valuation {
    pub id: ValuationId,
    pub tip: TipId,
    pub state: ValuationState,
}

#[derive(Debug, thiserror::Error)]
pub enum ValuationError {
    /// None, or another office's: the two are told apart by nobody.
    #[error("no such valuation")]
    NoSuchValuation,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("who attested it cannot confirm it")]
    OwnAttestation,
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    #[error("somebody else decided on it at the same moment")]
    ConcurrentChange,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    /// The reason is sealed with the tip, which could not be opened.
    #[error(transparent)]
    Tip(#[from] MoveError),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ValuationError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchValuation => Code::NoSuchValuation.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::OwnAttestation => Code::OwnAttestation.into(),
            Self::InvalidMove(invalid) => Public {
                code: Code::InvalidMove,
                fields: Vec::new(),
                state: Some((invalid.from.as_str(), state::allowed(invalid.from))),
            },
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Tip(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Finds a valuation of the officer's own offices; which right it takes, the verb asks.
pub(super) async fn find_for(app: &App, staff: &Staff, id: ValuationId) -> Result<valuations::Model, ValuationError> {
    // Who may read no tip at all is told so; who may read some learns nothing of others' valuations.
    staff.must(Permission::ReadTips)?;
    let found = store::valuation(app.db.read(), id).await?;
    let fact = found.filter(|fact| staff.may_in(fact.office_id, Permission::ReadTips));
    let fact = fact.ok_or(ValuationError::NoSuchValuation)?;
    // Of a tip that is not there for this officer, neither is what was attested.
    if tips::hidden_among(app.db.read(), staff, &[fact.tip_id]).await?.is_empty() {
        Ok(fact)
    } else {
        Err(ValuationError::NoSuchValuation)
    }
}
