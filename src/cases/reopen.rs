use entity::ids::CaseId;
use vault::secret::Secret;

use super::{
    CaseError, ChangedCase,
    close::{Step, take},
    state::Event,
};
use crate::{
    app::App,
    platform::fault::FieldFault,
    staff::Staff,
    tips::{self, Edit, MAX_TEXT, REASON, text_fault},
};

/// Takes up an ended case again, and with it its closed tips. What counts already goes on counting: only revoking
/// ends that.
pub async fn reopen(
    app: &App,
    staff: &Staff,
    id: CaseId,
    expected: Edit,
    reason: Secret<String>,
) -> Result<ChangedCase, CaseError> {
    let text = reason.expose().as_str();
    let fault = text_fault(text, MAX_TEXT, REASON).map(|code| FieldFault::new("reason", code));
    let step = Step { event: Event::Reopen, tips: tips::state::Event::ReopenCase, act: "CaseReopened", verb: "reopen" };
    take(app, staff, id, expected, step, Some(text), fault).await
}
