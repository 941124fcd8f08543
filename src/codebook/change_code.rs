use chrono::NaiveDate;
use serde_json::Value;

use super::{
    Codes, EditError,
    draft::tidy,
    edit::{Act, edit},
};
use crate::{app::App, reference::RowKind, staff::Staff, tips::Edit};

/// Gives a code another meaning from a day to come on. Until then, and for all that was counted by it, it keeps the one
/// that it has. What begins on that very day already is written anew.
pub async fn change_code(
    app: &App,
    staff: &Staff,
    seen: Edit,
    kind: RowKind,
    code: &str,
    from: NaiveDate,
    body: Value,
) -> Result<Codes, EditError> {
    let act = Act { name: "CodeChanged", kind, key: code, day: from };
    edit(app, staff, seen, act, |book| book.change(kind, code, from, tidy(body)?)).await
}
