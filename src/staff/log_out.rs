use super::{Staff, StaffError, store};
use crate::{
    app::App,
    audit::{self, Object},
};

/// Ends the session on every node at once: its row, and with it the key, is gone.
pub async fn log_out(app: &App, staff: &Staff) -> Result<(), StaffError> {
    app.db
        .write(async |txn| {
            store::delete_session(txn, staff.session).await?;
            audit::record_officer(txn, app, staff, None, "LoggedOut", Object::Officer(staff.id)).await?;
            Ok(())
        })
        .await
}
