use chrono::{DateTime, Utc};
use entity::cases;
use sea_orm::{DatabaseTransaction, Set};

use super::{CaseError, OpenedCase, access::reread, sealed::Note, store};
use crate::{app::App, staff::Staff};

/// Keeps what an officer said of a case with the case's words, in the caller's transaction.
pub(crate) async fn add_note(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    opened: &OpenedCase,
    act: &'static str,
    text: &str,
) -> Result<(), CaseError> {
    let case = reread(txn, opened.id, None).await?;
    let at: DateTime<Utc> = app.clock.now();
    let mut content = opened.key.open_content(&case.sealed)?;
    content.notes.push(Note { act: act.to_owned(), text: text.to_owned(), officer: staff.id, at });
    let sealed = Set(opened.key.seal_content(&content, &app.chance));
    let changes = cases::ActiveModel { sealed, version: Set(case.version + 1), ..Default::default() };
    let done = store::update_if_version(txn, opened.id, case.version, changes).await?;
    if done { Ok(()) } else { Err(CaseError::ConcurrentChange) }
}
