use chrono::NaiveDate;
use entity::{
    enums::TipStatus,
    ids::{CaseId, OfficeId, TipId},
    tips,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Step,
    due::{Kept, due},
    plan_cases::all_cases_due,
    store,
};
use crate::{app::App, reference::RetentionRule};

/// Whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Tip(TipId),
    Case(CaseId),
}

/// A tip or a case whose time is over, and what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub what: What,
    pub number: String,
    pub office: OfficeId,
    pub step: Step,
    /// Code of the rule.
    pub rule: String,
    /// The day from which its time counts.
    pub settled: NaiveDate,
}

/// Tips that are looked at at once.
const STRETCH: u64 = 500;

/// Shows what is due today by the rules that hold today; changes nothing.
pub async fn plan(app: &App) -> Result<Vec<Due>, DbErr> {
    app.db
        .snapshot(async |txn| {
            // Cases first: how long one is kept depends on its tips.
            let mut found = all_cases_due(txn, app).await?;
            found.extend(all_due(txn, app).await?);
            Ok(found)
        })
        .await
}

async fn all_due(db: &impl ConnectionTrait, app: &App) -> Result<Vec<Due>, DbErr> {
    let rules = app.reference.retention_rules_on(app.clock.today());
    let states: Vec<TipStatus> =
        rules.iter().flat_map(|rule| rule.states()).filter_map(|state| state.parse().ok()).collect();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let tips = store::tips_after(db, &states, after, STRETCH).await?;
        let Some(last) = tips.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(due_of(db, app, &tips).await?);
    }
}

/// What is due of some tips. One that the ledger does not know as settled has no time that could be over.
pub(super) async fn due_of(db: &impl ConnectionTrait, app: &App, tips: &[tips::Model]) -> Result<Vec<Due>, DbErr> {
    let (ids, today): (Vec<TipId>, NaiveDate) = (tips.iter().map(|tip| tip.id).collect(), app.clock.today());
    let settled = store::settled_days(db, &ids).await?;
    let (outcomes, holds) = (store::outcomes_of(db, &ids).await?, store::holds_of(db, &ids).await?);
    let of = |tip: &tips::Model| -> Option<Due> {
        let came_of_it = outcomes.get(&tip.id).map_or(&[][..], Vec::as_slice);
        let rule: &RetentionRule =
            app.reference.retention_rule_on(today, tip.status.as_str(), &tip.category, came_of_it)?;
        let settled = *settled.get(&tip.id)?;
        let kept = Kept { settled, has_words: !tip.sealed.is_empty(), held_until: holds.get(&tip.id).copied() };
        let step = due(rule, kept, today)?;
        let (number, rule) = (tip.number.clone(), rule.code.clone());
        Some(Due { what: What::Tip(tip.id), number, office: tip.office_id, step, rule, settled })
    };
    Ok(tips.iter().filter_map(of).collect())
}
