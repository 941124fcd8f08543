//! Writes tips and facts as they would stand after years of work.

use chrono::{Days, NaiveDate};
use entity::{
    enums::TipStatus,
    ids::{FactId, TipId},
    tips,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, Set};
use tipline::{
    app::App,
    platform::insert::insert_together,
    statistics::ledger::{self, Fact},
};

use super::{
    Any,
    facts::{self, Story},
    world::{DAYS, FIRST, World},
};

/// Tips of one transaction, and of one statement.
const COMMIT: u32 = 20_000;
const AT_ONCE: usize = 1_000;

/// Fills the ledger; tells how many facts there are. The sums are made afterwards.
pub async fn fill(app: &App, world: &World, number: u32) -> Result<u64, Any> {
    let (first, today): (NaiveDate, _) = (FIRST.parse()?, app.clock.today());
    if app.db.read().get_database_backend() == DbBackend::Sqlite {
        // Keys are random: with a small cache every page would be written anew for every few rows.
        app.db.write(async |txn| txn.execute_unprepared("PRAGMA cache_size = -3000000").await).await?;
    }
    let mut written = 0;
    for begin in (0..number).step_by(COMMIT as usize) {
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        for at in begin..number.min(begin + COMMIT) {
            // In the order in which they came in, as they do.
            let on = first + Days::new(u64::from(at) * DAYS / u64::from(number));
            let tip = TipId::from(world.chance.uuid());
            let received = facts::received(world, tip, on);
            let story = facts::tell(world, received.clone(), on, today);
            rows.push(row(at, tip, &received, &story));
            lines.extend(
                story.facts.into_iter().map(|fact| ledger::store::row(FactId::from(world.chance.uuid()), fact)),
            );
        }
        written += lines.len() as u64;
        app.db
            .write(async |txn| {
                for part in rows.chunks(AT_ONCE) {
                    tips::Entity::insert_many(part.iter().cloned()).exec_without_returning(txn).await?;
                }
                for part in ledger::store::inserts(&lines) {
                    insert_together(txn, [part]).await?;
                }
                Ok::<_, DbErr>(())
            })
            .await?;
    }
    Ok(written)
}

fn row(number: u32, id: TipId, received: &Fact, story: &Story) -> tips::ActiveModel {
    tips::ActiveModel {
        id: Set(id),
        number: Set(format!("BENCH-{number:08}")),
        office_id: Set(received.office),
        unit_code: Set(received.unit.as_ref().map(|unit| unit.code.clone())),
        unit_valid_from: Set(received.unit.as_ref().map(|unit| unit.valid_from)),
        category: Set(received.category.clone().unwrap_or_default()),
        channel: Set(received.channel.clone().unwrap_or_default()),
        mode: Set(received.mode.unwrap_or(entity::enums::Mode::Anonymous)),
        status: Set(story.status),
        asked_from: Set(None),
        priority: Set(0),
        received_on: Set(received.effective_on),
        assignee_id: Set(None),
        unread: Set(0),
        message_count: Set(i32::from(story.status != TipStatus::Received)),
        duplicate_of: Set(None),
        version: Set(1),
        // About as long as a sealed tip is.
        sealed: Set(vec![0; 600]),
        contact_sealed: Set(None),
    }
}

/// What a database does by itself in a quiet hour.
pub async fn settle(app: &App) -> Result<(), Any> {
    if app.db.read().get_database_backend() == DbBackend::Sqlite {
        app.db.write(async |txn| txn.execute_unprepared("PRAGMA cache_size = -2000").await).await?;
    }
    app.db.write(async |txn| txn.execute_unprepared("ANALYZE").await).await?;
    if app.db.read().get_database_backend() == DbBackend::Postgres {
        app.db.read().execute_unprepared("VACUUM").await?;
    }
    Ok(())
}
