use chrono::NaiveDate;
use serde_json::Value;

use super::{
    Codes, EditError,
    book::Book,
    draft::tidy,
    edit::{Act, edit},
};
use crate::{
    app::App,
    platform::fault::Code,
    reference::{DatedRow, RowKind, is_code},
    staff::Staff,
    tips::Edit,
};

/// Adds a code that never meant anything, from today on or later.
pub async fn add_code(
    app: &App,
    staff: &Staff,
    seen: Edit,
    kind: RowKind,
    code: &str,
    from: NaiveDate,
    body: Value,
) -> Result<Codes, EditError> {
    let act = Act { name: "CodeAdded", kind, key: code, day: from };
    let add = |book: &mut Book| {
        if !is_code(code) {
            return Err(EditError::field("code", Code::CodeMalformed));
        }
        book.add(DatedRow { kind, key: code.to_owned(), valid_from: from, valid_to: None, body: tidy(body)? })
    };
    edit(app, staff, seen, act, add).await
}
