//! A history: verbs done by random officers on random days, and beside it the list of all that happened.

use chrono::{Duration, NaiveDate};
use entity::{case_tips, enums::Mode, ids::ValuationId, tips as rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tipline::{
    cases,
    outcomes::{self, NewOutcome, NewYield},
    staff::Staff,
    tips::{
        self, Identity, NewTip,
        state::{Dismissal, State},
        thread,
    },
    valuations,
};
use vault::{receipt::Receipt, secret::Secret};

use super::{
    moment::{Moment, Verb},
    told::{Brought, ToldCase, ToldOutcome, ToldTip, ToldValuation},
    world::World,
};

const UNITS: [Option<&str>; 7] =
    [Some("15016"), Some("15013"), Some("15001"), Some("15007"), Some("15019"), Some("14995"), None];
const CATEGORIES: [&str; 3] = ["ma_tuy", "ttxh", "can_bo"];
const CHANNELS: [&str; 4] = ["web", "qr", "phone", "box"];
const KINDS: [&str; 5] = ["khoi_to", "xphc", "nhac_nho", "sai_su_that", "chuyen"];
const BROUGHT: [Brought; 7] = [
    ("cases", None, 1_000, "case"),
    ("persons", None, 3_000, "person"),
    ("drugs", Some("heroin"), 250, "g"),
    ("drugs", Some("meth"), 12_000, "pill"),
    ("fines", None, 7_500_000_000, "VND"),
    ("guns_home_made", None, 2_000, "gun"),
    ("timber", None, 1_234, "m3"),
];

pub fn words() -> Secret<String> {
    Secret::new("vì vậy".to_owned())
}

/// All that happened since a day on which nothing else was on record.
pub struct History {
    pub begun: NaiveDate,
    pub tips: Vec<ToldTip>,
    pub cases: Vec<ToldCase>,
    pub outcomes: Vec<ToldOutcome>,
    pub valuations: Vec<ToldValuation>,
}

fn pick<T>(things: &[T], at: usize) -> Option<usize> {
    (!things.is_empty()).then(|| at % things.len())
}

impl History {
    /// Histories lie far apart, so that none counts what happened in another.
    pub async fn begin(world: &World) -> Self {
        world.app.app.clock.advance(Duration::days(400));
        let begun = world.app.app.clock.today();
        let (tips, cases, outcomes, valuations) = Default::default();
        Self { begun, tips, cases, outcomes, valuations }
    }

    pub fn counted(&self) -> u32 {
        let counts = |one: &&ToldValuation| one.confirmed.is_some() && one.revoked.is_none();
        u32::try_from(self.valuations.iter().filter(counts).count()).unwrap()
    }

    /// Lets something happen; false: it could not.
    pub async fn goes_on(&mut self, world: &World, moment: Moment) -> bool {
        world.app.app.clock.advance(Duration::days(moment.days));
        let done = match moment.verb {
            Verb::Submit => Some(self.submits(world, moment).await),
            Verb::OpenCase | Verb::LinkCase | Verb::RecordOutcome | Verb::CloseCase | Verb::ReopenCase => {
                self.works(world, moment).await
            }
            Verb::Attest | Verb::Confirm | Verb::Revoke => self.values(world, moment).await,
            Verb::Screen
            | Verb::Accept
            | Verb::Ask
            | Verb::Answer
            | Verb::Refer
            | Verb::Dismiss
            | Verb::MarkDuplicate
            | Verb::Reopen => self.moves(world, moment).await,
        };
        self.looks(world, moment.verb == Verb::Answer).await;
        done.unwrap_or(false)
    }

    /// One of the two officers of the tip's office.
    fn officer<'a>(&self, world: &'a World, tip: usize, actor: usize) -> &'a Staff {
        let at_intake = self.tips[tip].office == world.offices[0];
        &world.officers[if at_intake { actor } else { 2 + actor }]
    }

    async fn submits(&mut self, world: &World, moment: Moment) -> bool {
        let app = &world.app.app;
        let today = app.clock.today();
        let unit = UNITS[moment.other % UNITS.len()].filter(|code| app.reference.unit_on(code, today).is_some());
        let mode = [Mode::Anonymous, Mode::Identified][moment.other / 100 % 2];
        let channel = CHANNELS[moment.other / 8 % CHANNELS.len()];
        let name = (mode == Mode::Identified).then(|| "Ông Mẫu".to_owned());
        let ticket = tips::issue_ticket(app);
        let new = NewTip {
            receipt: Receipt::parse(ticket.receipt.expose()).unwrap(),
            ticket: ticket.ticket,
            category: CATEGORIES[moment.one % CATEGORIES.len()].to_owned(),
            narrative: words(),
            unit: unit.map(str::to_owned),
            place: None,
            occurred_on: None,
            happening_now: false,
            language: None,
            channel: channel.to_owned(),
            concerns: Vec::new(),
            mode,
            identity: Identity { phone: name.clone().map(|_| "0900 000 001".to_owned()), name, ..Identity::default() },
        };
        let by_officer = matches!(channel, "phone" | "box");
        let id = if by_officer {
            tips::write_down(app, &world.officers[moment.actor], new).await.unwrap().submitted.id
        } else {
            tips::submit(app, &new, None).await.unwrap().id
        };
        let row = rows::Entity::find_by_id(id).one(app.db.read()).await.unwrap().unwrap();
        self.tips.push(ToldTip {
            id,
            receipt: ticket.receipt,
            on: today,
            unit: row.unit_code.zip(row.unit_valid_from),
            category: row.category,
            channel: row.channel,
            mode: row.mode,
            office: row.office_id,
            states: vec![(today, State::Received)],
            screened: None,
            accepted: None,
            asked: Vec::new(),
            answered: Vec::new(),
            decided: None,
        });
        true
    }

    /// A tip that waits for the verb, or now and then any, which the verb then has to refuse.
    fn waiting(&self, moment: Moment) -> Option<usize> {
        let waits = |tip: &ToldTip| {
            let state = tip.states.last().unwrap().1;
            match moment.verb {
                Verb::Answer => matches!(state, State::NeedInfo(_)),
                Verb::Accept | Verb::Refer | Verb::Dismiss => matches!(state, State::Received | State::Screening),
                Verb::OpenCase | Verb::LinkCase => matches!(state, State::Accepted | State::Handled),
                Verb::Reopen => matches!(state, State::Closed | State::Duplicate | State::Referred | State::Spam),
                _ => true,
            }
        };
        let waiting: Vec<usize> = (0..self.tips.len()).filter(|at| waits(&self.tips[*at])).collect();
        match pick(&waiting, moment.one) {
            Some(at) if !moment.one.is_multiple_of(8) => Some(waiting[at]),
            _ => pick(&self.tips, moment.one),
        }
    }

    async fn moves(&mut self, world: &World, moment: Moment) -> Option<bool> {
        let at = self.waiting(moment)?;
        let (app, by, id) = (&world.app.app, self.officer(world, at, moment.actor), self.tips[at].id);
        let other = self.tips[moment.other % self.tips.len()].id;
        let why = Dismissal::ALL[moment.other % 3];
        Some(match moment.verb {
            Verb::Screen => tips::screen(app, by, id, None).await.is_ok(),
            Verb::Accept => tips::accept(app, by, id, None).await.is_ok(),
            Verb::Ask => tips::ask(app, by, id, None, words()).await.is_ok(),
            Verb::Refer => tips::refer(app, by, id, None, "nơi khác", words()).await.is_ok(),
            Verb::Dismiss => tips::dismiss(app, by, id, None, why, words()).await.is_ok(),
            Verb::Reopen => tips::reopen(app, by, id, None, words()).await.is_ok(),
            Verb::MarkDuplicate => tips::mark_duplicate(app, by, id, None, other, words()).await.is_ok(),
            _ => {
                let receipt = Receipt::parse(self.tips[at].receipt.expose()).unwrap();
                let opened = thread::open_thread(app, &receipt).await.unwrap();
                let reporter = thread::authenticate(app, opened.token.expose()).await.unwrap();
                thread::add_message(app, &reporter, words()).await.is_ok()
            }
        })
    }

    async fn works(&mut self, world: &World, moment: Moment) -> Option<bool> {
        let app = &world.app.app;
        let tip = self.waiting(moment)?;
        if moment.verb == Verb::OpenCase {
            let by = self.officer(world, tip, moment.actor);
            let opened = tips::open_case(app, by, self.tips[tip].id, None, words()).await.ok()?;
            self.cases.push(ToldCase { id: opened.id, tip, on: app.clock.today() });
            return Some(true);
        }
        let case = pick(&self.cases, moment.other)?;
        let by = self.officer(world, self.cases[case].tip, moment.actor);
        let id = self.cases[case].id;
        Some(match moment.verb {
            Verb::LinkCase => tips::link_case(app, by, self.tips[tip].id, None, id).await.is_ok(),
            Verb::CloseCase => cases::close(app, by, id, None, None).await.is_ok(),
            Verb::ReopenCase => cases::reopen(app, by, id, None, words()).await.is_ok(),
            _ => self.comes_out(world, moment, case, by).await,
        })
    }

    async fn comes_out(&mut self, world: &World, moment: Moment, case: usize, by: &Staff) -> bool {
        let (app, id) = (&world.app.app, self.cases[case].id);
        let today = app.clock.today();
        let decided_on = (today - Duration::days(i64::try_from(moment.other % 11).unwrap())).max(self.begun);
        let kind = KINDS[moment.other / 11 % KINDS.len()];
        let brought: Vec<Brought> =
            BROUGHT.into_iter().enumerate().filter(|(at, _)| moment.other >> at & 1 == 1).map(|(_, one)| one).collect();
        #[expect(clippy::cast_precision_loss, reason = "amounts of a test")]
        let yields = brought.iter().map(|(kind, choice, milli, unit)| NewYield {
            kind: (*kind).to_owned(),
            choice: choice.map(str::to_owned),
            amount: *milli as f64 / 1000.0,
            unit: (*unit).to_owned(),
        });
        let new = NewOutcome {
            kind: kind.to_owned(),
            decided_on,
            action_confirmed: true,
            note: None,
            yields: yields.collect(),
        };
        let Ok(outcome) = outcomes::record(app, by, id, new).await else { return false };
        self.outcomes.push(ToldOutcome { id: outcome, case, kind, on: today, decided_on, brought });
        let of_case = case_tips::Entity::find().filter(case_tips::Column::CaseId.eq(id));
        for link in of_case.all(app.db.read()).await.unwrap() {
            let tip = self.tips.iter_mut().find(|tip| tip.id == link.tip_id).unwrap();
            tip.decided = tip.decided.or(Some((today, decided_on)));
        }
        true
    }

    async fn values(&mut self, world: &World, moment: Moment) -> Option<bool> {
        let (app, today) = (&world.app.app, world.app.app.clock.today());
        if moment.verb == Verb::Attest {
            let valued = |tip: usize| self.valuations.iter().any(|one| one.tip == tip && one.revoked.is_none());
            let waits = |one: &ToldOutcome| !valued(self.cases[one.case].tip);
            let waiting: Vec<usize> = (0..self.outcomes.len()).filter(|at| waits(&self.outcomes[*at])).collect();
            let outcome = &self.outcomes[waiting.get(pick(&waiting, moment.other)?).copied()?];
            // Mostly the tip that the case began with: any other is hardly ever part of it.
            let any = pick(&self.tips, moment.one)?;
            let tip = if moment.one.is_multiple_of(8) { any } else { self.cases[outcome.case].tip };
            let by = self.officer(world, tip, moment.actor);
            let attested = tips::attest_value(app, by, self.tips[tip].id, outcome.id, words(), false).await.ok()?;
            let decided_on = outcome.decided_on;
            self.keep(attested.id, tip, moment.actor, decided_on);
            return Some(true);
        }
        let waits =
            |one: &ToldValuation| one.revoked.is_none() && (moment.verb == Verb::Revoke || one.confirmed.is_none());
        let waiting: Vec<usize> = (0..self.valuations.len()).filter(|at| waits(&self.valuations[*at])).collect();
        let at = waiting.get(pick(&waiting, moment.one)?).copied()?;
        // Now and then who attested it tries to confirm it, and is refused.
        let other = 1 - self.valuations[at].attested_by;
        let actor = if moment.one.is_multiple_of(8) { moment.actor } else { other };
        let by = self.officer(world, self.valuations[at].tip, actor);
        let valuation = &mut self.valuations[at];
        if moment.verb == Verb::Confirm {
            valuations::confirm(app, by, valuation.id).await.ok()?;
            valuation.confirmed = Some(today);
        } else {
            valuations::revoke(app, by, valuation.id, words()).await.ok()?;
            valuation.revoked = Some(today);
        }
        Some(true)
    }

    fn keep(&mut self, id: ValuationId, tip: usize, attested_by: usize, decided_on: NaiveDate) {
        self.valuations.push(ToldValuation { id, tip, attested_by, decided_on, confirmed: None, revoked: None });
    }

    /// Looks at every tip and notes where it has come to.
    async fn looks(&mut self, world: &World, answered: bool) {
        let today = world.app.app.clock.today();
        for tip in &mut self.tips {
            let row = rows::Entity::find_by_id(tip.id).one(world.app.app.db.read()).await.unwrap().unwrap();
            let (was, is) = (tip.states.last().unwrap().1, State::from_row(row.status, row.asked_from));
            if was == is {
                continue;
            }
            tip.states.push((today, is));
            if was == State::Received {
                tip.screened = Some(today);
            }
            let unjudged = matches!(was, State::Received | State::Screening)
                || was == State::NeedInfo(entity::enums::TipStage::Screening);
            if unjudged && is == State::Accepted {
                tip.accepted = tip.accepted.or(Some(today));
            }
            let asked = |state| matches!(state, State::NeedInfo(_));
            if asked(is) && !asked(was) {
                tip.asked.push(today);
            }
            if asked(was) && answered {
                tip.answered.push(today);
            }
        }
    }

    /// Valuations of the intake desk that wait for a second officer, attested by the first.
    pub async fn attests_some(&mut self, world: &World, how_many: usize) -> Vec<ValuationId> {
        for at in 0..how_many {
            let last = self.tips.len();
            let moment = |verb, one, other| Moment { days: 0, actor: at % 2, verb, one, other };
            self.goes_on(world, moment(Verb::Submit, at, 0)).await;
            self.goes_on(world, moment(Verb::Accept, last, 0)).await;
            self.goes_on(world, moment(Verb::OpenCase, last, 0)).await;
            self.goes_on(world, moment(Verb::RecordOutcome, last, self.cases.len() - 1)).await;
            let outcome = self.outcomes.last().unwrap().id;
            let (app, by) = (&world.app.app, self.officer(world, last, at % 2));
            let attested = tips::attest_value(app, by, self.tips[last].id, outcome, words(), true).await.unwrap();
            let decided_on = app.clock.today();
            self.keep(attested.id, last, at % 2, decided_on);
        }
        self.valuations.iter().map(|valuation| valuation.id).collect()
    }
}
