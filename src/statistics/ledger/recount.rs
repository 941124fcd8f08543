use sea_orm::{ConnectionTrait, DbErr};

use super::{Rollups, compact::Sums, store};

/// What counting everything once more found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
pub async fn recount(db: &impl ConnectionTrait) -> Result<Recount, DbErr> {
    let (facts, mut sums) = add_up(db).await?;
    let mut found = Recount { facts, ..Recount::default() };
    for slice in super::Slice::ALL {
        for kind in super::Kind::ALL {
            for row in store::rollups_of(db, slice, *kind).await? {
                found.rollups += 1;
                let sum = sums.take(&row);
                let agrees = sum.is_some_and(|sum| sum.facts == row.facts && sum.amount_milli == row.amount_milli);
                found.wrong += u64::from(!agrees);
            }
        }
    }
    found.wrong += sums.len() as u64;
    Ok(found)
}

/// Puts the sums of all lines in the place of those that stand.
pub async fn rebuild(txn: &impl ConnectionTrait) -> Result<Recount, DbErr> {
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

async fn add_up(db: &impl ConnectionTrait) -> Result<(u64, Sums), DbErr> {
    let (mut facts, mut sums, mut after) = (0, Sums::default(), None);
    loop {
        let page = store::page(db, after, PAGE as u64).await?;
        let Some((last, _)) = page.last() else { return Ok((facts, sums)) };
        after = Some(*last);
        facts += page.len() as u64;
        page.iter().for_each(|(_, line)| sums.add(line));
    }
}
