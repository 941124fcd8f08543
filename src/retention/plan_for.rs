use entity::ids::TipId;

use super::{Due, What, plan};
use crate::{
    app::App,
    staff::{Permission, Staff, StaffError},
    tips,
};

/// Shows who may hold tips and cases which of the own offices' are due, so that one that is still needed is held in time.
///
/// What is hidden from the officer is not there either.
pub async fn plan_for(app: &App, staff: &Staff) -> Result<Vec<Due>, StaffError> {
    staff.must(Permission::Confirm)?;
    let offices = staff.offices(Permission::Confirm);
    let mut due = plan(app).await?;
    due.retain(|one| offices.contains(&one.office));
    let tip = |one: &Due| match one.what {
        What::Tip(tip) => Some(tip),
        What::Case(_) => None,
    };
    let ids: Vec<TipId> = due.iter().filter_map(tip).collect();
    let hidden = tips::hidden_among(app.db.read(), staff, &ids).await?;
    due.retain(|one| tip(one).is_none_or(|tip| !hidden.contains(&tip)));
    Ok(due)
}
