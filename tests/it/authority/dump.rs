//! What a thief gets: of the database alone, and with all app secrets and a password besides.
//!
//! The thief works on rows and keys with the vault's verbs and asks no service: rules in code stop nobody who has
//! the bytes.

use std::collections::BTreeSet;

use entity::{
    enums::{Role, WrapHolder},
    identities, identity_shares, messages, office_key_wraps, office_keys, officers, receipts, tip_wraps, tips,
};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;
use vault::{
    app_secrets::Secrets,
    chance::Chance,
    keys::{PrivateKey, SymmetricKey, UnitKeys, thread_key},
    password::{self, OfficerLock},
    quorum::{self, Share},
    receipt::Receipt,
    seal::{self, Context, Place},
    secret::Secret,
};

use crate::support::{
    TestApp, Tip,
    deployment::{INTAKE, NA_MEO, PASSWORD},
};

const PEOPLE: [(&str, &str, Role); 8] = [
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
struct Line {
    app: TestApp,
    intake: Vec<Tip>,
    na_meo: Vec<Tip>,
}

impl Line {
    async fn at_work() -> Self {
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

    fn secrets(&self) -> &Secrets {
        &self.app.app.secrets
    }

    async fn thief(&self, secrets: &Secrets, names: &[&str]) -> Thief {
        let db = self.app.app.db.read();
        let officers = officers::Entity::find().all(db).await.unwrap();
        let mut thief = Thief {
            keys: Vec::new(),
            office_keys: office_keys::Entity::find().all(db).await.unwrap(),
            office_key_wraps: office_key_wraps::Entity::find().all(db).await.unwrap(),
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

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn lock_of(officer: &officers::Model) -> OfficerLock {
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
struct Thief {
    keys: Vec<(Uuid, PrivateKey)>,
    office_keys: Vec<office_keys::Model>,
    office_key_wraps: Vec<office_key_wraps::Model>,
    tips: Vec<tips::Model>,
    tip_wraps: Vec<tip_wraps::Model>,
    messages: Vec<messages::Model>,
    identities: Vec<identities::Model>,
    shares: Vec<identity_shares::Model>,
    receipts: Vec<receipts::Model>,
}

impl Thief {
    /// Every office key that any of the private keys opens, whatever the row says of its holder.
    fn offices(&self) -> Vec<(Uuid, i32, UnitKeys)> {
        let mut opened = Vec::new();
        for wrap in &self.office_key_wraps {
            let key = self.office_keys.iter().find(|key| key.id == wrap.office_key_id).unwrap();
            for (member, private) in &self.keys {
                for owner in [*member, wrap.officer_id.into()] {
                    let version = key.epoch.unsigned_abs();
                    let context = Context { purpose: "office_key", row: key.id.into(), owner, version };
                    let keys = UnitKeys::open_from(private, &context, &wrap.wrap);
                    opened.extend(keys.map(|keys| (key.office_id.into(), key.epoch, keys)));
                }
            }
        }
        opened
    }

    /// Keys of tips, by every way that the rows offer.
    fn deks(&self) -> Vec<(Uuid, SymmetricKey)> {
        let offices = self.offices();
        let mut deks = Vec::new();
        for wrap in &self.tip_wraps {
            let (tip, row) = (Uuid::from(wrap.tip_id), wrap.holder_id);
            let fast = Place { table: "tip_wraps", column: "office_fast", row, owner: tip, version: 1 };
            let slow = Context { purpose: "tip_office", row, owner: tip, version: wrap.epoch.unsigned_abs() };
            let mine = Context { purpose: "tip_reporter", row, owner: tip, version: 1 };
            let named = Context { purpose: "tip_officer", row, owner: tip, version: 1 };
            for (_, _, keys) in &offices {
                let opened = match wrap.holder {
                    WrapHolder::OfficeFast => seal::open(&keys.symmetric, &fast, &wrap.wrap),
                    WrapHolder::Office => seal::open_from(&keys.private, &slow, &wrap.wrap),
                    WrapHolder::Reporter => seal::open_from(&keys.private, &mine, &wrap.wrap),
                    WrapHolder::Officer => seal::open_from(&keys.private, &named, &wrap.wrap),
                };
                deks.extend(opened.ok().and_then(|bytes| SymmetricKey::from_slice(&bytes)).map(|dek| (tip, dek)));
            }
            for (_, private) in &self.keys {
                for context in [slow, mine, named] {
                    let opened = seal::open_from(private, &context, &wrap.wrap).ok();
                    deks.extend(opened.and_then(|bytes| SymmetricKey::from_slice(&bytes)).map(|dek| (tip, dek)));
                }
            }
        }
        deks
    }

    /// Tips whose words opened.
    fn tips(&self) -> BTreeSet<String> {
        let deks = self.deks();
        let opens = |tip: &&tips::Model| {
            let id = Uuid::from(tip.id);
            let place = Place { table: "tips", column: "sealed", row: id, owner: id, version: 1 };
            deks.iter().any(|(_, dek)| seal::open(dek, &place, &tip.sealed).is_ok())
        };
        self.tips.iter().filter(opens).map(|tip| tip.id.to_string()).collect()
    }

    fn messages(&self, threads: &[SymmetricKey]) -> BTreeSet<String> {
        let opens = |message: &&messages::Model| {
            let (row, owner) = (message.id.into(), message.tip_id.into());
            let place = Place { table: "messages", column: "sealed", row, owner, version: 1 };
            threads.iter().any(|thread| seal::open(thread, &place, &message.sealed).is_ok())
        };
        self.messages.iter().filter(opens).map(|message| message.tip_id.to_string()).collect()
    }

    /// Identities that opened, with every share that any key opens.
    fn identities(&self) -> BTreeSet<String> {
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

fn ids(tips: &[Tip]) -> BTreeSet<String> {
    tips.iter().map(|tip| tip.id.clone()).collect()
}

#[tokio::test]
async fn with_dump_secrets_and_one_password_a_thief_opens_that_officers_tips_and_no_identity() {
    let line = Line::at_work().await;
    let nothing = BTreeSet::new();
    for (office, name, role) in PEOPLE {
        let thief = line.thief(line.secrets(), &[name]).await;
        assert_eq!(thief.keys.len(), 1, "{name}");
        let expected = match role {
            Role::Screener | Role::Investigator | Role::Commander if office == INTAKE => ids(&line.intake),
            Role::Screener | Role::Investigator | Role::Commander => ids(&line.na_meo),
            Role::Custodian | Role::Auditor | Role::Administrator => nothing.clone(),
        };
        assert_eq!(thief.tips(), expected, "{name}");
        assert_eq!(thief.identities(), nothing, "{name}");
    }
    let without = line.thief(line.secrets(), &[]).await;
    assert_eq!((without.tips(), without.identities()), (nothing.clone(), nothing));
}

#[tokio::test]
async fn one_custodian_less_than_the_quorum_opens_nothing_whoever_helps() {
    let line = Line::at_work().await;
    let helpers = ["screener", "investigator", "commander", "administrator", "auditor", "custodian-1"];
    let thief = line.thief(line.secrets(), &helpers).await;
    assert_eq!(thief.keys.len(), helpers.len());
    assert_eq!(thief.tips().len(), line.intake.len() + line.na_meo.len());
    assert_eq!(thief.identities(), BTreeSet::new());
    // The control: with one more, the same thief opens them.
    let thief = line.thief(line.secrets(), &["custodian-1", "custodian-3"]).await;
    assert_eq!(thief.identities().len(), 2);
    assert_eq!(thief.tips(), BTreeSet::new());
}

#[tokio::test]
async fn a_receipt_opens_the_messages_of_its_own_thread_and_not_the_first_words() {
    let line = Line::at_work().await;
    let tip = line.intake.first().unwrap();
    let keys = Receipt::parse(&tip.receipt).unwrap().derive(line.secrets(), 1).unwrap();
    let mut thief = line.thief(line.secrets(), &[]).await;
    for row in &thief.receipts {
        let id = Uuid::from(row.tip_id);
        let place = Place { table: "receipts", column: "sealed_private_key", row: id, owner: id, version: 1 };
        let opened = seal::open(&keys.kek, &place, &row.sealed_private_key);
        assert_eq!(opened.is_ok(), id.to_string() == tip.id && row.lookup_hash == keys.lookup);
        thief.keys.extend(opened.ok().map(|seed| (id, PrivateKey::from_bytes(&seed).unwrap())));
    }
    let threads: Vec<SymmetricKey> = thief.deks().into_iter().map(|(_, thread)| thread).collect();
    assert_eq!(threads.len(), 1);
    assert_eq!(thief.messages(&threads), BTreeSet::from([tip.id.clone()]));
    let further: Vec<SymmetricKey> = threads.iter().map(thread_key).collect();
    assert_eq!(thief.messages(&further), BTreeSet::new());
    assert_eq!((thief.tips(), thief.identities()), (BTreeSet::new(), BTreeSet::new()));
}

/// Peppers that a thief without the secrets could try: zeros, and another deployment's. That none at all does not
/// serve either is tried by `tests/reader`: the vault takes none.
fn without_pepper(chance: &Chance) -> Vec<Secrets> {
    let zeros = |json: &str| {
        let mut file: serde_json::Value = serde_json::from_str(json).unwrap();
        file["pepper"]["keys"]["1"] = json!("A".repeat(43));
        Secrets::from_json(&file.to_string()).unwrap()
    };
    let other = Secrets::generate(chance);
    vec![zeros(&other.to_json()), other]
}

#[tokio::test]
async fn with_the_database_alone_not_even_the_true_password_or_receipt_can_be_checked() {
    let line = Line::at_work().await;
    let (right, wrong) = (secret(PASSWORD), secret("khong-phai-mat-khau-nay-dau"));
    let officers = officers::Entity::find().all(line.app.app.db.read()).await.unwrap();
    let officer = officers.first().unwrap();
    let unlocks = |password: &Secret<String>, secrets: &Secrets| {
        password::unlock(officer.id.into(), &lock_of(officer), password, secrets).is_ok()
    };
    assert!(unlocks(&right, line.secrets()) && !unlocks(&wrong, line.secrets()));
    let receipts = receipts::Entity::find().all(line.app.app.db.read()).await.unwrap();
    let true_receipt = Receipt::parse(&line.intake[0].receipt).unwrap();
    let found = |secrets: &Secrets| {
        let keys = true_receipt.derive(secrets, 1).unwrap();
        receipts.iter().any(|row| row.lookup_hash == keys.lookup)
    };
    assert!(found(line.secrets()));
    for secrets in without_pepper(&Chance::seeded(1)) {
        assert!(!unlocks(&right, &secrets) && !unlocks(&wrong, &secrets));
        assert!(!found(&secrets));
        assert_eq!(line.thief(&secrets, &["screener", "commander"]).await.tips(), BTreeSet::new());
    }
}

/// Where a check needs a secret, the secret must not be in the dump: not as bytes, and in none of the spellings in
/// which one might have been written down.
#[tokio::test]
async fn no_app_secret_lies_in_the_database() {
    let line = Line::at_work().await;
    let file: serde_json::Value = serde_json::from_str(&line.secrets().to_json()).unwrap();
    let mut keys = vec![file["administrative"].as_str().unwrap().to_owned()];
    for kind in ["pepper", "session", "token"] {
        keys.extend(file[kind]["keys"].as_object().unwrap().values().map(|key| key.as_str().unwrap().to_owned()));
    }
    assert_eq!(keys.len(), 4);
    let stored: Vec<_> =
        line.app.stored_bytes().into_iter().filter(|(name, _)| !name.ends_with("secrets.json")).collect();
    let length: usize = stored.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(length > 100_000, "{length}");
    for key in &keys {
        use base64::Engine;
        let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(key).unwrap();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let standard = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&raw);
        for spelling in
            [raw.as_slice(), key.as_bytes(), hex.as_bytes(), hex.to_uppercase().as_bytes(), standard.as_bytes()]
        {
            for (name, bytes) in &stored {
                assert!(!bytes.windows(spelling.len()).any(|window| window == spelling), "a secret lies in {name}");
            }
        }
    }
}
