use sea_orm::DbErr;

use super::{
    read_request::standing,
    state::{self, Event},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
};

/// Ends the requests whose time is over and takes away the shares that were sealed to their keys; gives how many.
///
/// Idempotent: of two nodes that end the same request, one does. Called by every verb on requests, so that nobody
/// reads late because nobody looked.
pub async fn end_requests(app: &App) -> Result<usize, DbErr> {
    let due = store::requests_to_end(app.db.read(), app.clock.now()).await?;
    let mut ended = 0;
    for row in due {
        let from = standing(&row);
        let Ok(to) = state::next(from, Event::End) else { continue };
        let swapped = app
            .db
            .write(async |txn| {
                if !store::swap_request(txn, row.id, from, to, row.ends_at).await? {
                    return Ok::<_, DbErr>(false);
                }
                store::forget_shares(txn, row.id).await?;
                let object = Object::IdentityRequest(row.id);
                audit::record_system(txn, app, Some(row.office_id), "IdentityRequestEnded", object).await?;
                Ok(true)
            })
            .await?;
        ended += usize::from(swapped);
    }
    Ok(ended)
}
