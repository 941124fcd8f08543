use chrono::NaiveDate;
use entity::{
    enums::{Mode, TipStatus, WrapHolder},
    ids::{OfficeId, TipConcernId, TipId, WrapId},
    receipts, tip_wraps, tips,
};
use sea_orm::{DbErr, Set, SqlErr, TryIntoModel};
use vault::{
    keys::PublicKey,
    receipt::{Receipt, ReceiptKeys},
    seal::{self, Place},
    ticket::{self, TicketError},
};

use super::{
    content::{Content, LINE, MAX_LINE, MAX_NARRATIVE, NARRATIVE, NewTip, text_fault},
    custody, priority,
    seal_tip::{Open, seal_tip},
    state::{PublicState, State},
    store,
};
use crate::{
    app::App,
    audit,
    identities::{self, SealIdentityError},
    platform::{
        fault::{Code, Fault, Faults, FieldFault, Public, store_code},
        shedding::Overloaded,
    },
    reference::{Category, Priority, Unit},
    staff::Staff,
    statistics::ledger,
    units::{self, Desk, Errand, RouteError, Routed},
};

#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("the line is closed: no office holds a key")]
    LineClosed,
    #[error("the line, or the office that it would go to, takes no tips for a while")]
    Closed,
    #[error("nobody stands above the office that it is about")]
    NoOversight,
    #[error("no quorum of custodians could hold the identity")]
    ConfidentialUnavailable,
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for SubmitError {
    fn public(&self) -> Public {
        match self {
            Self::Fields(fields) => fields.clone().into(),
            Self::LineClosed | Self::Closed => Code::LineClosed.into(),
            Self::NoOversight => Code::NoOversight.into(),
            Self::ConfidentialUnavailable => Code::ConfidentialUnavailable.into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<RouteError> for SubmitError {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::LineClosed => Self::LineClosed,
            RouteError::NoOversight => Self::NoOversight,
            RouteError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SealIdentityError> for SubmitError {
    fn from(error: SealIdentityError) -> Self {
        match error {
            SealIdentityError::TooFewCustodians => Self::ConfidentialUnavailable,
            SealIdentityError::Store(error) => Self::Store(error),
        }
    }
}

/// What the reporter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    pub number: String,
    pub state: PublicState,
    pub received_on: NaiveDate,
}

/// A stored tip, and whether this call stored it.
#[derive(Debug)]
pub struct Submitted {
    pub id: TipId,
    pub acknowledgement: Acknowledgement,
    pub created: bool,
}

/// A tip's number is drawn from its random id; two alike among millions are possible, three draws in a row are not.
const NUMBER_DRAWS: usize = 3;

/// Stores a tip, sealed to the office that it goes to and to its reporter.
///
/// Exactly once: the same receipt again gives the same tip and stores nothing, however many arrive at once.
/// `author`: the officer who writes it down for somebody; none when the reporter sends it.
pub async fn submit(app: &App, new: &NewTip, author: Option<&Staff>) -> Result<Submitted, SubmitError> {
    // Costs next to nothing: who forges tickets, or does not the work for them, takes no place that others need.
    let ticket = ticket::verify(&new.receipt, &new.ticket, &app.secrets, app.clock.now());
    let refused = |code| Err(SubmitError::Fields(vec![FieldFault::new("ticket", code)]));
    match ticket {
        Err(TicketError::Forged) => return refused(Code::TicketForged),
        Err(TicketError::Unproven) => return refused(Code::TicketUnproven),
        Ok(()) | Err(TicketError::Expired) => (),
    }
    let _place = app.lanes.submissions.enter().await?;
    // Once: it is what a submission costs most.
    let derived = store::derive_all(app, &new.receipt).await?;
    // Before anything else is judged: a repeat must get its answer even when the day, and with it the rules, changed.
    if let Some(found) = find(app, &derived).await? {
        return Ok(found);
    }
    let receipt_keys = current_of(app, &derived)?;
    let today = app.clock.today();
    let (category, unit, concerns) = check(app, new, today, ticket.is_ok())?;
    let errand = Errand { unit, category, concerns: &concerns, day: today };
    for _ in 0..NUMBER_DRAWS {
        let way = units::route(app.db.read(), &app.reference, &errand).await?;
        // Officers who write down what somebody tells them are at work, whatever is closed for residents.
        if author.is_none() && units::is_closed(app.db.read(), way.desk.office).await? {
            return Err(SubmitError::Closed);
        }
        let prepared = prepare(app, new, category, unit, &way, receipt_keys).await?;
        let (id, acknowledgement) = (prepared.id, prepared.acknowledgement.clone());
        match insert(app, prepared, &way.desk, author).await {
            Ok(true) => return Ok(Submitted { id, acknowledgement, created: true }),
            // A new epoch began since the way was found: to be sealed to that one.
            Ok(false) => (),
            Err(error) if !is_unique(&error) => return Err(error.into()),
            // Either the same receipt won a race against us, or the number is taken: then draw again.
            Err(_) => {
                if let Some(found) = find(app, &derived).await? {
                    return Ok(found);
                }
            }
        }
    }
    Err(DbErr::Custom("no free tip number, or no lasting epoch, in three draws".into()).into())
}

/// What a receipt leads to under today's pepper.
pub(super) fn derive_current(app: &App, receipt: &Receipt) -> Result<ReceiptKeys, DbErr> {
    let missing = || DbErr::Custom("the current pepper is missing".into());
    receipt.derive(&app.secrets, app.secrets.current_pepper()).ok_or_else(missing)
}

fn current_of<'a>(app: &App, derived: &'a [ReceiptKeys]) -> Result<&'a ReceiptKeys, DbErr> {
    let current = app.secrets.current_pepper();
    let missing = || DbErr::Custom("the current pepper is missing".into());
    derived.iter().find(|keys| keys.pepper_version == current).ok_or_else(missing)
}

async fn find(app: &App, derived: &[ReceiptKeys]) -> Result<Option<Submitted>, DbErr> {
    let found = store::tip_by_keys(app, derived).await?;
    Ok(found.map(|(tip, _)| Submitted { id: tip.id, acknowledgement: acknowledge(&tip), created: false }))
}

pub(super) fn acknowledge(tip: &tips::Model) -> Acknowledgement {
    Acknowledgement {
        number: tip.number.clone(),
        state: State::from_row(tip.status, tip.asked_from).public(),
        received_on: tip.received_on,
    }
}

/// Judges all fields at once, so that a person mends them in one go.
fn check<'a>(
    app: &'a App,
    new: &NewTip,
    today: NaiveDate,
    ticket_is_fresh: bool,
) -> Result<(&'a Category, Option<&'a Unit>, Vec<&'a Unit>), SubmitError> {
    let mut faults = Faults::default();
    faults.check(ticket_is_fresh, "ticket", Code::TicketExpired);
    let category = app.reference.category_on(&new.category, today);
    faults.check(category.is_some(), "category", Code::UnknownCategory);
    let unit = new.unit.as_ref().map(|code| app.reference.unit_on(code, today));
    faults.check(unit != Some(None), "unit", Code::UnknownUnit);
    let concerns: Option<Vec<&Unit>> = new.concerns.iter().map(|code| app.reference.unit_on(code, today)).collect();
    faults.check(concerns.is_some(), "concerns", Code::UnknownUnit);
    let channel = app.reference.channel_on(&new.channel, today);
    faults.check(channel.is_some(), "channel", Code::UnknownChannel);
    if let Some(code) = text_fault(new.narrative.expose(), MAX_NARRATIVE, NARRATIVE) {
        faults.add("narrative", code);
    }
    if let Some(code) = new.place.as_ref().and_then(|place| text_fault(place.expose(), MAX_LINE, LINE)) {
        faults.add("place", code);
    }
    if let Some(day) = new.occurred_on {
        // A day's grace: the reporter's phone may be ahead of our zone.
        faults.check(day <= today.succ_opt().unwrap_or(today), "occurred_on", Code::DateInFuture);
        faults.check(day >= EARLIEST, "occurred_on", Code::DateTooEarly);
    }
    if let Some(language) = &new.language {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let tag = (2..=35).contains(&language.len()) && language.chars().all(plain);
        faults.check(tag, "language", Code::UnknownLanguage);
    }
    check_identity(new, &mut faults);
    faults.into_result().map_err(SubmitError::Fields)?;
    let category = category.ok_or_else(|| DbErr::Custom("checked above".into()))?;
    Ok((category, unit.flatten(), concerns.unwrap_or_default()))
}

/// Nothing that police can still act on happened before this day.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(1945, 9, 2) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn check_identity(new: &NewTip, faults: &mut Faults) {
    for (field, value) in new.identity.fields() {
        if let Some(code) = value.and_then(|value| text_fault(value, MAX_LINE, LINE)) {
            faults.add(field, code);
        }
    }
    match new.mode {
        // Refused rather than dropped: somebody who typed a name believes that it was sent, or did not mean to.
        Mode::Anonymous => faults.check(new.identity.is_empty(), "reporter", Code::IdentityUnwanted),
        Mode::Confidential | Mode::Identified => {
            let reachable = new.identity.name.is_some() || new.identity.phone.is_some();
            faults.check(reachable, "reporter.name", Code::IdentityMissing);
        }
        Mode::Organisation => {
            faults.check(new.identity.organisation.is_some(), "reporter.organisation", Code::IdentityMissing);
        }
    }
}

struct Prepared {
    id: TipId,
    acknowledgement: Acknowledgement,
    tip: tips::ActiveModel,
    wraps: [tip_wraps::ActiveModel; 2],
    receipt: receipts::ActiveModel,
    identity: Option<identities::SealedIdentity>,
    /// Offices that it is about.
    concerned: Vec<OfficeId>,
}

/// Everything that costs time is done here, before the transaction: the writer is one.
async fn prepare(
    app: &App,
    new: &NewTip,
    category: &Category,
    unit: Option<&Unit>,
    way: &Routed,
    receipt_keys: &ReceiptKeys,
) -> Result<Prepared, SubmitError> {
    let (id, desk) = (TipId::from(app.chance.uuid()), &way.desk);
    let identity = match new.mode {
        Mode::Confidential => Some(identities::seal_identity(app, id, &new.identity).await?),
        Mode::Anonymous | Mode::Identified | Mode::Organisation => None,
    };
    let contact = match new.mode {
        Mode::Identified | Mode::Organisation => Some(new.identity.clone()),
        Mode::Anonymous | Mode::Confidential => None,
    };
    let (open, chance) = (Open { id, content: content(app, new), contact, desk: desk.clone() }, app.chance.clone());
    let sealed = app.cryptography.run(move || seal_tip(&open, &chance)).await?;
    let today = app.clock.today();
    let acknowledgement =
        Acknowledgement { number: number_of(id), state: State::Received.public(), received_on: today };
    let tip = tips::ActiveModel {
        id: Set(id),
        number: Set(acknowledgement.number.clone()),
        office_id: Set(desk.office),
        unit_code: Set(unit.map(|unit| unit.key.code.clone())),
        unit_valid_from: Set(unit.map(|unit| unit.key.valid_from)),
        category: Set(category.code.clone()),
        channel: Set(new.channel.clone()),
        mode: Set(new.mode),
        status: Set(TipStatus::Received),
        asked_from: Set(None),
        priority: Set(priority_of(category, new.happening_now)),
        received_on: Set(today),
        assignee_id: Set(None),
        unread: Set(1),
        message_count: Set(0),
        duplicate_of: Set(None),
        version: Set(1),
        sealed: Set(sealed.content),
        contact_sealed: Set(sealed.contact),
    };
    let wraps = [
        wrap_row(app, id, WrapHolder::Office, desk.office.into(), desk.epoch, sealed.office_wrap),
        wrap_row(app, id, WrapHolder::Reporter, id.into(), 1, sealed.reporter_wrap),
    ];
    let receipt = receipt_row(app, id, receipt_keys, &sealed.private, &sealed.public);
    Ok(Prepared { id, acknowledgement, tip, wraps, receipt, identity, concerned: way.concerned.clone() })
}

fn content(app: &App, new: &NewTip) -> Content {
    Content {
        narrative: new.narrative.expose().clone(),
        place: new.place.as_ref().map(|place| place.expose().clone()),
        occurred_on: new.occurred_on,
        happening_now: new.happening_now,
        language: new.language.clone(),
        arrived_at: app.clock.now(),
    }
}

fn priority_of(category: &Category, happening_now: bool) -> i16 {
    match (category.priority, happening_now) {
        (Priority::Urgent, _) => priority::URGENT,
        (Priority::Normal, true) => priority::HIGH,
        (Priority::Normal, false) => priority::NORMAL,
    }
}

pub(super) fn wrap_row(
    app: &App,
    tip: TipId,
    holder: WrapHolder,
    holder_id: uuid::Uuid,
    epoch: i32,
    wrap: Vec<u8>,
) -> tip_wraps::ActiveModel {
    tip_wraps::ActiveModel {
        id: Set(WrapId::from(app.chance.uuid())),
        tip_id: Set(tip),
        holder: Set(holder),
        holder_id: Set(holder_id),
        epoch: Set(epoch),
        wrap: Set(wrap),
    }
}

/// Where a reporter's sealed private key belongs.
pub(super) fn receipt_place(tip: TipId) -> Place {
    Place { table: "receipts", column: "sealed_private_key", row: tip.into(), owner: tip.into(), version: 1 }
}

pub(super) fn receipt_row(
    app: &App,
    tip: TipId,
    keys: &ReceiptKeys,
    private: &[u8],
    public: &PublicKey,
) -> receipts::ActiveModel {
    receipts::ActiveModel {
        tip_id: Set(tip),
        lookup_hash: Set(keys.lookup.to_vec()),
        pepper_version: Set(keys.pepper_version),
        public_key: Set(public.to_bytes()),
        sealed_private_key: Set(seal::seal(&keys.kek, &receipt_place(tip), private, &app.chance)),
    }
}

/// False, and nothing stored: the desk's office has begun a new epoch since, or was closed.
async fn insert(app: &App, prepared: Prepared, desk: &Desk, author: Option<&Staff>) -> Result<bool, DbErr> {
    let tip = prepared.tip.clone().try_into_model()?;
    app.db
        .write(async |txn| {
            // The tip's row holds its office's: an epoch that begins from here on waits, and finds the tip to be moved.
            store::insert_tip(txn, prepared.tip, prepared.wraps, prepared.receipt).await?;
            let key = units::store::key_of_open(txn, desk.office, tip.received_on).await?;
            if key.is_none_or(|key| key.epoch != desk.epoch) {
                return Err(Undone::Outdated);
            }
            for concerned in prepared.concerned {
                let id = TipConcernId::from(app.chance.uuid());
                custody::store::insert_concern(txn, id, prepared.id, concerned).await?;
            }
            if let Some(identity) = prepared.identity {
                identities::store::insert(txn, identity).await?;
            }
            match author {
                None => audit::record_sealed(txn, app, None, "TipSubmitted", &tip).await?,
                Some(staff) => audit::record_sealed(txn, app, Some(staff), "TipWrittenDown", &tip).await?,
            }
            Ok(ledger::record(txn, app, vec![ledger::received(tip.received_on, &tip)]).await?)
        })
        .await
        .map_or_else(
            |undone| match undone {
                Undone::Outdated => Ok(false),
                Undone::Store(error) => Err(error),
            },
            |()| Ok(true),
        )
}

/// Why a tip was not stored.
enum Undone {
    Outdated,
    Store(DbErr),
}

impl From<DbErr> for Undone {
    fn from(error: DbErr) -> Self {
        Self::Store(error)
    }
}

pub(super) fn is_unique(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Letters and digits that are not mistaken for each other on paper or over the phone (Crockford's base 32).
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// A tip's number for people: random, so that it tells neither how many tips there are nor which came first.
fn number_of(id: TipId) -> String {
    let bits = uuid::Uuid::from(id).as_u128();
    let letter = |i: u32| ALPHABET.get((bits >> (5 * i)) as usize & 31).copied().unwrap_or('0');
    let (left, right): (String, String) = ((0..5).map(letter).collect(), (5..10).map(letter).collect());
    format!("{left}-{right}")
}
