//! The demonstration: a made-up ledger of Quan Sơn, 2021-2023, with people to work it.
//!
//! `plan` says what happened, as data drawn from a seed; `run` lets it happen, by the same services that the doors
//! call, under a clock that is moved along. So every figure of the ledger is counted, none is written down.
//! Narratives, places and people are in `data/`; no person, place of crime or event in them is real.

mod accounts;
mod cast;
mod draw;
mod plan;
mod releases;
mod run;
mod stories;
#[cfg(test)]
mod tests;
mod worked;

use chrono::{DateTime, NaiveDate, Utc};
use vault::chance::Chance;

pub use accounts::Account;

use crate::{
    app::App,
    platform::fault::{Fault, FieldFault},
    staff, units,
};

/// The ledger that is shown when nobody asks for another one.
pub const SEED: u64 = 87;

/// The officers begin a little before the first tip.
const FOUNDED: NaiveDate = match NaiveDate::from_ymd_opt(2021, 1, 2) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the database has officers already; the demonstration needs a database of its own")]
    NotEmpty,
    #[error("the clock cannot be moved, so nothing can have happened in 2021")]
    ClockStands,
    #[error("the intake desk is missing")]
    NoDesk,
    #[error("demonstration data: {0}")]
    Data(#[from] serde_json::Error),
    #[error("demonstration data: an act leans on one that has not happened")]
    OutOfOrder,
    #[error("{verb}: {source}{fields}")]
    Refused { verb: &'static str, source: Box<dyn std::error::Error + Send + Sync>, fields: String },
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

/// Names the verb that refused, and the fields that it did not like.
fn refused<E: Fault + Send + Sync + 'static>(verb: &'static str) -> impl FnOnce(E) -> DemoError {
    move |error| {
        let wrong = |fault: &FieldFault| format!("; {}: {}", fault.field, fault.code.as_str());
        let fields = error.public().fields.iter().map(wrong).collect();
        DemoError::Refused { verb, source: Box::new(error), fields }
    }
}

/// Makes the ledger in an empty database and marks it as made up. The clock of `app` must be a manual one that
/// stands at today, and stands there again afterwards.
///
/// The same seed on the same day makes the same ledger: ids, passwords, words and figures. Who knows the seed
/// knows every key in it.
pub async fn build(app: &App, seed: u64) -> Result<Vec<Account>, DemoError> {
    let now = app.clock.now();
    claim(app).await?;
    let plan = plan::Plan::make(&app.reference, seed, now)?;
    let app = App { chance: Chance::seeded(seed), ..app.clone() };
    let built = fill(&app, &plan).await;
    app.clock.set(now);
    built
}

async fn fill(app: &App, plan: &plan::Plan) -> Result<Vec<Account>, DemoError> {
    set_clock(app, FOUNDED.and_time(chrono::NaiveTime::MIN).and_utc())?;
    let (accounts, crew) = accounts::make(app).await?;
    run::run(app, plan, &crew).await?;
    crew.go_home(app).await?;
    Ok(accounts)
}

/// Takes the database for the demonstration, unless people work in it.
async fn claim(app: &App) -> Result<(), DemoError> {
    app.db
        .write(async |txn| {
            if staff::store::count_officers(txn).await? > 0 {
                return Err(DemoError::NotEmpty);
            }
            if units::store::setting(txn, units::SYNTHETIC).await?.is_none() {
                units::store::insert_setting(txn, units::SYNTHETIC, "demo").await?;
            }
            Ok(())
        })
        .await
}

fn set_clock(app: &App, at: DateTime<Utc>) -> Result<(), DemoError> {
    app.clock.set(at);
    if app.clock.now() == at { Ok(()) } else { Err(DemoError::ClockStands) }
}
