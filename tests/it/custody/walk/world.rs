use std::collections::{BTreeMap, BTreeSet};

use entity::{
    enums::{Mode, OfficerStatus, Role},
    ids::{OfficeId, OfficerId, RoleGrantId, TipId},
    officers,
};
use sea_orm::{ActiveModelTrait, Set};
use tipline::{
    platform::fault::Fault,
    staff::{self, Staff},
    tips::{self, Identity, NewTip},
    units::{self, Granted},
};
use vault::{chance::Chance, keys::PrivateKey, receipt::Receipt, secret::Secret};

use super::{
    super::SON_THUY,
    Verb,
    losses::Paper,
    people::{Actor, Bystander},
};
use crate::support::{
    TestApp,
    deployment::{INTAKE, NA_MEO, PASSWORD},
};

/// The province's police stand above the two communes'.
pub const P: usize = 0;
pub const OFFICES: [(&str, &str); 3] = [(INTAKE, "38"), (NA_MEO, "15013"), (SON_THUY, "15010")];

const PEOPLE: [(usize, Role); 8] = [
    (0, Role::Commander),
    (0, Role::Screener),
    (0, Role::Commander),
    (1, Role::Commander),
    (1, Role::Screener),
    (1, Role::Commander),
    (2, Role::Commander),
    (2, Role::Investigator),
];

/// Tips that are watched at a time.
const WATCHED: usize = 3;

/// Custodians of identities, all at the province's police; three of them hold a share of each.
const CUSTODIANS: usize = 5;

/// Who a confidential reporter is.
pub const NAME: &str = "Vi Văn Kín";

/// A tip as the matrix has it.
pub(super) struct Live {
    pub id: TipId,
    pub number: String,
    pub receipt: Receipt,
    pub office: usize,
    concerned: BTreeSet<usize>,
    pub informed: BTreeSet<usize>,
    /// Actors; none: not restricted.
    pub readers: BTreeSet<usize>,
}

/// The program, and beside it what must be.
pub struct World {
    pub(super) app: TestApp,
    seed: u64,
    chance: Chance,
    pub(super) offices: Vec<OfficeId>,
    pub(super) actors: Vec<Actor>,
    /// One an office.
    pub(super) administrators: Vec<Bystander>,
    pub(super) custodians: Vec<Bystander>,
    pub(super) custodian_keys: Vec<PrivateKey>,
    pub(super) tips: Vec<Live>,
    /// Who holds shares of which identity; also of tips that are no longer watched.
    pub(super) identities: BTreeMap<TipId, BTreeSet<usize>>,
    /// Requests that are under way, or were granted and have not ended.
    pub(super) asked: BTreeSet<(usize, TipId)>,
    /// Whose time is over.
    pub(super) ended: Vec<(TipId, Receipt)>,
    /// Who is to become a member, and who has consented.
    pub(super) consents: BTreeMap<usize, usize>,
    /// The newest of each office.
    pub(super) epochs: Vec<i32>,
    /// What was printed last of each office.
    pub(super) paper: Vec<Option<Paper>>,
    pub(super) trail: Vec<String>,
    /// What is being done, and how often what was done, and not refused.
    verb: Verb,
    pub(super) done: BTreeMap<Verb, u32>,
}

pub fn words() -> Secret<String> {
    Secret::new("vì vậy".to_owned())
}

/// What a caller would be told of a refusal.
pub fn told<T, E: Fault>(result: Result<T, E>) -> Result<T, &'static str> {
    result.map_err(|error| error.public().code.as_str())
}

impl World {
    pub async fn new(seed: u64) -> Self {
        let app = TestApp::spawn().await;
        let mut world = Self {
            app,
            seed,
            chance: Chance::seeded(seed),
            offices: Vec::new(),
            actors: Vec::new(),
            administrators: Vec::new(),
            custodians: Vec::new(),
            custodian_keys: Vec::new(),
            tips: Vec::new(),
            identities: BTreeMap::new(),
            asked: BTreeSet::new(),
            ended: Vec::new(),
            consents: BTreeMap::new(),
            epochs: vec![1; OFFICES.len()],
            paper: OFFICES.map(|_| None).into(),
            trail: Vec::new(),
            verb: Verb::Submit,
            done: BTreeMap::new(),
        };
        for (code, _) in OFFICES {
            let office = world.app.office(code).await;
            world.offices.push(office);
        }
        for (at, (office, role)) in PEOPLE.into_iter().enumerate() {
            let name = format!("actor-{at}");
            let officer = world.app.officer_at(OFFICES[office].0, &name, &[role]).await;
            let (id, access, staff) = (officer.staff.id, officer.tokens.access.clone(), Some(officer.staff));
            let (is_in, key, recovery) = (true, true, None);
            world.actors.push(Actor { id, name, office, role, access, staff, is_in, key, recovery });
        }
        for (at, (office, _)) in OFFICES.into_iter().enumerate() {
            let name = format!("administrator-{at}");
            let administrator = Bystander::of(&world.app, office, name, Role::Administrator).await;
            world.administrators.push(administrator);
        }
        for at in 0..CUSTODIANS {
            let custodian = Bystander::of(&world.app, INTAKE, format!("custodian-{at}"), Role::Custodian).await;
            world.custodians.push(custodian);
            let key = world.key_of(at).await;
            world.custodian_keys.push(key);
        }
        world
    }

    pub fn draw(&self, below: u64) -> u64 {
        self.chance.below(below)
    }

    pub(super) fn any(&self, of: usize) -> usize {
        usize::try_from(self.draw(of as u64)).unwrap()
    }

    pub(super) fn tip_at(&self) -> Option<usize> {
        (!self.tips.is_empty()).then(|| self.any(self.tips.len()))
    }

    /// The actor's authority as the next request would have it; none: no longer let in.
    pub(super) fn staff(&self, actor: usize) -> Option<Staff> {
        self.actors[actor].staff.clone()
    }

    /// Asks for every actor's authority anew: after whatever changes one.
    pub(super) async fn log_everybody_in(&mut self) {
        for at in 0..self.actors.len() {
            let staff = staff::authenticate(&self.app.app, &self.actors[at].access).await.ok();
            assert_eq!(staff.is_some(), self.actors[at].is_in, "actor {at}\n{}", self.story());
            self.actors[at].staff = staff;
        }
    }

    // The matrix

    pub(super) fn sees(&self, actor: usize, tip: &Live) -> bool {
        let Actor { office, is_in, .. } = self.actors[actor];
        let mine = if tip.readers.is_empty() { tip.office == office } else { tip.readers.contains(&actor) };
        is_in && !tip.concerned.contains(&office) && (mine || tip.informed.contains(&office))
    }

    pub(super) fn opens(&self, actor: usize, tip: &Live) -> bool {
        self.sees(actor, tip) && (self.actors[actor].key || tip.readers.contains(&actor))
    }

    /// May change who opens it.
    pub(super) fn decides(&self, actor: usize, tip: &Live) -> bool {
        let Actor { office, role, .. } = self.actors[actor];
        self.opens(actor, tip) && tip.office == office && matches!(role, Role::Screener | Role::Commander)
    }

    pub(super) fn commands(&self, actor: usize) -> bool {
        self.actors[actor].role == Role::Commander
    }

    pub(super) fn holders(&self, office: usize) -> Vec<usize> {
        (0..self.actors.len()).filter(|at| self.actors[*at].office == office && self.actors[*at].key).collect()
    }

    #[track_caller]
    pub(super) fn agree<T>(&mut self, step: String, did: Result<T, &'static str>, may: bool) -> Option<T> {
        let outcome = did.as_ref().map(|_| "done").unwrap_or_else(|code| code);
        self.trail.push(format!("{step}: {outcome}"));
        assert_eq!(did.is_ok(), may, "{}", self.story());
        if may {
            self.has_done();
        }
        did.ok()
    }

    pub(super) fn has_done(&mut self) {
        *self.done.entry(self.verb).or_default() += 1;
    }

    pub(super) fn story(&self) -> String {
        let from = self.trail.len().saturating_sub(40);
        format!("seed {}, step {}\n{}", self.seed, self.trail.len(), self.trail[from..].join("\n"))
    }

    // The steps

    pub async fn does(&mut self, verb: Verb) {
        self.verb = verb;
        match verb {
            Verb::Submit => self.submits().await,
            Verb::Grant => self.grants().await,
            Verb::Remove => {
                self.removes().await;
                self.log_everybody_in().await;
            }
            Verb::Return => {
                self.returns().await;
                self.log_everybody_in().await;
            }
            Verb::Rewrap => self.rewraps().await,
            Verb::Reset => {
                self.resets().await;
                self.log_everybody_in().await;
            }
            Verb::Recover => {
                self.recovers().await;
                self.log_everybody_in().await;
            }
            Verb::Succeed => self.succeeds().await,
            Verb::Ask => self.asks().await,
            Verb::Rotate => {
                self.rotates().await;
                self.log_everybody_in().await;
            }
            Verb::Transfer
            | Verb::Share
            | Verb::Unshare
            | Verb::Restrict
            | Verb::Lift
            | Verb::Concern
            | Verb::Expire => {
                let Some(tip) = self.tip_at() else { return };
                // Mostly somebody who can, so that the walk goes on.
                let able: Vec<usize> = (0..self.actors.len()).filter(|at| self.decides(*at, &self.tips[tip])).collect();
                let by = if able.is_empty() || self.draw(4) == 0 {
                    self.any(self.actors.len())
                } else {
                    able[self.any(able.len())]
                };
                let Some(staff) = self.staff(by) else { return };
                match verb {
                    Verb::Transfer => self.transfers(tip, by, &staff).await,
                    Verb::Share | Verb::Unshare => self.informs(verb == Verb::Share, tip, by, &staff).await,
                    Verb::Restrict => self.restricts(tip, by, &staff).await,
                    Verb::Lift => self.lifts(tip, by, &staff).await,
                    Verb::Concern => self.names_concerned(tip, by, &staff).await,
                    Verb::Expire => self.expires(tip, by, &staff).await,
                    _ => unreachable!("these are done to no tip"),
                }
            }
        }
    }

    async fn submits(&mut self) {
        if self.tips.len() == WATCHED {
            // One that nothing hangs on is no longer watched.
            let Some(at) = self.tips.iter().position(|tip| tip.readers.is_empty()) else { return };
            self.tips.remove(at);
        }
        let unit = [None, Some(1), Some(2)][self.any(3)];
        let concerned = [None, None, None, Some(1), Some(2), Some(P)][self.any(6)];
        let confidential = self.draw(3) == 0;
        let ticket = tips::issue_ticket(&self.app.app);
        let receipt = Receipt::parse(ticket.receipt.expose()).unwrap();
        let new = NewTip {
            receipt: receipt.clone(),
            ticket: ticket.ticket,
            category: "ma_tuy".into(),
            narrative: Secret::new("Bên suối".into()),
            unit: unit.map(|at: usize| OFFICES[at].1.to_owned()),
            place: None,
            occurred_on: None,
            happening_now: false,
            language: None,
            channel: "web".into(),
            concerns: concerned.map(|at: usize| OFFICES[at].1.to_owned()).into_iter().collect(),
            mode: if confidential { Mode::Confidential } else { Mode::Anonymous },
            identity: Identity { name: confidential.then(|| NAME.to_owned()), ..Default::default() },
        };
        let did = told(tips::submit(&self.app.app, &new, None).await);
        let step = format!("submit about {unit:?}, concerning {concerned:?}");
        let Some(made) = self.agree(step, did, concerned != Some(P)) else { return };
        let office = if concerned.is_some() { P } else { unit.unwrap_or(P) };
        let (id, number) = (made.id, made.acknowledgement.number);
        if confidential {
            let holders = self.drawn_holders(id).await;
            self.identities.insert(id, holders);
        }
        let (informed, readers) = Default::default();
        self.tips.push(Live {
            id,
            number,
            receipt,
            office,
            concerned: concerned.into_iter().collect(),
            informed,
            readers,
        });
    }

    async fn grants(&mut self) {
        let without: Vec<usize> = (0..self.actors.len()).filter(|at| !self.actors[*at].key).collect();
        let to = if without.is_empty() { self.any(self.actors.len()) } else { without[self.any(without.len())] };
        let office = self.actors[to].office;
        let (holders, by) = (self.holders(office), self.any(self.actors.len()));
        let by = if self.draw(4) == 0 { by } else { holders[self.any(holders.len())] };
        let Some(staff) = self.staff(by) else { return };
        // Who was removed shows nobody a key.
        let seen = self.actors[to].staff.as_ref().map(Staff::key_fingerprint).unwrap_or_default();
        let id = self.actors[to].id;
        let did = told(units::grant_key(&self.app.app, &staff, self.offices[office], id, &seen).await);
        let (from, actor) = (&self.actors[by], &self.actors[to]);
        let needs_two = actor.role == Role::Commander && holders.len() > 1;
        let consented = self.consents.get(&to).copied();
        let may =
            from.office == office && from.key && actor.is_in && !actor.key && !(needs_two && consented == Some(by));
        match self.agree(format!("{by} grants {to}"), did, may) {
            Some(Granted::Granted) => {
                assert!(!needs_two || consented.is_some(), "{}", self.story());
                self.actors[to].key = true;
                self.consents.remove(&to);
            }
            Some(Granted::WaitsForSecondMember) => {
                assert!(needs_two && consented.is_none(), "{}", self.story());
                self.consents.insert(to, by);
            }
            None => (),
        }
    }

    async fn removes(&mut self) {
        let (by, who) = (self.any(self.actors.len()), self.any(self.actors.len()));
        let Some(staff) = self.staff(by) else { return };
        let office = self.actors[who].office;
        let did = told(units::remove_officer(&self.app.app, &staff, self.offices[office], self.actors[who].id).await);
        let (from, actor) = (&self.actors[by], &self.actors[who]);
        let entitled = from.office == office && from.role == Role::Commander && by != who && actor.is_in;
        let replaceable = !actor.key || self.holders(office).len() > 1;
        let alone = |tip: &Live| tip.readers.len() == 1 && tip.readers.contains(&who);
        let may = entitled && replaceable && !self.tips.iter().any(alone);
        if self.agree(format!("{by} removes {who}"), did, may).is_some() {
            self.epochs[office] += i32::from(self.actors[who].key);
            (self.actors[who].is_in, self.actors[who].key) = (false, false);
            self.consents.retain(|to, from| *to != who && *from != who);
            for tip in &mut self.tips {
                tip.readers.remove(&who);
            }
        }
    }

    async fn returns(&mut self) {
        let out: Vec<usize> = (0..self.actors.len()).filter(|at| !self.actors[*at].is_in).collect();
        let Some(who) = (!out.is_empty()).then(|| out[self.any(out.len())]) else { return };
        let Actor { id, office, role, .. } = self.actors[who];
        self.takes_on_again(id, office, role).await;
        let name = self.actors[who].name.clone();
        self.actors[who].access = self.app.logs_in(&name, PASSWORD).await.tokens.access;
        self.actors[who].is_in = true;
        self.has_done();
        self.trail.push(format!("{who} returns"));
    }

    pub(super) async fn takes_on_again(&self, id: OfficerId, office: usize, role: Role) {
        let row = officers::ActiveModel { id: Set(id), status: Set(OfficerStatus::Active), ..Default::default() };
        let (grant, now) = (RoleGrantId::from(self.app.app.chance.uuid()), self.app.app.clock.now());
        self.app
            .app
            .db
            .write(async |txn| {
                row.update(txn).await?;
                staff::store::insert_grant(txn, grant, id, self.offices[office], role, None, now).await
            })
            .await
            .unwrap();
    }

    async fn rewraps(&mut self) {
        let by = self.any(self.actors.len());
        let Some(staff) = self.staff(by) else { return };
        let did = told(tips::rewrap(&self.app.app, &staff, self.offices[self.actors[by].office]).await);
        let may = self.actors[by].key;
        if let Some(progress) = self.agree(format!("{by} rewraps"), did, may) {
            assert!(progress.waiting == 0 || progress.done > 0, "{}", self.story());
        }
    }

    async fn transfers(&mut self, tip: usize, by: usize, staff: &Staff) {
        let to = self.any(OFFICES.len());
        let did = told(tips::transfer(&self.app.app, staff, self.tips[tip].id, None, self.offices[to], words()).await);
        let live = &self.tips[tip];
        let may = self.decides(by, live) && live.office != to && !live.concerned.contains(&to);
        if self.agree(format!("{by} transfers tip {tip} to {to}"), did, may).is_some() {
            let live = &mut self.tips[tip];
            live.office = to;
            live.informed.remove(&to);
            live.readers.clear();
        }
    }

    async fn informs(&mut self, shares: bool, tip: usize, by: usize, staff: &Staff) {
        let (with, id) = (self.any(OFFICES.len()), self.tips[tip].id);
        let did = if shares {
            told(tips::share(&self.app.app, staff, id, None, self.offices[with]).await)
        } else {
            told(tips::unshare(&self.app.app, staff, id, None, self.offices[with]).await)
        };
        let live = &self.tips[tip];
        let has = live.informed.contains(&with);
        let shareable = live.readers.is_empty() && live.office != with && !live.concerned.contains(&with) && !has;
        let may = self.decides(by, live) && if shares { shareable } else { has };
        if self.agree(format!("{by} informs {with} of tip {tip}: {shares}"), did, may).is_some() {
            let informed = &mut self.tips[tip].informed;
            if shares {
                informed.insert(with)
            } else {
                informed.remove(&with)
            };
        }
    }

    async fn restricts(&mut self, tip: usize, by: usize, staff: &Staff) {
        let office = self.tips[tip].office;
        let here: Vec<usize> = (0..self.actors.len())
            .filter(|at| self.actors[*at].office == office && (self.actors[*at].is_in || self.draw(8) == 0))
            .collect();
        let mut named: BTreeSet<usize> = here.into_iter().filter(|_| self.draw(4) > 0).collect();
        if self.draw(10) == 0 {
            named.insert(self.any(self.actors.len()));
        }
        let ids: Vec<OfficerId> = named.iter().map(|at| self.actors[*at].id).collect();
        let did = told(tips::restrict(&self.app.app, staff, self.tips[tip].id, None, ids).await);
        let fit = |at: &usize| self.actors[*at].office == office && self.actors[*at].is_in;
        let may = self.decides(by, &self.tips[tip]) && named.len() > 1 && named.iter().all(fit);
        if self.agree(format!("{by} restricts tip {tip} to {named:?}"), did, may).is_some() {
            self.tips[tip].readers = named;
            self.tips[tip].informed.clear();
        }
    }

    async fn lifts(&mut self, tip: usize, by: usize, staff: &Staff) {
        let did = told(tips::lift_restriction(&self.app.app, staff, self.tips[tip].id, None).await);
        let may = self.decides(by, &self.tips[tip]) && !self.tips[tip].readers.is_empty();
        if self.agree(format!("{by} lifts the restriction of tip {tip}"), did, may).is_some() {
            self.tips[tip].readers.clear();
        }
    }

    async fn names_concerned(&mut self, tip: usize, by: usize, staff: &Staff) {
        let about = self.any(OFFICES.len());
        let did =
            told(tips::concern(&self.app.app, staff, self.tips[tip].id, None, self.offices[about], words()).await);
        // Nobody stands above the province's police.
        let may = self.decides(by, &self.tips[tip]) && about != P;
        if self.agree(format!("{by} says that tip {tip} is about {about}"), did, may).is_some() {
            let live = &mut self.tips[tip];
            live.concerned.insert(about);
            live.informed.remove(&about);
            if live.office != P {
                live.office = P;
                live.informed.remove(&P);
                live.readers.clear();
            }
        }
    }
}
