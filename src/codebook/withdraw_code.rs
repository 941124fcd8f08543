use chrono::NaiveDate;

use super::{
    Codes, EditError,
    edit::{Act, edit},
};
use crate::{app::App, reference::RowKind, staff::Staff, tips::Edit};

/// Takes back what a code was to mean from a day on that has not come yet. What it means before goes on.
pub async fn withdraw_code(
    app: &App,
    staff: &Staff,
    seen: Edit,
    kind: RowKind,
    code: &str,
    from: NaiveDate,
) -> Result<Codes, EditError> {
    let act = Act { name: "CodeWithdrawn", kind, key: code, day: from };
    edit(app, staff, seen, act, |book| book.withdraw(kind, code, from)).await
}
