//! Finding words in sealed tips: open and read through, bounded, resumable. No index of words exists that could tell.

use std::collections::HashMap;

use entity::{
    enums::WrapHolder,
    ids::{OfficeId, OfficerId, TipId},
    messages, tip_wraps, tips,
};
use sea_orm::{DatabaseTransaction, DbErr};
use vault::keys::PrivateKey;

use super::{
    ListError, TipKeys,
    content::Content,
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

/// Tips that one call opens in search of words. Unread ones cost a quarter of a millisecond each, those opened
/// before a few microseconds: so a call takes half a second at most, and the next goes on where it ended.
const SCAN_BUDGET: u64 = 2_000;

/// Tips that are held open at a time; between two lots other requests get their turn.
const SCAN_LOT: u64 = 100;

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
    pub async fn run(&self, app: &App, after: Option<Key>, limit: u64) -> Result<(Vec<QueueRow>, Option<Key>), DbErr> {
        let (mut found, mut left) = (Vec::new(), SCAN_BUDGET);
        for (priority, mut after) in parts(self.priority, after) {
            loop {
                let lot = SCAN_LOT.min(left);
                let part = QueuePart { priority, after, limit: lot };
                let tips = store::queue_sealed(app.db.read(), &self.queue, part).await?;
                let (last, count) = (tips.last().map(|tip| (tip.received_on, tip.id)), tips.len() as u64);
                for row in self.matching(app, tips).await? {
                    found.push(row);
                    if found.len() as u64 == limit {
                        let next = found.last().map(Key::of);
                        return Ok((found, next));
                    }
                }
                left -= count;
                after = last.or(after);
                if let (0, Some((d, i))) = (left, after) {
                    return Ok((found, Some(Key { p: priority, d, i })));
                }
                if count < lot {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        Ok((found, None))
    }

    /// Those of the tips that have the words in them, in the same order.
    async fn matching(&self, app: &App, tips: Vec<tips::Model>) -> Result<Vec<QueueRow>, DbErr> {
        let ids = || tips.iter().map(|tip| tip.id).collect::<Vec<TipId>>();
        let mut wraps: HashMap<TipId, Vec<tip_wraps::Model>> = HashMap::new();
        for wrap in store::wraps_of_tips(app.db.read(), ids()).await? {
            wraps.entry(wrap.tip_id).or_default().push(wrap);
        }
        let mut messages: HashMap<TipId, Vec<messages::Model>> = HashMap::new();
        for message in store::messages_of_tips(app.db.read(), ids()).await? {
            messages.entry(message.tip_id).or_default().push(message);
        }
        let of = |tip: &tips::Model| {
            let wraps = wraps.get(&tip.id).map_or(&[][..], Vec::as_slice);
            let messages = messages.get(&tip.id).map_or(&[][..], Vec::as_slice);
            self.has_words(tip, wraps, messages)
        };
        Ok(tips.iter().filter(|tip| of(tip)).map(QueueRow::from).collect())
    }

    /// A tip that does not open has no words to find; who opens it by itself is told that it is damaged.
    fn has_words(&self, tip: &tips::Model, wraps: &[tip_wraps::Model], messages: &[messages::Model]) -> bool {
        if contains_folded(&tip.number, &self.needle) {
            return true;
        }
        let keys = self.open_tip(tip.id, wraps);
        keys.is_some_and(|keys| self.in_content(tip, &keys) || self.in_messages(messages, &keys))
    }

    /// By the office that works it or one that has it for information, or by the searcher's own name.
    fn open_tip(&self, tip: TipId, wraps: &[tip_wraps::Model]) -> Option<TipKeys> {
        let by_office = self.keyrings.values().find_map(|keyring| open_tip_keys(keyring, tip, wraps).ok().flatten());
        by_office.or_else(|| self.open_named(tip, wraps))
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
    use vault::chance::Chance;

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
        assert!(search("7kq2m-x4t9c").has_words(&tip, &[], &[]));
        assert!(!search("gỗ lậu").has_words(&tip, &[], &[]));
    }
}
