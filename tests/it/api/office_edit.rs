//! Offices as an administrator makes, changes and closes them, and where tips go meanwhile.

use entity::{enums::Role, ids::OfficeId, tips};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{
    Officer, TestApp, Tip,
    deployment::{INTAKE, NA_MEO},
    people::text,
};

const NEW: &str = "don-bp-na-meo";

async fn office_of(app: &TestApp, tip: &Tip) -> OfficeId {
    let found = tips::Entity::find().filter(tips::Column::Number.eq(tip.number.as_str()));
    found.one(app.app.db.read()).await.unwrap().unwrap().office_id
}

async fn tip_in(app: &TestApp, unit: &str) -> Tip {
    app.resident().submits_with("Xe lạ qua suối", json!({ "unit": unit })).await
}

/// A border post under the intake desk that answers for some places.
async fn draft(app: &TestApp, areas: Value) -> Value {
    json!({ "kind": "don_bp", "name_vi": "Đồn Biên phòng Na Mèo", "name_en": "Na Mèo Border Post",
        "parent": app.office(INTAKE).await.to_string(), "areas": areas })
}

async fn makes(app: &TestApp, officer: &Officer, areas: Value) -> Value {
    let mut new = draft(app, areas).await;
    new["code"] = json!(NEW);
    officer.client.post("/api/v1/offices", new).await.expect(201)
}

#[tokio::test]
async fn a_new_office_gets_tips_once_it_has_a_member_and_its_places_can_be_given_away() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let made = makes(&app, &ana, json!(["15013"])).await;
    assert_eq!((&made["areas"], &made["holds_key"]), (&json!(["15013"]), &json!(false)));
    let (intake, new) = (app.office(INTAKE).await, app.office(NEW).await);
    assert_eq!(office_of(&app, &tip_in(&app, "15013").await).await, intake, "nobody there could open it");
    let bac = app.officer_at(NEW, "bac", &[Role::Screener]).await;
    assert_eq!(office_of(&app, &tip_in(&app, "15013").await).await, new);
    assert_eq!(office_of(&app, &tip_in(&app, "15022").await).await, intake);
    // What is about it goes above it.
    let mut about = app.resident().writes("Cán bộ vòi tiền").await;
    (about["unit"], about["category"]) = (json!("15013"), json!("can_bo"));
    app.resident().sends(&about).await.expect(201);
    assert_eq!(bac.finds("").await.len(), 1);

    let path = format!("/api/v1/offices/{new}");
    let mut other = draft(&app, json!(["15022"])).await;
    other["name_vi"] = json!("  Đồn Biên phòng Sơn Điện ");
    ana.client.post(&format!("{path}/change"), other).await.expect(204);
    let shown = ana.client.get(&path).await.expect(200);
    assert_eq!((&shown["name_vi"], &shown["areas"]), (&json!("Đồn Biên phòng Sơn Điện"), &json!(["15022"])));
    assert_eq!(office_of(&app, &tip_in(&app, "15013").await).await, intake);
    assert_eq!(office_of(&app, &tip_in(&app, "15022").await).await, new);
    assert_eq!(bac.finds("").await.len(), 2, "what it has stays with it");
}

#[tokio::test]
async fn an_office_stands_under_another_that_is_open_and_never_under_itself() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Administrator]).await;
    let id = text(&makes(&app, &ana, json!([])).await["id"]);
    let (intake, na_meo) = (app.office(INTAKE).await.to_string(), app.office(NA_MEO).await.to_string());
    let path = |office: &str| format!("/api/v1/offices/{office}/change");
    let mut under = draft(&app, json!(["15013"])).await;
    under["parent"] = json!(id);
    ana.client.post(&path(&na_meo), under.clone()).await.expect(204);
    for (office, parent, code) in [
        (&id, json!(na_meo), "office_beneath_itself"),
        (&id, json!(id), "office_beneath_itself"),
        (&intake, json!(id), "office_beneath_itself"),
        (&id, Value::Null, "missing"),
        (&id, json!("00000000-0000-4000-8000-000000000000"), "unknown_office"),
    ] {
        under["parent"] = parent;
        let told = ana.client.post(&path(office), under.clone()).await.expect_problem(422, code);
        assert_eq!(told["errors"][0]["field"], "parent", "{told}");
    }
    let close = format!("/api/v1/offices/{id}/close");
    ana.client.post_nothing(&close).await.expect_problem(409, "office_has_offices");
    let wrong =
        json!({ "kind": "hop_tac_xa", "name_vi": "", "name_en": "a\u{202e}b", "parent": intake, "areas": ["1"] });
    let told = ana.client.post(&path(&id), wrong).await.expect_problem(422, "invalid_fields");
    let fields: Vec<&Value> = told["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["kind", "name_vi", "name_en", "areas"]);
    let mut twice = draft(&app, json!([])).await;
    twice["code"] = json!(NEW);
    ana.client.post("/api/v1/offices", twice.clone()).await.expect_problem(422, "code_taken");
    twice["code"] = json!("đồn");
    ana.client.post("/api/v1/offices", twice).await.expect_problem(422, "code_malformed");
}

#[tokio::test]
async fn an_office_with_open_work_is_not_closed_and_a_closed_one_gets_nothing_more() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let id = text(&makes(&app, &ana, json!(["15013"])).await["id"]);
    let bac = app.officer_at(NEW, "bac", &[Role::Screener, Role::Investigator]).await;
    let (tip, gone) = (tip_in(&app, "15013").await, tip_in(&app, "15013").await);
    let path = format!("/api/v1/offices/{id}");
    let close = format!("{path}/close");
    ana.client.post_nothing(&close).await.expect_problem(409, "office_has_open_work");
    bac.accepts(&tip).await.expect(200);
    let case = text(&bac.opens_case(&tip, "Vụ việc").await.expect(201)["id"]);
    bac.dismisses(&gone, "spam").await.expect(200);
    ana.client.post_nothing(&close).await.expect_problem(409, "office_has_open_work");
    bac.client.post(&format!("/api/v1/cases/{case}/close"), json!({ "note": "xong" })).await.expect(200);

    let seen = ana.client.get(&path).await.header("etag").expect("a version").to_owned();
    let mut renamed = draft(&app, json!(["15013"])).await;
    renamed["name_vi"] = json!("Đồn Na Mèo");
    ana.client.with("if-match", &seen).post(&format!("{path}/change"), renamed.clone()).await.expect(204);
    ana.client.with("if-match", &seen).post_nothing(&close).await.expect_problem(412, "stale");
    ana.client.post_nothing(&close).await.expect(204);
    ana.client.post_nothing(&close).await.expect_problem(409, "office_closed");
    ana.client.post(&format!("{path}/change"), renamed).await.expect_problem(409, "office_closed");

    assert_eq!(office_of(&app, &tip_in(&app, "15013").await).await, app.office(INTAKE).await);
    let open = app.tip("không rõ ở đâu").await;
    let there = json!({ "office": id, "reason": "x" });
    ana.does(&open, "transfer", there).await.expect_problem(422, "unknown_office");
    assert_eq!(bac.finds("state=closed").await.len(), 1, "its members read what is kept there");
    let intake = format!("/api/v1/offices/{}/close", app.office(INTAKE).await);
    ana.client.post_nothing(&intake).await.expect_problem(409, "office_is_intake");
}

#[tokio::test]
async fn oversight_passes_a_closed_office_by() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener, Role::Administrator]).await;
    let mai = app.officer_at("ca-xa-15022-2019", "mai", &[Role::Screener]).await;
    // A post between the intake desk and Na Mèo, which has nobody.
    let between = text(&makes(&app, &ana, json!([])).await["id"]);
    let bac = app.officer_at(NEW, "bac", &[Role::Screener]).await;
    let na_meo = app.office(NA_MEO).await.to_string();
    let mut under = draft(&app, json!(["15013"])).await;
    under["parent"] = json!(between);
    ana.client.post(&format!("/api/v1/offices/{na_meo}/change"), under).await.expect(204);
    let about = json!({ "office": na_meo, "reason": "nói về chính đơn vị" });
    let first = tip_in(&app, "15022").await;
    assert_eq!(mai.does(&first, "concern", about.clone()).await.status / 100, 2);
    assert_eq!(office_of(&app, &first).await, app.office(NEW).await, "the nearest above");
    bac.dismisses(&first, "spam").await.expect(200);
    for office in [&na_meo, &between] {
        ana.client.post_nothing(&format!("/api/v1/offices/{office}/close")).await.expect(204);
    }
    let second = tip_in(&app, "15022").await;
    assert_eq!(mai.does(&second, "concern", about).await.status / 100, 2);
    assert_eq!(office_of(&app, &second).await, app.office(INTAKE).await);
}
