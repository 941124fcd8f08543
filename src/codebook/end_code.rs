use chrono::NaiveDate;

use super::{
    Codes, EditError,
    edit::{Act, edit},
};
use crate::{app::App, reference::RowKind, staff::Staff, tips::Edit};

/// Ends a code with a day, today at the earliest: nothing new is taken by it afterwards. What was counted by it stays
/// counted, and goes on being called so. What the line cannot do without is not ended.
pub async fn end_code(
    app: &App,
    staff: &Staff,
    seen: Edit,
    kind: RowKind,
    code: &str,
    last_day: NaiveDate,
) -> Result<Codes, EditError> {
    let act = Act { name: "CodeEnded", kind, key: code, day: last_day };
    edit(app, staff, seen, act, |book| book.end(kind, code, last_day)).await
}
