use entity::{ids::TipId, tips};
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    Due, Step,
    plan::{due_of, plan},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    tips as noun,
};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Tips that lost their words.
    pub words: usize,
    /// Tips that are gone.
    pub rows: usize,
}

/// Does what is due today, tip by tip; any number of nodes may do it at once.
///
/// The keys of a tip go in a transaction of their own, before anything that they opened: a row that comes back, from a
/// backup or from what a database keeps for itself, is shut for good. Who is killed in between leaves a tip without
/// keys, which the next run finishes. Backups that are older than the keys' end hold both: they must age out.
pub async fn apply(app: &App) -> Result<Applied, DbErr> {
    let mut applied = Applied::default();
    for planned in plan(app).await? {
        let keyless = app.db.write(async |txn| destroy_keys(txn, app, planned.tip).await).await?;
        if !keyless {
            continue;
        }
        let done = app.db.write(async |txn| take_away(txn, app, planned.tip).await).await?;
        match done {
            Some(Step::Words) => applied.words += 1,
            Some(Step::Row) => applied.rows += 1,
            None => (),
        }
    }
    Ok(applied)
}

/// What is due of a tip now, kept from other writers: it may have been reopened or held since it was planned.
async fn still_due(txn: &DatabaseTransaction, app: &App, id: TipId) -> Result<Option<(tips::Model, Due)>, DbErr> {
    let Some(tip) = noun::store::tip_to_change(txn, id).await? else { return Ok(None) };
    let due = due_of(txn, app, std::slice::from_ref(&tip)).await?.pop();
    Ok(due.map(|due| (tip, due)))
}

async fn destroy_keys(txn: &DatabaseTransaction, app: &App, id: TipId) -> Result<bool, DbErr> {
    let Some((tip, _)) = still_due(txn, app, id).await? else { return Ok(false) };
    if !tip.sealed.is_empty() {
        store::delete_keys(txn, id).await?;
        audit::record_system(txn, app, Some(tip.office_id), "TipKeysDestroyed", Object::Tip(id)).await?;
    }
    Ok(true)
}

async fn take_away(txn: &DatabaseTransaction, app: &App, id: TipId) -> Result<Option<Step>, DbErr> {
    let Some((tip, due)) = still_due(txn, app, id).await? else { return Ok(None) };
    let act = match due.step {
        Step::Words => {
            store::delete_words(txn, &tip).await?;
            "TipWordsExpired"
        }
        Step::Row => {
            store::delete_tip(txn, id).await?;
            audit::EXPIRED
        }
    };
    audit::record_system(txn, app, Some(tip.office_id), act, Object::Tip(id)).await?;
    Ok(Some(due.step))
}
