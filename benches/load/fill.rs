//! A queue as it stands after years: tips whose words are sealed as the line seals them, and many more without words.

use chrono::{Days, NaiveDate};
use entity::{
    enums::{Mode, TipStatus, WrapHolder},
    ids::{OfficeId, TipId, WrapId},
    tip_wraps, tips,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::Serialize;
use serde_json::json;
use tipline::{
    app::App,
    platform::paging,
    staff::Staff,
    tips::TipKeys,
    units::{self, Keyring},
};

use super::{Any, doings};

/// Rows of one transaction, and of one statement.
const COMMIT: usize = 50_000;
const AT_ONCE: usize = 500;

/// Days over which the tips came in.
const DAYS: u64 = 5 * 365;

/// Police are through with all but the newest.
const OPEN_TIPS: usize = 2_000;

async fn desk(app: &App) -> Result<OfficeId, Any> {
    Ok(units::store::intake_desk(app.db.read()).await?.ok_or("no intake desk")?.id)
}

/// Tips of the intake desk that were opened once: their keys lie under the office's symmetric key, too. What was
/// sealed to key pairs is as long as it would be, and opens nothing.
pub async fn sealed(app: &App, staff: &Staff, number: usize) -> Result<(), Any> {
    let desk = desk(app).await?;
    let keyring = units::open_keys(app.db.read(), staff, desk).await?;
    let narrative = doings::narrative();
    let make = |at: usize| {
        let id = app.shelf.next(&app.chance);
        let keys = TipKeys::generate(id, &app.chance);
        let words = if at % 10_000 == 9_999 { "xe chở gỗ lậu" } else { "" };
        let content = json!({
            "narrative": format!("{narrative}{words}"), "place": "bản Na Mèo", "occurred_on": null,
            "happening_now": false, "language": "vi", "arrived_at": app.clock.now(),
        });
        let row = row(app, desk, id, at, number, keys.seal_content(&content, &app.chance));
        (row, wraps(app, &keyring, &keys, id))
    };
    fill(app, number, make).await
}

/// Tips of the intake desk with as many bytes of words as a short tip has, and none that open.
pub async fn queue(app: &App, number: usize) -> Result<(), Any> {
    let desk = desk(app).await?;
    let make = |at: usize| {
        let id = app.shelf.next(&app.chance);
        (row(app, desk, id, at, number, vec![0; 600]), Vec::new())
    };
    fill(app, number, make).await
}

async fn fill(
    app: &App,
    number: usize,
    make: impl Fn(usize) -> (tips::ActiveModel, Vec<tip_wraps::ActiveModel>),
) -> Result<(), Any> {
    for begin in (0..number).step_by(COMMIT) {
        let end = number.min(begin + COMMIT);
        app.db
            .write(async |txn| {
                for lot in (begin..end).step_by(AT_ONCE) {
                    let (rows, wraps): (Vec<_>, Vec<_>) = (lot..end.min(lot + AT_ONCE)).map(&make).unzip();
                    let wraps: Vec<_> = wraps.into_iter().flatten().collect();
                    tips::Entity::insert_many(rows).exec_without_returning(txn).await?;
                    if !wraps.is_empty() {
                        tip_wraps::Entity::insert_many(wraps).exec_without_returning(txn).await?;
                    }
                }
                Ok::<_, DbErr>(())
            })
            .await?;
    }
    // What a database does by itself in a quiet hour: the years had many.
    app.db.write(async |txn| txn.execute_unprepared("ANALYZE").await).await?;
    if app.db.read().get_database_backend() == DbBackend::Postgres {
        app.db.read().execute_unprepared("VACUUM").await?;
    }
    Ok(())
}

/// Evenly, but that a tenth of all, in the middle, came on one day: the line was flooded.
fn day_of(at: usize, number: usize) -> u64 {
    let twentieth = number.max(20) / 20;
    let at = if (9 * twentieth..11 * twentieth).contains(&at) { 9 * twentieth } else { at };
    at as u64 * DAYS / number.max(1) as u64
}

fn row(app: &App, desk: OfficeId, id: TipId, at: usize, number: usize, sealed: Vec<u8>) -> tips::ActiveModel {
    const SETTLED: [TipStatus; 3] = [TipStatus::Handled, TipStatus::Closed, TipStatus::Spam];
    const OPEN: [TipStatus; 5] =
        [TipStatus::Received, TipStatus::Screening, TipStatus::NeedInfo, TipStatus::Accepted, TipStatus::Verifying];
    let open = number - at <= OPEN_TIPS;
    let status = if open { OPEN[app.chance.below(5) as usize] } else { SETTLED[app.chance.below(3) as usize] };
    let day = Days::new(day_of(at, number));
    tips::ActiveModel {
        id: Set(id),
        number: Set(format!("B{}", uuid::Uuid::from(id).simple())),
        office_id: Set(desk),
        unit_code: Set(None),
        unit_valid_from: Set(None),
        category: Set("ma_tuy".to_owned()),
        channel: Set("web".to_owned()),
        mode: Set(Mode::Anonymous),
        status: Set(status),
        asked_from: Set(None),
        priority: Set(0),
        received_on: Set(app.clock.today() - Days::new(DAYS) + day),
        assignee_id: Set(None),
        unread: Set(0),
        message_count: Set(0),
        duplicate_of: Set(None),
        version: Set(1),
        sealed: Set(sealed),
        contact_sealed: Set(None),
    }
}

fn wraps(app: &App, keyring: &Keyring, keys: &TipKeys, id: TipId) -> Vec<tip_wraps::ActiveModel> {
    let Some((epoch, held)) = keyring.newest() else { return Vec::new() };
    let fast = keys.wrap_fast(keyring.office, &held.symmetric, &app.chance);
    let wrap = |holder, holder_id, wrap| tip_wraps::ActiveModel {
        id: Set(WrapId::from(app.chance.uuid_beside(id.into()))),
        tip_id: Set(id),
        holder: Set(holder),
        holder_id: Set(holder_id),
        epoch: Set(epoch),
        wrap: Set(wrap),
    };
    let office = uuid::Uuid::from(keyring.office);
    vec![
        wrap(WrapHolder::OfficeFast, office, fast),
        wrap(WrapHolder::Office, office, vec![0; SEALED_KEY]),
        wrap(WrapHolder::Reporter, id.into(), vec![0; SEALED_KEY]),
    ]
}

/// Bytes of a key that was sealed to a pair: suite, encapsulated key, key and tag.
const SEALED_KEY: usize = 1 + 1120 + 32 + 16;

/// A place in the queue, as its pages name it.
#[derive(Serialize)]
struct Key {
    p: i16,
    d: NaiveDate,
    i: TipId,
}

/// A page far down the queue: which, and its address. Page `page` if the queue is that long, else its last full one.
pub async fn deep(app: &App, page: u64, limit: u64) -> Result<(u64, String), Any> {
    use tips::Column as C;
    let queue = tips::Entity::find().filter(C::OfficeId.eq(desk(app).await?)).filter(C::Priority.eq(0));
    let page = page.min(queue.clone().count(app.db.read()).await? / limit);
    // A cursor names the last row of the page before.
    let before = page.checked_sub(2).map(|before| (before + 1) * limit - 1).ok_or("the queue has one page")?;
    let row: (NaiveDate, TipId) = queue
        .select_only()
        .columns([C::ReceivedOn, C::Id])
        .order_by_asc(C::ReceivedOn)
        .order_by_asc(C::Id)
        .offset(before)
        .limit(1)
        .into_tuple()
        .one(app.db.read())
        .await?
        .ok_or("the queue is shorter than it was")?;
    let cursor = paging::encode(&Key { p: 0, d: row.0, i: row.1 });
    Ok((page, format!("/api/v1/tips?limit={limit}&cursor={cursor}")))
}
