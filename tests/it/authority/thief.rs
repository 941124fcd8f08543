//! A line at work, and a thief with its rows.

use std::collections::BTreeSet;

use entity::{
    enums::{Role, WrapHolder},
    identities, identity_shares,
    ids::OfficeKeyId,
    key_links, messages, office_key_wraps, office_keys, officers, receipts, tip_wraps, tips,
};
use sea_orm::EntityTrait;
use serde_json::json;
use tipline::staff;
use uuid::Uuid;
use vault::{
    app_secrets::Secrets,
    keys::{PrivateKey, SymmetricKey, UnitKeys, own_key},
    password::{self, OfficerLock},
    quorum::{self, Share},
    seal::{self, Context, Place},
    secret::Secret,
};

use crate::support::{
    TestApp, Tip,
    deployment::{INTAKE, NA_MEO, PASSWORD},
};

pub const PEOPLE: [(&str, &str, Role); 8] = [
    (INTAKE, "screener", Role::Screener),
    (INTAKE, "investigator", Role::Investigator),
    (NA_MEO, "commander", Role::Commander),
    (INTAKE, "administrator", Role::Administrator),
    (INTAKE, "auditor", Role::Auditor),
    (INTAKE, "custodian-1", Role::Custodian),
    (INTAKE, "custodian-2", Role::Custodian),
    (INTAKE, "custodian-3", Role::Custodian),
];

/// A line with two offices at work, and what their residents sent.
pub struct Line {
    pub app: TestApp,
    pub intake: Vec<Tip>,
    pub na_meo: Vec<Tip>,
}

impl Line {
    pub async fn at_work() -> Self {
        let app = TestApp::spawn().await;
        for (office, name, role) in PEOPLE {
            app.officer_at(office, name, &[role]).await;
        }
        let resident = app.resident();
        let (mut intake, mut na_meo) = (Vec::new(), Vec::new());
        for mode in ["anonymous", "confidential", "identified"] {
            let mut more = json!({ "reporter": { "mode": mode } });
            if mode != "anonymous" {
                more["reporter"]["name"] = json!("Lò Văn Xuân");
            }
            intake.push(resident.submits_with("Gỗ lậu", more.clone()).await);
            more["unit"] = json!("15013");
            na_meo.push(resident.submits_with("Xe lạ", more).await);
        }
        let screener = app.logs_in("screener", PASSWORD).await;
        for tip in &intake {
            screener.asks(tip, "Xe màu gì?").await.expect(200);
        }
        Self { app, intake, na_meo }
    }

    pub async fn officer_id(&self, name: &str) -> String {
        let officer = staff::store::officer_by_name(self.app.app.db.read(), name).await.unwrap();
        officer.unwrap().id.to_string()
    }

    pub fn secrets(&self) -> &Secrets {
        &self.app.app.secrets
    }

    pub async fn thief(&self, secrets: &Secrets, names: &[&str]) -> Thief {
        let db = self.app.app.db.read();
        let officers = officers::Entity::find().all(db).await.unwrap();
        let mut thief = Thief {
            keys: Vec::new(),
            office_keys: office_keys::Entity::find().all(db).await.unwrap(),
            office_key_wraps: office_key_wraps::Entity::find().all(db).await.unwrap(),
            key_links: key_links::Entity::find().all(db).await.unwrap(),
            tips: tips::Entity::find().all(db).await.unwrap(),
            tip_wraps: tip_wraps::Entity::find().all(db).await.unwrap(),
            messages: messages::Entity::find().all(db).await.unwrap(),
            identities: identities::Entity::find().all(db).await.unwrap(),
            shares: identity_shares::Entity::find().all(db).await.unwrap(),
            receipts: receipts::Entity::find().all(db).await.unwrap(),
        };
        for officer in officers.iter().filter(|officer| names.contains(&officer.username.as_str())) {
            let id = officer.id.into();
            if let Ok(private) = password::unlock(id, &lock_of(officer), &secret(PASSWORD), secrets) {
                thief.keys.push((id, private));
            }
        }
        thief
    }
}

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub fn lock_of(officer: &officers::Model) -> OfficerLock {
    OfficerLock {
        salt: officer.salt.clone(),
        pepper_version: officer.pepper_version,
        auth_hash: officer.auth_hash.clone(),
        public_key: officer.public_key.clone(),
        sealed_private_key: officer.sealed_private_key.clone(),
        recovery_sealed_private_key: officer.recovery_sealed_private_key.clone(),
    }
}

/// All rows, and the private keys of some officers.
pub struct Thief {
    pub keys: Vec<(Uuid, PrivateKey)>,
    office_keys: Vec<office_keys::Model>,
    pub office_key_wraps: Vec<office_key_wraps::Model>,
    key_links: Vec<key_links::Model>,
    tips: Vec<tips::Model>,
    tip_wraps: Vec<tip_wraps::Model>,
    messages: Vec<messages::Model>,
    identities: Vec<identities::Model>,
    shares: Vec<identity_shares::Model>,
    pub receipts: Vec<receipts::Model>,
}

impl Thief {
    /// Every office key that any of the private keys opens, whatever the row says of its holder, and every one that
    /// a link leads to from there.
    fn offices(&self) -> Vec<UnitKeys> {
        let mut opened = Vec::new();
        for wrap in &self.office_key_wraps {
            let key = self.office_key(wrap.office_key_id);
            for (member, private) in &self.keys {
                for owner in [*member, wrap.officer_id.into()] {
                    let version = key.epoch.unsigned_abs();
                    let context = Context { purpose: "office_key", row: key.id.into(), owner, version };
                    opened.extend(UnitKeys::open_from(private, &context, &wrap.wrap));
                }
            }
        }
        // A link may lead on to the next: as many rounds as there are links reach the last.
        for _ in &self.key_links {
            let further: Vec<UnitKeys> = opened.iter().flat_map(|keys| self.linked_to(&keys.private)).collect();
            opened.extend(further);
        }
        opened
    }

    fn office_key(&self, id: OfficeKeyId) -> &office_keys::Model {
        self.office_keys.iter().find(|key| key.id == id).unwrap()
    }

    /// Keys that are linked to a newer one, and, if it served, to an older one.
    fn linked_to(&self, private: &PrivateKey) -> Vec<UnitKeys> {
        let mut opened = Vec::new();
        for link in &self.key_links {
            let (older, newer) = (self.office_key(link.older_key_id), self.office_key(link.newer_key_id));
            for (this, other) in [(older, newer), (newer, older)] {
                let version = this.epoch.unsigned_abs();
                let (row, owner) = (this.id.into(), other.id.into());
                let context = Context { purpose: "office_key_link", row, owner, version };
                opened.extend(UnitKeys::open_from(private, &context, &link.wrap));
            }
        }
        opened
    }

    /// Keys of tips, by every way that the rows offer.
    pub fn deks(&self) -> Vec<(Uuid, SymmetricKey)> {
        let offices = self.offices();
        let mut deks = Vec::new();
        for wrap in &self.tip_wraps {
            let (tip, row) = (Uuid::from(wrap.tip_id), wrap.holder_id);
            let fast = Place { table: "tip_wraps", column: "office_fast", row, owner: tip, version: 1 };
            let slow = Context { purpose: "tip_office", row, owner: tip, version: wrap.epoch.unsigned_abs() };
            let mine = Context { purpose: "tip_reporter", row, owner: tip, version: 1 };
            let named = Context { purpose: "tip_officer", row, owner: tip, version: 1 };
            let own = Place { table: "tip_wraps", column: "reporter_fast", row, owner: tip, version: 1 };
            for keys in &offices {
                let opened = match wrap.holder {
                    WrapHolder::OfficeFast => seal::open(&keys.symmetric, &fast, &wrap.wrap),
                    WrapHolder::Office => seal::open_from(&keys.private, &slow, &wrap.wrap),
                    WrapHolder::Reporter => seal::open_from(&keys.private, &mine, &wrap.wrap),
                    WrapHolder::ReporterFast => seal::open(&own_key(&keys.private), &own, &wrap.wrap),
                    WrapHolder::Officer => seal::open_from(&keys.private, &named, &wrap.wrap),
                };
                deks.extend(opened.ok().and_then(|bytes| SymmetricKey::from_slice(&bytes)).map(|dek| (tip, dek)));
            }
            for (_, private) in &self.keys {
                let sealed = [slow, mine, named].map(|context| seal::open_from(private, &context, &wrap.wrap));
                let opened = sealed.into_iter().chain([seal::open(&own_key(private), &own, &wrap.wrap)]);
                let keys = opened.filter_map(|opened| SymmetricKey::from_slice(&opened.ok()?));
                deks.extend(keys.map(|dek| (tip, dek)));
            }
        }
        deks
    }

    /// Tips whose words opened.
    pub fn tips(&self) -> BTreeSet<String> {
        let deks = self.deks();
        let opens = |tip: &&tips::Model| {
            let id = Uuid::from(tip.id);
            let place = Place { table: "tips", column: "sealed", row: id, owner: id, version: 1 };
            deks.iter().any(|(_, dek)| seal::open(dek, &place, &tip.sealed).is_ok())
        };
        self.tips.iter().filter(opens).map(|tip| tip.id.to_string()).collect()
    }

    pub fn messages(&self, threads: &[SymmetricKey]) -> BTreeSet<String> {
        let opens = |message: &&messages::Model| {
            let (row, owner) = (message.id.into(), message.tip_id.into());
            let place = Place { table: "messages", column: "sealed", row, owner, version: 1 };
            threads.iter().any(|thread| seal::open(thread, &place, &message.sealed).is_ok())
        };
        self.messages.iter().filter(opens).map(|message| message.tip_id.to_string()).collect()
    }

    /// Identities that opened, with every share that any key opens.
    pub fn identities(&self) -> BTreeSet<String> {
        let opens = |identity: &&identities::Model| {
            let id = Uuid::from(identity.tip_id);
            let mut shares = Vec::new();
            for row in self.shares.iter().filter(|share| share.tip_id == identity.tip_id) {
                for (_, private) in &self.keys {
                    let holder = row.custodian_id.into();
                    let context = Context { purpose: "identity_share", row: holder, owner: id, version: 1 };
                    let share = seal::open_from(private, &context, &row.wrap).ok();
                    shares.extend(share.and_then(|bytes| Share::from_slice(&bytes)));
                }
            }
            let k = usize::try_from(identity.threshold).unwrap();
            // Fewer than k as well: the thief does not care what the row says is needed.
            let tried = (1..=k).filter_map(|k| quorum::combine(&shares, k, &identity.commitment).ok());
            let place = Place { table: "identities", column: "sealed", row: id, owner: id, version: 1 };
            let mut keys = tried.chain(self.deks().into_iter().map(|(_, dek)| dek));
            keys.any(|key| seal::open(&key, &place, &identity.sealed).is_ok())
        };
        self.identities.iter().filter(opens).map(|identity| identity.tip_id.to_string()).collect()
    }
}
