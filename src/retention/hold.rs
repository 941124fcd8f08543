use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::{
    enums::NoteKind,
    ids::{NoteId, OfficerId, TipId},
    tip_holds,
};
use sea_orm::{DatabaseTransaction, DbErr};
use vault::secret::Secret;

use super::store;
use crate::{
    app::App,
    audit::{self, Object},
    cases::CaseError,
    platform::fault::{Code, Fault, Public, store_code},
    staff::{Permission, Staff},
    tips::{self, MAX_TEXT, MoveError, Opened, REASON, text_fault},
};

/// That a tip or a case is kept beyond its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The last day, inclusive.
    pub until: NaiveDate,
    pub placed_by: OfficerId,
    pub placed_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    #[error(transparent)]
    Tip(#[from] MoveError),
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error("it is not held")]
    NoSuchHold,
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for HoldError {
    fn public(&self) -> Public {
        match self {
            Self::Tip(error) => error.public(),
            Self::Case(error) => error.public(),
            Self::NoSuchHold => Code::NoSuchHold.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Longest hold: what is needed for longer is asked for again by somebody who looks at it again.
const LONGEST: Months = Months::new(120);

/// Keeps a tip beyond its time, up to a day; the later of two holds counts. Why is sealed with the tip.
pub async fn place_hold(
    app: &App,
    staff: &Staff,
    id: TipId,
    until: NaiveDate,
    reason: Secret<String>,
) -> Result<Hold, HoldError> {
    let opened = tips::open_for(app, staff, id, Permission::Confirm).await?;
    check(&reason)?;
    check_end(app, until)?;
    let hold = Hold { until, placed_by: staff.id, placed_at: app.clock.now() };
    app.db
        .write(async |txn| {
            note_reason(txn, app, staff, &opened, "place-hold", &reason).await?;
            store::put_hold(txn, row(id, &hold)).await?;
            audit::record_officer(txn, app, staff, Some(opened.tip.office_id), "HoldPlaced", Object::Tip(id)).await?;
            Ok(hold)
        })
        .await
}

/// Ends a hold before its day; from then on the tip's own time counts.
pub async fn lift_hold(app: &App, staff: &Staff, id: TipId, reason: Secret<String>) -> Result<(), HoldError> {
    let opened = tips::open_for(app, staff, id, Permission::Confirm).await?;
    check(&reason)?;
    app.db
        .write(async |txn| {
            note_reason(txn, app, staff, &opened, "lift-hold", &reason).await?;
            if !store::delete_hold(txn, id).await? {
                return Err(HoldError::NoSuchHold);
            }
            audit::record_officer(txn, app, staff, Some(opened.tip.office_id), "HoldLifted", Object::Tip(id)).await?;
            Ok(())
        })
        .await
}

/// The hold of a tip, also one whose day is over and that nobody lifted.
pub async fn read_hold(app: &App, staff: &Staff, id: TipId) -> Result<Hold, HoldError> {
    tips::find_for(app, staff, id, Permission::ReadTips).await?;
    let hold = store::hold(app.db.read(), id).await?.ok_or(HoldError::NoSuchHold)?;
    Ok(Hold { until: hold.until, placed_by: hold.placed_by, placed_at: hold.placed_at })
}

fn row(tip_id: TipId, hold: &Hold) -> tip_holds::Model {
    tip_holds::Model { tip_id, until: hold.until, placed_by: hold.placed_by, placed_at: hold.placed_at }
}

/// After today, and not for longer than somebody answers for.
pub(super) fn check_end(app: &App, until: NaiveDate) -> Result<(), HoldError> {
    let today = app.clock.today();
    if until <= today {
        return Err(MoveError::field("until", Code::DateTooEarly).into());
    }
    if today.checked_add_months(LONGEST).is_none_or(|last| until > last) {
        return Err(MoveError::field("until", Code::PeriodTooLong).into());
    }
    Ok(())
}

pub(super) fn check(reason: &Secret<String>) -> Result<(), HoldError> {
    match text_fault(reason.expose(), MAX_TEXT, REASON) {
        Some(code) => Err(MoveError::field("reason", code).into()),
        None => Ok(()),
    }
}

/// Under the tip's lock: of a hold and the tip's end, one comes first.
async fn note_reason(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    opened: &Opened,
    verb: &'static str,
    reason: &Secret<String>,
) -> Result<(), HoldError> {
    let id = opened.tip.id;
    tips::reread(txn, staff, id, None).await?;
    if tips::store::wraps_of(txn, id).await?.is_empty() {
        return Err(MoveError::Expired.into());
    }
    let note = NoteId::from(app.chance.uuid());
    let sealed = opened.keys.seal_note(note, reason.expose(), &app.chance);
    Ok(tips::insert_note(txn, app, staff, id, note, (NoteKind::Reason, verb), sealed).await?)
}
