use entity::{
    cases,
    ids::{CaseId, TipId},
    tips,
};
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    Due, Step, What,
    plan::{due_of, plan},
    plan_cases::case_due_of,
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    cases as case_noun, tips as noun,
};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Tips that lost their words.
    pub words: usize,
    /// Tips that are gone.
    pub rows: usize,
    /// Cases that lost their words.
    pub cases: usize,
}

/// Does what is due today, one after the other; any number of nodes may do it at once.
///
/// The keys of a tip or a case go in a transaction of their own, before anything that they opened: a row that comes back, from a
/// backup or from what a database keeps for itself, is shut for good. Who is killed in between leaves one without
/// keys, which the next run finishes. Backups that are older than the keys' end hold both: they must age out.
pub async fn apply(app: &App) -> Result<Applied, DbErr> {
    let mut applied = Applied::default();
    for planned in plan(app).await? {
        match planned.what {
            What::Tip(id) => match expire_tip(app, id).await? {
                Some(Step::Words) => applied.words += 1,
                Some(Step::Row) => applied.rows += 1,
                None => (),
            },
            What::Case(id) => applied.cases += usize::from(expire_case(app, id).await?),
        }
    }
    Ok(applied)
}

async fn expire_tip(app: &App, id: TipId) -> Result<Option<Step>, DbErr> {
    if !app.db.write(async |txn| destroy_keys(txn, app, id).await).await? {
        return Ok(None);
    }
    app.db.write(async |txn| take_away(txn, app, id).await).await
}

async fn expire_case(app: &App, id: CaseId) -> Result<bool, DbErr> {
    let keyless = app
        .db
        .write(async |txn| {
            let Some(case) = case_still_due(txn, app, id).await? else { return Ok(false) };
            if store::delete_case_key(txn, id).await? {
                let office = Some(case.office_id);
                audit::record_system(txn, app, office, "CaseKeyDestroyed", Object::Case(id)).await?;
            }
            Ok::<_, DbErr>(true)
        })
        .await?;
    if !keyless {
        return Ok(false);
    }
    app.db
        .write(async |txn| {
            let Some(case) = case_still_due(txn, app, id).await? else { return Ok(false) };
            store::delete_case_words(txn, &case).await?;
            audit::record_system(txn, app, Some(case.office_id), "CaseWordsExpired", Object::Case(id)).await?;
            Ok(true)
        })
        .await
}

async fn case_still_due(txn: &DatabaseTransaction, app: &App, id: CaseId) -> Result<Option<cases::Model>, DbErr> {
    let Some(case) = case_noun::store::case_to_change(txn, id).await? else { return Ok(None) };
    let is_due = !case_due_of(txn, app, std::slice::from_ref(&case)).await?.is_empty();
    Ok(is_due.then_some(case))
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
