//! Identities: who holds a share, who comes after whom, and what k of them open.

use std::collections::BTreeSet;

use entity::{enums::Role, identities as rows, identity_shares, ids::TipId, officers};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tipline::{
    identities::{self, RequestError, Successor},
    staff, units,
};
use uuid::Uuid;
use vault::{
    keys::PrivateKey,
    quorum::{self, Share},
    seal::{self, Context, Place},
    secret::Secret,
};

use super::world::{NAME, P, World, told, words};
use crate::{authority::lock_of, support::deployment::PASSWORD};

/// As many as hold a share of an identity, and as many as open it.
const QUORUM: (usize, usize) = (2, 3);

impl World {
    /// Who was drawn to hold shares of a new identity.
    pub async fn drawn_holders(&self, tip: TipId) -> BTreeSet<usize> {
        let holders: BTreeSet<usize> = self.shares_of(tip).await.iter().map(|share| self.custodian_of(share)).collect();
        assert_eq!(holders.len(), QUORUM.1, "{}", self.story());
        assert!(holders.iter().all(|at| self.custodians[*at].staff.is_some()), "{}", self.story());
        holders
    }

    async fn shares_of(&self, tip: TipId) -> Vec<identity_shares::Model> {
        let shares = identity_shares::Entity::find().filter(identity_shares::Column::TipId.eq(tip));
        shares.all(self.app.app.db.read()).await.unwrap()
    }

    fn custodian_of(&self, share: &identity_shares::Model) -> usize {
        self.custodians.iter().position(|custodian| custodian.id == share.custodian_id).unwrap()
    }

    fn holds_shares(&self, custodian: usize) -> bool {
        self.identities.values().any(|holders| holders.contains(&custodian))
    }

    /// The private key that a custodian's password opens.
    pub async fn key_of(&self, custodian: usize) -> PrivateKey {
        let found = officers::Entity::find_by_id(self.custodians[custodian].id);
        let officer = found.one(self.app.app.db.read()).await.unwrap().unwrap();
        let password = Secret::new(PASSWORD.to_owned());
        vault::password::unlock(officer.id.into(), &lock_of(&officer), &password, &self.app.app.secrets).unwrap()
    }

    /// A custodian gives his shares to one or two others; and when he is to be removed, he has to have.
    pub async fn succeeds(&mut self) {
        let (leaver, first, second) = (self.any_custodian(), self.any_custodian(), self.any_custodian());
        let named = if self.draw(3) == 0 { vec![first] } else { vec![first, second] };
        let to: Vec<Successor> = named.iter().map(|at| self.successor(*at)).collect();
        let staff = self.custodians[leaver].staff.clone().unwrap();
        let did = told(identities::hand_over(&self.app.app, &staff, &to).await);
        let held: Vec<(TipId, BTreeSet<usize>)> = self
            .identities
            .iter()
            .filter(|(_, holders)| holders.contains(&leaver))
            .map(|(t, h)| (*t, h.clone()))
            .collect();
        let heir = |holders: &BTreeSet<usize>| named.iter().copied().find(|at| !holders.contains(at));
        let may = !named.contains(&leaver) && held.iter().all(|(_, holders)| heir(holders).is_some());
        if let Some(moved) = self.agree(format!("custodian {leaver} hands over to {named:?}"), did, may) {
            assert_eq!(moved, held.len(), "{}", self.story());
            for (tip, holders) in held {
                let heir = heir(&holders).unwrap();
                let holders = self.identities.get_mut(&tip).unwrap();
                holders.remove(&leaver);
                holders.insert(heir);
            }
        }
        if self.draw(2) == 0 {
            self.removes_a_custodian(leaver).await;
        }
    }

    fn any_custodian(&self) -> usize {
        self.any(self.custodians.len())
    }

    fn successor(&self, at: usize) -> Successor {
        let staff = self.custodians[at].staff.as_ref().unwrap();
        Successor { id: staff.id, key_fingerprint: staff.key_fingerprint() }
    }

    /// Five are ready and three are needed: nothing but his shares keeps one. He comes again with the same key.
    async fn removes_a_custodian(&mut self, who: usize) {
        let (office, id) = (self.offices[P], self.custodians[who].id);
        let staff = self.administrators[P].staff.clone().unwrap();
        let did = told(units::remove_officer(&self.app.app, &staff, office, id).await);
        let may = !self.holds_shares(who);
        if self.agree(format!("custodian {who} is removed"), did, may).is_some() {
            let gone = staff::authenticate(&self.app.app, &self.custodians[who].access).await;
            assert!(gone.is_err(), "{}", self.story());
            self.takes_on_again(id, P, Role::Custodian).await;
            self.custodians[who].logs_in(&self.app).await;
        }
    }

    /// A custodian who lost password and code: not while a share hangs on his key.
    pub async fn resets_a_custodian(&mut self) {
        let who = self.any_custodian();
        let staff = self.administrators[P].staff.clone().unwrap();
        let (office, id) = (self.offices[P], self.custodians[who].id);
        let did = told(staff::reset_password(&self.app.app, &staff, office, id, false).await);
        let may = !self.holds_shares(who);
        let Some(temporary) = self.agree(format!("custodian {who} is reset"), did, may) else { return };
        let first = self.app.logs_in(&self.custodians[who].name, temporary.expose()).await;
        let new = Secret::new(PASSWORD.to_owned());
        staff::change_password(&self.app.app, &first.staff, temporary, new).await.unwrap();
        self.custodians[who].logs_in(&self.app).await;
        self.custodian_keys[who] = self.key_of(who).await;
    }

    /// An investigator asks who a reporter is: one custodian less than the quorum opens nothing, the quorum that one
    /// identity, to that one officer.
    pub async fn asks(&mut self) {
        let Some(tip) = self.tips.iter().position(|tip| self.identities.contains_key(&tip.id)) else { return };
        let (id, by) = (self.tips[tip].id, self.any(self.actors.len()));
        let Some(staff) = self.staff(by) else { return };
        let did = told(identities::request_identity(&self.app.app, &staff, id, words(), words()).await);
        let live = &self.tips[tip];
        let investigates = matches!(self.actors[by].role, Role::Investigator | Role::Commander);
        let handles = self.opens(by, live) && live.office == self.actors[by].office;
        let may = handles && investigates && !self.asked.contains(&(by, id));
        let Some(request) = self.agree(format!("{by} asks who sent tip {tip}"), did, may) else { return };
        self.asked.insert((by, id));
        let mut holders: Vec<usize> = self.identities[&id].iter().copied().collect();
        holders.swap_remove(self.any(QUORUM.1));
        for custodian in holders {
            let early = identities::read_identity(&self.app.app, &staff, request.id).await;
            assert!(matches!(early, Err(RequestError::NotGranted)), "{}", self.story());
            let custodian = self.custodians[custodian].staff.as_ref().unwrap();
            identities::approve(&self.app.app, custodian, request.id, words()).await.unwrap();
        }
        let read = identities::read_identity(&self.app.app, &staff, request.id).await.unwrap();
        assert_eq!(read.name.as_deref(), Some(NAME));
        for other in (0..self.actors.len()).filter(|at| *at != by) {
            let Some(staff) = self.staff(other) else { continue };
            assert!(identities::read_identity(&self.app.app, &staff, request.id).await.is_err(), "{}", self.story());
        }
    }

    /// Each share opens with its holder's key and with no other; two shares open their identity, one opens none.
    pub async fn shares_are_sealed_to_their_holders(&self) {
        if self.identities.is_empty() {
            return;
        }
        let (tip, holders) = self.identities.iter().nth(self.any(self.identities.len())).unwrap();
        let db = self.app.app.db.read();
        let identity = rows::Entity::find_by_id(*tip).one(db).await.unwrap().unwrap();
        let (mut found, mut shares) = (BTreeSet::new(), Vec::new());
        for row in self.shares_of(*tip).await {
            let owner = self.custodian_of(&row);
            let bound =
                Context { purpose: "identity_share", row: row.custodian_id.into(), owner: (*tip).into(), version: 1 };
            for (at, key) in self.custodian_keys.iter().enumerate() {
                let opened = seal::open_from(key, &bound, &row.wrap).ok();
                assert_eq!(opened.is_some(), at == owner, "custodian {at}\n{}", self.story());
                shares.extend(opened.and_then(|bytes| Share::from_slice(&bytes)));
            }
            found.insert(owner);
        }
        assert_eq!(&found, holders, "{}", self.story());
        shares.swap_remove(self.any(shares.len()));
        let key = quorum::combine(&shares, QUORUM.0, &identity.commitment).expect("two of three open it");
        let id = Uuid::from(*tip);
        let place = Place { table: "identities", column: "sealed", row: id, owner: id, version: 1 };
        assert!(seal::open(&key, &place, &identity.sealed).is_ok(), "{}", self.story());
        shares.pop();
        assert!(quorum::combine(&shares, QUORUM.0, &identity.commitment).is_err(), "{}", self.story());
    }
}
