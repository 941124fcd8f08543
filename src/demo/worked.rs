//! The ways that tips go, each a script: what is done to it, by whom, with how much time between.

use std::ops::RangeInclusive;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use super::{
    cast::Theme,
    draw::Draw,
    plan::{Act, Decision, Gain, Happening},
    stories::{Matter, Stories, YieldRange},
};
use crate::tips::state::Dismissal;

/// A way to go, from the first words on.
pub type Script = fn(&mut Line<'_>);

/// Quan Sơn is so many hours ahead of UTC, without summer time.
const AHEAD_HOURS: i64 = 7;

/// Minutes of the day between which officers act, and reporters.
const OFFICE: RangeInclusive<u32> = 8 * 60..=16 * 60;
const EVENING: RangeInclusive<u32> = 18 * 60 + 30..=22 * 60;

/// The calendar day in Quan Sơn.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    (at + Duration::hours(AHEAD_HOURS)).date_naive()
}

/// Days of a tip that others lean on.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub submitted: NaiveDate,
    pub case_opened: Option<NaiveDate>,
    pub decided: Option<NaiveDate>,
}

/// A tip on its way: where it stands in time, and what has happened.
pub struct Line<'a> {
    draw: &'a Draw,
    stories: &'a Stories,
    theme: &'a Theme,
    tip: usize,
    day: NaiveDate,
    /// Minute of the day.
    minute: u32,
    marks: Marks,
    happenings: Vec<Happening>,
}

impl<'a> Line<'a> {
    pub fn new(draw: &'a Draw, stories: &'a Stories, tip: usize, theme: &'a Theme, day: NaiveDate) -> Self {
        let marks = Marks { submitted: day, case_opened: None, decided: None };
        Self { draw, stories, theme, tip, day, minute: 0, marks, happenings: Vec::new() }
    }

    pub fn end(self) -> (Marks, Vec<Happening>) {
        (self.marks, self.happenings)
    }

    /// The first words: over the counter in office hours, or from home in the evening.
    pub fn submit(&mut self, by_officer: bool) {
        if by_officer { self.officer(0..=0, Act::Submit) } else { self.reporter(0..=0, Act::Submit) }
    }

    /// An officer acts some days on, in office hours.
    fn officer(&mut self, days: RangeInclusive<u32>, act: Act) {
        self.act(days, OFFICE, act);
    }

    /// The reporter acts some days on, in the evening.
    fn reporter(&mut self, days: RangeInclusive<u32>, act: Act) {
        self.act(days, EVENING, act);
    }

    fn act(&mut self, days: RangeInclusive<u32>, hours: RangeInclusive<u32>, act: Act) {
        let days = self.draw.within(days);
        let earliest = self.minute + self.draw.within(2..=25);
        if days == 0 && earliest <= *hours.end() {
            let begin = (*hours.start()).max(earliest);
            self.minute = self.draw.within(begin..=(begin + 40).min(*hours.end()).max(begin));
        } else {
            self.day += Duration::days(i64::from(days.max(1)));
            self.minute = self.draw.within(*hours.start()..=*hours.start() + 90);
        }
        let time = Duration::minutes(i64::from(self.minute)) + Duration::seconds(i64::from(self.draw.within(0..=59)));
        let at = self.day.and_time(NaiveTime::MIN).and_utc() + time - Duration::hours(AHEAD_HOURS);
        self.happenings.push(Happening { at, tip: self.tip, act });
    }

    fn maybe(&mut self, percent: u64, script: fn(&mut Self)) {
        if self.draw.chance_of(percent) {
            script(self);
        }
    }

    fn matter(&self) -> Option<&'a Matter> {
        self.theme.matter.and_then(|index| self.stories.matters.get(index))
    }

    fn say(&self, from: fn(&Stories) -> &Vec<String>) -> String {
        self.draw.text(from(self.stories)).to_owned()
    }

    fn accept(&mut self) {
        self.officer(0..=2, Act::Screen);
        self.maybe(35, |line| {
            line.ask();
            line.answer();
        });
        self.officer(0..=1, Act::Accept);
    }

    fn ask(&mut self) {
        let question = self.matter().map_or(String::new(), |matter| self.theme.fill(&matter.question));
        self.officer(0..=1, Act::Ask(question));
    }

    fn answer(&mut self) {
        let answer = self.matter().map_or(String::new(), |matter| self.theme.fill(&matter.answer));
        self.reporter(0..=3, Act::Answer(answer));
    }

    fn reply(&mut self) {
        let text = self.say(|stories| &stories.words.replies);
        self.officer(0..=1, Act::Reply(text));
    }

    fn note(&mut self) {
        let text = self.say(|stories| &stories.words.notes);
        self.officer(0..=2, Act::Note(text));
    }

    /// The better the source is known, the better it is graded.
    fn grade(&mut self, sources: &[char], information: RangeInclusive<u32>) {
        let source = self.draw.pick(sources).copied().unwrap_or('F');
        let information = u8::try_from(self.draw.within(information)).unwrap_or(6);
        self.officer(0..=1, Act::Grade { source, information });
    }

    fn open_case(&mut self) {
        self.maybe(60, |line| line.officer(0..=0, Act::Assign));
        self.maybe(50, Self::reply);
        let title = self.matter().map_or(String::new(), |matter| self.theme.fill(&matter.title));
        self.officer(0..=2, Act::OpenCase { title });
        self.marks.case_opened = Some(self.day);
        self.maybe(40, Self::note);
    }

    /// Police acted, and gained something.
    fn succeed(&mut self, days: RangeInclusive<u32>) {
        let note = self.say(|stories| &stories.words.success_notes);
        let (kind, yields) = match self.matter() {
            Some(matter) => (self.draw.text(&matter.endings).to_owned(), self.gains(&matter.yields)),
            None => (String::new(), Vec::new()),
        };
        let action_confirmed = kind == "chuyen";
        self.decide(days, Decision { kind, action_confirmed, note, yields });
    }

    /// Nothing that makes a source valuable.
    fn conclude(&mut self, kinds: fn(&Stories) -> &Vec<String>) {
        let (kind, note) = (self.say(kinds), self.say(|stories| &stories.words.failure_notes));
        self.decide(6..=24, Decision { kind, action_confirmed: false, note, yields: Vec::new() });
    }

    fn decide(&mut self, days: RangeInclusive<u32>, decision: Decision) {
        self.officer(days, Act::RecordOutcome(decision));
        self.marks.decided = Some(self.day);
    }

    fn gains(&self, ranges: &[YieldRange]) -> Vec<Gain> {
        let drawn = ranges.iter().enumerate().filter(|(number, _)| *number == 0 || self.draw.chance_of(65));
        let gained = drawn.map(|(_, range)| Gain {
            kind: range.kind.clone(),
            choice: range.choice.clone(),
            unit: range.unit.clone(),
            amount_milli: self.draw.amount(range.from, range.to, range.step),
        });
        let one_case = Gain { kind: "cases".to_owned(), choice: None, unit: "case".to_owned(), amount_milli: 1000 };
        std::iter::once(one_case).chain(gained).collect()
    }

    fn attest(&mut self, by: usize) {
        let reason = self.say(|stories| &stories.words.attestations);
        let identified = self.draw.chance_of(15);
        self.officer(0..=3, Act::AttestValue { by, reason, identified });
    }

    fn result(&mut self) {
        let text = self.say(|stories| &stories.words.results);
        self.officer(0..=1, Act::Reply(text));
        self.maybe(30, |line| {
            let text = line.say(|stories| &stories.words.thanks);
            line.reporter(0..=3, Act::Answer(text));
        });
    }

    fn close(&mut self) {
        let text = self.say(|stories| &stories.words.case_notes);
        self.officer(0..=4, Act::CloseCase(text));
        self.maybe(4, |line| line.reporter(0..=3, Act::GiveUpReceipt));
    }
}

/// A valuable source: attested by one officer, confirmed by another.
pub fn counted(line: &mut Line<'_>) {
    valued(line);
    line.officer(1..=4, Act::Confirm);
    line.maybe(40, Line::result);
    line.close();
}

/// A case with a good end, attested.
fn valued(line: &mut Line<'_>) {
    line.accept();
    line.grade(&['C', 'D', 'E', 'F'], 2..=4);
    line.open_case();
    line.succeed(9..=22);
    line.maybe(40, |line| line.grade(&['A', 'B', 'B', 'C'], 1..=2));
    line.attest(line.tip);
}

/// A second source to somebody else's case, which brought news of its own.
pub fn joined(line: &mut Line<'_>, of: usize, decided: NaiveDate) {
    line.officer(0..=1, Act::Screen);
    line.officer(0..=0, Act::Accept);
    line.officer(0..=1, Act::LinkCase { of });
    (line.day, line.minute) = (decided, *OFFICE.end());
    line.attest(of);
    line.officer(1..=4, Act::Confirm);
    line.maybe(40, Line::result);
}

/// Confirmed, and taken back.
pub fn revoked(line: &mut Line<'_>) {
    valued(line);
    line.officer(1..=4, Act::Confirm);
    let reason = line.say(|stories| &stories.words.revocations);
    line.officer(3..=12, Act::Revoke(reason));
    line.close();
}

/// Attested, and nobody confirmed it.
pub fn attested(line: &mut Line<'_>) {
    valued(line);
    line.maybe(50, Line::close);
}

/// Worked, and nothing came of it.
pub fn fruitless(line: &mut Line<'_>) {
    line.accept();
    line.grade(&['D', 'E', 'F'], 4..=6);
    line.open_case();
    line.conclude(|stories| &stories.words.failures);
    line.maybe(40, Line::result);
    line.close();
}

/// Ended with a caution, a pledge or peace.
pub fn settled(line: &mut Line<'_>) {
    line.accept();
    line.open_case();
    line.conclude(|stories| &stories.words.settlements);
    line.maybe(50, Line::result);
    line.maybe(85, Line::close);
}

/// The same again: folded into the first.
pub fn duplicate(line: &mut Line<'_>, of: usize) {
    line.officer(0..=2, Act::Screen);
    let reason = line.say(|stories| &stories.words.duplicates);
    line.officer(0..=0, Act::MarkDuplicate { of, reason });
}

/// For another agency.
pub fn referred(line: &mut Line<'_>) {
    line.officer(0..=2, Act::Screen);
    if let Some(referral) = line.draw.pick(&line.stories.words.referrals) {
        line.officer(0..=1, Act::Refer { to: referral.to.clone(), reason: referral.reason.clone() });
    }
    line.maybe(30, Line::reply);
}

/// No police work.
pub fn dismissed(line: &mut Line<'_>, (why, reason): (Dismissal, String)) {
    line.maybe(50, |line| line.officer(0..=2, Act::Screen));
    line.officer(0..=1, Act::Dismiss { why, reason });
}

pub fn received(_: &mut Line<'_>) {}

pub fn screening(line: &mut Line<'_>) {
    line.officer(0..=1, Act::Screen);
}

pub fn need_info(line: &mut Line<'_>) {
    line.officer(0..=1, Act::Screen);
    line.ask();
}

pub fn answered(line: &mut Line<'_>) {
    need_info(line);
    line.answer();
}

pub fn accepted(line: &mut Line<'_>) {
    line.accept();
    line.maybe(60, |line| line.officer(0..=0, Act::Assign));
}

pub fn verifying(line: &mut Line<'_>) {
    line.accept();
    line.open_case();
}

/// Decided, and its value is for somebody to attest.
pub fn handled(line: &mut Line<'_>) {
    verifying(line);
    line.succeed(2..=6);
}
