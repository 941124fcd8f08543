use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, StreamTrait};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Rollups, compact::Sums, rollup::levels_of_slices, store};

/// What counting everything once more found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Lines that were read.
    pub facts: u64,
    /// Sums that were compared.
    pub rollups: u64,
    /// Sums that are not those of their lines; none if all is well.
    pub wrong: u64,
}

/// Lines or sums that are held at once.
const PAGE: usize = 20_000;

/// Adds up the whole ledger from its lines and compares every sum with the one that stands. Call it on a snapshot, or
/// what is written meanwhile looks wrong.
pub async fn recount(db: &(impl ConnectionTrait + StreamTrait)) -> Result<Recount, DbErr> {
    let (facts, sums) = add_up(db).await?;
    let mut work = Work::begin((sums, Recount { facts, ..Recount::default() }));
    for slice in levels_of_slices() {
        for kind in super::Kind::ALL {
            let rows = store::rollups_of(db, slice, *kind).await?;
            work = work.then(rows, compare).await?;
        }
    }
    let (sums, mut found) = work.end().await?;
    found.wrong += sums.len() as u64;
    Ok(found)
}

fn compare((sums, found): &mut (Sums, Recount), row: &QueryResult) -> Result<(), DbErr> {
    let (key, stands) = store::summed(row)?;
    found.rollups += 1;
    found.wrong += u64::from(sums.take(&key) != Some(stands));
    Ok(())
}

/// What is made of rows while the database fetches the next: each of the two has a core of its own.
struct Work<T>(JoinHandle<Result<T, DbErr>>);

impl<T: Send + 'static> Work<T> {
    fn begin(state: T) -> Self {
        Self(spawn_blocking(move || Ok(state)))
    }

    async fn then(
        self,
        rows: Vec<QueryResult>,
        each: fn(&mut T, &QueryResult) -> Result<(), DbErr>,
    ) -> Result<Self, DbErr> {
        let mut state = self.end().await?;
        Ok(Self(spawn_blocking(move || {
            rows.iter().try_for_each(|row| each(&mut state, row))?;
            Ok(state)
        })))
    }

    async fn end(self) -> Result<T, DbErr> {
        self.0.await.map_err(|error| DbErr::Custom(format!("recount: {error}")))?
    }
}

/// Puts the sums of all lines in the place of those that stand.
pub async fn rebuild(txn: &(impl ConnectionTrait + StreamTrait)) -> Result<Recount, DbErr> {
    let (facts, sums) = add_up(txn).await?;
    store::delete_rollups(txn).await?;
    let mut part = Rollups::new();
    for sum in sums.written_out() {
        let (key, sum) = sum?;
        part.insert(key, sum);
        if part.len() == PAGE {
            store::add(txn, std::mem::take(&mut part)).await?;
        }
    }
    store::add(txn, part).await?;
    Ok(Recount { facts, rollups: sums.len() as u64, wrong: 0 })
}

async fn add_up(db: &impl StreamTrait) -> Result<(u64, Sums), DbErr> {
    let (mut facts, mut page, mut work) = (0, Vec::with_capacity(PAGE), Work::begin(Sums::default()));
    let mut lines = std::pin::pin!(store::lines(db).await?);
    while let Some(line) = lines.try_next().await? {
        facts += 1;
        page.push(line);
        if page.len() == PAGE {
            work = work.then(std::mem::replace(&mut page, Vec::with_capacity(PAGE)), add).await?;
        }
    }
    Ok((facts, work.then(page, add).await?.end().await?))
}

fn add(sums: &mut Sums, row: &QueryResult) -> Result<(), DbErr> {
    store::counted(row, |line| sums.add(line))
}
