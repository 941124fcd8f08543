//! What happens in the ledger, and when: a pure function of the seed and the day.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::enums::Mode;

use super::{
    cast::{Cast, Theme},
    draw::Draw,
    releases::{self, Announced},
    stories::{Ends, Stories},
    worked::{self, Line, Marks, Script},
};
use crate::{
    reference::Reference,
    tips::{Identity, state::Dismissal},
};

/// The whole ledger before it happens.
#[derive(Debug, PartialEq)]
pub struct Plan {
    pub tips: Vec<Told>,
    /// In the order of time.
    pub happenings: Vec<Happening>,
    /// What the public is told, in the order of time.
    pub releases: Vec<Announced>,
}

/// A tip as it will be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub category: String,
    pub unit: Option<String>,
    pub channel: String,
    /// An officer writes it down.
    pub by_officer: bool,
    pub mode: Mode,
    pub identity: Identity,
    pub narrative: String,
    pub place: Option<String>,
    pub occurred_on: Option<NaiveDate>,
    pub happening_now: bool,
}

#[derive(Debug, PartialEq)]
pub struct Happening {
    pub at: DateTime<Utc>,
    /// Index of the tip.
    pub tip: usize,
    pub act: Act,
}

/// One verb and what it is given. Tips are named by their index.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Submit,
    Screen,
    Ask(String),
    /// The reporter writes.
    Answer(String),
    Reply(String),
    Note(String),
    Grade {
        source: char,
        information: u8,
    },
    Accept,
    Assign,
    MarkDuplicate {
        of: usize,
        reason: String,
    },
    Refer {
        to: String,
        reason: String,
    },
    Dismiss {
        why: Dismissal,
        reason: String,
    },
    OpenCase {
        title: String,
    },
    LinkCase {
        of: usize,
    },
    /// Decided on the day it is recorded.
    RecordOutcome(Decision),
    /// By the outcome in the case of that tip.
    AttestValue {
        by: usize,
        reason: String,
        identified: bool,
    },
    Confirm,
    Revoke(String),
    CloseCase(String),
    GiveUpReceipt,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub kind: String,
    pub action_confirmed: bool,
    pub note: String,
    pub yields: Vec<Gain>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    pub kind: String,
    pub choice: Option<String>,
    pub unit: String,
    /// Thousandths of the unit.
    pub amount_milli: i64,
}

/// The longest way from a tip's first word to its last; whatever begins so long before today is over today.
const LONGEST_DAYS: i64 = 75;

/// How far back the open tips reach.
const OPEN_DAYS: u32 = 20;

impl Plan {
    pub fn make(reference: &Reference, seed: u64, now: DateTime<Utc>) -> Result<Self, serde_json::Error> {
        let stories = Stories::load()?;
        let today = worked::day_of(now);
        let draw = Draw::new(seed);
        let mut planner = Planner {
            cast: Cast::new(&draw, &stories, reference),
            draw: &draw,
            stories: &stories,
            tips: Vec::new(),
            played: Vec::new(),
            happenings: Vec::new(),
        };
        for year in &stories.ledger.years {
            let (first, last) = (NaiveDate::from_ymd_opt(year.year, 1, 4), NaiveDate::from_ymd_opt(year.year, 10, 20));
            if let (Some(first), Some(last)) = (first, last) {
                planner.span(year.ends, first, last);
            }
        }
        let after = stories.ledger.years.iter().map(|year| year.year).max().unwrap_or(0) + 1;
        let until = today - Duration::days(LONGEST_DAYS);
        if let Some(first) = NaiveDate::from_ymd_opt(after, 1, 4).filter(|first| *first < until) {
            planner.span(stories.ledger.later, first, until);
        }
        planner.open(today);
        let (mut tips, mut happenings) = (planner.tips, planner.happenings);
        happenings.sort_by_key(|happening| happening.at);
        forget_ended_units(reference, &mut tips, &happenings);
        Ok(Self { tips, happenings, releases: releases::announced(now) })
    }
}

/// A tip that was drawn for one day and is told on another must not name a unit that has ended, or not begun.
fn forget_ended_units(reference: &Reference, tips: &mut [Told], happenings: &[Happening]) {
    for happening in happenings.iter().filter(|happening| happening.act == Act::Submit) {
        let day = worked::day_of(happening.at);
        if let Some(told) = tips.get_mut(happening.tip) {
            told.unit = told.unit.take().filter(|code| reference.unit_on(code, day).is_some());
        }
    }
}

struct Planner<'a> {
    cast: Cast<'a>,
    draw: &'a Draw,
    stories: &'a Stories,
    tips: Vec<Told>,
    /// What later tips about the same matter lean on.
    played: Vec<(Theme, Marks)>,
    happenings: Vec<Happening>,
}

impl Planner<'_> {
    /// Tips that begin between two days and are over some weeks after.
    fn span(&mut self, ends: Ends, first: NaiveDate, last: NaiveDate) {
        let begin = self.tips.len();
        for _ in 0..ends.counted {
            let day = self.day(first, last);
            let cast = self.cast.counted(day);
            self.play(cast, day, worked::counted);
        }
        let scripts: [(usize, Script); 5] = [
            (ends.revoked, worked::revoked),
            (ends.attested, worked::attested),
            (ends.fruitless, worked::fruitless),
            (ends.settled, worked::settled),
            (ends.referred, worked::referred),
        ];
        for (times, script) in scripts {
            for _ in 0..times {
                let day = self.day(first, last);
                let cast = self.cast.other(day);
                self.play(cast, day, script);
            }
        }
        self.leaning(ends, begin);
        for _ in 0..ends.dismissed {
            let day = self.day(first, last);
            let (cast, why) = self.cast.dismissed(day);
            self.play(cast, day, |line| worked::dismissed(line, why));
        }
    }

    /// Tips about the same matters as those since `begin`.
    fn leaning(&mut self, ends: Ends, begin: usize) {
        let counted: Vec<usize> = (begin..begin + ends.counted).collect();
        let worked: Vec<usize> =
            (begin..begin + ends.counted + ends.revoked + ends.attested + ends.fruitless).collect();
        for _ in 0..ends.joined {
            let Some((of, theme, marks)) = self.earlier(&counted) else { continue };
            let Some((opened, decided)) = marks.case_opened.zip(marks.decided) else { continue };
            let cast = self.cast.again(&theme, opened);
            self.play(cast, opened + Duration::days(1), |line| worked::joined(line, of, decided));
        }
        for _ in 0..ends.duplicate {
            let Some((of, theme, marks)) = self.earlier(&worked) else { continue };
            let day = marks.submitted + Duration::days(i64::from(self.draw.within(1..=6)));
            let cast = self.cast.again(&theme, day);
            self.play(cast, day, |line| worked::duplicate(line, of));
        }
    }

    fn earlier(&self, from: &[usize]) -> Option<(usize, Theme, Marks)> {
        let of = *self.draw.pick(from)?;
        let (theme, marks) = self.played.get(of)?;
        Some((of, theme.clone(), *marks))
    }

    fn day(&self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let days = u32::try_from((last - first).num_days()).unwrap_or(0);
        first + Duration::days(i64::from(self.draw.within(0..=days)))
    }

    /// What waits today, all of it from before today.
    fn open(&mut self, today: NaiveDate) {
        let open = self.stories.ledger.open;
        let scripts: [(usize, Script); 7] = [
            (open.received, worked::received),
            (open.screening, worked::screening),
            (open.need_info, worked::need_info),
            (open.answered, worked::answered),
            (open.accepted, worked::accepted),
            (open.verifying, worked::verifying),
            (open.handled, worked::handled),
        ];
        let mut urgent = true;
        for (times, script) in scripts {
            for _ in 0..times {
                let day = today - Duration::days(i64::from(self.draw.within(1..=OPEN_DAYS)));
                // One at the top of the queue, whatever is drawn.
                let cast = if std::mem::take(&mut urgent) { self.cast.urgent(day) } else { self.cast.other(day) };
                let happened = self.play(cast, day, script);
                self.before(today, happened);
            }
        }
    }

    /// Lets a tip begin and go its way; tells where its happenings begin.
    fn play(&mut self, (told, theme): (Told, Theme), day: NaiveDate, script: impl FnOnce(&mut Line<'_>)) -> usize {
        let begin = self.happenings.len();
        let mut line = Line::new(self.draw, self.stories, self.tips.len(), &theme, day);
        line.submit(told.by_officer);
        script(&mut line);
        let (marks, happenings) = line.end();
        self.happenings.extend(happenings);
        self.played.push((theme, marks));
        self.tips.push(told);
        begin
    }

    /// Moves the happenings since `begin`, and what the newest tip tells of, back by whole days, until all lie before
    /// a day.
    fn before(&mut self, day: NaiveDate, begin: usize) {
        let happenings = self.happenings.get_mut(begin..).unwrap_or_default();
        let Some(last) = happenings.iter().map(|happening| worked::day_of(happening.at)).max() else { return };
        let back = Duration::days(((last - day).num_days() + 1).max(0));
        for happening in happenings {
            happening.at -= back;
        }
        if let Some(occurred_on) = self.tips.last_mut().and_then(|told| told.occurred_on.as_mut()) {
            *occurred_on -= back;
        }
    }
}
