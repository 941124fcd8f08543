//! How long `tipline audit verify` takes for a million rows, on SQLite in a temporary folder. Not run by tests:
//!
//! ```sh
//! cargo bench --bench verify_audit              # or, for another number of rows: ... -- 100000
//! ```

use std::{
    io::{self, Write},
    time::Instant,
};

use tipline::{
    app::App,
    audit::{self, Object},
    config::Config,
    platform::clock::Clock,
};
use vault::chance::Chance;

fn main() -> io::Result<()> {
    let rows = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(rows)).map_err(io::Error::other)
}

async fn measure(rows: usize) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let config = Config { data_dir: folder.path().join("data"), ..Config::default() };
    let app = App::open(&config, Clock::system(config.zone()?), Chance::system()).await?;
    app.db.defer_syncs().await?;
    let mut out = io::stdout();
    let started = Instant::now();
    let mut left = rows;
    while left > 0 {
        let batch = left.min(audit::BATCH);
        app.db
            .write(async |txn| {
                for _ in 0..batch {
                    let object = Object::Tip(app.chance.uuid().into());
                    audit::record_system(txn, &app, None, "TipRead", object).await?;
                }
                audit::sequence(txn, &app).await
            })
            .await?;
        left -= batch;
    }
    writeln!(out, "{rows} rows written and sequenced in {:.1} s", started.elapsed().as_secs_f64())?;
    let checkpoint = audit::write_checkpoint(&app).await?;
    let started = Instant::now();
    let verdict = audit::verify(&app, &[vec![checkpoint]]).await?;
    let seconds = started.elapsed().as_secs_f64();
    writeln!(out, "{} rows verified in {seconds:.1} s; tampering: {:?}", verdict.head.seq, verdict.tampering)?;
    Ok(())
}
