//! How long figures take when the ledger is big: `cargo bench --bench statistics -- --tips 1000000`
//!
//! Fills an empty database (`--url postgres://..`, else SQLite in a folder that is removed) with tips and their facts,
//! publishes a release by the real services, serves it, and measures over a socket: what the public asks, a staff
//! report, and the recount of everything. `scripts/bench-statistics` runs it on both databases. With `--keep FOLDER`
//! the ledger stays, and another run with the same folder (and database) measures it without filling it again.

mod client;
mod facts;
mod fill;
mod measured;
mod people;
mod world;

use std::{
    io::Write,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use measured::Measured;
use sea_orm::EntityTrait;
use tipline::{app::App, config::Config, platform::clock::Clock, server, statistics::ledger};
use vault::chance::Chance;

/// Nine in the morning in Quan Sơn; all tips came in during the five years before.
const TODAY: &str = "2026-01-20T02:00:00Z";

pub type Any = Box<dyn std::error::Error + Send + Sync>;

struct Asked {
    tips: u32,
    url: Option<String>,
    keep: Option<PathBuf>,
}

fn asked() -> Asked {
    let (mut asked, mut words) = (Asked { tips: 1_000_000, url: None, keep: None }, std::env::args().skip(1));
    while let Some(word) = words.next() {
        match word.as_str() {
            "--tips" => asked.tips = words.next().and_then(|n| n.parse().ok()).unwrap_or(asked.tips),
            "--url" => asked.url = words.next(),
            "--keep" => asked.keep = words.next().map(PathBuf::from),
            // `cargo bench` adds `--bench`.
            _ => (),
        }
    }
    asked
}

fn main() -> Result<(), Any> {
    actix_web::rt::System::new().block_on(run(asked()))
}

async fn run(asked: Asked) -> Result<(), Any> {
    let folder = tempfile::tempdir()?;
    let data_dir = asked.keep.as_deref().unwrap_or(folder.path()).join("data");
    let config = Config { data_dir, database_url: asked.url.clone(), ..Config::default() };
    let start: DateTime<Utc> = TODAY.parse()?;
    let app = App::open(&config, Clock::manual(config.zone()?, start), Chance::system()).await?;
    let which = if asked.url.is_some() { "PostgreSQL" } else { "SQLite" };
    say(&format!("{which}: {} tips, {} cores\n", asked.tips, std::thread::available_parallelism()?))?;

    if entity::facts::Entity::find().one(app.db.read()).await?.is_none() {
        fill_and_publish(&app, asked.tips).await?;
    }
    let running = server::start_doors(app.clone(), SocketAddr::from(([127, 0, 0, 1], 0)), 0).await?;
    let token = people::token(&app).await?;
    let failed = judge(Measured { address: running.addr, token }, &app).await?;
    running.stop().await?;
    app.db.close().await?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

async fn fill_and_publish(app: &App, tips: u32) -> Result<(), Any> {
    let (began, world) = (Instant::now(), world::World::load(app).await?);
    let facts = fill::fill(app, &world, tips).await?;
    row("tips and facts written", began.elapsed(), &format!("{facts} facts"))?;
    let began = Instant::now();
    let made = app.db.write(async |txn| ledger::rebuild(txn).await).await?;
    row("sums made from facts", began.elapsed(), &format!("{} sums", made.rollups))?;
    fill::settle(app).await?;

    let (ana, binh) = people::commanders(app).await?;
    let began = Instant::now();
    let shown = people::publish(app, &ana, &binh).await?;
    row("release of 2021-2023", began.elapsed(), &shown)
}

/// Measures, prints, and tells which limits were not kept.
async fn judge(measured: Measured, app: &App) -> Result<Vec<String>, Any> {
    let mut failed = Vec::new();
    for (what, took, limit, more) in measured.all().await? {
        row(&what, took, &more)?;
        if limit.is_some_and(|limit| took > limit) {
            failed.push(format!("{what}: {took:.1?}"));
        }
    }
    let began = Instant::now();
    let recount = app.db.snapshot(async |txn| ledger::recount(txn).await).await?;
    let took = began.elapsed();
    let more = format!("{} facts, {} sums, {} wrong (limit 60 s)", recount.facts, recount.rollups, recount.wrong);
    row("recount of everything", took, &more)?;
    if took > Duration::from_secs(60) || recount.wrong > 0 {
        failed.push(format!("recount: {took:.1?}, {} wrong", recount.wrong));
    }
    Ok(failed)
}

fn row(what: &str, took: Duration, more: &str) -> Result<(), Any> {
    say(&format!("  {what:<58} {:>12}  {more}\n", format!("{took:.1?}")))
}

fn say(text: &str) -> Result<(), Any> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
