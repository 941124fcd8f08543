//! Finding words in sealed tips: open and read through, bounded, resumable. No index of words exists that could tell.

use std::{
    collections::{HashMap, VecDeque},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use chrono::NaiveDate;
use entity::{
    enums::WrapHolder,
    ids::{OfficeId, OfficerId, TipId},
    messages, tip_wraps,
};
use futures::{
    future::{join, try_join, try_join_all},
    poll,
};
use sea_orm::{DatabaseTransaction, DbErr};
use vault::{chance::Chance, keys::PrivateKey};

use super::{
    ListError, TipKeys,
    content::Words,
    fast_wraps::{self, FastWrap},
    list::{Key, parts},
    open_tip_keys,
    queue::store::{QueueFilter, QueuePart, QueueRow, SealedRow, UnreadRow, queue_sealed, still_queued},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::threads::Begun,
    reference::Finder,
    staff::Staff,
    units::{self, Keyring, OpenKeysError},
};

/// What one call spends in search of words, in tips that opened fast: so it takes less than two hundred milliseconds,
/// and the next goes on where it ended.
const BUDGET: u64 = 6_000;

/// What a tip costs that its office has never opened: a key encapsulation, where others take a cipher.
const NEVER_OPENED: u64 = 20;

/// Tips that are read at a time, shared among the cores; as many wait for these to end, and as many are being asked for.
const LOT: u64 = 400;

/// The first ones of a call: all cores wait for them.
const FIRST_LOT: u64 = 100;

/// A search through opened tips.
pub(super) struct Search {
    queue: QueueFilter,
    keyrings: HashMap<OfficeId, Keyring>,
    /// Who searches: opens what names this officer.
    reader: Reader,
    priority: Option<i16>,
    /// Folded.
    needle: String,
}

/// What a call of a search found.
pub(super) struct Found {
    pub rows: Vec<QueueRow>,
    /// Where it stopped; none: at the end.
    pub next: Option<Key>,
    /// Tips that it read through.
    pub scanned: u64,
}

/// An officer's own way to restricted tips.
struct Reader {
    id: OfficerId,
    private: PrivateKey,
}

impl Search {
    /// Opens the keys of the offices that are searched, leaves out those whose key the officer lacks, and puts the
    /// search on record.
    pub async fn open(
        app: &App,
        staff: &Staff,
        mut queue: QueueFilter,
        priority: Option<i16>,
        needle: String,
    ) -> Result<Self, ListError> {
        let mut keyrings = HashMap::new();
        for office in &queue.offices {
            match units::open_keys(app.db.read(), staff, *office).await {
                Ok(keyring) => drop(keyrings.insert(*office, keyring)),
                Err(OpenKeysError::NoKey) => {}
                Err(OpenKeysError::Refused(refused)) => return Err(refused.into()),
                Err(OpenKeysError::Store(error)) => return Err(error.into()),
            }
        }
        if keyrings.is_empty() && !queue.offices.is_empty() {
            return Err(ListError::NoKey);
        }
        queue.offices.retain(|office| keyrings.contains_key(office));
        app.db.write(async |txn| record(txn, app, staff, &queue.offices).await).await?;
        let reader = Reader { id: staff.id, private: staff.private.clone() };
        Ok(Self { queue, keyrings, reader, priority, needle })
    }

    /// Goes on until the page is full, the queue ends or the budget is spent; then tells where it stopped.
    pub async fn run(self: Arc<Self>, app: &App, after: Option<Key>, limit: u64) -> Result<Found, DbErr> {
        let (mut hits, mut scanned, mut left) = (Vec::new(), 0, BUDGET);
        for (priority, after) in parts(self.priority, after) {
            let key = |(d, i)| Key { p: priority, d, i };
            let (mut asked, mut under_way, mut cut_short) = (FIRST_LOT, VecDeque::new(), false);
            let mut lot = self.lot(app, priority, after, asked).await?;
            while !(lot.is_empty() && under_way.is_empty()) {
                let (last, read) = (lot.last().map(|tip| tip.place), lot.len() as u64);
                let rest = read == asked;
                // What is not read is not asked for.
                let more = rest && LOT * (1 + under_way.len() as u64) < left;
                asked = LOT;
                cut_short |= rest && !more;
                // Begun now. SQLite has it ready when an earlier lot is read through, and is not looked at before: it
                // would wake us for each of its rows. PostgreSQL waits for who takes rows off the line.
                let ahead = async { if more { self.lot(app, priority, last, LOT).await } else { Ok(Vec::new()) } };
                let mut ahead = pin!(ahead);
                let begun = poll!(ahead.as_mut());
                // Behind the one that is being read, so that no core waits for the last to end.
                under_way.extend(last.map(|last| (last, self.hand_out(app, lot, Self::first_step))));
                let ended = if more && under_way.len() < 2 { None } else { under_way.pop_front() };
                let read_through = async {
                    let Some((last, shares)) = ended else { return Ok(None) };
                    Ok::<_, DbErr>(Some((last, gather(shares).await?)))
                };
                // Before anything else is asked: whoever holds a connection must not wait for a second one.
                let (ended, next) = match begun {
                    Poll::Ready(next) => (read_through.await, next),
                    Poll::Pending if app.db.keeps_rows_ready() => (read_through.await, ahead.await),
                    Poll::Pending => join(read_through, ahead).await,
                };
                lot = next?;
                let Some((last, steps)) = ended? else { continue };
                for tip in self.finish(app, steps).await? {
                    scanned += 1;
                    left = left.saturating_sub(if tip.opened_slowly { NEVER_OPENED } else { 1 });
                    if tip.has_words {
                        hits.push(tip.place.1);
                    }
                    if hits.len() as u64 == limit {
                        return self.found(app, hits, Some(key(tip.place)), scanned).await;
                    }
                }
                if left == 0 || (cut_short && under_way.is_empty()) {
                    return self.found(app, hits, Some(key(last)), scanned).await;
                }
            }
        }
        self.found(app, hits, None, scanned).await
    }

    /// The rows of the hits, in their order. One that somebody moved out of sight meanwhile is none any more.
    async fn found(&self, app: &App, hits: Vec<TipId>, next: Option<Key>, scanned: u64) -> Result<Found, DbErr> {
        let rows = still_queued(app.db.read(), &self.queue, hits.clone()).await?;
        let mut rows: HashMap<TipId, QueueRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(Found { rows: hits.iter().filter_map(|tip| rows.remove(tip)).collect(), next, scanned })
    }

    /// The next tips of a priority, in their order.
    async fn lot(&self, app: &App, priority: i16, after: Option<Place>, limit: u64) -> Result<Vec<Unread>, DbErr> {
        let part = QueuePart { priority, after, skip: 0, limit };
        if !app.db.works_side_by_side() {
            return self.part(app, part).await;
        }
        let half = limit.div_ceil(2);
        // Beginning with the last one of the first half: so it is seen whether both were cut at the same place, although
        // somebody may have moved tips between the one look and the other.
        let rest = QueuePart { skip: half - 1, limit: limit - half + 1, ..part };
        let halves = try_join(self.part(app, QueuePart { limit: half, ..part }), self.part(app, rest)).await?;
        let (mut lot, mut rest) = halves;
        let Some(last) = lot.last().map(|tip| tip.place).filter(|_| lot.len() as u64 == half) else { return Ok(lot) };
        if rest.first().is_some_and(|tip| tip.place == last) {
            rest.remove(0);
        } else {
            rest = self.part(app, QueuePart { after: Some(last), limit: limit - half, ..part }).await?;
        }
        lot.append(&mut rest);
        Ok(lot)
    }

    async fn part(&self, app: &App, part: QueuePart) -> Result<Vec<Unread>, DbErr> {
        let rows = queue_sealed(app.db.read(), &self.queue, part).await?;
        let mut lot: Vec<Unread> = Vec::with_capacity(rows.len());
        let placed: Result<Vec<(Place, UnreadRow)>, DbErr> =
            rows.into_iter().map(|row| Ok((row.place()?, row))).collect();
        let mut placed = placed?;
        placed.sort_by_key(|(place, _)| *place);
        for (place, row) in placed {
            match lot.last_mut() {
                Some(tip) if tip.place == place => tip.rows.push(row),
                Some(_) | None => lot.push(Unread { place, rows: vec![row] }),
            }
        }
        Ok(lot)
    }

    /// Hands tips to all cores, in shares.
    fn hand_out<T, R>(
        self: &Arc<Self>,
        app: &App,
        mut tips: Vec<T>,
        work: fn(&Self, T, &mut Finder<'_>, &Chance) -> R,
    ) -> Vec<Begun<Vec<R>>>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = tips.len().div_ceil(2 * cores).max(1);
        let mut shares = Vec::with_capacity(2 * cores);
        while !tips.is_empty() {
            let rest = tips.split_off(share.min(tips.len()));
            let (search, chance, share) = (self.clone(), app.chance.clone(), std::mem::replace(&mut tips, rest));
            shares.push(app.searches.begin(move || {
                let mut finder = Finder::of(&search.needle);
                share.into_iter().map(|tip| work(&search, tip, &mut finder, &chance)).collect::<Vec<_>>()
            }));
        }
        shares
    }

    /// Reads a tip that opens fast and about which nobody has talked, as most are; others lack something.
    fn first_step(&self, tip: Unread, finder: &mut Finder<'_>, chance: &Chance) -> Result<Step, DbErr> {
        let Some(first) = tip.rows.first() else { return Err(DbErr::Custom("a tip without a row".into())) };
        let mut sealed = Sealed::of(first.tip()?);
        for row in &tip.rows {
            sealed.wraps.extend(row.fast_wrap()?.filter(|wrap| self.has_epoch_of(wrap)));
        }
        let whole = !sealed.wraps.is_empty() && sealed.message_count == 0;
        Ok(if whole { Step::Done(self.read(sealed, finder, chance)) } else { Step::Lacks(sealed) })
    }

    /// Gets what tips lack and reads these too; all in their order. Leaves them so that they open fast the next time.
    async fn finish(self: &Arc<Self>, app: &App, steps: Vec<Result<Step, DbErr>>) -> Result<Vec<Read>, DbErr> {
        let (mut read, mut lacking) = (Vec::with_capacity(steps.len()), Vec::new());
        for step in steps {
            match step? {
                Step::Done(tip) => read.push(tip),
                Step::Lacks(tip) => lacking.push(tip),
            }
        }
        if lacking.is_empty() {
            return Ok(read);
        }
        self.complete(app, &mut lacking).await?;
        read.extend(gather(self.hand_out(app, lacking, Self::read)).await?);
        read.sort_by_key(|tip| tip.place);
        let wraps: Vec<FastWrap> = read.iter_mut().filter_map(|read| read.fast_wrap.take()).collect();
        if !wraps.is_empty() {
            app.db.write(async |txn| fast_wraps::leave(txn, app, &wraps).await).await?;
        }
        Ok(read)
    }

    /// What was said about tips since, and the wraps of those that have no fast one: they are a hundred times longer.
    async fn complete(&self, app: &App, tips: &mut [Sealed]) -> Result<(), DbErr> {
        let db = app.db.read();
        let slow = tips.iter().filter(|tip| tip.wraps.is_empty()).map(|tip| tip.id).collect();
        let slow = store::wraps_held(db, slow, &[WrapHolder::Office, WrapHolder::Officer]).await?;
        let mut slow = by_tip(slow, |wrap| wrap.tip_id);
        let talked = tips.iter().filter(|tip| tip.message_count > 0).map(|tip| tip.id).collect();
        let mut messages = by_tip(store::messages_of_tips(db, talked).await?, |message| message.tip_id);
        for tip in tips {
            tip.wraps.extend(slow.remove(&tip.id).unwrap_or_default());
            tip.messages = messages.remove(&tip.id).unwrap_or_default();
        }
        Ok(())
    }

    fn has_epoch_of(&self, wrap: &tip_wraps::Model) -> bool {
        self.keyrings.get(&wrap.holder_id.into()).is_some_and(|keyring| keyring.epoch(wrap.epoch).is_some())
    }

    /// A tip that does not open has no words to find; who opens it by itself is told that it is damaged.
    fn read(&self, tip: Sealed, finder: &mut Finder<'_>, chance: &Chance) -> Read {
        let closed = |has_words| Read { place: tip.place(), has_words, opened_slowly: false, fast_wrap: None };
        if finder.finds_in(&tip.number) {
            return closed(true);
        }
        let Some((keyring, keys)) = self.open_tip(tip.id, &tip.wraps) else {
            return closed(false);
        };
        let has_words = in_content(&tip, &keys, finder) || in_messages(&tip, &keys, finder);
        let opened_slowly = !tip.wraps.iter().any(|wrap| wrap.holder == WrapHolder::OfficeFast);
        let keyring = keyring.filter(|_| opened_slowly);
        let fast_wrap = keyring.and_then(|keyring| FastWrap::of(tip.id, &tip.sealed, &keys, keyring, chance));
        Read { opened_slowly, fast_wrap, ..closed(has_words) }
    }

    /// By the office that works it or one that has it for information, or by the searcher's own name.
    fn open_tip(&self, tip: TipId, wraps: &[tip_wraps::Model]) -> Option<(Option<&Keyring>, TipKeys)> {
        let by_office = self.keyrings.values().find_map(|keyring| {
            let keys = open_tip_keys(keyring, tip, wraps).ok().flatten()?;
            Some((Some(keyring), keys))
        });
        by_office.or_else(|| self.open_named(tip, wraps).map(|keys| (None, keys)))
    }

    fn open_named(&self, tip: TipId, wraps: &[tip_wraps::Model]) -> Option<TipKeys> {
        let Reader { id, private } = &self.reader;
        let own =
            |wrap: &&tip_wraps::Model| wrap.holder == WrapHolder::Officer && wrap.holder_id == uuid::Uuid::from(*id);
        TipKeys::open_named(tip, *id, private, &wraps.iter().find(own)?.wrap).ok()
    }
}

fn in_content(tip: &Sealed, keys: &TipKeys, finder: &mut Finder<'_>) -> bool {
    let found = keys.read_content(&tip.sealed, |content| {
        // All at once and not each text: of Vietnamese, half of the time of parsing was for this.
        let content = simdutf8::basic::from_utf8(content).ok()?;
        let Words { narrative, place } = serde_json::from_str(content).ok()?;
        Some([Some(narrative), place].iter().flatten().any(|text| finder.finds_in(text)))
    });
    found.unwrap_or_default()
}

fn in_messages(tip: &Sealed, keys: &TipKeys, finder: &mut Finder<'_>) -> bool {
    let thread = keys.thread();
    tip.messages
        .iter()
        .filter_map(|row| thread.open_message(row.id, &row.sealed).ok())
        .any(|text| finder.finds_in(&text))
}

/// Where a tip stands among those of its priority.
type Place = (NaiveDate, TipId);

/// A tip's rows as they came: one for each fast wrap.
struct Unread {
    place: Place,
    rows: Vec<UnreadRow>,
}

/// How far the reading of a tip came at the first step.
enum Step {
    Done(Read),
    /// Its wraps, or what was said since.
    Lacks(Sealed),
}

/// A tip as it is stored, with what it takes to read it.
struct Sealed {
    id: TipId,
    number: String,
    received_on: NaiveDate,
    message_count: i32,
    sealed: Vec<u8>,
    wraps: Vec<tip_wraps::Model>,
    messages: Vec<messages::Model>,
}

impl Sealed {
    fn of(row: SealedRow) -> Self {
        let SealedRow { id, number, received_on, message_count, sealed } = row;
        Self { id, number, received_on, message_count, sealed, wraps: Vec::new(), messages: Vec::new() }
    }

    fn place(&self) -> Place {
        (self.received_on, self.id)
    }
}

/// A tip that was read through.
struct Read {
    place: Place,
    has_words: bool,
    opened_slowly: bool,
    /// With what it opens fast the next time.
    fast_wrap: Option<FastWrap>,
}

/// What was made of the tips of some shares, in their order.
async fn gather<R>(shares: Vec<Begun<Vec<R>>>) -> Result<Vec<R>, DbErr> {
    let done = try_join_all(shares.into_iter().map(Begun::done)).await;
    let done = done.map_err(|_| DbErr::Custom("a search broke off".into()))?;
    Ok(done.into_iter().flatten().collect())
}

fn by_tip<T>(rows: Vec<T>, tip: impl Fn(&T) -> TipId) -> HashMap<TipId, Vec<T>> {
    let mut of_tips: HashMap<TipId, Vec<T>> = HashMap::new();
    for row in rows {
        of_tips.entry(tip(&row)).or_default().push(row);
    }
    of_tips
}

async fn record(txn: &DatabaseTransaction, app: &App, staff: &Staff, offices: &[OfficeId]) -> Result<(), DbErr> {
    for office in offices {
        audit::record_officer(txn, app, staff, Some(*office), "TipsSearched", Object::Office(*office)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use entity::ids::MessageId;

    use super::{super::content::Content, *};
    use crate::reference::fold;

    fn content() -> Content {
        Content {
            narrative: "Xe chở gỗ lậu\nqua \"đèo\"".into(),
            place: Some("bản Na Mèo".into()),
            occurred_on: None,
            happening_now: false,
            language: Some("vi".into()),
            arrived_at: chrono::DateTime::default(),
        }
    }

    fn tip(keys: &TipKeys, id: TipId, chance: &Chance) -> Sealed {
        Sealed {
            id,
            number: "7KQ2M-X4T9C".into(),
            received_on: NaiveDate::default(),
            message_count: 0,
            sealed: keys.seal_content(&content(), chance),
            wraps: Vec::new(),
            messages: Vec::new(),
        }
    }

    #[test]
    fn words_are_found_without_accents_in_what_was_said_where_and_since() {
        let chance = Chance::seeded(1);
        let id = TipId::from(chance.uuid());
        let keys = TipKeys::generate(id, &chance);
        let mut tip = tip(&keys, id, &chance);
        for words in ["GO LAU", "gỗ lậu", "na meo", "Đèo", "lau qua", "qua \"deo"] {
            assert!(in_content(&tip, &keys, &mut Finder::of(&fold(words))), "{words}");
        }
        for words in ["ma túy", "vi", "narrative"] {
            assert!(!in_content(&tip, &keys, &mut Finder::of(&fold(words))), "{words}");
        }
        let message = MessageId::from(chance.uuid());
        tip.messages.push(messages::Model {
            id: message,
            tip_id: id,
            seq: 1,
            sender: entity::enums::Sender::Reporter,
            kind: entity::enums::MessageKind::Message,
            sent_on: NaiveDate::default(),
            officer_id: None,
            sealed: keys.thread().seal_message(message, "biển số 36A", &chance),
        });
        assert!(in_messages(&tip, &keys, &mut Finder::of("bien so")));
    }

    #[test]
    fn a_number_is_found_without_a_key_and_words_are_not() {
        let chance = Chance::seeded(2);
        let id = TipId::from(chance.uuid());
        let tip = || tip(&TipKeys::generate(id, &chance), id, &chance);
        let (private, _) = vault::keys::generate_pair(&chance);
        let reader = Reader { id: uuid::Uuid::nil().into(), private };
        let (queue, keyrings, needle) = (QueueFilter::default(), HashMap::new(), String::new());
        let search = Search { queue, keyrings, reader, priority: None, needle };
        let has_words = |words| search.read(tip(), &mut Finder::of(&fold(words)), &chance).has_words;
        assert!(has_words("7kq2m-x4t9c"));
        assert!(!has_words("gỗ lậu"));
    }
}
