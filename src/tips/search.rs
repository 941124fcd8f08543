//! Finding words in sealed tips: open and read through, bounded, resumable. No index of words exists that could tell.

use std::{collections::HashMap, sync::Arc};

use entity::{
    enums::WrapHolder,
    ids::{OfficeId, OfficerId, TipId},
    messages, tip_wraps, tips,
};
use futures::future::try_join_all;
use sea_orm::{DatabaseTransaction, DbErr};
use vault::{chance::Chance, keys::PrivateKey};

use super::{
    ListError, TipKeys,
    content::Content,
    fast_wraps::{self, FastWrap},
    list::{Key, parts},
    open_tip_keys,
    store::{self, QueueFilter, QueuePart, QueueRow},
};
use crate::{
    app::App,
    audit::{self, Object},
    reference::contains_folded,
    staff::Staff,
    units::{self, Keyring, OpenKeysError},
};

/// What one call spends in search of words, in tips that opened fast: so it takes some two hundred milliseconds, and
/// the next goes on where it ended.
const BUDGET: u64 = 20_000;

/// What a tip costs that its office has never opened: a key encapsulation, where others take a cipher.
const NEVER_OPENED: u64 = 20;

/// Tips that are held open at a time, shared among the cores.
const LOT: u64 = 200;

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
        let (mut found, mut left) = (Found { rows: Vec::new(), next: None, scanned: 0 }, BUDGET);
        for (priority, after) in parts(self.priority, after) {
            let mut lot = self.lot(app, priority, after).await?;
            while let Some(last) = lot.last().map(|sealed| (sealed.tip.received_on, sealed.tip.id)) {
                let full = lot.len() as u64 == LOT;
                // The database reads the next lot while this one is opened.
                let ahead = async { if full { self.lot(app, priority, Some(last)).await } else { Ok(Vec::new()) } };
                let (read, next) = tokio::try_join!(self.read_through(app, lot), ahead)?;
                for tip in read {
                    found.scanned += 1;
                    left = left.saturating_sub(if tip.opened_slowly { NEVER_OPENED } else { 1 });
                    if tip.has_words {
                        found.rows.push(tip.row);
                    }
                    if found.rows.len() as u64 == limit {
                        found.next = found.rows.last().map(Key::of);
                        return Ok(found);
                    }
                }
                if left == 0 {
                    found.next = Some(Key { p: priority, d: last.0, i: last.1 });
                    return Ok(found);
                }
                lot = next;
            }
        }
        Ok(found)
    }

    /// The next tips of a priority, with what it takes to read them.
    async fn lot(
        &self,
        app: &App,
        priority: i16,
        after: Option<(chrono::NaiveDate, TipId)>,
    ) -> Result<Vec<Sealed>, DbErr> {
        let db = app.db.read();
        let tips = store::queue_sealed(db, &self.queue, QueuePart { priority, after, limit: LOT }).await?;
        let ids = tips.iter().map(|tip| tip.id).collect();
        let mut wraps = by_tip(store::wraps_held(db, ids, &[WrapHolder::OfficeFast]).await?, |wrap| wrap.tip_id);
        wraps.values_mut().for_each(|wraps| wraps.retain(|wrap| self.has_epoch_of(wrap)));
        wraps.retain(|_, wraps| !wraps.is_empty());
        // The others' wraps are a hundred times longer, and most tips need none of them.
        let rest = tips.iter().map(|tip| tip.id).filter(|tip| !wraps.contains_key(tip)).collect();
        let slow = store::wraps_held(db, rest, &[WrapHolder::Office, WrapHolder::Officer]).await?;
        wraps.extend(by_tip(slow, |wrap| wrap.tip_id));
        let talked = tips.iter().filter(|tip| tip.message_count > 0).map(|tip| tip.id).collect();
        let mut messages = by_tip(store::messages_of_tips(db, talked).await?, |message| message.tip_id);
        let sealed = |tip: tips::Model| Sealed {
            wraps: wraps.remove(&tip.id).unwrap_or_default(),
            messages: messages.remove(&tip.id).unwrap_or_default(),
            tip,
        };
        Ok(tips.into_iter().map(sealed).collect())
    }

    fn has_epoch_of(&self, wrap: &tip_wraps::Model) -> bool {
        self.keyrings.get(&wrap.holder_id.into()).is_some_and(|keyring| keyring.epoch(wrap.epoch).is_some())
    }

    /// Opens a lot on all cores, and leaves it so that it opens fast the next time.
    async fn read_through(self: &Arc<Self>, app: &App, mut lot: Vec<Sealed>) -> Result<Vec<Read>, DbErr> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = lot.len().div_ceil(cores).max(1);
        let mut shares = Vec::with_capacity(cores);
        while !lot.is_empty() {
            let rest = lot.split_off(share.min(lot.len()));
            let (search, chance, share) = (self.clone(), app.chance.clone(), std::mem::replace(&mut lot, rest));
            shares.push(tokio::task::spawn_blocking(move || {
                share.into_iter().map(|sealed| search.read(sealed, &chance)).collect::<Vec<_>>()
            }));
        }
        let read = try_join_all(shares).await.map_err(|error| DbErr::Custom(format!("search: {error}")))?;
        let mut read: Vec<Read> = read.into_iter().flatten().collect();
        let wraps: Vec<FastWrap> = read.iter_mut().filter_map(|read| read.fast_wrap.take()).collect();
        if !wraps.is_empty() {
            app.db.write(async |txn| fast_wraps::leave(txn, app, &wraps).await).await?;
        }
        Ok(read)
    }

    /// A tip that does not open has no words to find; who opens it by itself is told that it is damaged.
    fn read(&self, sealed: Sealed, chance: &Chance) -> Read {
        let Sealed { tip, wraps, messages } = sealed;
        let row = QueueRow::from(&tip);
        if contains_folded(&tip.number, &self.needle) {
            return Read { row, has_words: true, opened_slowly: false, fast_wrap: None };
        }
        let Some((keyring, keys)) = self.open_tip(tip.id, &wraps) else {
            return Read { row, has_words: false, opened_slowly: false, fast_wrap: None };
        };
        let has_words = self.in_content(&tip, &keys) || self.in_messages(&messages, &keys);
        let opened_slowly = !wraps.iter().any(|wrap| wrap.holder == WrapHolder::OfficeFast);
        let keyring = keyring.filter(|_| opened_slowly);
        let fast_wrap = keyring.and_then(|keyring| FastWrap::of(&tip, &keys, keyring, chance));
        Read { row, has_words, opened_slowly, fast_wrap }
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

    fn in_content(&self, tip: &tips::Model, keys: &TipKeys) -> bool {
        let Ok(content) = keys.open_content::<Content>(&tip.sealed) else { return false };
        [Some(content.narrative), content.place].iter().flatten().any(|text| contains_folded(text, &self.needle))
    }

    fn in_messages(&self, messages: &[messages::Model], keys: &TipKeys) -> bool {
        let thread = keys.thread();
        let texts = messages.iter().filter_map(|row| thread.open_message(row.id, &row.sealed).ok());
        texts.into_iter().any(|text| contains_folded(&text, &self.needle))
    }
}

/// A tip as it is stored, with what it takes to read it.
struct Sealed {
    tip: tips::Model,
    wraps: Vec<tip_wraps::Model>,
    messages: Vec<messages::Model>,
}

/// A tip that was read through.
struct Read {
    row: QueueRow,
    has_words: bool,
    opened_slowly: bool,
    /// With what it opens fast the next time.
    fast_wrap: Option<FastWrap>,
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

impl From<&tips::Model> for QueueRow {
    fn from(tip: &tips::Model) -> Self {
        Self {
            id: tip.id,
            number: tip.number.clone(),
            office_id: tip.office_id,
            status: tip.status,
            category: tip.category.clone(),
            priority: tip.priority,
            unit_code: tip.unit_code.clone(),
            received_on: tip.received_on,
            assignee_id: tip.assignee_id,
            unread: tip.unread,
            message_count: tip.message_count,
            version: tip.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use entity::{
        enums::{Mode, TipStatus},
        ids::MessageId,
    };

    use super::*;
    use crate::reference::fold;

    fn search(words: &str) -> Search {
        let (private, _) = vault::keys::generate_pair(&Chance::seeded(9));
        let reader = Reader { id: uuid::Uuid::nil().into(), private };
        Search { queue: QueueFilter::default(), keyrings: HashMap::new(), reader, priority: None, needle: fold(words) }
    }

    fn content() -> Content {
        Content {
            narrative: "Xe chở gỗ lậu qua đèo".into(),
            place: Some("bản Na Mèo".into()),
            occurred_on: None,
            happening_now: false,
            language: Some("vi".into()),
            arrived_at: chrono::DateTime::default(),
        }
    }

    fn tip(keys: &TipKeys, id: TipId, chance: &Chance) -> tips::Model {
        tips::Model {
            id,
            number: "7KQ2M-X4T9C".into(),
            office_id: OfficeId::from(chance.uuid()),
            unit_code: None,
            unit_valid_from: None,
            category: "moi_truong".into(),
            channel: "web".into(),
            mode: Mode::Anonymous,
            status: TipStatus::Received,
            asked_from: None,
            priority: 0,
            received_on: chrono::NaiveDate::default(),
            assignee_id: None,
            unread: 1,
            message_count: 0,
            duplicate_of: None,
            version: 1,
            sealed: keys.seal_content(&content(), chance),
            contact_sealed: None,
        }
    }

    #[test]
    fn words_are_found_without_accents_in_what_was_said_where_and_since() {
        let chance = Chance::seeded(1);
        let id = TipId::from(chance.uuid());
        let keys = TipKeys::generate(id, &chance);
        let tip = tip(&keys, id, &chance);
        for words in ["GO LAU", "gỗ lậu", "na meo", "Đèo"] {
            assert!(search(words).in_content(&tip, &keys), "{words}");
        }
        assert!(!search("ma túy").in_content(&tip, &keys));
        let message = MessageId::from(chance.uuid());
        let row = messages::Model {
            id: message,
            tip_id: id,
            seq: 1,
            sender: entity::enums::Sender::Reporter,
            kind: entity::enums::MessageKind::Message,
            sent_on: chrono::NaiveDate::default(),
            officer_id: None,
            sealed: keys.thread().seal_message(message, "biển số 36A", &chance),
        };
        assert!(search("BIEN SO").in_messages(&[row], &keys));
    }

    #[test]
    fn a_number_is_found_without_a_key_and_words_are_not() {
        let chance = Chance::seeded(2);
        let id = TipId::from(chance.uuid());
        let tip = tip(&TipKeys::generate(id, &chance), id, &chance);
        let has_words = |words| {
            let sealed = Sealed { tip: tip.clone(), wraps: Vec::new(), messages: Vec::new() };
            search(words).read(sealed, &chance).has_words
        };
        assert!(has_words("7kq2m-x4t9c"));
        assert!(!has_words("gỗ lậu"));
    }
}
