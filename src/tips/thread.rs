//! The reporter's side of a tip: what was said since, by a receipt and nothing else.
//!
//! `open_thread` turns a receipt into a token that carries the key; nothing of it is stored, and looking leaves no
//! trace. A receipt that was changed or given up ends every token at once, because what their key opened is gone.

use chrono::{Duration, NaiveDate};
use entity::{
    enums::{MessageKind, Sender},
    ids::{MessageId, TipId},
    messages, tips,
};
use sea_orm::{DatabaseTransaction, DbErr, Set};
use vault::{
    keys::{self, PrivateKey},
    receipt::Receipt,
    seal,
    secret::Secret,
    token::{self, TokenError},
};

use super::{
    content::{MAX_TEXT, TEXT, text_fault},
    sealed::{ThreadKey, damaged},
    state::{self, Event, PublicState, State},
    store,
    submit::{acknowledge, derive_current, receipt_place, receipt_row},
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        shedding::Overloaded,
    },
    statistics::ledger,
};

/// How long a thread stays open in a hand: shared phones are put down and picked up by others.
const MINUTES: i64 = 15;

/// Who holds the receipt of a tip, for this one request.
pub struct Reporter {
    tip: TipId,
    private: PrivateKey,
    /// Tells this receipt from one that took its place.
    public_key: Vec<u8>,
}

/// A token for the thread.
pub struct OpenedThread {
    pub token: Secret<String>,
    /// Seconds.
    pub expires_in: i64,
}

/// A tip as its reporter sees it: not the first words, which only police open.
pub struct ThreadView {
    pub number: String,
    pub state: PublicState,
    pub received_on: NaiveDate,
    /// Oldest first.
    pub messages: Vec<ThreadMessage>,
}

/// A message; of the police it tells no name.
pub struct ThreadMessage {
    pub from: Sender,
    pub kind: MessageKind,
    pub text: String,
    pub on: NaiveDate,
}

#[derive(Debug, thiserror::Error)]
pub enum ThreadError {
    /// Never used, changed or given up: the three are told apart by nobody.
    #[error("no tip has this receipt")]
    UnknownReceipt,
    #[error("not a token of this line, or its receipt was changed or given up")]
    TokenInvalid,
    #[error("the token has ended")]
    TokenExpired,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("somebody else changed the tip at the same moment")]
    ConcurrentChange,
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ThreadError {
    fn public(&self) -> Public {
        match self {
            Self::UnknownReceipt => Code::UnknownReceipt.into(),
            Self::TokenInvalid => Code::TokenInvalid.into(),
            Self::TokenExpired => Code::TokenExpired.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<TokenError> for ThreadError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::TokenInvalid,
            TokenError::Expired => Self::TokenExpired,
        }
    }
}

/// Opens the thread of a receipt's tip for a quarter of an hour. Stores nothing.
pub async fn open_thread(app: &App, receipt: &Receipt) -> Result<OpenedThread, ThreadError> {
    let _place = app.lanes.openings.enter().await?;
    let derived = store::derive_all(app, receipt).await?;
    let (tip, _, keys) = store::tip_by_receipt(app, derived).await?.ok_or(ThreadError::UnknownReceipt)?;
    let expires_at = app.clock.now() + Duration::minutes(MINUTES);
    let reporter = token::Reporter { tip: tip.id.into(), kek: keys.kek, expires_at };
    let token = Secret::new(token::issue_reporter(&reporter, &app.secrets, &app.chance));
    Ok(OpenedThread { token, expires_in: MINUTES * 60 })
}

/// Tells whose receipt a token stands for, by opening that receipt's private key with it.
pub async fn authenticate(app: &App, token: &str) -> Result<Reporter, ThreadError> {
    let token = token::read_reporter(token, &app.secrets, app.clock.now())?;
    let tip = TipId::from(token.tip);
    let row = store::receipt(app.db.read(), tip).await?.ok_or(ThreadError::TokenInvalid)?;
    let opened = seal::open(&token.kek, &receipt_place(tip), &row.sealed_private_key);
    let private = opened.ok().and_then(|bytes| PrivateKey::from_bytes(&bytes).ok()).ok_or(ThreadError::TokenInvalid)?;
    Ok(Reporter { tip, private, public_key: row.public_key })
}

/// What was said and where the tip stands, in public words. Changes no row.
pub async fn read_thread(app: &App, reporter: &Reporter) -> Result<ThreadView, ThreadError> {
    let tip = find(app, reporter).await?;
    let thread = open_key(app, reporter).await?;
    let rows = store::messages_of(app.db.read(), reporter.tip).await?;
    let messages = rows.iter().map(|row| message(row, &thread)).collect::<Result<_, DbErr>>()?;
    let told = acknowledge(&tip);
    Ok(ThreadView { number: told.number, state: told.state, received_on: told.received_on, messages })
}

async fn find(app: &App, reporter: &Reporter) -> Result<tips::Model, ThreadError> {
    // The receipt was there a moment ago: the tip went away with it.
    store::tip(app.db.read(), reporter.tip).await?.ok_or(ThreadError::TokenInvalid)
}

async fn open_key(app: &App, reporter: &Reporter) -> Result<ThreadKey, ThreadError> {
    let wrap = store::reporter_wrap(app.db.read(), reporter.tip).await?.ok_or(ThreadError::TokenInvalid)?;
    if let Ok(thread) = ThreadKey::open(&reporter.private, &wrap) {
        return Ok(thread);
    }
    // The receipt may have been changed since the token was read; else the row is damaged.
    if store::is_current_receipt(app.db.read(), reporter.tip, &reporter.public_key).await? {
        return Err(damaged("thread key of tip", reporter.tip).into());
    }
    Err(ThreadError::TokenInvalid)
}

fn message(row: &messages::Model, thread: &ThreadKey) -> Result<ThreadMessage, DbErr> {
    let text = thread.open_message(row.id, &row.sealed)?;
    Ok(ThreadMessage { from: row.sender, kind: row.kind, text, on: row.sent_on })
}

/// Adds a message, in any state: an answer if a question was open, else something more.
pub async fn add_message(app: &App, reporter: &Reporter, text: Secret<String>) -> Result<(), ThreadError> {
    if let Some(code) = text_fault(text.expose(), MAX_TEXT, TEXT) {
        return Err(ThreadError::Fields(vec![FieldFault::new("text", code)]));
    }
    for _ in 0..TRIES {
        // The tip before its key: if it is the same one when the message is stored, so is the key.
        let tip = find(app, reporter).await?;
        let thread = open_key(app, reporter).await?;
        let id = MessageId::from(app.chance.uuid());
        let sealed = thread.seal_message(id, text.expose(), &app.chance);
        if app.db.write(async |txn| insert(txn, app, reporter, &tip, (id, sealed)).await).await? {
            return Ok(());
        }
    }
    Err(ThreadError::ConcurrentChange)
}

/// A tip is sealed anew when it goes to another office or out of somebody's sight: not thrice while a message is sent.
const TRIES: usize = 3;

async fn insert(
    txn: &DatabaseTransaction,
    app: &App,
    reporter: &Reporter,
    seen: &tips::Model,
    (id, sealed): (MessageId, Vec<u8>),
) -> Result<bool, ThreadError> {
    // The lock makes messages of both sides wait for each other, so that none loses its number to another.
    let tip = store::tip_to_change(txn, reporter.tip).await?.ok_or(ThreadError::TokenInvalid)?;
    if !store::keep_receipt(txn, tip.id, &reporter.public_key).await? {
        return Err(ThreadError::TokenInvalid);
    }
    if tip.sealed != seen.sealed {
        return Ok(false);
    }
    let (changes, kind) = answered(&tip);
    if !store::update_if_version(txn, tip.id, tip.version, changes).await? {
        return Err(ThreadError::ConcurrentChange);
    }
    let row = messages::ActiveModel {
        id: Set(id),
        tip_id: Set(tip.id),
        seq: Set(tip.message_count + 1),
        sender: Set(Sender::Reporter),
        kind: Set(kind),
        sent_on: Set(app.clock.today()),
        officer_id: Set(None),
        sealed: Set(sealed),
    };
    store::insert_message(txn, row).await?;
    if kind == MessageKind::Answer {
        ledger::record(txn, app, vec![ledger::answered(app, &tip)]).await?;
    }
    audit::record_reporter(txn, app, Some(tip.office_id), "MessageAdded", Object::Tip(tip.id)).await?;
    Ok(true)
}

/// What a reporter's message changes of the tip, and what kind of message it is.
fn answered(tip: &tips::Model) -> (tips::ActiveModel, MessageKind) {
    let from = State::from_row(tip.status, tip.asked_from);
    // Allowed in every state; the state stays if it somehow were not.
    let to = state::next(from, Event::Answer).unwrap_or(from);
    let (status, asked_from) = to.to_row();
    let changes = tips::ActiveModel {
        status: Set(status),
        asked_from: Set(asked_from),
        unread: Set(tip.unread + 1),
        message_count: Set(tip.message_count + 1),
        version: Set(tip.version + 1),
        ..Default::default()
    };
    let kind = if matches!(from, State::NeedInfo(_)) { MessageKind::Answer } else { MessageKind::Message };
    (changes, kind)
}

/// Puts a new receipt in the place of the reporter's: the former one, and every token made with it, open nothing
/// from now on. Returns the new one as it is written on paper.
pub async fn change_receipt(app: &App, reporter: &Reporter) -> Result<Secret<String>, ThreadError> {
    let tip = find(app, reporter).await?;
    let thread = open_key(app, reporter).await?;
    let receipt = Receipt::issue(&app.chance);
    let receipt_keys = derive_current(app, &receipt)?;
    let (private, public) = keys::generate_pair(&app.chance);
    let row = receipt_row(app, tip.id, &receipt_keys, &private.to_bytes(), &public);
    let wrap = thread.wrap_own(&private, &app.chance);
    app.db
        .write(async |txn| {
            let tip = unchanged(txn, &tip).await?;
            if !store::swap_receipt(txn, tip.id, &reporter.public_key, row).await? {
                return Err(ThreadError::TokenInvalid);
            }
            store::replace_reporter_wrap(txn, tip.id, wrap).await?;
            audit::record_reporter(txn, app, Some(tip.office_id), "ReceiptChanged", Object::Tip(tip.id)).await?;
            Ok(receipt.grouped())
        })
        .await
}

/// Reads a tip afresh and asks that its key be the one that was opened.
async fn unchanged(txn: &DatabaseTransaction, seen: &tips::Model) -> Result<tips::Model, ThreadError> {
    let tip = store::tip_to_change(txn, seen.id).await?.ok_or(ThreadError::TokenInvalid)?;
    if tip.sealed == seen.sealed { Ok(tip) } else { Err(ThreadError::ConcurrentChange) }
}

/// Gives the receipt up: nobody can open the thread any more. The police keep the tip.
pub async fn give_up_receipt(app: &App, reporter: &Reporter) -> Result<(), ThreadError> {
    let tip = find(app, reporter).await?;
    app.db
        .write(async |txn| {
            // The tip first, as whoever seals it anew does: the wrap that is deleted here must not come back.
            let tip = store::tip_to_change(txn, tip.id).await?.ok_or(ThreadError::TokenInvalid)?;
            if !store::delete_receipt(txn, tip.id, &reporter.public_key).await? {
                return Err(ThreadError::TokenInvalid);
            }
            store::delete_reporter_wrap(txn, tip.id).await?;
            audit::record_reporter(txn, app, Some(tip.office_id), "ReceiptGivenUp", Object::Tip(tip.id)).await?;
            Ok(())
        })
        .await
}
