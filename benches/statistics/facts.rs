//! What becomes of one tip, as the ledger tells it.

use chrono::{Days, NaiveDate};
use entity::{enums::TipStatus, ids::TipId};
use tipline::statistics::ledger::{self, Fact, Kind};
use vault::chance::Chance;

use super::world::World;

pub struct Story {
    pub status: TipStatus,
    pub facts: Vec<Fact>,
}

const OUTCOMES: [&str; 8] =
    ["xphc", "khoi_to", "nhac_nho", "khong_du_tt", "hoa_giai", "thu_hoi", "khong_co_that", "sai_su_that"];

const YIELDS: [(&str, &str); 5] =
    [("persons", "person"), ("fines", "VND"), ("drugs:heroin", "g"), ("vehicles", "vehicle"), ("cases", "case")];

/// Lets a tip go its way until `today`; what would come later has not happened.
pub fn tell(world: &World, received: Fact, received_on: NaiveDate, today: NaiveDate) -> Story {
    let mut line =
        Line { status: TipStatus::Received, facts: vec![received.clone()], of_tip: received, received_on, today };
    line.go(world);
    Story { status: line.status, facts: line.facts }
}

struct Line {
    status: TipStatus,
    facts: Vec<Fact>,
    of_tip: Fact,
    received_on: NaiveDate,
    today: NaiveDate,
}

impl Line {
    /// Adds a fact that counts in the period of the tip, unless it is still to come.
    fn add(&mut self, kind: Kind, on: NaiveDate, change: impl FnOnce(Fact) -> Fact) -> bool {
        let happened = on <= self.today;
        if happened {
            let fact = Fact { kind, recorded_on: on, ..self.of_tip.clone() };
            self.facts.push(change(fact));
        }
        happened
    }

    fn go(&mut self, world: &World) {
        let screened = self.received_on + world.days(4);
        let received_on = self.received_on;
        if !self.add(Kind::Screened, screened, |fact| fact.after(received_on, screened)) {
            return;
        }
        self.status = TipStatus::Screening;
        if world.percent(20) {
            let asked = self.add(Kind::Asked, screened, |fact| fact);
            if asked && world.percent(60) {
                self.add(Kind::Answered, screened + world.days(10), |fact| fact);
            }
        }
        let end = screened + world.days(10);
        match world.chance.below(100) {
            0..12 => self.settle(end, ledger::TRANSFERRED, TipStatus::Referred),
            12..22 => self.settle(end, ledger::DUPLICATE, TipStatus::Duplicate),
            22..32 => self.settle(end, ledger::SPAM, TipStatus::Spam),
            32..40 => self.settle(end, ledger::NOT_POLICE, TipStatus::NotPolice),
            _ => self.work(world, end),
        }
    }

    fn settle(&mut self, on: NaiveDate, standing: &'static str, status: TipStatus) {
        if self.add(Kind::Settled, on, |fact| fact.told(standing)) {
            self.status = status;
        }
    }

    fn work(&mut self, world: &World, accepted: NaiveDate) {
        let received_on = self.received_on;
        if !self.add(Kind::Accepted, accepted, |fact| fact.after(received_on, accepted)) {
            return;
        }
        self.status = TipStatus::Accepted;
        let case = Some(world.chance.uuid().into());
        let opened = accepted + world.days(5);
        if !self.add(Kind::CaseOpened, opened, |fact| Fact { case, effective_on: opened, ..fact }) {
            return;
        }
        self.status = TipStatus::Verifying;
        let decided = opened + world.days(60);
        let outcome = Some(world.chance.uuid().into());
        let of_case = |fact: Fact| Fact { case, outcome, effective_on: decided, ..fact };
        if !self.add(Kind::Decided, decided, |fact| of_case(fact.after(received_on, decided))) {
            return;
        }
        self.settle(decided, ledger::HANDLED, TipStatus::Handled);
        let kind = *world.skewed(&OUTCOMES);
        self.add(Kind::Outcome, decided, |fact| of_case(fact.told(kind)));
        if world.percent(50) {
            let (detail, unit) = *world.skewed(&YIELDS);
            let amount_milli = Some(1000 * i64::try_from(1 + world.chance.below(20)).unwrap_or(1));
            let amount_unit = Some(unit.to_owned());
            self.add(Kind::Yield, decided, |fact| Fact { amount_milli, amount_unit, ..of_case(fact.told(detail)) });
        }
        if world.percent(25) {
            self.value(&world.chance, decided);
        }
    }

    fn value(&mut self, chance: &Chance, decided: NaiveDate) {
        let (valuation, rule) = (Some(chance.uuid().into()), Some(tipline::valuations::RULE));
        let of_valuation = |fact: Fact| Fact { valuation, rule, effective_on: decided, ..fact };
        let later = |days| decided + Days::new(days);
        let attested = self.add(Kind::Attested, later(1), of_valuation);
        let confirmed = attested && chance.below(10) > 0 && self.add(Kind::Confirmed, later(4), of_valuation);
        if confirmed && chance.below(50) == 0 {
            self.add(Kind::Revoked, later(20), of_valuation);
        }
    }
}

/// The fact that a tip came in.
pub fn received(world: &World, tip: TipId, on: NaiveDate) -> Fact {
    let (unit, office) = world.place(on);
    Fact {
        effective_on: on,
        unit,
        category: Some(world.category().to_owned()),
        channel: Some(world.channel().to_owned()),
        mode: Some(world.mode()),
        tip: Some(tip),
        ..Fact::of_office(Kind::Received, on, office)
    }
}
