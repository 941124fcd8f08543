//! Who may do what to which tip, and the one way in which a tip's row changes.

use entity::{ids::TipId, tips};
use sea_orm::{ActiveValue, DatabaseTransaction, DbErr, Set};

use super::{
    TipKeys,
    custody::{self, Sight, sight},
    state::{self, Event, InvalidMove, State},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    staff::{Permission, Refused, Staff},
    statistics::ledger,
    units::{Keyring, OpenKeysError},
};

/// Why a verb on a tip was refused.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// None, or another office's: the two are told apart by nobody.
    #[error("no such tip")]
    NoSuchTip,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("no member has granted this officer the office's key")]
    NoKey,
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    #[error("the tip has changed since the caller read it")]
    Stale,
    #[error("somebody else changed the tip at the same moment")]
    ConcurrentChange,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("the reporter gave up the receipt; nobody would read it")]
    ThreadClosed,
    #[error("its time is over, and its words are gone")]
    Expired,
    #[error("its value is attested; revoke that first")]
    HasLiveValuation,
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for MoveError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchTip => Code::NoSuchTip.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::NoKey => Code::NoKey.into(),
            Self::InvalidMove(invalid) => Public {
                code: Code::InvalidMove,
                fields: Vec::new(),
                state: Some((invalid.from.to_row().0.as_str(), invalid.from.allowed())),
            },
            Self::Stale => Code::Stale.into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::ThreadClosed => Code::ThreadClosed.into(),
            Self::Expired => Code::TipExpired.into(),
            Self::HasLiveValuation => Code::HasLiveValuation.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<OpenKeysError> for MoveError {
    fn from(error: OpenKeysError) -> Self {
        match error {
            OpenKeysError::NoKey => Self::NoKey,
            OpenKeysError::Refused(refused) => refused.into(),
            OpenKeysError::Store(error) => error.into(),
        }
    }
}

impl MoveError {
    pub fn field(field: &'static str, code: Code) -> Self {
        Self::Fields(vec![FieldFault::new(field, code)])
    }
}

/// The version that a caller has seen (`If-Match`); none: the caller does not mind.
pub type Edit = Option<i32>;

/// A tip that an officer may work, with its keys.
pub struct Opened {
    pub tip: tips::Model,
    pub sight: Sight,
    /// Of the office through which the officer sees it; none for an officer who is named.
    pub keyring: Option<Keyring>,
    pub keys: TipKeys,
}

/// Finds a tip that is there for this officer and asks for the right; opens nothing. Who has it for information only
/// may read it.
pub async fn find_for(app: &App, staff: &Staff, id: TipId, permission: Permission) -> Result<tips::Model, MoveError> {
    find_seen(app, staff, id, permission).await.map(|(tip, _)| tip)
}

async fn find_seen(
    app: &App,
    staff: &Staff,
    id: TipId,
    permission: Permission,
) -> Result<(tips::Model, Sight), MoveError> {
    // Who may read no tip at all is told so; who may read some learns nothing of others' tips.
    staff.must(Permission::ReadTips)?;
    let tip = store::tip(app.db.read(), id).await?.ok_or(MoveError::NoSuchTip)?;
    let sight = sight(app.db.read(), staff, &tip).await?.ok_or(MoveError::NoSuchTip)?;
    ask_right(staff, &tip, sight, permission)?;
    Ok((tip, sight))
}

fn ask_right(staff: &Staff, tip: &tips::Model, sight: Sight, permission: Permission) -> Result<(), Refused> {
    match (sight, permission) {
        (Sight::Informed(office), Permission::ReadTips) => staff.must_in(office, permission),
        (Sight::Informed(_), _) => Err(Refused::Forbidden),
        (Sight::Handling | Sight::Named, _) => staff.must_in(tip.office_id, permission),
    }
}

/// Finds a tip and opens it: with the keys of the office through which the officer sees it, or with the officer's own.
pub async fn open_for(app: &App, staff: &Staff, id: TipId, permission: Permission) -> Result<Opened, MoveError> {
    let (tip, sight) = find_seen(app, staff, id, permission).await?;
    let wraps = store::wraps_of(app.db.read(), tip.id).await?;
    if wraps.is_empty() {
        return Err(MoveError::Expired);
    }
    let (keys, keyring) = custody::open(app.db.read(), staff, &tip, sight, &wraps).await?;
    Ok(Opened { tip, sight, keyring, keys })
}

/// Asks that a tip be still under the key that was opened: what is sealed beforehand is stored under no other.
///
/// The sealed words are sealed anew with every key, and never otherwise.
pub fn same_key(opened: &Opened, tip: &tips::Model) -> Result<(), MoveError> {
    if opened.tip.sealed == tip.sealed { Ok(()) } else { Err(MoveError::ConcurrentChange) }
}

/// Like [`same_key`], for a verb that changes no row of the tip; keeps it so until the transaction ends.
pub async fn keep_key(txn: &DatabaseTransaction, opened: &Opened) -> Result<(), MoveError> {
    let tip = store::tip_to_change(txn, opened.tip.id).await?.ok_or(MoveError::NoSuchTip)?;
    same_key(opened, &tip)
}

/// Changes a tip in one transaction: reads it afresh, lets `work` say what changes, stores by compare-and-swap,
/// and puts the act on record.
pub async fn change<F>(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    act: &'static str,
    work: F,
) -> Result<tips::Model, MoveError>
where
    F: AsyncFnOnce(&DatabaseTransaction, &tips::Model) -> Result<tips::ActiveModel, MoveError>,
{
    app.db
        .write(async |txn| {
            let tip = reread(txn, staff, id, expected).await?;
            let changes = work(txn, &tip).await?;
            let to = state_of(&changes);
            swap(txn, &tip, changes).await?;
            if let Some(to) = to {
                ledger::record(txn, app, ledger::moved(txn, app, &tip, to).await?).await?;
            }
            audit::record_officer(txn, app, staff, Some(tip.office_id), act, Object::Tip(id)).await?;
            store::tip(txn, id).await?.ok_or(MoveError::NoSuchTip)
        })
        .await
}

/// Reads a tip afresh in the transaction that will change it, and lets nobody else change it meanwhile.
pub async fn reread(
    txn: &DatabaseTransaction,
    staff: &Staff,
    id: TipId,
    expected: Edit,
) -> Result<tips::Model, MoveError> {
    let tip = store::tip_to_change(txn, id).await?.ok_or(MoveError::NoSuchTip)?;
    // It may have gone to another office, or out of sight, since it was found.
    match sight(txn, staff, &tip).await? {
        Some(Sight::Handling | Sight::Named) => (),
        Some(Sight::Informed(_)) | None => return Err(MoveError::NoSuchTip),
    }
    if expected.is_some_and(|version| version != tip.version) {
        return Err(MoveError::Stale);
    }
    Ok(tip)
}

/// Stores changes if nobody else changed the tip since it was read.
pub async fn swap(
    txn: &DatabaseTransaction,
    tip: &tips::Model,
    mut changes: tips::ActiveModel,
) -> Result<(), MoveError> {
    changes.version = Set(tip.version + 1);
    if store::update_if_version(txn, tip.id, tip.version, changes).await? {
        Ok(())
    } else {
        Err(MoveError::ConcurrentChange)
    }
}

/// The state that changes lead to; none if they leave it as it is.
pub fn state_of(changes: &tips::ActiveModel) -> Option<State> {
    match (&changes.status, &changes.asked_from) {
        (ActiveValue::Set(status), ActiveValue::Set(asked_from)) => Some(State::from_row(*status, *asked_from)),
        (_, _) => None,
    }
}

/// The columns of the state that `event` leads to.
pub fn moved(tip: &tips::Model, event: Event) -> Result<tips::ActiveModel, InvalidMove> {
    let (status, asked_from) = state::next(State::from_row(tip.status, tip.asked_from), event)?.to_row();
    Ok(tips::ActiveModel { status: Set(status), asked_from: Set(asked_from), ..Default::default() })
}
