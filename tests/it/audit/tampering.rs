//! What somebody does to the record who can write to the database, and how each of it comes to light.

use entity::{audit_links, audit_rows};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel};
use tipline::{
    app::App,
    audit::{self, Tampering},
    platform::db::Db,
};
use vault::chain::{self, Checkpoint, Head, Marker, PublicKey};

use super::{act, chain, sequence, with_acts};
use crate::support::TestApp;

const TABLES: [&str; 3] = ["audit_rows", "audit_links", "audit_pending"];

/// Somebody at the database itself, past the program.
struct Intruder(DatabaseConnection);

impl Intruder {
    async fn at(app: &TestApp) -> Self {
        let file = app.database.folder.path().join("data/tipline.db");
        let url = app.database.url.clone().unwrap_or_else(|| Db::sqlite_url(&file));
        let intruder = Self(Database::connect(url).await.unwrap());
        for table in TABLES {
            intruder.does(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        intruder
    }

    async fn does(&self, statements: &str) {
        for statement in statements.split(';').filter(|statement| !statement.trim().is_empty()) {
            self.0.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    /// All as it was.
    async fn undoes(&self) {
        for table in TABLES {
            self.does(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }
}

async fn found(app: &App, files: &[Vec<Checkpoint>]) -> Option<Tampering> {
    audit::verify(app, files).await.unwrap().tampering
}

async fn signed(app: &App) -> Checkpoint {
    audit::write_checkpoint(app).await.unwrap()
}

/// What is done to rows `{a}` and `{b}`, two in the middle (`{z}` is the last), and what is found, at which place.
/// `row a`: the act itself; `link a`: its place.
const KINDS: [(&str, &str, &str); 33] = [
    ("a row is deleted", "DELETE FROM audit_rows WHERE {row a}", "RowDeleted { seq: {a}"),
    ("a link is deleted", "DELETE FROM audit_links WHERE seq = {a}", "LinkMissing { seq: {a}"),
    (
        "both are",
        "DELETE FROM audit_rows WHERE {row a}; DELETE FROM audit_links WHERE seq = {a}",
        "LinkMissing { seq: {a}",
    ),
    ("a row says another act", "UPDATE audit_rows SET act = 'TipScreened' WHERE {row a}", "RowEdited { seq: {a}"),
    ("and no officer", "UPDATE audit_rows SET officer_id = NULL WHERE {row a}", "RowEdited { seq: {a}"),
    ("and another officer", "UPDATE audit_rows SET officer_id = office_id WHERE {row a}", "RowEdited { seq: {a}"),
    ("and no office", "UPDATE audit_rows SET office_id = NULL WHERE {row a}", "RowEdited { seq: {a}"),
    ("and another office", "UPDATE audit_rows SET office_id = officer_id WHERE {row a}", "RowEdited { seq: {a}"),
    ("and no object", "UPDATE audit_rows SET object_id = NULL WHERE {row a}", "RowEdited { seq: {a}"),
    ("and another object", "UPDATE audit_rows SET object_id = office_id WHERE {row a}", "RowEdited { seq: {a}"),
    ("of another kind", "UPDATE audit_rows SET object_kind = 'case' WHERE {row a}", "RowEdited { seq: {a}"),
    ("and more", "UPDATE audit_rows SET detail = '' WHERE {row a}", "RowEdited { seq: {a}"),
    ("and was the program", "UPDATE audit_rows SET actor = 'system' WHERE {row a}", "RowEdited { seq: {a}"),
    ("and was a reporter", "UPDATE audit_rows SET actor = 'reporter', at = NULL WHERE {row a}", "RowEdited { seq: {a}"),
    (
        "a clock is set",
        "UPDATE audit_rows SET at = (SELECT at FROM audit_rows WHERE {row b}) WHERE {row a}",
        "RowEdited { seq: {a}",
    ),
    ("a clock is stopped", "UPDATE audit_rows SET at = NULL WHERE {row a}", "RowEdited { seq: {a}"),
    ("a day is another", "UPDATE audit_rows SET on_day = '2024-06-02' WHERE {row a}", "RowEdited { seq: {a}"),
    (
        "two links change places",
        "UPDATE audit_links SET seq = 9999 WHERE seq = {a}; UPDATE audit_links SET seq = {a} WHERE seq = {b}; \
         UPDATE audit_links SET seq = {b} WHERE seq = 9999",
        "OutOfOrder { seq: {a}",
    ),
    (
        "two rows change places",
        "UPDATE audit_rows SET id = {free} WHERE {row a}; UPDATE audit_rows SET id = {id a} WHERE {row b}; \
         UPDATE audit_rows SET id = {id b} WHERE id = {free}",
        "RowEdited { seq: {a}",
    ),
    (
        "the head is cut off",
        "DELETE FROM audit_rows WHERE id IN (SELECT audit_id FROM audit_links WHERE seq <= 2); \
         DELETE FROM audit_links WHERE seq <= 2",
        "LinkMissing { seq: 1",
    ),
    (
        "and the rest numbered anew",
        "DELETE FROM audit_links WHERE seq <= 2; UPDATE audit_links SET seq = seq - 2",
        "OutOfOrder { seq: 1",
    ),
    (
        "the tail is cut off",
        "DELETE FROM audit_rows WHERE id IN (SELECT audit_id FROM audit_links WHERE seq > {a}); \
         DELETE FROM audit_links WHERE seq > {a}",
        "TailCut { seq: {b}",
    ),
    ("all is", "DELETE FROM audit_rows; DELETE FROM audit_links", "TailCut { seq: 1"),
    ("a leaf is another", "UPDATE audit_links SET leaf = prev WHERE seq = {a}", "RowEdited { seq: {a}"),
    ("a link hangs elsewhere", "UPDATE audit_links SET prev = leaf WHERE seq = {a}", "OutOfOrder { seq: {a}"),
    ("a mark is another", "UPDATE audit_links SET mark = leaf WHERE seq = {a}", "Rehashed { seq: {a}"),
    ("a mark is of another key", "UPDATE audit_links SET mark_key = 2 WHERE seq = {a}", "Rehashed { seq: {a}"),
    (
        "a hash is short",
        "UPDATE audit_links SET leaf = substr(leaf, 1, 31) WHERE seq = {a}",
        "LinkUnreadable { seq: {a}",
    ),
    ("a link stands before the first", "INSERT INTO audit_links {copy of a to 0}", "OutOfOrder { seq: 1"),
    ("or before nothing", "INSERT INTO audit_links {copy of a to -1}", "LinkUnreadable { seq: -1"),
    ("or after the last", "INSERT INTO audit_links {copy of a to {z} + 1}", "RowDeleted { seq: {y}"),
    (
        "an act is put in",
        "INSERT INTO audit_rows SELECT {free}, at, on_day, actor, officer_id, office_id, act, object_kind, object_id, \
         detail FROM audit_rows WHERE {row a}",
        "Unplaced(",
    ),
    (
        "or put in again",
        "INSERT INTO audit_pending SELECT id, actor, on_day FROM audit_rows WHERE {row a}",
        "WronglyWaiting(",
    ),
];

fn fill(text: &str, a: i64, z: i64) -> String {
    let b = a + 1;
    let id = |seq: i64| format!("(SELECT audit_id FROM audit_links WHERE seq = {seq})");
    let free = "(SELECT id FROM offices WHERE code = 'ca-tinh-38')";
    let copy = format!("SELECT $, {free}, prev, leaf, mark, mark_key FROM audit_links WHERE seq = {a}");
    let mut text = text.to_owned();
    for to in ["0", "-1", "{z} + 1"] {
        text = text.replace(&format!("{{copy of a to {to}}}"), &copy.replace('$', to));
    }
    text.replace("{row a}", &format!("id = {}", id(a)))
        .replace("{row b}", &format!("id = {}", id(b)))
        .replace("{id a}", &id(a))
        .replace("{id b}", &id(b))
        .replace("{free}", free)
        .replace("{a}", &a.to_string())
        .replace("{b}", &b.to_string())
        .replace("{y}", &(z + 1).to_string())
        .replace("{z}", &z.to_string())
}

#[tokio::test]
async fn every_kind_of_tampering_is_found_at_its_first_row() {
    let (app, ..) = with_acts(8).await;
    let files = [vec![signed(&app.app).await]];
    let last = chain(&app.app).await.len() as i64;
    assert_eq!(found(&app.app, &files).await, None);
    let intruder = Intruder::at(&app).await;
    for (kind, statements, expected) in KINDS {
        let (statements, expected) = (fill(statements, last - 5, last), fill(expected, last - 5, last));
        intruder.does(&statements).await;
        let tampering = found(&app.app, &files).await;
        let told = format!("{:?}", tampering.unwrap_or_else(|| panic!("{kind}: not found")));
        assert!(told.starts_with(&expected), "{kind}: {told}, not {expected}");
        intruder.undoes().await;
    }
    assert_eq!(found(&app.app, &files).await, None, "an honest record is not accused");
}

#[tokio::test]
async fn an_act_that_is_taken_away_before_it_has_its_place_is_missed() {
    let (app, staff, office) = with_acts(2).await;
    act(&app.app, &staff, office, "TipRead").await;
    let intruder = Intruder::at(&app).await;
    intruder.does("DELETE FROM audit_rows WHERE id IN (SELECT audit_id FROM audit_pending)").await;
    sequence(&app.app).await;
    assert!(matches!(found(&app.app, &[]).await, Some(Tampering::WronglyWaiting(_))));
}

/// What a row says, spelled as `vault::chain::leaf` asks for it: by somebody who read that and not our code.
fn leaf(row: &audit_rows::Model) -> chain::Hash {
    let at = row.at.map(|at| at.timestamp_micros().to_be_bytes().to_vec());
    let uuid = |id: uuid::Uuid| id.as_bytes().to_vec();
    let text = |text: &str| text.as_bytes().to_vec();
    let fields = [
        Some(uuid(row.id.into())),
        at,
        Some(text(&row.on_day.format("%Y-%m-%d").to_string())),
        Some(text(row.actor.as_str())),
        row.officer_id.map(|id| uuid(id.into())),
        row.office_id.map(|id| uuid(id.into())),
        Some(text(&row.act)),
        Some(text(&row.object_kind)),
        row.object_id.map(uuid),
        row.detail.as_deref().map(text),
    ];
    chain::leaf(&fields.iter().map(Option::as_deref).collect::<Vec<_>>())
}

/// Edits one act and hashes all that follows anew, with the marks that this marker makes.
async fn rewrite(app: &App, db: &DatabaseConnection, seq: i64, marker: &Marker) {
    let mut head = Head::start();
    for link in chain(app).await {
        let row = audit_rows::Entity::find_by_id(link.audit_id).one(db).await.unwrap().unwrap();
        let mut changed = row.clone();
        if link.seq == seq {
            changed.act = "TipScreened".to_owned();
            changed.clone().into_active_model().reset_all().update(db).await.unwrap();
        }
        let forged = head.next(leaf(&changed));
        head = Head::of(&forged);
        if link.seq < seq {
            continue;
        }
        let (mark_key, mark) = marker.mark(&forged);
        let (prev, leaf) = (forged.prev.as_bytes().to_vec(), forged.leaf.as_bytes().to_vec());
        let forged = audit_links::Model { prev, leaf, mark, mark_key, ..link };
        forged.into_active_model().reset_all().update(db).await.unwrap();
    }
}

/// As `tipline audit keys` prints it.
fn public_key(app: &App) -> String {
    let keys = chain::public_keys(&app.secrets);
    format!("{}:{}", keys[0].0, keys[0].1)
}

#[tokio::test]
async fn a_history_hashed_anew_is_found() {
    let (app, staff, office) = with_acts(2).await;
    let before = signed(&app.app).await;
    act(&app.app, &staff, office, "TipRead").await;
    act(&app.app, &staff, office, "TipRead").await;
    sequence(&app.app).await;
    let after = signed(&app.app).await;
    let (first, last) = (before.head.seq + 1, after.head.seq);
    let intruder = Intruder::at(&app).await;

    // With the database alone: the first row that the line does not know as its own, with no checkpoint at all.
    let strange = vault::app_secrets::Secrets::generate(&vault::chance::Chance::seeded(1));
    rewrite(&app.app, &intruder.0, last as i64, &Marker::of(&strange)).await;
    assert_eq!(found(&app.app, &[]).await, Some(Tampering::Rehashed { seq: last }));
    // Without the line's secrets it takes what was signed, and the public key alone.
    let keys = [PublicKey::parse(&public_key(&app.app)).unwrap()];
    let path = &app.app.settings.checkpoints;
    let read = [audit::read_checkpoints(&keys, path).unwrap()];
    let told = audit::verify_without_secrets(&app.app.db, &read).await.unwrap().tampering;
    assert_eq!(told, Some(Tampering::Rewritten { first, last }));
    intruder.undoes().await;
    assert_eq!(audit::verify_without_secrets(&app.app.db, &read).await.unwrap().tampering, None);

    // With the secrets too: only what was signed tells, and between which two checkpoints it was.
    rewrite(&app.app, &intruder.0, last as i64, &Marker::of(&app.app.secrets)).await;
    assert_eq!(found(&app.app, &[]).await, None);
    let files = [vec![before, after]];
    assert_eq!(found(&app.app, &files).await, Some(Tampering::Rewritten { first, last }));

    // Signed by the line itself, for another node's file.
    let files = [vec![before, after], vec![signed(&app.app).await]];
    assert_eq!(found(&app.app, &files).await, Some(Tampering::Forked { first, last }));
}

#[tokio::test]
async fn a_chain_or_a_clock_that_was_set_back_is_found_in_the_checkpoints() {
    let (app, staff, office) = with_acts(2).await;
    let before = signed(&app.app).await;
    act(&app.app, &staff, office, "TipRead").await;
    sequence(&app.app).await;
    let after = signed(&app.app).await;
    let set_back = Tampering::SetBack { line: 2, after: before.head.seq };
    assert_eq!(found(&app.app, &[vec![after, before]]).await, Some(set_back));
    let early = Checkpoint { at: before.at - chrono::Duration::hours(1), ..after };
    assert_eq!(found(&app.app, &[vec![before, early]]).await, Some(Tampering::ClockSetBack { line: 2 }));
    assert_eq!(found(&app.app, &[vec![before, after], vec![after]]).await, None);
}

#[tokio::test]
async fn a_checkpoint_file_is_private_grows_and_is_checked_line_by_line() {
    use std::os::unix::fs::PermissionsExt;
    let (app, ..) = with_acts(1).await;
    let (one, two) = (signed(&app.app).await, signed(&app.app).await);
    let path = &app.app.settings.checkpoints;
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(audit::read_checkpoints(&vault::chain::public_keys(&app.app.secrets), path).unwrap(), [one, two]);
    let text = std::fs::read_to_string(path).unwrap();
    let forged = text.replacen("\"seq\":", "\"seq\":1", 1);
    std::fs::write(path, forged).unwrap();
    let refused = audit::read_checkpoints(&vault::chain::public_keys(&app.app.secrets), path).unwrap_err();
    assert!(refused.to_string().ends_with("line 1: the signature does not hold"), "{refused}");
}
