//! Every query of this noun.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    case_holds, case_tips, case_wraps, cases,
    enums::{CaseStatus, TipStatus},
    facts, identities, identity_decisions, identity_request_readers, identity_requests, identity_shares,
    ids::{CaseId, TipId},
    messages, notes, outcomes, receipts, tip_holds, tip_wraps, tips,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, OnConflict},
};

use crate::statistics::ledger::Kind;

/// The next stretch of tips of some states, in the order of their ids.
pub async fn tips_after(
    db: &impl ConnectionTrait,
    states: &[TipStatus],
    after: Option<TipId>,
    limit: u64,
) -> Result<Vec<tips::Model>, DbErr> {
    use tips::Column as C;
    tips::Entity::find()
        .filter(C::Status.is_in(states.iter().copied()))
        .filter(Condition::all().add_option(after.map(|id| C::Id.gt(id))))
        .order_by_asc(C::Id)
        .limit(limit)
        .all(db)
        .await
}

/// The day on which each tip was settled last, by the ledger.
pub async fn settled_days(db: &impl ConnectionTrait, tips: &[TipId]) -> Result<HashMap<TipId, NaiveDate>, DbErr> {
    use facts::Column as C;
    // Of all kinds: a tip has few lines, and asked for the kind as well PostgreSQL reads all of that kind instead.
    let rows: Vec<(Option<TipId>, String, NaiveDate)> = facts::Entity::find()
        .select_only()
        .columns([C::TipId, C::Kind, C::RecordedOn])
        .filter(C::TipId.is_in(tips.iter().copied()))
        .order_by_asc(C::RecordedOn)
        .into_tuple()
        .all(db)
        .await?;
    // The last of a tip's days stays.
    let settled = rows.into_iter().filter(|(_, kind, _)| kind == Kind::Settled.as_str());
    Ok(settled.filter_map(|(tip, _, day)| Some((tip?, day))).collect())
}

/// What came of each tip's cases, by kind.
pub async fn outcomes_of(db: &impl ConnectionTrait, tips: &[TipId]) -> Result<HashMap<TipId, Vec<String>>, DbErr> {
    let links = case_tips::Entity::find().filter(case_tips::Column::TipId.is_in(tips.iter().copied())).all(db).await?;
    let cases = links.iter().map(|link| link.case_id);
    let rows = outcomes::Entity::find().filter(outcomes::Column::CaseId.is_in(cases)).all(db).await?;
    let mut kinds: HashMap<TipId, Vec<String>> = HashMap::new();
    for link in links {
        let of_case = rows.iter().filter(|outcome| outcome.case_id == link.case_id);
        kinds.entry(link.tip_id).or_default().extend(of_case.map(|outcome| outcome.kind.clone()));
    }
    Ok(kinds)
}

pub async fn holds_of(db: &impl ConnectionTrait, tips: &[TipId]) -> Result<HashMap<TipId, NaiveDate>, DbErr> {
    let rows = tip_holds::Entity::find().filter(tip_holds::Column::TipId.is_in(tips.iter().copied())).all(db).await?;
    Ok(rows.into_iter().map(|hold| (hold.tip_id, hold.until)).collect())
}

// Holds

pub async fn hold(db: &impl ConnectionTrait, tip: TipId) -> Result<Option<tip_holds::Model>, DbErr> {
    tip_holds::Entity::find_by_id(tip).one(db).await
}

/// Places a hold, in the place of the one that is there.
pub async fn put_hold(txn: &impl ConnectionTrait, hold: tip_holds::Model) -> Result<(), DbErr> {
    use tip_holds::Column as C;
    let newer = OnConflict::column(C::TipId).update_columns([C::Until, C::PlacedBy, C::PlacedAt]).to_owned();
    let row = hold.into_active_model().reset_all();
    tip_holds::Entity::insert(row).on_conflict(newer).exec_without_returning(txn).await.map(|_| ())
}

/// False: there was none.
pub async fn delete_hold(txn: &impl ConnectionTrait, tip: TipId) -> Result<bool, DbErr> {
    Ok(tip_holds::Entity::delete_by_id(tip).exec(txn).await?.rows_affected == 1)
}

// The end

/// Deletes every sealed copy of a tip's key, of its identity's key, and the reporter's way to it.
pub async fn delete_keys(txn: &impl ConnectionTrait, tip: TipId) -> Result<(), DbErr> {
    tip_wraps::Entity::delete_many().filter(tip_wraps::Column::TipId.eq(tip)).exec(txn).await?;
    identity_shares::Entity::delete_many().filter(identity_shares::Column::TipId.eq(tip)).exec(txn).await?;
    // Shares that were sealed anew for a request open the identity too; what was decided goes with them.
    let requests = identity_requests::Entity::find().filter(identity_requests::Column::TipId.eq(tip));
    let requests = requests.select_only().column(identity_requests::Column::Id).into_query();
    identity_decisions::Entity::delete_many()
        .filter(identity_decisions::Column::RequestId.in_subquery(requests.clone()))
        .exec(txn)
        .await?;
    identity_request_readers::Entity::delete_many()
        .filter(identity_request_readers::Column::RequestId.in_subquery(requests))
        .exec(txn)
        .await?;
    identity_requests::Entity::delete_many().filter(identity_requests::Column::TipId.eq(tip)).exec(txn).await?;
    receipts::Entity::delete_many().filter(receipts::Column::TipId.eq(tip)).exec(txn).await.map(|_| ())
}

/// Deletes all that was said and noted; the tip's row stays, without its words.
pub async fn delete_words(txn: &impl ConnectionTrait, tip: &tips::Model) -> Result<(), DbErr> {
    messages::Entity::delete_many().filter(messages::Column::TipId.eq(tip.id)).exec(txn).await?;
    notes::Entity::delete_many().filter(notes::Column::TipId.eq(tip.id)).exec(txn).await?;
    identities::Entity::delete_many().filter(identities::Column::TipId.eq(tip.id)).exec(txn).await?;
    let emptied = tips::ActiveModel {
        id: Set(tip.id),
        sealed: Set(Vec::new()),
        contact_sealed: Set(None),
        unread: Set(0),
        version: Set(tip.version + 1),
        ..Default::default()
    };
    emptied.update(txn).await.map(|_| ())
}

/// Deletes a tip with all that hangs on it; duplicates of it stay, and are of nothing.
pub async fn delete_tip(txn: &impl ConnectionTrait, tip: TipId) -> Result<(), DbErr> {
    delete_hold(txn, tip).await?;
    tips::Entity::delete_by_id(tip).exec(txn).await.map(|_| ())
}

// Cases

/// The next stretch of closed cases, in the order of their ids.
pub async fn closed_cases_after(
    db: &impl ConnectionTrait,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<cases::Model>, DbErr> {
    use cases::Column as C;
    cases::Entity::find()
        .filter(C::Status.eq(CaseStatus::Closed))
        .filter(Condition::all().add_option(after.map(|id| C::Id.gt(id))))
        .order_by_asc(C::Id)
        .limit(limit)
        .all(db)
        .await
}

/// The tips that are left of each case.
pub async fn tips_of_cases(
    db: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Vec<tips::Model>>, DbErr> {
    let links = case_tips::Entity::find().filter(case_tips::Column::CaseId.is_in(cases.iter().copied()));
    let mut found: HashMap<CaseId, Vec<tips::Model>> = HashMap::new();
    for (link, tip) in links.find_also_related(tips::Entity).all(db).await? {
        found.entry(link.case_id).or_default().extend(tip);
    }
    Ok(found)
}

/// What came of each case, by kind.
pub async fn outcomes_of_cases(
    db: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Vec<String>>, DbErr> {
    let rows = outcomes::Entity::find().filter(outcomes::Column::CaseId.is_in(cases.iter().copied())).all(db).await?;
    let mut kinds: HashMap<CaseId, Vec<String>> = HashMap::new();
    for outcome in rows {
        kinds.entry(outcome.case_id).or_default().push(outcome.kind);
    }
    Ok(kinds)
}

pub async fn case_holds_of(db: &impl ConnectionTrait, cases: &[CaseId]) -> Result<HashMap<CaseId, NaiveDate>, DbErr> {
    let held = case_holds::Column::CaseId.is_in(cases.iter().copied());
    let rows = case_holds::Entity::find().filter(held).all(db).await?;
    Ok(rows.into_iter().map(|hold| (hold.case_id, hold.until)).collect())
}

pub async fn case_hold(db: &impl ConnectionTrait, case: CaseId) -> Result<Option<case_holds::Model>, DbErr> {
    case_holds::Entity::find_by_id(case).one(db).await
}

/// Places a hold, in the place of the one that is there.
pub async fn put_case_hold(txn: &impl ConnectionTrait, hold: case_holds::Model) -> Result<(), DbErr> {
    use case_holds::Column as C;
    let newer = OnConflict::column(C::CaseId).update_columns([C::Until, C::PlacedBy, C::PlacedAt]).to_owned();
    let row = hold.into_active_model().reset_all();
    case_holds::Entity::insert(row).on_conflict(newer).exec_without_returning(txn).await.map(|_| ())
}

/// False: there was none.
pub async fn delete_case_hold(txn: &impl ConnectionTrait, case: CaseId) -> Result<bool, DbErr> {
    Ok(case_holds::Entity::delete_by_id(case).exec(txn).await?.rows_affected == 1)
}

/// Deletes the only copy of a case's key; false: it was gone.
pub async fn delete_case_key(txn: &impl ConnectionTrait, case: CaseId) -> Result<bool, DbErr> {
    Ok(case_wraps::Entity::delete_by_id(case).exec(txn).await?.rows_affected == 1)
}

/// Deletes a case's title and notes, and what was noted with its outcomes.
pub async fn delete_case_words(txn: &impl ConnectionTrait, case: &cases::Model) -> Result<(), DbErr> {
    outcomes::Entity::update_many()
        .col_expr(outcomes::Column::NoteSealed, Expr::value(None::<Vec<u8>>))
        .filter(outcomes::Column::CaseId.eq(case.id))
        .exec(txn)
        .await?;
    let (sealed, version) = (Set(Vec::new()), Set(case.version + 1));
    let emptied = cases::ActiveModel { id: Set(case.id), sealed, version, ..Default::default() };
    emptied.update(txn).await.map(|_| ())
}
