use entity::enums::RequestState;

use super::{
    RequestError, end_requests,
    read_request::{Opened, Request, view},
    sealed, store,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::Staff,
};

/// Lists the requests that an officer made or may decide on, the newest first; `state` leaves out the others.
///
/// What was sealed to an older key of the officer cannot be shown and is left out.
pub async fn list_requests(
    app: &App,
    staff: &Staff,
    state: Option<RequestState>,
) -> Result<Vec<Request>, RequestError> {
    staff.must_be_ready()?;
    end_requests(app).await?;
    let mut requests = Vec::new();
    for row in store::requests_for(app.db.read(), staff.id).await? {
        if state.is_some_and(|state| state != row.state) {
            continue;
        }
        let Some(reader) = store::reader(app.db.read(), row.id, staff.id).await? else { continue };
        let Ok(key) = sealed::open_reader(&staff.private, row.id, staff.id, &reader.wrap) else { continue };
        requests.push(view(app, staff, Opened { row, key }).await?);
    }
    app.db
        .write(async |txn| {
            audit::record_officer(txn, app, staff, None, "IdentityRequestsListed", Object::Officer(staff.id)).await
        })
        .await?;
    Ok(requests)
}
