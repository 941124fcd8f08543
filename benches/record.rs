//! What the record of acts costs when it is long: to write a million rows and give them their places, to show one office
//! the few of them that are its own, to look for what is due and to place it while the acts of a hundred thousand
//! reporters wait for their day to end, to place these, and to verify all. Not run by tests; on SQLite in a temporary
//! folder, or in an empty database:
//!
//! ```sh
//! cargo bench --bench record                    # or, for another number of rows: ... -- 100000
//! cargo bench --bench record -- 1000000 postgres://...
//! ```

use std::{
    io::{self, Write},
    time::Instant,
};

use chrono::Duration;
use entity::enums::Role;
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use tipline::{
    app::App,
    audit::{self, Object},
    config::Config,
    platform::clock::Clock,
    staff::{self, NewOfficer, Staff},
    units,
};
use vault::{chance::Chance, secret::Secret};

type Any = Box<dyn std::error::Error + Send + Sync>;

/// Of so many rows, one is a reporter's act that waits.
const WAITS: usize = 10;

/// How often a look is taken, and an officer's act placed.
const TURNS: u32 = 100;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rows = words.iter().filter_map(|word| word.parse().ok()).next().unwrap_or(1_000_000);
    let url = words.into_iter().find(|word| word.starts_with("postgres"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(rows, url)).map_err(io::Error::other)
}

async fn measure(rows: usize, url: Option<String>) -> Result<(), Any> {
    let folder = tempfile::tempdir()?;
    let config = Config { data_dir: folder.path().join("data"), database_url: url, ..Config::default() };
    let zone = config.zone()?;
    let clock = Clock::manual(zone, Clock::system(zone).now());
    let app = App::open(&config, clock.clone(), Chance::system()).await?;
    app.db.defer_syncs().await?;
    let mut out = io::stdout();

    let seconds = timed(async || write(&app, rows, true).await).await?;
    writeln!(out, "{rows} rows written and placed in {seconds:.1} s, {:.0} a second", rows as f64 / seconds)?;
    let waiting = rows / WAITS;
    write(&app, waiting, false).await?;
    // What a database does by itself in a quiet hour.
    app.db.write(async |txn| txn.execute_unprepared("ANALYZE").await).await?;
    if app.db.read().get_database_backend() == DbBackend::Postgres {
        app.db.read().execute_unprepared("VACUUM").await?;
    }
    let auditor = auditor(&app).await?;
    let page = async |filter: audit::Filter| -> Result<f64, Any> {
        let seconds = timed(async || Ok(audit::list(&app, &auditor, &filter).await.map(|_| ())?)).await?;
        Ok(seconds * 1e3)
    };
    let first = page(audit::Filter::default()).await?;
    let of_tip = page(audit::Filter { object: Some(app.chance.uuid()), ..Default::default() }).await?;
    let of_officer = page(audit::Filter { officer: Some(auditor.id), ..Default::default() }).await?;
    writeln!(
        out,
        "an office's few acts {first:.1} ms, those on a tip {of_tip:.1} ms, of an officer {of_officer:.1} ms"
    )?;
    // Whoever asks for the record is on it.
    app.db.write(async |txn| audit::sequence(txn, &app).await).await?;

    let seconds = timed(async || {
        for _ in 0..TURNS {
            assert!(!audit::any_due(&app).await?, "reporters' acts are due before their day is over");
        }
        Ok(())
    });
    let look = seconds.await? * 1e3 / f64::from(TURNS);
    let seconds = timed(async || {
        for _ in 0..TURNS {
            app.db.write(async |txn| system_act(txn, &app).await).await?;
            app.db.write(async |txn| audit::sequence(txn, &app).await).await?;
        }
        Ok(())
    });
    let place = seconds.await? * 1e3 / f64::from(TURNS);
    writeln!(out, "while {waiting} of reporters wait: a look {look:.2} ms, an act written and placed {place:.2} ms")?;

    clock.advance(Duration::days(2));
    let mut placed = 0;
    let seconds = timed(async || {
        while audit::any_due(&app).await? {
            placed += app.db.write(async |txn| audit::sequence(txn, &app).await).await?;
        }
        Ok(())
    });
    let seconds = seconds.await?;
    writeln!(out, "{placed} of reporters placed in {seconds:.1} s, {:.0} a second", placed as f64 / seconds)?;

    let checkpoint = audit::write_checkpoint(&app).await?;
    let started = Instant::now();
    let verdict = audit::verify(&app, &[vec![checkpoint]]).await?;
    let seconds = started.elapsed().as_secs_f64();
    writeln!(out, "{} rows verified in {seconds:.1} s; tampering: {:?}", verdict.head.seq, verdict.tampering)?;
    Ok(())
}

/// Of the intake desk, where all others have done nothing.
async fn auditor(app: &App) -> Result<Staff, Any> {
    const NAME: &str = "ana";
    let password = || Secret::new("muong-suoi-nha-san-cau-treo".to_owned());
    let new = NewOfficer {
        username: NAME.to_owned(),
        display_name: NAME.to_owned(),
        office: units::store::intake_desk(app.db.read()).await?.ok_or("no intake desk")?.id,
        roles: vec![Role::Screener, Role::Auditor],
        password: password(),
        must_change_password: false,
        second_factor_required: false,
    };
    staff::create_first_member(app, new).await?;
    let tokens = staff::log_in(app, NAME, password(), None).await?;
    Ok(staff::authenticate(app, &tokens.access).await?)
}

/// Batch by batch: the program's own acts with their places, or those of reporters, which wait.
async fn write(app: &App, rows: usize, placed: bool) -> Result<(), Any> {
    let mut left = rows;
    while left > 0 {
        let batch = left.min(audit::BATCH);
        app.db
            .write(async |txn| {
                for _ in 0..batch {
                    if placed {
                        system_act(txn, app).await?;
                    } else {
                        let object = Object::Tip(app.chance.uuid().into());
                        audit::record_reporter(txn, app, None, "MessageSent", object).await?;
                    }
                }
                if placed { audit::sequence(txn, app).await } else { Ok(0) }
            })
            .await?;
        left -= batch;
    }
    Ok(())
}

async fn system_act(txn: &impl ConnectionTrait, app: &App) -> Result<(), DbErr> {
    audit::record_system(txn, app, None, "TipRead", Object::Tip(app.chance.uuid().into())).await
}

async fn timed(work: impl AsyncFnOnce() -> Result<(), Any>) -> Result<f64, Any> {
    let started = Instant::now();
    work().await?;
    Ok(started.elapsed().as_secs_f64())
}
