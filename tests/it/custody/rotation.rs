use std::path::PathBuf;

use entity::{enums::Role, officers, receipts};
use sea_orm::EntityTrait;
use serde_json::json;
use tipline::app::rotation::{self, RotationError, add_version, make_current, reload, retire_version};
use vault::{
    app_secrets::{RotateError, Which},
    chance::Chance,
};

use crate::support::{Officer, TestApp, deployment::PASSWORD};

impl TestApp {
    fn secrets_file(&self) -> PathBuf {
        self.database.folder.path().join("data/secrets.json")
    }

    /// Which versions of the pepper are in use: of receipts, and of passwords.
    async fn peppers(&self) -> (Vec<i32>, Vec<i32>) {
        let db = self.app.db.read();
        let receipts = receipts::Entity::find().all(db).await.unwrap();
        let officers = officers::Entity::find().all(db).await.unwrap();
        let (mut of_receipts, mut of_passwords): (Vec<i32>, Vec<i32>) = (
            receipts.iter().map(|row| row.pepper_version).collect(),
            officers.iter().map(|row| row.pepper_version).collect(),
        );
        of_receipts.sort_unstable();
        of_passwords.sort_unstable();
        (of_receipts, of_passwords)
    }
}

async fn refreshes(officer: &Officer, app: &TestApp) -> u16 {
    let body = json!({ "refresh_token": officer.tokens.refresh });
    app.client().post("/api/v1/sessions/refresh", body).await.status
}

#[tokio::test]
async fn what_was_made_before_a_rotation_still_opens_and_what_is_made_after_it_is_of_the_new_version() {
    let app = TestApp::spawn().await;
    let (ana, binh) = (app.officer("ana", &[Role::Commander]).await, app.officer("binh", &[Role::Screener]).await);
    let old = app.tip("Bên suối").await;
    let thread = app.resident().opens_thread(&old).await;
    let waiting = app.resident().writes("Viết từ trước").await;
    let (path, now) = (app.secrets_file(), app.app.clock.now());
    for which in Which::ALL {
        assert_eq!(make_current(&path, which, &Chance::system(), now).unwrap(), 2);
    }
    reload(&app.app, &path).unwrap();

    ana.reads(&old).await.expect(200);
    assert_eq!(refreshes(&binh, &app).await, 201);
    thread.get("/api/v1/reporter/tip").await.expect(200);
    app.resident().opens_thread(&old).await.get("/api/v1/reporter/tip").await.expect(200);
    app.resident().sends(&waiting).await.expect(201);
    // The same receipt again is the same tip, whichever pepper is current.
    app.resident().sends(&waiting).await.expect(200);
    let new = app.tip("Sau đó").await;
    app.resident().opens_thread(&new).await.get("/api/v1/reporter/tip").await.expect(200);
    assert_eq!(app.peppers().await, (vec![1, 2, 2], vec![1, 1]));
    // A password is wrapped anew at the next log-in, and only then.
    for _ in 0..2 {
        app.logs_in("ana", PASSWORD).await.reads(&old).await.expect(200);
        assert_eq!(app.peppers().await.1, [1, 2]);
    }
    let wrong = json!({ "username": "binh", "password": "khong-phai-mat-khau-nay" });
    app.client().post("/api/v1/sessions", wrong).await.expect_problem(401, "wrong_credentials");
    assert_eq!(app.peppers().await.1, [1, 2]);
}

#[tokio::test]
async fn a_node_that_learned_a_version_beforehand_takes_tokens_of_it() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Commander]).await;
    let (other, _server, there) = app.another_node().await;
    let (path, now) = (app.secrets_file(), app.app.clock.now());
    for which in [Which::Session, Which::Token] {
        assert_eq!(add_version(&path, which, &Chance::system()).unwrap(), 2);
    }
    for node in [&app.app, &other] {
        reload(node, &path).unwrap();
    }
    for which in [Which::Session, Which::Token] {
        // The one that waits; no third is drawn.
        assert_eq!(make_current(&path, which, &Chance::system(), now).unwrap(), 2);
    }
    // This node makes them already, the other does not yet: either takes the other's.
    reload(&app.app, &path).unwrap();
    let ana = app.logs_in("ana", PASSWORD).await;
    there.bearing(&ana.tokens.access).get("/api/v1/tips").await.expect(200);
    let log_in = json!({ "username": "ana", "password": PASSWORD });
    let tokens = there.post("/api/v1/sessions", log_in).await.expect(201);
    let token = tokens["access_token"].as_str().unwrap();
    app.client().bearing(token).get("/api/v1/tips").await.expect(200);
}

#[tokio::test]
async fn a_version_goes_when_nothing_hangs_on_it_any_more() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    app.tip("Bên suối").await;
    let (path, now) = (app.secrets_file(), app.app.clock.now());
    let text = std::fs::read_to_string(&path).unwrap();
    for which in Which::ALL {
        let refused = retire_version(&app.app, &path, which, 1).await;
        assert!(matches!(refused, Err(RotationError::Version(RotateError::IsCurrent))), "{refused:?}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    for which in Which::ALL {
        make_current(&path, which, &Chance::system(), now).unwrap();
    }
    let refused = retire_version(&app.app, &path, Which::Pepper, 1).await;
    let told = matches!(refused, Err(RotationError::PepperInUse { receipts: 1, passwords: 1, codes: 1 }));
    assert!(told, "{refused:?}");
    for which in [Which::Session, Which::Token] {
        let refused = retire_version(&app.app, &path, which, 1).await;
        assert!(matches!(refused, Err(RotationError::TooSoon { .. })), "{refused:?}");
    }
    app.app.clock.advance(chrono::Duration::hours(50));
    for which in [Which::Session, Which::Token] {
        retire_version(&app.app, &path, which, 1).await.unwrap();
    }
    reload(&app.app, &path).unwrap();
    assert_eq!(refreshes(&ana, &app).await, 401);
    let versions = rotation::read_versions(&path).unwrap().into_iter().map(|(_, known)| known.versions);
    assert_eq!(versions.collect::<Vec<_>>(), [vec![1, 2], vec![2], vec![2]]);
    std::fs::write(&path, "{}").unwrap();
    assert!(reload(&app.app, &path).is_err());
    // What cannot be read changes nothing.
    app.logs_in("ana", PASSWORD).await;
}
