use futures::{Stream, TryStreamExt};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, StreamTrait};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Rollups, compact::Sums, rollup::levels_of_slices, store, written};
use crate::platform::insert::insert_together;

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

/// Sums that are written at once, by one statement.
const PAGE: usize = store::AT_ONCE;

/// Bytes of text that are read before they are handed over to be added up.
const HANDFUL: usize = 4 << 20;

/// Adds up the whole ledger from its lines and compares every sum with the one that stands. Call it on a snapshot, or
/// what is written meanwhile looks wrong.
pub async fn recount(db: &impl StreamTrait) -> Result<Recount, DbErr> {
    let mut state = add_up(db).await?;
    for slice in levels_of_slices() {
        for kind in super::Kind::ALL {
            state = each_text(store::sums(db, slice, *kind).await?, state, compare).await?;
        }
    }
    let (sums, mut found) = state;
    found.wrong += sums.len() as u64;
    Ok(found)
}

type Counting = (Sums, Recount);

fn add((sums, found): &mut Counting, text: &str) -> Result<(), DbErr> {
    found.facts += written::lines(text, |line| sums.add(line))?;
    Ok(())
}

fn compare((sums, found): &mut Counting, text: &str) -> Result<(), DbErr> {
    written::sums(text, |key, stands| {
        found.rollups += 1;
        found.wrong += u64::from(sums.take(key) != Some(stands));
    })
}

async fn add_up(db: &impl StreamTrait) -> Result<Counting, DbErr> {
    each_text(store::lines(db).await?, Counting::default(), add).await
}

/// Works through rows of one text while the database makes the next: each of the two has a core of its own.
async fn each_text(
    rows: impl Stream<Item = Result<QueryResult, DbErr>>,
    state: Counting,
    each: fn(&mut Counting, &str) -> Result<(), DbErr>,
) -> Result<Counting, DbErr> {
    let mut rows = std::pin::pin!(rows);
    let (mut texts, mut bytes, mut work) = (Vec::new(), 0, Work::begin(state));
    while let Some(row) = rows.try_next().await? {
        // A part without any.
        let Some(text) = row.try_get_by_index::<Option<String>>(0)? else { continue };
        bytes += text.len();
        texts.push(text);
        if bytes >= HANDFUL {
            work = work.then(std::mem::take(&mut texts), each).await?;
            bytes = 0;
        }
    }
    work.then(texts, each).await?.end().await
}

struct Work(JoinHandle<Result<Counting, DbErr>>);

impl Work {
    fn begin(state: Counting) -> Self {
        Self(spawn_blocking(move || Ok(state)))
    }

    async fn then(self, texts: Vec<String>, each: fn(&mut Counting, &str) -> Result<(), DbErr>) -> Result<Self, DbErr> {
        let mut state = self.end().await?;
        Ok(Self(spawn_blocking(move || {
            texts.iter().try_for_each(|text| each(&mut state, text))?;
            Ok(state)
        })))
    }

    async fn end(self) -> Result<Counting, DbErr> {
        self.0.await.map_err(|error| DbErr::Custom(format!("recount: {error}")))?
    }
}

/// Puts the sums of all lines in the place of those that stand.
pub async fn rebuild(txn: &(impl ConnectionTrait + StreamTrait)) -> Result<Recount, DbErr> {
    let (sums, found) = add_up(txn).await?;
    store::delete_rollups(txn).await?;
    let mut part = Rollups::new();
    for sum in sums.written_out() {
        let (key, sum) = sum?;
        part.insert(key, sum);
        if part.len() == PAGE {
            insert_together(txn, store::additions(std::mem::take(&mut part))).await?;
        }
    }
    insert_together(txn, store::additions(part)).await?;
    Ok(Recount { rollups: sums.len() as u64, ..found })
}
