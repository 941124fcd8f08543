//! Stores new tips, those together that arrive at about the same time.
//!
//! A tip is some ten rows of nine tables. One by one, each statement is a way over to the database's thread or process
//! and back, and each commit a wait for the disk; together, thirty tips need hardly more of these than one. So those who
//! are here wait until they are as many as those who are still being sealed, a hundredth of a second at most. Who comes
//! alone is stored at once.
//!
//! Each is told its own fate, after the commit. What keeps one from being stored keeps nobody else from it.

mod store;

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::NaiveDate;
use entity::{
    audit_rows,
    ids::{OfficeId, TipId},
    receipts, tip_concerns, tip_wraps, tips,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, IntoActiveModel, RuntimeErr};
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::{Instant, timeout_at},
};
use vault::chance::Chance;

use super::{custody, submit::is_unique};
use crate::{
    audit,
    identities::{self, SealedIdentity},
    platform::{
        db::{Db, POSTGRES_APPENDERS, is_unavailable},
        home::Home,
        insert::insert_together,
        threads::run_apart,
    },
    statistics::ledger,
    units,
};

/// Tips that are stored together at most.
const MOST: usize = 32;

/// Arrivals that wait; as many as the lanes let in are never so many.
const WAITING: usize = 1024;

/// How long a lot waits for tips that are still being sealed. A core seals a dozen meanwhile.
const PATIENCE: Duration = Duration::from_millis(10);

/// Where tips are handed in to be stored. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Intake {
    sender: mpsc::Sender<Arrival>,
    /// Tips that are being sealed, and will be handed in shortly unless something is wrong with them.
    coming: Arc<AtomicUsize>,
}

/// Tells that a tip is on its way, as long as it is held.
#[derive(Debug)]
pub(super) struct Coming(Arc<AtomicUsize>);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All that is stored with a tip.
pub(super) struct NewTipRows {
    pub tip: tips::Model,
    pub wraps: [tip_wraps::ActiveModel; 2],
    pub receipt: receipts::Model,
    pub identity: Option<SealedIdentity>,
    /// Offices that it is about.
    pub concerns: Vec<tip_concerns::Model>,
    /// Who stored it, for the record.
    pub act: audit_rows::Model,
    /// Of the key that it is sealed to.
    pub epoch: i32,
    /// A resident sends it: refused where the line is closed.
    pub from_resident: bool,
    /// What its receipt leads to, under each pepper that the line holds.
    pub hashes: Vec<Vec<u8>>,
}

/// What became of a tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stored,
    /// Not stored: its office has begun a new epoch since, or was ended.
    Outdated,
    /// Not stored: the line, or its office, takes no tips of residents for a while.
    Closed,
    /// Not stored: there is a tip with this receipt, or with this number.
    Taken,
}

struct Arrival {
    rows: Box<NewTipRows>,
    tell: oneshot::Sender<Result<Fate, DbErr>>,
}

impl Intake {
    /// Begins to take tips in, on a thread of its own, until nobody is left to hand some in.
    pub fn start(db: Db, chance: Chance) -> std::io::Result<Self> {
        let (sender, arrivals) = mpsc::channel(WAITING);
        // Connections that it opens are others' too, and live where theirs do.
        let home = db.home();
        let coming = Arc::default();
        run_apart("intake", take_in(db, home, chance, arrivals, Arc::clone(&coming)))?;
        Ok(Self { sender, coming })
    }

    /// Says that a tip will be handed in as soon as it is sealed.
    pub(super) fn expect(&self) -> Coming {
        self.coming.fetch_add(1, Ordering::Relaxed);
        Coming(Arc::clone(&self.coming))
    }

    /// Stores a tip that was expected, and tells when it is durable.
    pub(super) async fn store(&self, rows: NewTipRows, coming: Coming) -> Result<Fate, DbErr> {
        let (tell, told) = oneshot::channel();
        let gone = || DbErr::Conn(RuntimeErr::Internal("nobody is there to store tips".into()));
        let arrival = Arrival { rows: Box::new(rows), tell };
        // Before whoever gathers arrivals can see it: otherwise it would be waited for while it is there.
        drop(coming);
        self.sender.send(arrival).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

async fn take_in(db: Db, home: Home, chance: Chance, mut arrivals: mpsc::Receiver<Arrival>, coming: Arc<AtomicUsize>) {
    let postgres = db.read().get_database_backend() == DbBackend::Postgres;
    // On PostgreSQL one is written while another waits for the disk. SQLite has one writer.
    let lots = Arc::new(Semaphore::new(if postgres { POSTGRES_APPENDERS.into() } else { 1 }));
    let mut waiting = Vec::with_capacity(MOST);
    loop {
        // First, so that whoever arrives meanwhile is among the next.
        let Ok(place) = lots.clone().acquire_owned().await else { return };
        if waiting.is_empty() && arrivals.recv_many(&mut waiting, MOST).await == 0 {
            return;
        }
        gather(&mut waiting, &mut arrivals, &coming).await;
        let rest = waiting.split_off(lot_of(waiting.len()));
        let lot = std::mem::replace(&mut waiting, rest);
        let (db, home, chance) = (db.clone(), home.clone(), chance.clone());
        // A task of its own: whatever happens to a lot, the next one is taken in.
        tokio::spawn(async move {
            let (rows, tell): (Vec<_>, Vec<_>) = lot.into_iter().map(|arrival| (arrival.rows, arrival.tell)).unzip();
            let fates = home.run(settle(&db, &chance, &rows)).await;
            drop(place);
            // Who hung up is not told, and finds the tip by the receipt.
            tell.into_iter().zip(fates).for_each(|(tell, fate)| drop(tell.send(fate)));
        });
    }
}

/// Waits until as many are here as are still to come.
async fn gather<T>(waiting: &mut Vec<T>, arrivals: &mut mpsc::Receiver<T>, coming: &AtomicUsize) {
    let latest = Instant::now() + PATIENCE;
    loop {
        while waiting.len() < MOST
            && let Ok(arrival) = arrivals.try_recv()
        {
            waiting.push(arrival);
        }
        if waiting.len() >= MOST.min(coming.load(Ordering::Relaxed)) {
            return;
        }
        // Nobody left to hand some in, or nobody in time.
        let Ok(Some(arrival)) = timeout_at(latest, arrivals.recv()).await else { return };
        waiting.push(arrival);
    }
}

/// How many of those who wait are stored together: two or three times a power of two, so that drivers and databases meet
/// few different statements and keep them prepared, and few wait for the next lot.
fn lot_of(waiting: usize) -> usize {
    let power = waiting.checked_ilog2().map_or(0, |power| 1 << power);
    if waiting >= power + power / 2 { power + power / 2 } else { power }
}

/// Stores what can be stored, and tells of each what became of it.
async fn settle(db: &Db, chance: &Chance, rows: &[Box<NewTipRows>]) -> Vec<Result<Fate, DbErr>> {
    let mut fates: HashMap<TipId, Result<Fate, DbErr>> = HashMap::new();
    let mut left: Vec<&NewTipRows> = rows.iter().map(AsRef::as_ref).collect();
    while !left.is_empty() {
        match store_together(db, chance, &left).await {
            Ok(stored) => {
                let fate = |id| if stored.contains(&id) { Fate::Stored } else { Fate::Taken };
                fates.extend(left.drain(..).map(|rows| (rows.tip.id, Ok(fate(rows.tip.id)))));
            }
            Err(Undone::Refused(refused)) => {
                left.retain(|rows| !refused.contains_key(&rows.tip.id));
                fates.extend(refused.into_iter().map(|(id, fate)| (id, Ok(fate))));
            }
            Err(Undone::Store(error)) if is_unavailable(&error) => {
                fates.extend(left.drain(..).map(|rows| (rows.tip.id, Err(same(&error)))));
            }
            // One is in the others' way: the same receipt among them, or on another node at this moment.
            Err(Undone::Store(_)) => {
                for rows in left.drain(..) {
                    fates.insert(rows.tip.id, store_alone(db, chance, rows).await);
                }
            }
        }
    }
    let missing = || Err(DbErr::Custom("a tip was forgotten".into()));
    rows.iter().map(|rows| fates.remove(&rows.tip.id).unwrap_or_else(missing)).collect()
}

async fn store_alone(db: &Db, chance: &Chance, rows: &NewTipRows) -> Result<Fate, DbErr> {
    match store_together(db, chance, &[rows]).await {
        Ok(stored) => Ok(if stored.is_empty() { Fate::Taken } else { Fate::Stored }),
        Err(Undone::Refused(mut refused)) => Ok(refused.remove(&rows.tip.id).unwrap_or(Fate::Outdated)),
        Err(Undone::Store(error)) if is_unique(&error) => Ok(Fate::Taken),
        Err(Undone::Store(error)) => Err(error),
    }
}

/// Why none of some tips was stored.
enum Undone {
    /// These can't be.
    Refused(HashMap<TipId, Fate>),
    Store(DbErr),
}

impl From<DbErr> for Undone {
    fn from(error: DbErr) -> Self {
        Self::Store(error)
    }
}

/// Stores in one transaction those tips whose receipts lead to none, and tells which.
async fn store_together(db: &Db, chance: &Chance, rows: &[&NewTipRows]) -> Result<HashSet<TipId>, Undone> {
    // Nothing that is kept in mind depends on new tips.
    db.append(async |txn| {
        let hashes = rows.iter().flat_map(|rows| rows.hashes.iter().cloned()).collect();
        let taken = store::hashes_taken(txn, hashes).await?;
        let is_new = |rows: &&NewTipRows| !rows.hashes.iter().any(|hash| taken.contains(hash));
        let mut new: Vec<&NewTipRows> = rows.iter().copied().filter(is_new).collect();
        // In the order of what is drawn by chance: that of their arrival is nobody's business.
        new.sort_unstable_by_key(|rows| rows.tip.id);
        let stored = new.iter().map(|rows| rows.tip.id).collect();
        if !new.is_empty() {
            insert(txn, chance, &new).await?;
        }
        Ok(stored)
    })
    .await
}

async fn insert(txn: &impl ConnectionTrait, chance: &Chance, new: &[&NewTipRows]) -> Result<(), Undone> {
    let tips: Vec<_> = new.iter().map(|rows| rows.tip.clone().into_active_model().reset_all()).collect();
    let wraps: Vec<_> = new.iter().flat_map(|rows| rows.wraps.clone()).collect();
    let mut receipts: Vec<_> = new.iter().map(|rows| rows.receipt.clone()).collect();
    // All nodes take receipts in one order, so that no two wait for each other in a circle.
    receipts.sort_unstable_by(|a, b| a.lookup_hash.cmp(&b.lookup_hash));
    let receipts = receipts.into_iter().map(|receipt| receipt.into_active_model().reset_all());
    // A tip's row holds its office's: an epoch that begins from here on waits, and finds the tip to be moved.
    insert_together(txn, store::inserts(tips, wraps, receipts)).await?;
    let refused = refused(txn, new).await?;
    if !refused.is_empty() {
        return Err(Undone::Refused(refused));
    }
    let concerns = new.iter().flat_map(|rows| rows.concerns.clone()).collect();
    let concerns = custody::store::concern_inserts(concerns).into_iter();
    let sealed = identities::store::inserts(new.iter().filter_map(|rows| rows.identity.clone()).collect());
    let acts = audit::store::inserts(new.iter().map(|rows| rows.act.clone()).collect());
    // Last, because their sums are what all tips of a day have in common.
    let facts =
        ledger::inserts(chance, new.iter().map(|rows| ledger::received(rows.tip.received_on, &rows.tip)).collect());
    Ok(insert_together(txn, concerns.chain(sealed).chain(acts).chain(facts)).await?)
}

/// Tips that can't go where they were to go: as it stands now that their rows are there.
async fn refused(txn: &impl ConnectionTrait, new: &[&NewTipRows]) -> Result<HashMap<TipId, Fate>, DbErr> {
    let closed = units::Closed::now(txn).await?;
    let mut newest: HashMap<(OfficeId, NaiveDate), Option<i32>> = HashMap::new();
    let mut refused = HashMap::new();
    for rows in new {
        let desk = (rows.tip.office_id, rows.tip.received_on);
        if let Entry::Vacant(unknown) = newest.entry(desk) {
            unknown.insert(units::store::key_of_open(txn, desk.0, desk.1).await?.map(|key| key.epoch));
        }
        if rows.from_resident && closed.has(desk.0) {
            refused.insert(rows.tip.id, Fate::Closed);
        } else if newest.get(&desk) != Some(&Some(rows.epoch)) {
            refused.insert(rows.tip.id, Fate::Outdated);
        }
    }
    Ok(refused)
}

/// An error for each of those whom it befell.
fn same(error: &DbErr) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// What a lot has at once, when so many are being sealed; none: it waits.
    fn at_once(here: usize, at_the_door: usize, coming: usize) -> Option<usize> {
        let (sender, mut arrivals) = mpsc::channel(WAITING);
        (0..at_the_door).for_each(|_| sender.try_send(()).unwrap());
        let mut waiting = vec![(); here];
        gather(&mut waiting, &mut arrivals, &AtomicUsize::new(coming)).now_or_never()?;
        Some(waiting.len())
    }

    #[tokio::test]
    async fn a_lot_waits_for_as_many_as_it_has() {
        let cases = [
            ((1, 0, 0), Some(1)),
            ((1, 0, 1), Some(1)),
            ((1, 0, 2), None),
            ((1, 1, 2), Some(2)),
            ((5, 2, 8), None),
            ((5, 3, 8), Some(8)),
        ];
        for ((here, at_the_door, coming), stored) in cases {
            assert_eq!(at_once(here, at_the_door, coming), stored, "{here}, {at_the_door}, {coming}");
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_more_than_a_lot_takes() {
        assert_eq!(at_once(MOST, 0, 500), Some(MOST));
        assert_eq!(at_once(1, 100, 500), Some(MOST));
    }

    #[tokio::test]
    async fn those_who_do_not_come_are_not_waited_for_for_ever() {
        let (sender, mut arrivals) = mpsc::channel(WAITING);
        let (mut waiting, coming) = (vec![()], AtomicUsize::new(9));
        gather(&mut waiting, &mut arrivals, &coming).await;
        assert_eq!(waiting.len(), 1);
        drop(sender);
        assert_eq!(gather(&mut waiting, &mut arrivals, &coming).now_or_never(), Some(()));
    }

    #[test]
    fn one_is_expected_until_it_is_here_or_given_up() {
        let (sender, _arrivals) = mpsc::channel(WAITING);
        let intake = Intake { sender, coming: Arc::default() };
        let (one, other) = (intake.expect(), intake.expect());
        assert_eq!(intake.coming.load(Ordering::Relaxed), 2);
        drop((one, other));
        assert_eq!(intake.coming.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn lots_have_few_sizes_and_are_never_more_than_wait() {
        for (waiting, lot) in [(1, 1), (2, 2), (3, 3), (5, 4), (7, 6), (8, 8), (11, 8), (12, 12), (31, 24), (32, 32)] {
            assert_eq!(lot_of(waiting), lot);
        }
    }
}
