use sea_orm::{DatabaseTransaction, DbErr};

use super::{CaseKey, store};
use crate::{app::App, units::Keyring};

/// Moves some open cases to their office's newest epoch, in the caller's transaction. A case itself does not change.
pub(crate) async fn rewrap_in(
    txn: &DatabaseTransaction,
    app: &App,
    keyring: &Keyring,
    epoch: i32,
    limit: u64,
) -> Result<(), DbErr> {
    let Some(newest) = keyring.epoch(epoch) else { return Ok(()) };
    for case in store::outdated(txn, keyring.office, epoch, limit).await? {
        let Some(former) = store::wrap(txn, case.id).await? else { continue };
        // One that is damaged, or under an epoch that this member was never given, stays where it is.
        let Ok(Some(key)) = CaseKey::open(keyring, &case, &former) else { continue };
        let wrap = key.wrap(keyring.office, epoch, &newest.symmetric, &app.chance);
        store::replace_wrap(txn, &former, epoch, wrap).await?;
    }
    Ok(())
}
