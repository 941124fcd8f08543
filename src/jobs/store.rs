use chrono::{DateTime, Duration, Utc};
use entity::job_claims;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// A node that has not been heard of for this long is taken to be gone.
const LEASE_SECONDS: i64 = 5;

/// Takes a job for this node, or goes on holding it. False: another node has it.
///
/// Locks the claim until the transaction ends: work on the same transaction is alone.
pub async fn claim(txn: &impl ConnectionTrait, job: &str, node: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    use job_claims::Column as C;
    let until = now + Duration::seconds(LEASE_SECONDS);
    let free = Condition::any().add(C::Node.eq(node)).add(C::Until.lt(now));
    let taken = job_claims::Entity::update_many()
        .col_expr(C::Node, node.into())
        .col_expr(C::Until, until.into())
        .filter(C::Job.eq(job))
        .filter(free)
        .exec(txn)
        .await?;
    if taken.rows_affected == 1 {
        return Ok(true);
    }
    let first = job_claims::Model { job: job.to_owned(), node, until }.into_active_model().reset_all();
    let once = OnConflict::column(C::Job).do_nothing().to_owned();
    let made = job_claims::Entity::insert(first).on_conflict(once).exec_without_returning(txn).await?;
    Ok(made == 1)
}

/// Gives a job back, so that another node need not wait for the claim to end.
pub async fn give_back(txn: &impl ConnectionTrait, node: Uuid) -> Result<(), DbErr> {
    job_claims::Entity::delete_many().filter(job_claims::Column::Node.eq(node)).exec(txn).await.map(|_| ())
}
