use super::{
    Codes, EditError,
    edit::{Act, edit},
};
use crate::{
    app::App,
    reference::{RowKind, UnitKey},
    staff::Staff,
    tips::Edit,
};

/// Says which places take over one that ends: those that begin on the day after it. One takes it over whole; of several
/// each takes a part. None: nothing is on record, and its figures stay its own.
pub async fn record_successors(
    app: &App,
    staff: &Staff,
    seen: Edit,
    from: &UnitKey,
    heirs: &[UnitKey],
) -> Result<Codes, EditError> {
    let act = Act { name: "SuccessorsRecorded", kind: RowKind::Unit, key: &from.code, day: from.valid_from };
    edit(app, staff, seen, act, |book| book.succeed(from, heirs)).await
}
