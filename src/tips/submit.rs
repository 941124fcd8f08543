use chrono::NaiveDate;
use entity::{
    enums::{Mode, TipStatus, WrapHolder},
    ids::TipId,
    receipts, tip_wraps, tips,
};
use sea_orm::{DbErr, Set, SqlErr};
use vault::{
    keys::PublicKey,
    receipt::{Receipt, ReceiptKeys},
    seal::{self, Place},
    ticket::{self, TicketError},
};

use super::{
    content::{Content, LINE, MAX_LINE, MAX_NARRATIVE, NARRATIVE, NewTip, text_fault},
    custody,
    intake::{Fate, NewTipRows},
    priority,
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
    units::{self, Errand, RouteError, Routed},
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

impl SubmitError {
    /// Whether the tip was refused, and neither the store nor a lane.
    fn is_of_rules(&self) -> bool {
        !matches!(self, Self::Overloaded(_) | Self::Store(_))
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

/// How often a tip is sealed. Two of millions may draw the same number, and not again; an office may begin an epoch
/// meanwhile for each of several officers who leave at once.
const DRAWS: usize = 12;

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
    match store_new(app, new, ticket.is_ok(), author).await {
        Err(refusal) if refusal.is_of_rules() => {
            // A repeat must get its answer even when the day, and with it the rules, changed.
            let derived = store::derive_all(app, &new.receipt).await?;
            find(app, &derived).await?.ok_or(refusal)
        }
        ended => ended,
    }
}

/// Stores the tip, unless there is one with this receipt already.
async fn store_new(
    app: &App,
    new: &NewTip,
    ticket_is_fresh: bool,
    author: Option<&Staff>,
) -> Result<Submitted, SubmitError> {
    let today = app.clock.today();
    let (category, unit, concerns) = check(app, new, today, ticket_is_fresh)?;
    let errand = Errand { unit, category, concerns: &concerns, day: today };
    let mut outdated = false;
    for _ in 0..DRAWS {
        let way = units::find_way(app, &errand, outdated).await?;
        // Officers who write down what somebody tells them are at work, whatever is closed for residents.
        if author.is_none() && way.closed {
            return Err(SubmitError::Closed);
        }
        let coming = app.intake.expect();
        let (prepared, derived) = prepare(app, new, category, unit, &way.routed, author).await?;
        let (id, acknowledgement) = (prepared.tip.id, acknowledge(&prepared.tip));
        match app.intake.store(prepared, coming).await? {
            Fate::Stored => return Ok(Submitted { id, acknowledgement, created: true }),
            Fate::Closed => return Err(SubmitError::Closed),
            // A new epoch began since the way was found: to be sealed to that one.
            Fate::Outdated => outdated = true,
            Fate::Taken => {
                if let Some(found) = find(app, &derived).await? {
                    return Ok(found);
                }
                // Nobody has this receipt: it is the number that is taken.
            }
        }
    }
    // Whoever tries again in a while gets through.
    Err(Overloaded.into())
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

/// Everything that costs time is done here, before the transaction: the writer is one.
async fn prepare(
    app: &App,
    new: &NewTip,
    category: &Category,
    unit: Option<&Unit>,
    way: &Routed,
    author: Option<&Staff>,
) -> Result<(NewTipRows, Vec<ReceiptKeys>), SubmitError> {
    // What an officer writes down has a time in the record: residents' tips are not to begin like it.
    let id = if author.is_some() { app.chance.uuid().into() } else { app.shelf.next(&app.chance) };
    let desk = &way.desk;
    let identity = match new.mode {
        Mode::Confidential => Some(identities::seal_identity(app, id, &new.identity).await?),
        Mode::Anonymous | Mode::Identified | Mode::Organisation => None,
    };
    let contact = match new.mode {
        Mode::Identified | Mode::Organisation => Some(new.identity.clone()),
        Mode::Anonymous | Mode::Confidential => None,
    };
    let open = Open { id, content: content(app, new), contact, desk: desk.clone() };
    let (secrets, receipt, chance) = (app.secrets.clone(), new.receipt.clone(), app.chance.clone());
    // Once and together: it is what a submission costs most.
    let derive_and_seal = move || (store::derived(&secrets, &receipt), seal_tip(&open, &chance));
    let (derived, sealed) = app.cryptography.run(derive_and_seal).await?;
    let tip = tips::Model {
        id,
        number: number_of(id),
        office_id: desk.office,
        unit_code: unit.map(|unit| unit.key.code.clone()),
        unit_valid_from: unit.map(|unit| unit.key.valid_from),
        category: category.code.clone(),
        channel: new.channel.clone(),
        mode: new.mode,
        status: TipStatus::Received,
        asked_from: None,
        priority: priority_of(category, new.happening_now),
        received_on: app.clock.today(),
        assignee_id: None,
        unread: 1,
        message_count: 0,
        duplicate_of: None,
        version: 1,
        sealed: sealed.content,
        contact_sealed: sealed.contact,
    };
    let act = if author.is_some() { "TipWrittenDown" } else { "TipSubmitted" };
    let rows = NewTipRows {
        wraps: [
            wrap_row(app, id, WrapHolder::Office, desk.office.into(), desk.epoch, sealed.office_wrap),
            wrap_row(app, id, WrapHolder::ReporterFast, id.into(), 1, sealed.reporter_wrap),
        ],
        receipt: receipt_row(app, id, current_of(app, &derived)?, &sealed.private, &sealed.public),
        identity,
        concerns: way.concerned.iter().map(|office| custody::concern_row(app, id, *office)).collect(),
        act: audit::of_sealed(app, author, act, &tip),
        epoch: desk.epoch,
        from_resident: author.is_none(),
        hashes: derived.iter().map(|keys| keys.lookup.to_vec()).collect(),
        tip,
    };
    Ok((rows, derived))
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
        id: Set(app.chance.uuid_beside(tip.into()).into()),
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
) -> receipts::Model {
    receipts::Model {
        tip_id: tip,
        lookup_hash: keys.lookup.to_vec(),
        pepper_version: keys.pepper_version,
        public_key: public.to_bytes(),
        sealed_private_key: seal::seal(&keys.kek, &receipt_place(tip), private, &app.chance),
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
