use entity::{enums::Role, tips};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{
    Officer, TestApp, Tip, Worked,
    deployment::{INTAKE, NA_MEO},
};

async fn office_of(app: &TestApp, tip: &Tip) -> entity::ids::OfficeId {
    let found = tips::Entity::find().filter(tips::Column::Number.eq(tip.number.as_str()));
    found.one(app.app.db.read()).await.unwrap().unwrap().office_id
}

#[tokio::test]
async fn while_no_office_holds_a_key_the_line_is_closed_and_nothing_typed_is_lost() {
    let app = TestApp::spawn().await;
    let resident = app.resident();
    let tip = resident.writes("Đêm nào cũng có xe lạ").await;
    let before = app.all_rows().await;
    let answer = resident.sends(&tip).await;
    answer.expect_problem(503, "line_closed");
    assert!(answer.header("retry-after").is_some());
    assert_eq!(app.all_rows().await, before);
    // An administrator holds no key, so this opens nothing.
    app.officer("admin", &[Role::Administrator]).await;
    resident.sends(&tip).await.expect_problem(503, "line_closed");
    app.officer("ana", &[Role::Screener]).await;
    resident.sends(&tip).await.expect(201);
}

#[tokio::test]
async fn a_tip_goes_to_the_nearest_office_that_holds_a_key() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (intake, na_meo) = (app.office(INTAKE).await, app.office(NA_MEO).await);
    let in_na_meo = json!({ "unit": "15013" });
    let early = app.resident().submits_with("Na Mèo chưa có người", in_na_meo.clone()).await;
    assert_eq!(office_of(&app, &early).await, intake);
    app.officer_at(NA_MEO, "mai", &[Role::Screener]).await;
    let late = app.resident().submits_with("Na Mèo đã có người", in_na_meo).await;
    assert_eq!(office_of(&app, &late).await, na_meo);
    let elsewhere = app.resident().submits_with("ở Sơn Điện", json!({ "unit": "15022" })).await;
    assert_eq!(office_of(&app, &elsewhere).await, intake);
    assert_eq!(office_of(&app, &app.tip("không rõ ở đâu").await).await, intake);
}

#[tokio::test]
async fn what_concerns_police_is_never_sent_to_the_office_next_to_it() {
    let app = TestApp::spawn().await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Screener]).await;
    let resident = app.resident();
    let mut tip = resident.writes("Cán bộ vòi tiền").await;
    (tip["unit"], tip["category"]) = (json!("15013"), json!("can_bo"));
    // Rather closed than told to the wrong people.
    resident.sends(&tip).await.expect_problem(503, "line_closed");
    let ana = app.officer("ana", &[Role::Screener]).await;
    resident.sends(&tip).await.expect(201);
    assert_eq!(mai.finds("").await.len(), 0);
    assert_eq!(ana.finds("").await.len(), 1);
}

/// Everything that an officer could try on a tip and what hangs on it.
async fn tries_everything(officer: &Officer, tip: &Tip, worked: &Worked, valuation: &str) -> Vec<(String, Value)> {
    let case = &worked.case;
    let close = officer.client.post(&format!("/api/v1/cases/{case}/close"), json!({})).await;
    let answers = [
        ("read", officer.reads(tip).await),
        ("screen", officer.screens(tip).await),
        ("accept", officer.accepts(tip).await),
        ("assign", officer.assigns(tip, officer).await),
        ("ask", officer.asks(tip, "a").await),
        ("reply", officer.replies(tip, "a").await),
        ("note", officer.notes(tip, "a").await),
        ("refer", officer.refers(tip).await),
        ("dismiss", officer.dismisses(tip, "spam").await),
        ("reopen", officer.reopens(tip).await),
        ("duplicate", officer.marks_duplicate(tip, tip).await),
        ("grade", officer.does(tip, "grade", json!({ "source": "A", "information": 1 })).await),
        ("open-case", officer.opens_case(tip, "a").await),
        ("link-case", officer.links(tip, case).await),
        ("attest", officer.attests(tip, &worked.outcome).await),
        ("read case", officer.client.get(&format!("/api/v1/cases/{case}")).await),
        ("record", officer.records(case, "khoi_to", "2024-06-03").await),
        ("close", close),
        ("confirm", officer.confirms(valuation).await),
        ("revoke", officer.revokes(valuation).await),
    ];
    answers.into_iter().map(|(what, answer)| (what.to_owned(), answer.expect(404))).collect()
}

#[tokio::test]
async fn another_offices_tip_is_answered_as_if_there_were_none() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let worked = Worked::by(&ana, app.tip("Đêm nào cũng có xe lạ").await).await;
    let valuation = worked.attested_by(&ana).await;
    let before = app.all_rows().await;
    let foreign = tries_everything(&mai, &worked.tip, &worked, &valuation).await;
    let nothing = "00000000-0000-4000-8000-000000000000".to_owned();
    let none = Tip { id: nothing.clone(), ..worked.tip.clone() };
    let nowhere = Worked { tip: none.clone(), case: nothing.clone(), outcome: nothing.clone() };
    assert_eq!(foreign, tries_everything(&mai, &none, &nowhere, &nothing).await);
    assert_eq!(app.all_rows().await, before);
    assert_eq!(mai.finds("").await.len(), 0);
    let cases = mai.client.get("/api/v1/cases").await.expect(200);
    assert_eq!(cases["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_duplicate_or_link_cannot_reach_into_another_office() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let worked = Worked::by(&ana, app.tip("Đêm nào cũng có xe lạ").await).await;
    let own = app.resident().submits_with("ở Na Mèo", json!({ "unit": "15013" })).await;
    mai.marks_duplicate(&own, &worked.tip).await.expect_problem(404, "no_such_tip");
    mai.accepts(&own).await.expect(200);
    mai.links(&own, &worked.case).await.expect_problem(404, "no_such_case");
    mai.does(&own, "assign", json!({ "assignee": ana.id() })).await.expect_problem(422, "assignee_not_member");
}
