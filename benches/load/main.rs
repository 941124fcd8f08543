//! How fast the line is: `cargo bench --bench load`, or `scripts/bench` for both databases and the table.
//!
//! Starts the real server as a process of its own over an empty database (`--url postgres://..`, else SQLite in a
//! folder that is removed), and asks it over sockets that are kept, as clients do; the driver runs on the same cores.
//! Beside each figure stands what the machine can do at most, measured in the same run: durable inserts of as many
//! bytes through the same driver, the cryptography that a tip cannot do without, a route that does nothing.

mod bound;
mod client;
mod crowd;
mod doings;
mod fill;
mod people;
mod rows;
mod server;
mod size;

use std::{path::Path, time::Duration};

use crowd::Met;
use entity::tips;
use rows::Rows;
use sea_orm::{EntityTrait, PaginatorTrait};
use server::Server;
use tipline::{
    app::App,
    config::Config,
    platform::{clock::Clock, db::Db},
};
use vault::chance::Chance;

pub type Any = Box<dyn std::error::Error + Send + Sync>;

/// A load and what bounds it take turns: a machine that others share is not equally fast from one second to the next.
const TURNS: u32 = 5;

/// What the command line says.
pub struct Asked {
    url: Option<String>,
    /// Sealed tips for the search.
    sealed: usize,
    /// Tips in the queue, most of them without words.
    queue: usize,
    /// How long each load lasts.
    lasting: Duration,
    /// Only this; empty: everything.
    only: Vec<String>,
    /// Residents at once, one load after another.
    connections: Vec<usize>,
}

impl Asked {
    fn read() -> Result<Self, Any> {
        let mut asked = Self {
            url: None,
            sealed: 100_000,
            queue: 1_000_000,
            lasting: Duration::from_secs(5),
            only: Vec::new(),
            connections: Vec::new(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word}: what?"));
            match word.as_str() {
                "--url" => asked.url = Some(value()?),
                "--sealed" => asked.sealed = value()?.parse()?,
                "--queue" => asked.queue = value()?.parse()?,
                "--seconds" => asked.lasting = Duration::from_secs_f64(value()?.parse()?),
                "--only" => asked.only.push(value()?),
                "--connections" => asked.connections.push(value()?.parse()?),
                // `cargo bench` adds `--bench`.
                _ => (),
            }
        }
        if asked.connections.is_empty() {
            asked.connections = CONNECTIONS.to_vec();
        }
        Ok(asked)
    }

    fn wants(&self, what: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == what)
    }

    fn database(&self) -> &'static str {
        if self.url.is_some() { "PostgreSQL" } else { "SQLite" }
    }
}

fn main() -> Result<(), Any> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(Asked::read()?))
}

async fn run(asked: Asked) -> Result<(), Any> {
    let folder = tempfile::tempdir()?;
    let config = Config { data_dir: folder.path().join("data"), database_url: asked.url.clone(), ..Config::default() };
    let app = App::open(&config, Clock::system(config.zone()?), Chance::system()).await?;
    let staff = people::screener(&app).await?;
    let rows = Rows::of(asked.database());
    if asked.wants("intake") {
        intake(&asked, &app, folder.path(), &rows).await?;
    }
    if asked.wants("officers") {
        officers(&asked, &app, folder.path(), &staff, &rows).await?;
    }
    app.db.close().await?;
    Ok(())
}

/// What is sealed of a tip, in bytes: words, keys, and the reporter's pair.
const SEALED_BYTES: usize = 4_700;

const CONNECTIONS: [usize; 4] = [1, 8, 32, 128];

/// What residents do.
async fn intake(asked: &Asked, app: &App, folder: &Path, rows: &Rows) -> Result<(), Any> {
    let server = Server::start(folder, asked.url.as_deref()).await?;
    rows.memory("memory, idle", &server)?;
    let nothing = doings::nothing(&server, 32, asked.lasting).await?;
    rows.met("route that does nothing, 32 connections", &nothing, None)?;
    let before = size::database(app).await?;
    let beside = asked.url.clone().unwrap_or_else(|| Db::sqlite_url(&folder.join("beside.db")));
    let beside = Db::open(&beside).await?;
    let (mut receipts, mut stored) = (Vec::new(), warm_up(&server).await?);
    for &number in &asked.connections {
        let inserts = bound::inserts(&beside, SEALED_BYTES, number, asked.lasting.div_f64(2.0)).await?;
        let Sent { met, receipts: kept, cryptography } = sent(asked, &server, number).await?;
        receipts.extend(kept);
        let bound = inserts.min(cryptography);
        rows.met(&format!("tip sent (ticket and tip), {number} connections"), &met, Some(bound))?;
        if number == 32 {
            rows.number("  bound: durable inserts of the same bytes", inserts, "/s")?;
            rows.number("  bound: cryptography of tips on all cores", cryptography, "/s")?;
        }
        stored += met.count();
    }
    beside.close().await?;
    let after = size::database(app).await?;
    rows.number("database for a tip", (after - before) as f64 / stored as f64, "bytes")?;
    for &number in &asked.connections {
        let met = doings::threads(&server, number, asked.lasting, &receipts).await?;
        rows.met(&format!("thread opened, {number} connections"), &met, None)?;
    }
    rows.memory("memory, loaded", &server)
}

/// Not measured: the first ones make the tables' first pages and the driver's statements, for lots of each size. Tells how
/// many there were.
async fn warm_up(server: &Server) -> Result<usize, Any> {
    Ok(doings::intake(server, 32, Duration::from_secs(1), &doings::narrative()).await?.0.count())
}

/// What came of residents who sent tips, and of how many tips a second all cores could do the cryptography meanwhile.
struct Sent {
    met: Met,
    receipts: Vec<String>,
    cryptography: f64,
}

/// Load and bound take turns, so that both are of the same minute.
async fn sent(asked: &Asked, server: &Server, number: usize) -> Result<Sent, Any> {
    let (narrative, turn) = (doings::narrative(), asked.lasting / TURNS);
    let (mut met, mut receipts, mut cryptography) = (Met::default(), Vec::new(), 0.0);
    for _ in 0..TURNS {
        cryptography += bound::cryptography(narrative.len(), turn / 2)? / f64::from(TURNS);
        let (more, kept) = doings::intake(server, number, turn, &narrative).await?;
        met.add(more);
        receipts.extend(kept);
    }
    Ok(Sent { met, receipts, cryptography })
}

/// What officers do, with many tips in the queue.
async fn officers(
    asked: &Asked,
    app: &App,
    folder: &Path,
    staff: &tipline::staff::Staff,
    rows: &Rows,
) -> Result<(), Any> {
    // Residents have sent some already.
    let there = usize::try_from(tips::Entity::find().count(app.db.read()).await?)?;
    fill::sealed(app, staff, asked.sealed.saturating_sub(there)).await?;
    let server = Server::start(folder, asked.url.as_deref()).await?;
    // The first one opens what nobody has opened, by a key encapsulation each, and leaves what opens fast.
    for (words, tips) in [("khong-co-tu-nay", "unopened tips"), ("go%20lau", "tips"), ("khong-co-tu-nay", "tips")] {
        let (first, whole, hits) = doings::search(&server, words).await?;
        let what = format!("search of {} {tips}, {hits} hits", asked.sealed);
        if hits > 0 {
            rows.number(&format!("{what}: first"), first.as_secs_f64() * 1e3, "ms")?;
        }
        rows.number(&format!("{what}: whole"), whole.as_secs_f64() * 1e3, "ms")?;
    }
    rows.memory("memory, after searches", &server)?;
    drop(server);
    fill::queue(app, asked.queue.saturating_sub(asked.sealed)).await?;
    let server = Server::start(folder, asked.url.as_deref()).await?;
    rows.number(&format!("start with {} tips", asked.queue), server.started.as_secs_f64() * 1000.0, "ms")?;
    let (page, deep) = fill::deep(app, 10_000, 50).await?;
    let deep_page = format!("queue, page {page}");
    let figures = "/api/v1/statistics/received?from=2021-01-01&to=2025-12-31&by=year";
    for (what, path) in [
        ("queue, first page", "/api/v1/tips?limit=50"),
        (deep_page.as_str(), deep.as_str()),
        ("queue, page of the console", "/console"),
        ("statistics", figures),
    ] {
        for number in [1, 8] {
            let met = doings::looks(&server, number, asked.lasting.div_f64(2.0), path).await?;
            rows.met(&format!("{what}, {number} connections"), &met, None)?;
        }
    }
    // What a tip costs does not grow with how many there are.
    warm_up(&server).await?;
    let Sent { met, cryptography, .. } = sent(asked, &server, 32).await?;
    rows.met(&format!("tip sent with {} tips, 32 connections", asked.queue), &met, Some(cryptography))?;
    for number in [1, 8] {
        let met = doings::log_ins(&server, number, asked.lasting).await?;
        rows.met(&format!("log-in, {number} connections"), &met, None)?;
    }
    rows.memory("memory, loaded by officers", &server)
}
