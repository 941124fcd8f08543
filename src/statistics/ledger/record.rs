use entity::ids::FactId;
use sea_orm::{ConnectionTrait, DbErr};
use vault::chance::Chance;

use super::{Fact, Rollups, rollup, store};
use crate::{
    app::App,
    platform::insert::{Insert, insert_together},
};

/// Writes facts into the ledger and adds them up, in the transaction of the act that they tell of.
///
/// Once a transaction, and after all that locks anything else: the sums are what acts of one day have in common, and
/// who holds them only has to commit.
pub async fn record(txn: &impl ConnectionTrait, app: &App, facts: Vec<Fact>) -> Result<(), DbErr> {
    insert_together(txn, inserts(&app.chance, facts)).await
}

/// What does so, for who has more to write.
pub fn inserts(chance: &Chance, facts: Vec<Fact>) -> Vec<Insert> {
    let mut rollups = Rollups::new();
    facts.iter().for_each(|fact| rollup::add(&mut rollups, fact));
    // What the ledger says of a tip lies together.
    let id = |fact: &Fact| fact.tip.map_or_else(|| chance.uuid(), |tip| chance.uuid_beside(tip.into()));
    let rows: Vec<_> = facts.into_iter().map(|fact| store::row(FactId::from(id(&fact)), fact)).collect();
    store::inserts(&rows).chain(store::additions(rollups)).collect()
}
