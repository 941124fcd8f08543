use chrono::NaiveDate;
use entity::{
    cases as case_rows,
    enums::CaseStatus,
    ids::{CaseId, OutcomeId, YieldId},
    outcomes, yields,
};
use sea_orm::{DbErr, Set, TryIntoModel};
use vault::secret::Secret;

use super::{Amount, check::check, store};
use crate::{
    app::App,
    audit::{self, Object},
    cases::{self, CaseError, OpenedCase},
    platform::fault::{Code, Fault, Public},
    staff::{Permission, Staff},
    statistics::ledger,
    tips,
};

/// What came of a case, as an officer tells it.
pub struct NewOutcome {
    pub kind: String,
    pub decided_on: NaiveDate,
    /// The body that took over told that it acted; without it a transfer makes no source valuable.
    pub action_confirmed: bool,
    pub note: Option<Secret<String>>,
    pub yields: Vec<NewYield>,
}

/// Something that it brought in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewYield {
    pub kind: String,
    /// The finer kind, where there is one: which drug.
    pub choice: Option<String>,
    /// At most three decimals.
    pub amount: f64,
    pub unit: String,
}

#[derive(Debug, thiserror::Error)]
pub enum OutcomeError {
    #[error("the case is closed; reopen it first")]
    CaseClosed,
    #[error(transparent)]
    Case(#[from] CaseError),
}

impl Fault for OutcomeError {
    fn public(&self) -> Public {
        match self {
            Self::CaseClosed => Public {
                code: Code::CaseClosed,
                fields: Vec::new(),
                state: Some((CaseStatus::Closed.as_str(), cases::state::allowed(CaseStatus::Closed))),
            },
            Self::Case(error) => error.public(),
        }
    }
}

impl From<DbErr> for OutcomeError {
    fn from(error: DbErr) -> Self {
        Self::Case(error.into())
    }
}

/// Records what came of an open case; its tips are handled with it.
pub async fn record(app: &App, staff: &Staff, case: CaseId, new: NewOutcome) -> Result<OutcomeId, OutcomeError> {
    let opened = cases::open_for(app, staff, case, Permission::Investigate).await?;
    let amounts = check(&app.reference, &new, app.clock.today()).map_err(CaseError::Fields)?;
    let (id, row, yields) = rows(app, staff, &opened, new, amounts);
    app.db
        .write(async |txn| {
            // The case first, then its tips, as every verb takes them: nobody waits in a circle.
            let found = cases::store::case_to_change(txn, case).await?.ok_or(CaseError::NoSuchCase)?;
            let status = cases::state::next(found.status, cases::state::Event::RecordOutcome)
                .map_err(|_| OutcomeError::CaseClosed)?;
            let version = Set(found.version + 1);
            let changes = case_rows::ActiveModel { status: Set(status), version, ..Default::default() };
            if !cases::store::update_if_version(txn, case, found.version, changes).await? {
                return Err(CaseError::ConcurrentChange.into());
            }
            let (outcome, brought) = known(&row, &yields)?;
            store::insert(txn, row, yields).await?;
            let mut facts = tips::follow_case(txn, app, staff, case, tips::state::Event::RecordOutcome).await?;
            let tips = tips::store::tips_of_case_to_change(txn, case).await?;
            facts.extend(ledger::came_out(txn, app, &outcome, &brought, &tips).await?);
            ledger::record(txn, app, facts).await?;
            audit::record_officer(txn, app, staff, Some(opened.office), "OutcomeRecorded", Object::Case(case)).await?;
            Ok(id)
        })
        .await
}

/// What will be stored, as it will be read.
fn known(
    row: &outcomes::ActiveModel,
    items: &[yields::ActiveModel],
) -> Result<(outcomes::Model, Vec<yields::Model>), DbErr> {
    let items = items.iter().cloned().map(TryIntoModel::try_into_model).collect::<Result<_, DbErr>>()?;
    Ok((row.clone().try_into_model()?, items))
}

fn rows(
    app: &App,
    staff: &Staff,
    case: &OpenedCase,
    new: NewOutcome,
    amounts: Vec<Amount>,
) -> (OutcomeId, outcomes::ActiveModel, Vec<yields::ActiveModel>) {
    let id = OutcomeId::from(app.chance.uuid());
    let row = outcomes::ActiveModel {
        id: Set(id),
        case_id: Set(case.id),
        office_id: Set(case.office),
        kind: Set(new.kind),
        decided_on: Set(new.decided_on),
        action_confirmed: Set(new.action_confirmed),
        note_sealed: Set(new.note.map(|note| case.key.seal_outcome_note(id, note.expose(), &app.chance))),
        recorded_by: Set(staff.id),
        recorded_at: Set(app.clock.now()),
    };
    let yields = new.yields.into_iter().zip(amounts).map(|(item, amount)| yields::ActiveModel {
        id: Set(YieldId::from(app.chance.uuid())),
        outcome_id: Set(id),
        kind: Set(item.kind),
        choice: Set(item.choice),
        amount_milli: Set(amount.milli()),
        unit: Set(item.unit),
    });
    (id, row, yields.collect())
}
