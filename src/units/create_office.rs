use entity::{ids::OfficeId, offices};
use sea_orm::Set;

use super::{OfficeDraft, OfficeError, change_office::answer_for, must_administer_all, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Faults},
    reference::is_code,
    staff::Staff,
};

/// Makes an office, from today on. It has no key: until its first member is made (`tipline officer add`), nothing is
/// sent to it, and what comes from its places goes to whoever took that before.
pub async fn create_office(app: &App, staff: &Staff, code: &str, draft: OfficeDraft) -> Result<OfficeId, OfficeError> {
    let intake = must_administer_all(app, staff).await?;
    let (id, draft, today) = (OfficeId::from(app.chance.uuid()), draft.tidy(), app.clock.today());
    let row = offices::ActiveModel {
        id: Set(id),
        code: Set(code.to_owned()),
        kind: Set(draft.kind.clone()),
        name_vi: Set(draft.name_vi.clone()),
        name_en: Set(draft.name_en.clone()),
        parent_id: Set(draft.parent),
        is_intake: Set(false),
        valid_from: Set(today),
        valid_to: Set(None),
    };
    app.db
        .write(async |txn| {
            // Of two who make offices at once, the second one waits here, and sees the first one's code.
            store::office_to_change(txn, intake).await?;
            let mut faults = Faults::default();
            faults.check(is_code(code), "code", Code::CodeMalformed);
            faults.check(store::office_by_code(txn, code).await?.is_none(), "code", Code::CodeTaken);
            draft.check(txn, app, None, &mut faults).await?;
            faults.into_result().map_err(OfficeError::Fields)?;
            store::insert_office(txn, row).await?;
            answer_for(txn, app, (id, &[]), &draft.areas, today).await?;
            audit::record_officer(txn, app, staff, Some(intake), "OfficeCreated", Object::Office(id)).await?;
            Ok(id)
        })
        .await
}
