use entity::{enums::RequestState, ids::IdentityRequestId};

use super::{RequestError, end_requests, read_request::open_request, sealed, store};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
    tips::Identity,
};

/// Opens a granted identity for its requester, and for nobody else: the shares are sealed to a key that only the
/// requester's own key opens. On record before a word is shown.
pub async fn read_identity(app: &App, staff: &Staff, id: IdentityRequestId) -> Result<Identity, RequestError> {
    staff.must(Permission::Investigate)?;
    end_requests(app).await?;
    let row = open_request(app, staff, id).await?.row;
    if row.requester_id != staff.id || !staff.may_in(row.office_id, Permission::Investigate) {
        return Err(RequestError::NoSuchRequest);
    }
    match row.state {
        RequestState::Granted => (),
        RequestState::Pending | RequestState::Refused | RequestState::Ended => return Err(RequestError::NotGranted),
    }
    let db = app.db.read();
    let identity = store::identity(db, row.tip_id).await?.ok_or(RequestError::NoIdentity)?;
    let private = sealed::open_private(&staff.private, &row).map_err(|_| RequestError::NoKey)?;
    let decisions = store::decisions_of(db, id).await?;
    let shares: Vec<_> = decisions.iter().filter_map(|decision| sealed::open_resealed(&private, decision)).collect();
    let who = sealed::open_identity(&identity, &shares)?;
    app.db
        .write(async |txn| {
            let object = Object::Tip(row.tip_id);
            audit::record_officer(txn, app, staff, Some(row.office_id), "IdentityRead", object).await
        })
        .await?;
    Ok(who)
}
