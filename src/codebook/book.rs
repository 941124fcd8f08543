use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::EditError;
use crate::{
    platform::fault::Code,
    reference::{DatedRow, Part, RowKind, UnitKey},
};

/// Time for those who hold tips, and for auditors, to see what a retention rule is about to take.
const NOTICE: Days = Days::new(7);

/// By which the residents' pages file what they send, and the API what says nothing else.
const OWN_CHANNEL: &str = "web";

/// All rows of a deployment on the day on which somebody edits them.
///
/// What has held stays: it is counted and routed by. A row that holds is changed or ended from tomorrow on at the
/// earliest, because today's tips have been taken by it already, and each day has one meaning only. A new code may begin
/// today, since nothing was taken by it yet. Retention rules are another matter: they are asked about tips that are
/// there, and what they delete nobody brings back. Each edit of one shows for a week before it holds.
pub(super) struct Book {
    pub rows: Vec<DatedRow>,
    pub today: NaiveDate,
}

impl Book {
    pub fn add(&mut self, row: DatedRow) -> Result<(), EditError> {
        if self.rows.iter().any(|other| other.kind == row.kind && other.key == row.key) {
            return Err(EditError::field("code", Code::CodeTaken));
        }
        if row.valid_from < self.today {
            return Err(EditError::field("from", Code::BeginsTooSoon));
        }
        self.must_give_notice(row.kind, "from", row.valid_from)?;
        self.rows.push(row);
        Ok(())
    }

    /// Gives a code another body from a day on: the row that holds ends on the day before. One that begins on that very
    /// day, which is still to come, is written anew; one that would have ended on the day before goes on.
    pub fn change(&mut self, kind: RowKind, code: &str, from: NaiveDate, body: Value) -> Result<(), EditError> {
        self.must_come(from)?;
        self.must_give_notice(kind, "from", from)?;
        let before = from.pred_opt();
        let of_code = |row: &DatedRow| row.kind == kind && row.key == code;
        let opened = |valid_to| DatedRow { kind, key: code.to_owned(), valid_from: from, valid_to, body: body.clone() };
        if let Some(at) = self.rows.iter().position(|row| of_code(row) && row.holds_on(from)) {
            let (begun, last) = (self.rows[at].valid_from, self.rows[at].valid_to);
            if begun == from {
                self.rows[at].body = body;
                return Ok(());
            }
            self.rows[at].valid_to = before;
            self.rows.push(opened(last));
            self.split_place(kind, code, begun, from);
            return Ok(());
        }
        let ended = self.rows.iter().find(|row| of_code(row) && row.valid_to == before);
        let begun = ended.ok_or(EditError::NoSuchCode)?.valid_from;
        self.rows.push(opened(None));
        let (old, new) = (place(code, begun), place(code, from));
        if kind == RowKind::Unit && self.heirs(&old).is_empty() {
            self.set_heirs(&old, &[new]);
        }
        Ok(())
    }

    /// Lets a code mean something up to a day and nothing after it; what was to begin later is taken back.
    pub fn end(&mut self, kind: RowKind, code: &str, last_day: NaiveDate) -> Result<(), EditError> {
        if last_day < self.today {
            return Err(EditError::field("last_day", Code::EndsTooSoon));
        }
        self.must_give_notice(kind, "last_day", last_day.succ_opt().unwrap_or(last_day))?;
        let row = self.rows.iter_mut().find(|row| row.kind == kind && row.key == code && row.holds_on(last_day));
        row.ok_or(EditError::NoSuchCode)?.valid_to = Some(last_day);
        self.rows.retain(|row| row.kind != kind || row.key != code || row.valid_from <= last_day);
        self.mend_links();
        self.must_leave_what_is_needed(kind)
    }

    /// Takes back what was to begin on a day still to come; what held before it goes on in its place.
    pub fn withdraw(&mut self, kind: RowKind, code: &str, from: NaiveDate) -> Result<(), EditError> {
        self.must_come(from)?;
        let of_code = |row: &DatedRow| row.kind == kind && row.key == code;
        let at = self.rows.iter().position(|row| of_code(row) && row.valid_from == from);
        let gone = self.rows.remove(at.ok_or(EditError::NoSuchCode)?);
        let former = self.rows.iter_mut().find(|row| of_code(row) && row.valid_to == from.pred_opt());
        let former = former.map(|row| {
            row.valid_to = gone.valid_to;
            place(code, row.valid_from)
        });
        if kind == RowKind::Unit {
            let gone = place(code, from);
            let heirs = self.heirs(&gone);
            self.set_heirs(&gone, &[]);
            if let Some(former) = former {
                self.set_heirs(&former, &heirs);
            }
        }
        self.mend_links();
        Ok(())
    }

    /// Says which places took over one that ends. Nothing stays as it is that restates figures already; but what was
    /// forgotten may be said late, since nothing was restated by it.
    pub fn succeed(&mut self, from: &UnitKey, heirs: &[UnitKey]) -> Result<(), EditError> {
        let row = self.unit(from).ok_or(EditError::NoSuchCode)?;
        let day = row.valid_to.and_then(|last| last.succ_opt());
        let day = day.ok_or_else(|| EditError::field("heirs", Code::NotAdjacent))?;
        if day <= self.today && !self.heirs(from).is_empty() {
            return Err(EditError::field("heirs", Code::BeginsTooSoon));
        }
        let mut heirs = heirs.to_vec();
        heirs.sort_unstable();
        heirs.dedup();
        self.set_heirs(from, &heirs);
        Ok(())
    }

    fn must_come(&self, from: NaiveDate) -> Result<(), EditError> {
        if from > self.today { Ok(()) } else { Err(EditError::field("from", Code::BeginsTooSoon)) }
    }

    /// Of what deletes, the first day on which it shows is some days off.
    fn must_give_notice(&self, kind: RowKind, field: &'static str, day: NaiveDate) -> Result<(), EditError> {
        if kind == RowKind::RetentionRule && day < self.today + NOTICE {
            return Err(EditError::field(field, Code::NoticeTooShort));
        }
        Ok(())
    }

    /// The line would be closed, and nobody told: no tip can be sent without a category and the site's own channel, and
    /// no case ends without a kind of outcome.
    fn must_leave_what_is_needed(&self, kind: RowKind) -> Result<(), EditError> {
        let mut lasting = self.rows.iter().filter(|row| row.kind == kind && row.valid_to.is_none());
        let left = match kind {
            RowKind::Channel => lasting.any(|row| row.key == OWN_CHANNEL),
            RowKind::Category | RowKind::OutcomeKind => lasting.next().is_some(),
            RowKind::Unit | RowKind::Succession | RowKind::YieldKind | RowKind::RetentionRule => true,
        };
        if left { Ok(()) } else { Err(EditError::field("last_day", Code::CodeNeeded)) }
    }

    fn unit(&self, key: &UnitKey) -> Option<&DatedRow> {
        let is = |row: &&DatedRow| row.kind == RowKind::Unit && row.key == key.code && row.valid_from == key.valid_from;
        self.rows.iter().find(is)
    }

    /// A place whose name or kind changed is the same place: its figures are passed on whole, and what was to become of
    /// it becomes of what it is from then on.
    fn split_place(&mut self, kind: RowKind, code: &str, begun: NaiveDate, from: NaiveDate) {
        if kind == RowKind::Unit {
            let (old, new) = (place(code, begun), place(code, from));
            let heirs = self.heirs(&old);
            self.set_heirs(&new, &heirs);
            self.set_heirs(&old, &[new]);
        }
    }

    fn heirs(&self, from: &UnitKey) -> Vec<UnitKey> {
        self.rows.iter().filter_map(ends).filter(|(old, _)| old == from).map(|(_, new)| new).collect()
    }

    /// With one heir a place passes on whole, with several each is a part.
    fn set_heirs(&mut self, from: &UnitKey, heirs: &[UnitKey]) {
        self.rows.retain(|row| ends(row).is_none_or(|(old, _)| old != *from));
        let part = if heirs.len() == 1 { Part::Whole } else { Part::Part };
        self.rows.extend(heirs.iter().map(|to| link(from, to, part)));
    }

    /// Takes away what was to become of places that now end on another day, or into places that will not be.
    fn mend_links(&mut self) {
        let coming = self.rows.iter().filter(|row| row.valid_from > self.today).filter_map(ends);
        let mut olds: Vec<UnitKey> = coming.map(|(old, _)| old).collect();
        olds.sort_unstable();
        olds.dedup();
        for old in olds {
            let ended = self.unit(&old).and_then(|row| row.valid_to);
            let begins = ended.and_then(|last| last.checked_add_days(Days::new(1)));
            let heirs = self.heirs(&old);
            let sound = |heir: &&UnitKey| begins == Some(heir.valid_from) && self.unit(heir).is_some();
            let left: Vec<UnitKey> = heirs.iter().filter(sound).cloned().collect();
            if left.len() != heirs.len() {
                self.set_heirs(&old, &left);
            }
        }
    }
}

fn place(code: &str, valid_from: NaiveDate) -> UnitKey {
    UnitKey { code: code.to_owned(), valid_from }
}

fn link(from: &UnitKey, to: &UnitKey, part: Part) -> DatedRow {
    DatedRow {
        kind: RowKind::Succession,
        key: format!("{from}>{to}"),
        valid_from: to.valid_from,
        valid_to: None,
        body: json!({ "from": from, "to": to, "part": part }),
    }
}

/// The two places that a succession joins; none for any other row.
fn ends(row: &DatedRow) -> Option<(UnitKey, UnitKey)> {
    let (from, to) = row.key.split_once('>').filter(|_| row.kind == RowKind::Succession)?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{Reference, shipped};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn book() -> Book {
        Book { rows: shipped().unwrap(), today: day("2026-03-01") }
    }

    fn body(book: &Book, kind: RowKind, code: &str) -> Value {
        let rows = book.rows.iter().filter(|row| row.kind == kind && row.key == code);
        rows.max_by_key(|row| row.valid_from).unwrap().body.clone()
    }

    fn field(done: Result<impl Sized, EditError>) -> (String, Code) {
        match done.err() {
            Some(EditError::Fields(faults)) => (faults[0].field.to_string(), faults[0].code),
            other => panic!("{other:?}"),
        }
    }

    fn heirs(book: &Book, of: &str) -> Vec<String> {
        let reference = Reference::build(book.rows.clone()).unwrap();
        let heirs = reference.successors(&of.parse().unwrap());
        heirs.into_iter().map(|(unit, part)| format!("{} {part}", unit.key)).collect()
    }

    #[test]
    fn what_holds_or_has_held_is_changed_by_nobody() {
        let mut book = book();
        let same = body(&book, RowKind::Category, "khac");
        for past in ["2019-12-01", "2026-02-28", "2026-03-01"].map(day) {
            let soon = ("from".to_owned(), Code::BeginsTooSoon);
            assert_eq!(field(book.change(RowKind::Category, "khac", past, same.clone())), soon);
            assert_eq!(field(book.withdraw(RowKind::Category, "khac", past)), soon);
        }
        assert_eq!(field(book.end(RowKind::Category, "khac", day("2026-02-28"))).1, Code::EndsTooSoon);
        assert_eq!(book.rows, shipped().unwrap());
    }

    #[test]
    fn a_change_closes_one_row_and_opens_another_and_is_taken_back() {
        let mut book = book();
        let new = json!({ "order": 99, "label": { "vi": "Khác nữa", "en": "Other still" }, "examples": [],
            "priority": "normal", "routing": "covering", "advice": null });
        book.change(RowKind::Category, "khac", day("2026-04-01"), new).unwrap();
        let reference = Reference::build(book.rows.clone()).unwrap();
        let label = |on: &str| reference.category_on("khac", day(on)).unwrap().label.vi.clone();
        assert_eq!((label("2026-03-31").as_str(), label("2026-04-01").as_str()), ("Khác", "Khác nữa"));
        book.withdraw(RowKind::Category, "khac", day("2026-04-01")).unwrap();
        assert_eq!(book.rows, shipped().unwrap());
    }

    #[test]
    fn a_rule_that_deletes_shows_for_a_week_and_other_new_codes_begin_today() {
        let mut book = book();
        let row = |kind, from: &str, body| {
            let valid_from = day(from);
            DatedRow { kind, key: "moi".to_owned(), valid_from, valid_to: None, body }
        };
        let (kind, rule) = (RowKind::RetentionRule, body(&book, RowKind::RetentionRule, "misuse"));
        let short = |field: &str| (field.to_owned(), Code::NoticeTooShort);
        assert_eq!(field(book.add(row(kind, "2026-03-07", rule.clone()))), short("from"));
        assert_eq!(field(book.change(kind, "misuse", day("2026-03-07"), rule.clone())), short("from"));
        assert_eq!(field(book.end(kind, "misuse", day("2026-03-06"))), short("last_day"));
        book.change(kind, "misuse", day("2026-03-08"), rule.clone()).unwrap();
        book.withdraw(kind, "misuse", day("2026-03-08")).unwrap();
        book.end(kind, "misuse", day("2026-03-07")).unwrap();
        book.add(row(kind, "2026-03-08", rule)).unwrap();

        let category = body(&book, RowKind::Category, "khac");
        book.add(row(RowKind::Category, "2026-03-01", category.clone())).unwrap();
        assert_eq!(field(book.add(row(RowKind::Category, "2026-03-01", category))).1, Code::CodeTaken);
    }

    #[test]
    fn what_the_line_cannot_do_without_is_not_ended() {
        let mut book = book();
        let needed = ("last_day".to_owned(), Code::CodeNeeded);
        assert_eq!(field(book.end(RowKind::Channel, "web", day("2027-01-01"))), needed);
        book.rows = shipped().unwrap();
        let codes = book.rows.iter().filter(|row| row.kind == RowKind::Category).map(|row| row.key.clone());
        let codes: Vec<String> = codes.collect();
        let (last, others) = codes.split_last().unwrap();
        for code in others {
            book.end(RowKind::Category, code, day("2027-01-01")).unwrap();
        }
        assert_eq!(field(book.end(RowKind::Category, last, day("2027-01-01"))), needed);
    }

    #[test]
    fn a_place_that_is_renamed_is_the_same_place() {
        let mut book = book();
        let name = body(&book, RowKind::Unit, "15013");
        book.change(RowKind::Unit, "15013", day("2027-01-01"), name.clone()).unwrap();
        assert_eq!(heirs(&book, "15013@2025-07-01"), ["15013@2027-01-01 whole"]);
        // Once more in between: what was to become of it goes along.
        book.change(RowKind::Unit, "15013", day("2026-07-01"), name).unwrap();
        assert_eq!(heirs(&book, "15013@2025-07-01"), ["15013@2026-07-01 whole"]);
        assert_eq!(heirs(&book, "15013@2026-07-01"), ["15013@2027-01-01 whole"]);
        book.withdraw(RowKind::Unit, "15013", day("2026-07-01")).unwrap();
        assert_eq!(heirs(&book, "15013@2025-07-01"), ["15013@2027-01-01 whole"]);
        book.withdraw(RowKind::Unit, "15013", day("2027-01-01")).unwrap();
        assert!(heirs(&book, "15013@2025-07-01").is_empty());
    }

    #[test]
    fn a_place_that_ends_passes_to_one_or_several_and_to_none_that_will_not_be() {
        let mut book = book();
        let name = body(&book, RowKind::Unit, "15013");
        let (old, first) = ("15010@2025-07-01".parse::<UnitKey>().unwrap(), day("2027-01-01"));
        assert_eq!(field(book.succeed(&old, &[])).1, Code::NotAdjacent, "it has no end");
        book.end(RowKind::Unit, "15010", day("2026-12-31")).unwrap();
        for code in ["15013", "15007"] {
            book.change(RowKind::Unit, code, first, name.clone()).unwrap();
        }
        let into = ["15007@2027-01-01", "15013@2027-01-01"].map(|key| key.parse::<UnitKey>().unwrap());
        book.succeed(&old, &into).unwrap();
        assert_eq!(heirs(&book, "15010@2025-07-01"), ["15007@2027-01-01 part", "15013@2027-01-01 part"]);
        book.withdraw(RowKind::Unit, "15007", first).unwrap();
        assert_eq!(heirs(&book, "15010@2025-07-01"), ["15013@2027-01-01 whole"]);
        book.end(RowKind::Unit, "15010", day("2026-06-30")).unwrap();
        assert!(heirs(&book, "15010@2025-07-01").is_empty(), "it ends on another day");
        let settled: UnitKey = "14995@2019-12-01".parse().unwrap();
        assert_eq!(field(book.succeed(&settled, &[])).1, Code::BeginsTooSoon, "figures were restated by it");
    }

    proptest! {
        /// Whatever is done to it, what holds up to today stays as it was, and the rows stay sound.
        #[test]
        fn no_row_of_edits_touches_the_past(
            edits in prop::collection::vec((0_u8..4, 0_u64..40, prop::sample::select(vec!["15013", "15016", "15010"])), 0..12),
        ) {
            let mut book = book();
            let name = body(&book, RowKind::Unit, "15013");
            for (verb, offset, code) in edits {
                let (on, kept) = (book.today + Days::new(offset), book.rows.clone());
                let _ = match verb {
                    0 => book.change(RowKind::Unit, code, on, name.clone()),
                    1 => book.end(RowKind::Unit, code, on),
                    2 => book.withdraw(RowKind::Unit, code, on),
                    _ => book.succeed(&place(code, day("2025-07-01")), &[place("15013", on)]),
                };
                // Heirs that begin on another day are refused when all is judged, and nothing else has to be.
                if let Err(error) = Reference::build(book.rows.clone()) {
                    prop_assert_eq!(verb, 3, "{}", error);
                    book.rows = kept;
                }
            }
            let (now, before) = (Reference::build(book.rows.clone()).unwrap(), Reference::build(shipped().unwrap()).unwrap());
            for on in ["2019-12-01", "2025-06-30", "2025-07-01", "2026-03-01"].map(day) {
                let keys = |reference: &Reference| -> Vec<_> {
                    reference.units_on(on).into_iter().map(|unit| (unit.key.clone(), unit.name.clone())).collect()
                };
                prop_assert_eq!(keys(&now), keys(&before));
            }
        }
    }
}
