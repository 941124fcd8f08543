use entity::{
    enums::NoteKind,
    ids::{NoteId, TipId},
    tips,
};
use serde::{Deserialize, Serialize};

use super::{
    Edit, MoveError,
    access::{change, open_for, same_key},
    content::{MAX_TEXT, REASON, text_fault},
    say::insert_note,
};
use crate::{
    app::App,
    platform::fault::{Code, Faults},
    staff::{Permission, Staff},
};

/// How far source and information are trusted (Admiralty code, A-F and 1-6). A grade is not a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub source: char,
    pub information: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Default for Grade {
    /// Nothing is known of a new tip: F6.
    fn default() -> Self {
        Self { source: 'F', information: 6, reason: None }
    }
}

/// Grades a tip; earlier grades stay in its history. Sealed: "reliable source" points at somebody.
pub async fn grade(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    grade: Grade,
) -> Result<tips::Model, MoveError> {
    let opened = open_for(app, staff, id, Permission::Work).await?;
    let mut faults = Faults::default();
    faults.check(('A'..='F').contains(&grade.source), "source", Code::Invalid);
    faults.check((1..=6).contains(&grade.information), "information", Code::Invalid);
    if let Some(code) = grade.reason.as_deref().and_then(|reason| text_fault(reason, MAX_TEXT, REASON)) {
        faults.add("reason", code);
    }
    faults.into_result().map_err(MoveError::Fields)?;
    let note = NoteId::from(app.chance.uuid());
    let json = vault::secret::Secret::new(serde_json::to_string(&grade).unwrap_or_default());
    let sealed = opened.keys.seal_note(note, json.expose(), &app.chance);
    change(app, staff, id, expected, "TipGraded", async |txn, tip| {
        same_key(&opened, tip)?;
        insert_note(txn, app, staff, id, note, (NoteKind::Grade, "grade"), sealed).await?;
        Ok(tips::ActiveModel::default())
    })
    .await
}
