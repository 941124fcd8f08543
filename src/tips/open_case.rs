use entity::{
    ids::{CaseId, TipId},
    tips,
};
use vault::secret::Secret;

use super::{
    Edit, LinkCaseError, MoveError,
    access::{find_for, reread},
    content::{MAX_LINE, TITLE, text_fault},
    link_case::link_in,
    state::Event,
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    cases,
    staff::{Permission, Staff},
    statistics::ledger,
    units,
};

/// A case made of a tip, and where the tip stands now.
pub struct OpenedCase {
    pub id: CaseId,
    pub number: String,
    pub tip: tips::Model,
}

/// Opens a case in the tip's office and makes the tip its first part.
pub async fn open_case(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    title: Secret<String>,
) -> Result<OpenedCase, LinkCaseError> {
    let found = find_for(app, staff, id, Permission::Work).await?;
    if let Some(code) = text_fault(title.expose(), MAX_LINE, TITLE) {
        return Err(MoveError::field("title", code).into());
    }
    let office = found.office_id;
    let keyring = units::open_keys(app.db.read(), staff, office).await.map_err(MoveError::from)?;
    app.db
        .write(async |txn| {
            let tip = reread(txn, staff, id, expected).await?;
            if tip.office_id != office {
                return Err(MoveError::ConcurrentChange.into());
            }
            let (case, number) = cases::create_in(txn, app, staff, &keyring, office, &title).await?;
            let mut facts = link_in(txn, app, staff, &tip, case, Event::OpenCase).await?;
            facts.push(ledger::case_opened(app, &tip, case));
            ledger::record(txn, app, facts).await?;
            audit::record_officer(txn, app, staff, Some(office), "CaseOpened", Object::Tip(id)).await?;
            let tip = store::tip(txn, id).await?.ok_or(MoveError::NoSuchTip)?;
            Ok(OpenedCase { id: case, number, tip })
        })
        .await
}
