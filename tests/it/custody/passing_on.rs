use entity::enums::{Role, WrapHolder};
use serde_json::json;

use super::SON_THUY;
use crate::support::{
    Officer, TestApp, Tip,
    deployment::{INTAKE, NA_MEO},
    people::text,
};

/// Two offices with an officer each, and a tip of the first with a question, an answer and a note in it.
async fn two_offices(app: &TestApp) -> (Officer, Officer, Tip) {
    app.officer("ana", &[Role::Screener]).await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let son = app.officer_at(SON_THUY, "son", &[Role::Commander]).await;
    let tip = app.resident().submits_with("Bên suối có người lạ", json!({ "unit": "15013" })).await;
    mai.asks(&tip, "Mấy giờ?").await.expect(200);
    let reporter = app.resident().opens_thread(&tip).await;
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Chín giờ" })).await.expect(201);
    mai.notes(&tip, "Đã nghe nói").await.expect(200);
    (mai, son, tip)
}

#[tokio::test]
async fn a_transferred_tip_is_whole_there_and_gone_here() {
    let app = TestApp::spawn().await;
    let (mai, son, tip) = two_offices(&app).await;
    let there = app.office(SON_THUY).await;
    let reporter = app.resident().opens_thread(&tip).await;
    mai.accepts(&tip).await.expect(200);
    mai.transfers(&tip, &there.to_string()).await.expect(204);
    mai.sees_nothing_of(&tip).await;
    let seen = son.reads(&tip).await.expect(200);
    assert_eq!(seen["narrative"], "Bên suối có người lạ");
    assert_eq!(seen["state"], "screening");
    assert_eq!(seen["messages"].as_array().unwrap().len(), 2);
    let mut notes: Vec<String> = seen["notes"].as_array().unwrap().iter().map(|note| text(&note["text"])).collect();
    // The clock stands still: of one moment, either may come first.
    notes.sort_unstable();
    assert_eq!(notes, ["thuộc địa bàn bên ấy", "Đã nghe nói"]);
    assert_eq!(son.finds("q=suoi").await, std::slice::from_ref(&tip.number));
    // The reporter's token is of before, and opens the thread as it is now.
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Lại thấy" })).await.expect(201);
    son.replies(&tip, "Cảm ơn").await.expect(200);
    let thread = reporter.get("/api/v1/reporter/tip").await.expect(200);
    assert_eq!(thread["messages"].as_array().unwrap().len(), 4);
    let holders = app.holders(&tip).await;
    assert!(
        holders.iter().all(|(holder, id)| *holder == WrapHolder::Reporter || *id == uuid::Uuid::from(there)),
        "{holders:?}"
    );
    app.reconciles().await;
    son.transfers(&tip, &there.to_string()).await.expect_problem(409, "same_office");
    let closed = app.office("ca-xa-15022-2019").await.to_string();
    son.transfers(&tip, &closed).await.expect_problem(409, "office_without_key");
}

#[tokio::test]
async fn counts_follow_a_tip_from_office_to_office() {
    let app = TestApp::spawn().await;
    let (mai, son, tip) = two_offices(&app).await;
    let received = async |officer: &Officer| {
        let path = "/api/v1/statistics/received?from=2024-01-01&to=2024-12-31&by=year";
        officer.client.get(path).await.expect(200)["total"].as_i64()
    };
    assert_eq!((received(&mai).await, received(&son).await), (Some(1), Some(0)));
    mai.transfers(&tip, &app.office(SON_THUY).await.to_string()).await.expect(204);
    assert_eq!((received(&mai).await, received(&son).await), (Some(0), Some(1)));
    app.app.clock.advance(chrono::Duration::days(40));
    let son = app.logs_in("son", crate::support::deployment::PASSWORD).await;
    son.transfers(&tip, &app.office(NA_MEO).await.to_string()).await.expect(204);
    app.reconciles().await;
    let found = tipline::statistics::ledger::recount(app.app.db.read()).await.unwrap();
    assert_eq!(found.wrong, 0);
}

#[tokio::test]
async fn what_is_a_case_is_not_handed_over() {
    let app = TestApp::spawn().await;
    let (mai, _, tip) = two_offices(&app).await;
    let there = app.office(SON_THUY).await.to_string();
    mai.accepts(&tip).await.expect(200);
    mai.opens_case(&tip, "Vụ việc").await.expect(201);
    mai.transfers(&tip, &there).await.expect_problem(409, "tip_has_case");
    let other = app.resident().submits_with("Việc khác", json!({ "unit": "15013" })).await;
    mai.marks_duplicate(&tip, &other).await.expect(200);
    mai.reopens(&tip).await.expect(200);
    mai.transfers(&tip, &there).await.expect_problem(409, "tip_has_case");
    mai.dismisses(&other, "spam").await.expect(200);
    mai.transfers(&other, &there).await.expect_problem(409, "invalid_move");
}

#[tokio::test]
async fn an_informed_office_reads_and_no_more() {
    let app = TestApp::spawn().await;
    let (mai, son, tip) = two_offices(&app).await;
    let there = app.office(SON_THUY).await.to_string();
    mai.does(&tip, "share", json!({ "office": there })).await.expect(200);
    mai.does(&tip, "share", json!({ "office": there })).await.expect_problem(409, "already_shared");
    let seen = son.reads(&tip).await.expect(200);
    assert_eq!((&seen["informed"], &seen["allowed"]), (&json!(true), &json!([])));
    assert_eq!(son.finds("").await, Vec::<String>::new());
    assert_eq!(son.finds("informed=true").await, std::slice::from_ref(&tip.number));
    assert_eq!(son.finds("informed=true&q=suoi").await, std::slice::from_ref(&tip.number));
    for (verb, with) in
        [("accept", json!(null)), ("note", json!({ "text": "x" })), ("open-case", json!({ "title": "x" }))]
    {
        son.does(&tip, verb, with).await.expect_problem(403, "forbidden");
    }
    son.transfers(&tip, &there).await.expect_problem(403, "forbidden");
    app.reconciles().await;
    // Taken back, it is under a fresh key that nobody there was given.
    mai.does(&tip, "unshare", json!({ "office": there })).await.expect(200);
    son.sees_nothing_of(&tip).await;
    mai.reads(&tip).await.expect(200);
    mai.does(&tip, "unshare", json!({ "office": there })).await.expect_problem(409, "not_shared");
    app.resident().opens_thread(&tip).await.get("/api/v1/reporter/tip").await.expect(200);
}

#[tokio::test]
async fn who_an_identified_reporter_is_stays_with_the_office_that_works_the_tip() {
    let app = TestApp::spawn().await;
    let mai = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let son = app.officer_at(SON_THUY, "son", &[Role::Commander]).await;
    let more = json!({ "unit": "15013", "reporter": { "mode": "identified", "name": "Lò Thị Mẫu" } });
    let tip = app.resident().submits_with("Bên suối", more).await;
    mai.does(&tip, "share", json!({ "office": app.office(SON_THUY).await.to_string() })).await.expect(200);
    assert_eq!(mai.reads(&tip).await.expect(200)["contact"]["name"], "Lò Thị Mẫu");
    assert_eq!(son.reads(&tip).await.expect(200)["contact"], json!(null));
}

#[tokio::test]
async fn a_restricted_tip_is_there_for_those_named_only() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let binh = app.officer("binh", &[Role::Commander]).await;
    let chi = app.officer("chi", &[Role::Investigator, Role::Commander]).await;
    let office = app.office(INTAKE).await.to_string();
    let tip = app.tip("Bên suối").await;
    let named = json!({ "officers": [binh.id(), chi.id()] });
    ana.does(&tip, "restrict", json!({ "officers": [binh.id()] })).await.expect_problem(422, "too_few_readers");
    let stranger = app.officer_at(NA_MEO, "mai", &[Role::Commander]).await;
    let with_stranger = json!({ "officers": [binh.id(), stranger.id()] });
    ana.does(&tip, "restrict", with_stranger).await.expect_problem(422, "reader_not_member");
    ana.does(&tip, "restrict", named).await.expect(204);
    ana.sees_nothing_of(&tip).await;
    for reader in [&binh, &chi] {
        reader.reads(&tip).await.expect(200);
        assert_eq!(reader.finds("q=suoi").await, std::slice::from_ref(&tip.number));
    }
    binh.does(&tip, "share", json!({ "office": office })).await.expect_problem(409, "same_office");
    let holders: Vec<WrapHolder> = app.holders(&tip).await.into_iter().map(|(holder, _)| holder).collect();
    assert_eq!(holders, [WrapHolder::Reporter, WrapHolder::Officer, WrapHolder::Officer]);
    // In a case, its number shows to those named only.
    binh.accepts(&tip).await.expect(200);
    let case = text(&binh.opens_case(&tip, "Vụ việc").await.expect(201)["id"]);
    let tips_of = async |officer: &Officer| {
        let case = officer.client.get(&format!("/api/v1/cases/{case}")).await.expect(200);
        case["tips"].as_array().unwrap().len()
    };
    assert_eq!((tips_of(&ana).await, tips_of(&binh).await), (0, 1));
    // Who is named cannot all leave.
    let removed = binh.removes(&office, &chi).await.expect(200);
    assert_eq!(removed["tips_with_one_reader"], 1);
    let dung = app.officer("dung", &[Role::Administrator]).await;
    dung.removes(&office, &binh).await.expect_problem(409, "last_reader");
    binh.reads(&tip).await.expect(200);
    binh.does(&tip, "lift-restriction", json!(null)).await.expect(200);
    ana.reads(&tip).await.expect(200);
    binh.does(&tip, "lift-restriction", json!(null)).await.expect_problem(409, "tip_not_restricted");
    dung.removes(&office, &binh).await.expect(200);
}
