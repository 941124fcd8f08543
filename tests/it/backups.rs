//! A backup by the program itself, while the line serves; and a line that comes back from it elsewhere.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use chrono::Duration;
use entity::enums::Role;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::support::{
    TestApp, Tip,
    database::{TestDatabase, on_postgres},
    deployment::{PASSWORD, open_node},
    people::text,
    rows::all_rows_of,
};

const CANARY: &str = "canary-backup-narrative-Kx7QzR";

/// A folder with the operator's keys and a line to back up.
struct Line {
    app: TestApp,
    keys: PathBuf,
}

impl Line {
    async fn spawn() -> Self {
        let app = TestApp::spawn().await;
        app.officer("ana", &[Role::Commander]).await;
        let keys = app.database.folder.path().join("operator");
        let made = Command::new(env!("CARGO_BIN_EXE_tipline")).args(["backup", "keys", "--output"]).arg(&keys).output();
        assert!(made.as_ref().unwrap().status.success(), "{}", said(&made.unwrap()));
        Self { app, keys }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.app.database.folder.path().join(name)
    }

    fn public(&self) -> PathBuf {
        self.keys.with_extension("pub")
    }

    async fn backs_up(&self, name: &str) -> PathBuf {
        let file = self.file(name);
        let (data, url) = (self.app.database.folder.path().join("data"), self.app.database.url.clone());
        let (to, key) = (file.clone(), self.public());
        // Off this runtime, so that the load goes on beside it.
        let done = tokio::task::spawn_blocking(move || {
            tipline(&data, url.as_deref(), &["backup".as_ref(), to.as_ref(), "--key".as_ref(), key.as_ref()])
        });
        let done = done.await.unwrap();
        assert!(done.status.success(), "{}", said(&done));
        file
    }

    /// A place with this line's secrets and an empty database.
    async fn elsewhere(&self) -> TestDatabase {
        let place = TestDatabase::create().await;
        self.brings_secrets_to(&place);
        place
    }

    fn brings_secrets_to(&self, place: &TestDatabase) {
        let data = place.folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::copy(self.app.database.folder.path().join("data/secrets.json"), data.join("secrets.json")).unwrap();
    }

    fn restores(&self, file: &Path, place: &TestDatabase) -> Output {
        let arguments = ["restore".as_ref(), file.as_ref(), "--key".as_ref(), self.keys.as_ref()];
        tipline(&place.folder.path().join("data"), place.url.as_deref(), &arguments)
    }
}

fn tipline(data: &Path, url: Option<&str>, arguments: &[&std::ffi::OsStr]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipline"));
    command.arg("--data").arg(data).args(arguments);
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// What the restored line says to the receipts, and to an officer.
async fn opens_there(line: &Line, place: &TestDatabase, tips: &[Tip]) {
    let clock = line.app.app.clock.clone();
    let node = tipline::app::App { clock, ..open_node(place.folder.path(), place.url.clone()).await };
    let (_server, client) = line.app.serves(node);
    for tip in tips {
        let shown = client.post("/api/v1/reporter/sessions", json!({ "receipt": tip.receipt })).await;
        let token = text(&shown.expect(201)["token"]);
        let thread = client.bearing(&token).get("/api/v1/reporter/tip").await.expect(200);
        assert_eq!(thread["number"], tip.number);
    }
    let login = json!({ "username": "ana", "password": PASSWORD });
    let session = client.post("/api/v1/sessions", login).await.expect(201);
    let officer = client.bearing(&text(&session["access_token"]));
    let told = officer.get(&format!("/api/v1/tips/{}", tips[0].id)).await.expect(200);
    assert_eq!(told["narrative"], CANARY);
}

#[tokio::test]
async fn a_backup_under_load_holds_every_tip_that_was_acknowledged_before_it() {
    let line = Line::spawn().await;
    let mut before = Vec::new();
    for _ in 0..12 {
        before.push(line.app.tip(CANARY).await);
    }
    let load = async {
        for _ in 0..10 {
            line.app.tip("Trong lúc sao lưu").await;
        }
    };
    let (file, ()) = tokio::join!(line.backs_up("line.backup"), load);
    let bytes = std::fs::read(&file).unwrap();
    for hidden in [CANARY, "office_key", "TipSubmitted", before[0].number.as_str(), before[0].receipt.as_str()] {
        let found = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
        assert!(!found, "{hidden} is in the backup");
    }
    let place = line.elsewhere().await;
    let done = line.restores(&file, &place);
    assert!(done.status.success() && said(&done).contains("rows in order"), "{}", said(&done));
    opens_there(&line, &place, &before).await;
    // It does not go over what is there.
    let again = line.restores(&file, &place);
    assert!(!again.status.success() && said(&again).contains("not empty"), "{}", said(&again));
}

#[tokio::test]
async fn every_table_but_the_passing_ones_comes_back_row_by_row() {
    let line = Line::spawn().await;
    let tip = line.app.tip(CANARY).await;
    let ana = line.app.logs_in("ana", PASSWORD).await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    let other = line.app.tip("Lại chiếc xe ấy").await;
    ana.marks_duplicate(&other, &tip).await.expect(200);
    let file = line.backs_up("line.backup").await;
    let mut stored = line.app.all_rows().await;
    let place = line.elsewhere().await;
    let done = line.restores(&file, &place);
    assert!(done.status.success(), "{}", said(&done));
    let node = open_node(place.folder.path(), place.url.clone()).await;
    let mut restored = all_rows_of(&node).await;
    for passing in ["sessions", "job_claims", "seaql_migrations", "backups"] {
        assert!(stored.remove(passing).is_some() && restored.remove(passing).is_some(), "{passing}");
    }
    assert_eq!(stored, restored);
}

#[tokio::test]
async fn a_backup_goes_from_one_database_to_the_other_and_back() {
    let line = Line::spawn().await;
    let tips = vec![line.app.tip(CANARY).await];
    let file = line.backs_up("line.backup").await;
    // On SQLite this is one embedded database to another; on PostgreSQL it changes sides, twice.
    let embedded = TestDatabase::embedded();
    line.brings_secrets_to(&embedded);
    let done = line.restores(&file, &embedded);
    assert!(done.status.success(), "{}", said(&done));
    opens_there(&line, &embedded, &tips).await;
    let back = line.file("back.backup");
    let key = line.public();
    let data = embedded.folder.path().join("data");
    let done = tipline(&data, None, &["backup".as_ref(), back.as_ref(), "--key".as_ref(), key.as_ref()]);
    assert!(done.status.success(), "{}", said(&done));
    let place = line.elsewhere().await;
    let done = line.restores(&back, &place);
    assert!(done.status.success(), "{}", said(&done));
    opens_there(&line, &place, &tips).await;
}

#[tokio::test]
async fn a_changed_backup_and_one_of_another_line_leave_nothing() {
    let line = Line::spawn().await;
    line.app.tip(CANARY).await;
    let file = line.backs_up("line.backup").await;
    let whole = std::fs::read(&file).unwrap();
    let place = line.elsewhere().await;
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    for (name, bytes) in [("cut", whole[..whole.len() / 2].to_vec()), ("flipped", flipped)] {
        let spoilt = line.file(name);
        std::fs::write(&spoilt, bytes).unwrap();
        let done = line.restores(&spoilt, &place);
        assert!(!done.status.success() && said(&done).contains("does not open"), "{name}: {}", said(&done));
    }
    let stranger = Line::spawn().await;
    let foreign = stranger.elsewhere().await;
    let done = line.restores(&file, &foreign);
    assert!(!done.status.success() && said(&done).contains("not made with the secrets"), "{}", said(&done));
    let other_key = Command::new(env!("CARGO_BIN_EXE_tipline"))
        .args(["restore".as_ref(), file.as_os_str(), "--check".as_ref(), "--key".as_ref(), stranger.keys.as_os_str()])
        .output()
        .unwrap();
    assert!(!other_key.status.success() && said(&other_key).contains("another key"), "{}", said(&other_key));
    // Nothing of the attempts stayed in the way.
    assert!(line.restores(&file, &place).status.success());
}

#[tokio::test]
async fn the_doctor_asks_for_a_backup_after_a_week() {
    let line = Line::spawn().await;
    let overdue = async || {
        let found = tipline::doctor::examine(&line.app.app).await.unwrap();
        found.iter().find(|one| one.kind == tipline::doctor::Kind::BackupOverdue).map(|one| one.count)
    };
    assert_eq!(overdue().await, None);
    line.app.app.clock.advance(Duration::days(8));
    assert_eq!(overdue().await, Some(8));
    tipline::backups::record_backup(&line.app.app).await.unwrap();
    assert_eq!(overdue().await, None);
}

#[tokio::test]
async fn nodes_of_the_release_before_go_on_over_a_newer_schema() {
    let app = TestApp::spawn().await;
    let db = app.app.db.clone();
    let backend = if on_postgres() { DbBackend::Postgres } else { DbBackend::Sqlite };
    let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m999_later', 0)";
    db.write(async |txn| txn.execute_raw(Statement::from_string(backend, later)).await.map(|_| ())).await.unwrap();
    app.client().get("/readyz").await.expect(200);
    // And one of them that falls over comes up again.
    let (_node, _server, client) = app.another_node().await;
    client.get("/readyz").await.expect(200);
}
