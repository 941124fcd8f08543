use entity::ids::FactId;
use sea_orm::{ConnectionTrait, DbErr};
use vault::chance::Chance;

use super::{Fact, Rollups, rollup, store};
use crate::app::App;

/// Writes facts into the ledger and adds them up, in the transaction of the act that they tell of.
///
/// Once a transaction, and after all that locks anything else: the sums are what acts of one day have in common, and
/// who holds them only has to commit.
pub async fn record(txn: &impl ConnectionTrait, app: &App, facts: Vec<Fact>) -> Result<(), DbErr> {
    record_by(txn, &app.chance, facts).await
}

/// The same for who has no more of the deployment than its chance.
pub async fn record_by(txn: &impl ConnectionTrait, chance: &Chance, facts: Vec<Fact>) -> Result<(), DbErr> {
    if facts.is_empty() {
        return Ok(());
    }
    let mut rollups = Rollups::new();
    facts.iter().for_each(|fact| rollup::add(&mut rollups, fact));
    let rows = facts.into_iter().map(|fact| store::row(FactId::from(chance.uuid()), fact));
    store::insert(txn, rows.collect()).await?;
    store::add(txn, rollups).await
}
