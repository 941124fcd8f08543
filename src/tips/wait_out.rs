use vault::{receipt::Receipt, ticket};

use crate::{
    app::App,
    platform::{pacing, shedding::Overloaded},
};

/// Lets somebody wait instead of the work that a ticket asks for, and gives the ticket that stands for it. One that asks
/// for none comes back at once; so does one that does not serve, and submitting it tells why.
pub async fn wait_out(app: &App, receipt: &Receipt, ticket: String) -> Result<String, Overloaded> {
    let Ok(Some(excused)) = ticket::excuse(receipt, &ticket, &app.secrets, app.clock.now()) else { return Ok(ticket) };
    let _place = app.lanes.paced.enter().await?;
    // Real time, whatever the line's clock says: it is this process that is to have some rest.
    tokio::time::sleep(pacing::wait(app.lanes.submissions.fullness())).await;
    Ok(excused)
}
