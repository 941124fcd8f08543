//! What a thief gets: of the database alone, and with all app secrets and a password besides.
//!
//! The thief works on rows and keys with the vault's verbs and asks no service: rules in code stop nobody who has
//! the bytes.

use std::collections::BTreeSet;

use entity::{enums::Role, officers, receipts};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;
use vault::{
    app_secrets::Secrets,
    chance::Chance,
    keys::{PrivateKey, SymmetricKey, thread_key},
    password,
    receipt::Receipt,
    seal::{self, Place},
    secret::Secret,
};

use super::thief::{Line, PEOPLE, lock_of, secret};
use crate::support::{
    Tip,
    deployment::{INTAKE, PASSWORD},
};

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

/// Whose tips stay behind, what comes after him, and who comes after that.
#[tokio::test]
async fn a_newer_epoch_opens_the_older_and_no_older_one_the_newer() {
    let line = Line::at_work().await;
    let office = line.app.office(INTAKE).await.to_string();
    let copied = line.thief(line.secrets(), &["investigator"]).await;
    let commander = line.app.officer("intake-commander", &[Role::Commander]).await;
    let gone = line.officer_id("investigator").await;
    for officer in [gone, line.app.officer("second-to-go", &[Role::Screener]).await.id()] {
        let path = format!("/api/v1/offices/{office}/members/{officer}/remove");
        commander.client.post_nothing(&path).await.expect(200);
    }
    let later = line.app.resident().submits("Sau đó").await;
    line.app.officer("newcomer", &[Role::Screener]).await;
    let mut all = ids(&line.intake);
    // Who was removed, with a copy of his own private key: the wraps that were his are gone from the rows.
    let mut thief = line.thief(line.secrets(), &[]).await;
    thief.keys.extend(copied.keys);
    assert_eq!(thief.tips(), BTreeSet::new());
    // With the wraps as well, as he may have copied them: what was there then, and nothing of after.
    thief.office_key_wraps.extend(copied.office_key_wraps);
    assert_eq!(thief.tips(), all);
    all.insert(later.id);
    // Who came last was given the newest key alone, two links away from the first.
    let thief = line.thief(line.secrets(), &["newcomer"]).await;
    assert_eq!(thief.tips(), all);
}

#[tokio::test]
async fn a_restricted_tip_opens_with_the_keys_of_those_named_and_with_no_key_of_the_office() {
    let line = Line::at_work().await;
    let maker = line.app.officer("intake-commander", &[Role::Commander]).await;
    let (tip, rest) = line.intake.split_first().unwrap();
    let named = json!([line.officer_id("screener").await, maker.id()]);
    maker.does(tip, "restrict", json!({ "officers": named })).await.expect(204);
    for (name, expected) in [("screener", ids(&line.intake)), ("investigator", ids(rest))] {
        let thief = line.thief(line.secrets(), &[name]).await;
        assert_eq!(thief.tips(), expected, "{name}");
        assert_eq!(thief.identities(), BTreeSet::new(), "{name}");
    }
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
