use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    cases,
    enums::TipStatus,
    ids::{CaseId, TipId},
    tips,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Due, Step, What,
    due::{Kept, due},
    store,
};
use crate::{app::App, reference::RetentionRule};

/// Cases that are looked at at once.
const STRETCH: u64 = 500;

/// The state in which rules know a tip whose case has ended.
const CLOSED: &str = "closed";

pub(super) async fn all_cases_due(db: &impl ConnectionTrait, app: &App) -> Result<Vec<Due>, DbErr> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let cases = store::closed_cases_after(db, after, STRETCH).await?;
        let Some(last) = cases.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(case_due_of(db, app, &cases).await?);
    }
}

/// What some cases' time depends on besides themselves.
struct Around {
    tips: HashMap<CaseId, Vec<tips::Model>>,
    outcomes: HashMap<CaseId, Vec<String>>,
    holds: HashMap<CaseId, NaiveDate>,
    tip_holds: HashMap<TipId, NaiveDate>,
    /// In which a tip has a time that can be over: nobody works it any more.
    settled: HashSet<TipStatus>,
}

/// Which of some cases lose their words today.
///
/// A case's time counts from the day on which it was closed, by the rules for closed tips of its tips' categories; of
/// several the longest holds. While one of its tips is still worked, or held, it stays.
pub(super) async fn case_due_of(
    db: &impl ConnectionTrait,
    app: &App,
    cases: &[cases::Model],
) -> Result<Vec<Due>, DbErr> {
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let tips = store::tips_of_cases(db, &ids).await?;
    let tip_ids: Vec<TipId> = tips.values().flatten().map(|tip| tip.id).collect();
    let rules = app.reference.retention_rules_on(app.clock.today());
    let around = Around {
        outcomes: store::outcomes_of_cases(db, &ids).await?,
        holds: store::case_holds_of(db, &ids).await?,
        tip_holds: store::holds_of(db, &tip_ids).await?,
        settled: rules.iter().flat_map(|rule| rule.states()).filter_map(|state| state.parse().ok()).collect(),
        tips,
    };
    Ok(cases.iter().filter_map(|case| due_case(app, case, &around)).collect())
}

fn due_case(app: &App, case: &cases::Model, around: &Around) -> Option<Due> {
    let (closed, today) = (app.clock.day_of(case.closed_at?), app.clock.today());
    let tips = around.tips.get(&case.id).map_or(&[][..], Vec::as_slice);
    if case.sealed.is_empty() || tips.iter().any(|tip| !around.settled.contains(&tip.status)) {
        return None;
    }
    let came_of_it = around.outcomes.get(&case.id).map_or(&[][..], Vec::as_slice);
    // One whose tips are gone already is of no category.
    let categories = if tips.is_empty() { vec![""] } else { tips.iter().map(|tip| tip.category.as_str()).collect() };
    let rule_of = |category| app.reference.retention_rule_on(today, CLOSED, category, came_of_it);
    let rules: Vec<&RetentionRule> = categories.into_iter().map(rule_of).collect::<Option<_>>()?;
    let rule = rules.into_iter().max_by_key(|rule| rule.words_until(closed).unwrap_or(NaiveDate::MAX))?;
    let own = around.holds.get(&case.id);
    let held_until = tips.iter().filter_map(|tip| around.tip_holds.get(&tip.id)).chain(own).max().copied();
    due(rule, Kept { settled: closed, has_words: true, held_until }, today)?;
    let (what, number, rule) = (What::Case(case.id), case.number.clone(), rule.code.clone());
    // Of its row nothing goes but words: figures hang on it.
    Some(Due { what, number, office: case.office_id, step: Step::Words, rule, settled: closed })
}
