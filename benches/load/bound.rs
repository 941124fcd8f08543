//! What this machine can do at most, measured in the same run: the parts that no program could leave out.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use tipline::platform::db::Db;
use uuid::Uuid;
use vault::{
    app_secrets::Secrets,
    chance::Chance,
    keys::{self, SymmetricKey},
    receipt::Receipt,
    seal::{self, Context, Place},
};

use super::Any;

/// Tips a second for which all cores together do the cryptography that a tip cannot do without, when they do nothing
/// else: one key derivation, one pair, one seal to a key pair and three under keys. All at once, because cores that share
/// caches and units are slower than each alone.
pub fn cryptography(words: usize, lasting: Duration) -> Result<f64, Any> {
    let cores = std::thread::available_parallelism()?.get();
    let began = Instant::now();
    let done: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(move || seal_tips(words, began, lasting))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}

fn seal_tips(words: usize, began: Instant, lasting: Duration) -> u32 {
    let chance = Chance::system();
    let secrets = Secrets::generate(&chance);
    let (_, office) = keys::generate_pair(&chance);
    let (place, context) = places();
    let text = vec![b'x'; words];
    let mut done = 0;
    while began.elapsed() < lasting {
        let receipt = Receipt::issue(&chance);
        let derived = receipt.derive(&secrets, 1);
        let (private, public) = keys::generate_pair(&chance);
        let dek = SymmetricKey::generate(&chance);
        let sealed = [
            seal::seal_to(&office, &context, dek.as_bytes(), &chance),
            seal::seal(&keys::own_key(&private), &place, dek.as_bytes(), &chance),
            seal::seal(&dek, &place, &text, &chance),
            seal::seal(&dek, &place, &private.to_bytes(), &chance),
        ];
        std::hint::black_box((derived, public, sealed));
        done += 1;
    }
    done
}

fn places() -> (Place, Context) {
    let row = Uuid::nil();
    (
        Place { table: "tips", column: "sealed", row, owner: row, version: 1 },
        Context { purpose: "tip_office", row, owner: row, version: 1 },
    )
}

/// Durable transactions a second of one row with as many bytes as a tip has, by `writers` at once. `db` is not the line's
/// own file, which would be larger for it afterwards, and laid out otherwise.
pub async fn inserts(db: &Db, bytes: usize, writers: usize, lasting: Duration) -> Result<f64, Any> {
    let (backend, chance) = (db.read().get_database_backend(), Chance::system());
    let kind = if backend == DbBackend::Sqlite { "BLOB" } else { "BYTEA" };
    let create = format!("CREATE TABLE IF NOT EXISTS bench_raw (id {kind} PRIMARY KEY, body {kind})");
    db.write(async |txn| txn.execute_unprepared(&create).await).await?;
    // PostgreSQL would pack zeros away.
    let body: Arc<Vec<u8>> = Arc::new((0..bytes).map(|_| chance.bytes::<1>()[0]).collect());
    let insert = if backend == DbBackend::Sqlite { "VALUES (?, ?)" } else { "VALUES ($1, $2)" };
    let began = Instant::now();
    let counts = join_all((0..writers).map(async |_| {
        let mut count = 0_u32;
        while began.elapsed() < lasting {
            let id = chance.bytes::<16>().to_vec();
            let values = [Value::from(id), Value::from(body.to_vec())];
            let statement = Statement::from_sql_and_values(backend, format!("INSERT INTO bench_raw {insert}"), values);
            db.write(async |txn| txn.execute_raw(statement).await.map(|_| ())).await?;
            count += 1;
        }
        Ok::<_, DbErr>(count)
    }))
    .await;
    let took = began.elapsed().as_secs_f64();
    let done: u32 = counts.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().sum();
    db.write(async |txn| txn.execute_unprepared("DROP TABLE bench_raw").await).await?;
    Ok(f64::from(done) / took)
}
