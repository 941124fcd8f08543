//! What the record says of stored tips: exchanged words are found, and what is taken away is missed.

use entity::{enums::Role, ids::TipId};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;
use tipline::{
    app::App,
    audit::{self, Tampering},
    platform::db::Db,
};

use super::sequence;
use crate::support::TestApp;

async fn intruder(app: &TestApp) -> DatabaseConnection {
    let file = app.database.folder.path().join("data/tipline.db");
    let url = app.database.url.clone().unwrap_or_else(|| Db::sqlite_url(&file));
    Database::connect(url).await.unwrap()
}

async fn found(app: &App) -> Option<Tampering> {
    audit::verify(app, &[]).await.unwrap().tampering
}

#[tokio::test]
async fn a_tip_that_was_exchanged_or_taken_away_is_found() {
    let test = TestApp::spawn().await;
    let lan = test.officer("lan", &[Role::Commander]).await;
    let one = test.tip("một").await;
    let contact = json!({ "reporter": { "mode": "identified", "name": "Vi Thị Hoa", "phone": "0912345678" } });
    let other = test.resident().submits_with("hai", contact).await;
    lan.reads(&one).await.expect(200);
    lan.notes(&one, "đã gọi").await.expect(200);
    sequence(&test.app).await;
    assert_eq!(found(&test.app).await, None, "reading and working a tip changes none of it");

    let db = intruder(&test).await;
    let does = async |statement: &str| {
        db.execute_unprepared(statement).await.unwrap();
    };
    does("CREATE TABLE kept AS SELECT * FROM tips").await;
    let id = |id: &str| TipId::from(uuid::Uuid::parse_str(id).unwrap());
    for (exchange, tip) in [
        (
            format!(
                "sealed = (SELECT sealed FROM kept WHERE number = '{}') WHERE number = '{}'",
                other.number, one.number
            ),
            &one,
        ),
        (format!("contact_sealed = NULL WHERE number = '{}'", other.number), &other),
        (format!("contact_sealed = sealed WHERE number = '{}'", one.number), &one),
    ] {
        does(&format!("UPDATE tips SET {exchange}")).await;
        let told = found(&test.app).await;
        assert!(
            matches!(told, Some(Tampering::TipReplaced { tip: at, .. }) if at == id(&tip.id)),
            "{exchange}: {told:?}"
        );
        let back = "SELECT sealed FROM kept WHERE kept.id = tips.id";
        let contact = "SELECT contact_sealed FROM kept WHERE kept.id = tips.id";
        does(&format!("UPDATE tips SET sealed = ({back}), contact_sealed = ({contact})")).await;
        assert_eq!(found(&test.app).await, None);
    }
    does(&format!("DELETE FROM tips WHERE number = '{}'", other.number)).await;
    let told = found(&test.app).await;
    assert!(matches!(told, Some(Tampering::TipGone { tip, .. }) if tip == id(&other.id)), "{told:?}");
}
