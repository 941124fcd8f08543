//! What officers say: to the reporter (`ask`, `reply`), or among themselves (`note`).

use entity::{
    enums::{MessageKind, NoteKind, Sender},
    ids::{MessageId, NoteId, TipId},
    messages, notes, tips,
};
use sea_orm::{DatabaseTransaction, DbErr, Set};
use vault::secret::Secret;

use super::{
    Edit, MoveError,
    access::{change, moved, open_for, same_key},
    content::{MAX_TEXT, TEXT, text_fault},
    state::Event,
    store,
};
use crate::{
    app::App,
    staff::{Permission, Staff},
};

/// Asks the reporter; the tip waits for the answer.
pub async fn ask(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    text: Secret<String>,
) -> Result<tips::Model, MoveError> {
    send(app, staff, id, expected, &text, MessageKind::Question).await
}

/// Tells the reporter something that needs no answer.
pub async fn reply(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    text: Secret<String>,
) -> Result<tips::Model, MoveError> {
    send(app, staff, id, expected, &text, MessageKind::Message).await
}

async fn send(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    text: &Secret<String>,
    kind: MessageKind,
) -> Result<tips::Model, MoveError> {
    let opened = open_for(app, staff, id, Permission::Work).await?;
    check(text)?;
    let message = MessageId::from(app.chance.uuid());
    let sealed = opened.keys.thread().seal_message(message, text.expose(), &app.chance);
    let act = if kind == MessageKind::Question { "TipAsked" } else { "TipReplied" };
    change(app, staff, id, expected, act, async |txn, tip| {
        same_key(&opened, tip)?;
        if !store::has_receipt(txn, id).await? {
            return Err(MoveError::ThreadClosed);
        }
        let mut changes = match kind {
            MessageKind::Question => moved(tip, Event::Ask)?,
            MessageKind::Message | MessageKind::Answer => tips::ActiveModel::default(),
        };
        changes.message_count = Set(tip.message_count + 1);
        let row = messages::ActiveModel {
            id: Set(message),
            tip_id: Set(id),
            seq: Set(tip.message_count + 1),
            sender: Set(Sender::Police),
            kind: Set(kind),
            sent_on: Set(app.clock.today()),
            officer_id: Set(Some(staff.id)),
            sealed: Set(sealed),
        };
        store::insert_message(txn, row).await?;
        Ok(changes)
    })
    .await
}

/// Notes something for colleagues; the reporter's key does not open it.
pub async fn note(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    text: Secret<String>,
) -> Result<tips::Model, MoveError> {
    let opened = open_for(app, staff, id, Permission::Work).await?;
    check(&text)?;
    let note = NoteId::from(app.chance.uuid());
    let sealed = opened.keys.seal_note(note, text.expose(), &app.chance);
    change(app, staff, id, expected, "TipNoted", async |txn, tip| {
        same_key(&opened, tip)?;
        insert_note(txn, app, staff, id, note, (NoteKind::Note, "note"), sealed).await?;
        Ok(tips::ActiveModel::default())
    })
    .await
}

fn check(text: &Secret<String>) -> Result<(), MoveError> {
    match text_fault(text.expose(), MAX_TEXT, TEXT) {
        Some(code) => Err(MoveError::field("text", code)),
        None => Ok(()),
    }
}

pub(crate) async fn insert_note(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    tip: TipId,
    id: NoteId,
    (kind, verb): (NoteKind, &'static str),
    sealed: Vec<u8>,
) -> Result<(), DbErr> {
    let row = notes::ActiveModel {
        id: Set(id),
        tip_id: Set(tip),
        kind: Set(kind),
        act: Set(verb.to_owned()),
        officer_id: Set(staff.id),
        written_at: Set(app.clock.now()),
        sealed: Set(sealed),
    };
    store::insert_note(txn, row).await
}
