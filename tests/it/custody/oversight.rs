use entity::enums::Role;
use serde_json::{Value, json};

use super::SON_THUY;
use crate::support::{
    Officer, TestApp,
    deployment::{INTAKE, NA_MEO},
};

/// What an officer of an office can learn of its figures: the counts and the lines behind them.
async fn figures(officer: &Officer) -> Value {
    let span = "from=2024-01-01&to=2024-12-31&by=year";
    let table = officer.client.get(&format!("/api/v1/statistics/received?{span}")).await.expect(200);
    let lines = officer.client.get(&format!("/api/v1/statistics/received/lines?{span}")).await.expect(200);
    json!([table["total"], lines["total"], lines["lines"], lines["items"]])
}

#[tokio::test]
async fn what_is_about_an_office_goes_to_the_one_above_and_is_nowhere_for_it() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let before = figures(&mai).await;
    for more in [
        json!({ "unit": "15013", "category": "can_bo" }),
        json!({ "unit": "15013", "concerns": ["15013"] }),
        json!({ "concerns": ["15013"] }),
    ] {
        let tip = app.resident().submits_with("Bên suối", more).await;
        mai.sees_nothing_of(&tip).await;
        let seen = ana.reads(&tip).await.expect(200);
        assert_eq!(seen["narrative"], "Bên suối");
        // Nor can it be sent there afterwards.
        ana.transfers(&tip, &app.office(NA_MEO).await.to_string()).await.expect_problem(409, "office_concerned");
        let with = json!({ "office": app.office(NA_MEO).await.to_string() });
        ana.does(&tip, "share", with).await.expect_problem(409, "office_concerned");
    }
    assert_eq!(figures(&mai).await, before);
    let wrong = app.resident().writes("Bên suối").await;
    let mut unknown = wrong.clone();
    unknown["concerns"] = json!(["00000"]);
    app.resident().sends(&unknown).await.expect_problem(422, "unknown_unit");
    // Nobody on this line stands above the province's police: said at once, rather than sent to them.
    let mut top = wrong;
    top["concerns"] = json!(["38"]);
    app.resident().sends(&top).await.expect_problem(409, "no_oversight");
}

#[tokio::test]
async fn an_office_named_at_screening_loses_sight_of_the_tip() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let son = app.officer_at(SON_THUY, "son", &[Role::Commander]).await;
    let na_meo = app.office(NA_MEO).await.to_string();
    let before = figures(&mai).await;
    let tip = app.resident().submits_with("Bên suối", json!({ "unit": "15013" })).await;
    mai.does(&tip, "share", json!({ "office": app.office(SON_THUY).await.to_string() })).await.expect(200);
    let naming = json!({ "office": na_meo, "reason": "nói về chính đơn vị" });
    mai.does(&tip, "concern", naming.clone()).await.expect(204);
    mai.sees_nothing_of(&tip).await;
    assert_eq!(figures(&mai).await, before);
    ana.reads(&tip).await.expect(200);
    son.reads(&tip).await.expect(200);
    app.reconciles().await;
    ana.transfers(&tip, &na_meo).await.expect_problem(409, "office_concerned");
    // An office that has it for information and is concerned as well loses it too; the desk above keeps the tip.
    let naming = json!({ "office": app.office(SON_THUY).await.to_string(), "reason": "và về bên ấy" });
    ana.does(&tip, "concern", naming).await.expect(204);
    son.sees_nothing_of(&tip).await;
    ana.reads(&tip).await.expect(200);
    let intake = json!({ "office": app.office(INTAKE).await.to_string(), "reason": "về tỉnh" });
    ana.does(&tip, "concern", intake).await.expect_problem(409, "no_oversight");
    ana.reads(&tip).await.expect(200);
}
