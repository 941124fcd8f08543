use entity::{
    enums::OfficerStatus,
    ids::{OfficerId, TipId},
    tips,
};
use sea_orm::Set;

use super::{
    Edit, MoveError,
    access::{change, find_for},
    custody,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::{self, Permission, Staff},
};

/// Gives a tip to an officer of its office, or to nobody.
pub async fn assign(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    assignee: Option<OfficerId>,
) -> Result<tips::Model, MoveError> {
    let tip = find_for(app, staff, id, Permission::Work).await?;
    if let Some(officer) = assignee {
        let active = staff::store::officer(app.db.read(), officer)
            .await?
            .is_some_and(|officer| officer.status == OfficerStatus::Active);
        let grants = staff::store::grants_of(app.db.read(), officer).await?;
        let reads =
            grants.iter().any(|grant| grant.office_id == tip.office_id && Permission::ReadTips.is_given_by(grant.role));
        // Of a restricted tip, only who may open it can be charged with it.
        let readers = custody::store::readers_of(app.db.read(), id).await?;
        let sees = readers.is_empty() || readers.iter().any(|reader| reader.officer_id == officer);
        if !active || !reads || !sees {
            return Err(MoveError::field("assignee", Code::AssigneeNotMember));
        }
    }
    change(app, staff, id, expected, "TipAssigned", async |_, _| {
        Ok(tips::ActiveModel { assignee_id: Set(assignee), ..Default::default() })
    })
    .await
}
