//! Reference data as an administrator edits them: a change holds from its day on, and what has held stays.

use chrono::Duration;
use entity::enums::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tipline::jobs::{self, Job};
use uuid::Uuid;

use crate::support::{
    Officer, TestApp, Worked,
    deployment::{NA_MEO, PASSWORD},
    http::Answer,
    people::text,
};

pub const ADMINISTRATOR: [Role; 1] = [Role::Administrator];

pub fn category(vi: &str) -> Value {
    json!({ "order": 20, "label": { "vi": vi, "en": format!("{vi} (en)") }, "examples": [], "priority": "normal",
        "routing": "covering", "advice": null })
}

pub async fn adds(officer: &Officer, code: &str, from: &str, body: Value) -> Answer {
    let new = json!({ "code": code, "from": from, "body": body });
    officer.client.post("/api/v1/reference/category", new).await
}

async fn changes(officer: &Officer, row: &str, from: &str, body: Value) -> Answer {
    let path = format!("/api/v1/reference/{row}/change");
    officer.client.post(&path, json!({ "from": from, "body": body })).await
}

/// Labels of categories by code, on a day; today if none is given.
pub async fn label(app: &TestApp, code: &str, query: &str) -> Option<String> {
    let all = app.client().get(&format!("/api/v1/categories{query}")).await.expect(200);
    let all = all["items"].as_array().unwrap().clone();
    all.iter().find(|one| one["code"] == code).map(|one| text(&one["label"]))
}

/// What a resident gets who sends a tip of a category.
async fn sends(app: &TestApp, category: &str) -> Answer {
    let mut tip = app.resident().writes("Có người đổ thuốc sâu xuống suối").await;
    tip["category"] = json!(category);
    app.resident().sends(&tip).await
}

#[tokio::test]
async fn a_new_category_holds_from_its_day_on_and_a_change_of_it_not_before_its_own() {
    let app = TestApp::spawn().await;
    app.officer("lan", &[Role::Screener]).await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    sends(&app, "nuoc").await.expect_problem(422, "unknown_category");
    let added = adds(&ana, "nuoc", "2024-06-03", category("Nguồn nước")).await;
    assert_eq!(text(&added.expect(201)["items"][0]["valid_from"]), "2024-06-03");
    adds(&ana, "sau", "2024-06-05", category("Sâu bệnh")).await.expect(201);
    sends(&app, "nuoc").await.expect(201);
    sends(&app, "sau").await.expect_problem(422, "unknown_category");
    assert_eq!(label(&app, "sau", "?on=2024-06-05").await.as_deref(), Some("Sâu bệnh"));

    let changed = changes(&ana, "category/nuoc", "2024-06-04", category("Nước sạch")).await.expect(200);
    assert_eq!(
        (&changed["items"][0]["valid_to"], &changed["items"][1]["valid_to"]),
        (&json!("2024-06-03"), &Value::Null)
    );
    assert_eq!(label(&app, "nuoc", "").await.as_deref(), Some("Nguồn nước"), "today it means what it meant");
    app.app.clock.advance(Duration::days(1));
    assert_eq!(label(&app, "nuoc", "").await.as_deref(), Some("Nước sạch"));
    app.app.clock.advance(Duration::days(1));
    sends(&app, "sau").await.expect(201);

    let ana = app.logs_in("ana", PASSWORD).await;
    let end = json!({ "last_day": "2024-06-05" });
    ana.client.post("/api/v1/reference/category/sau/end", end).await.expect(200);
    sends(&app, "sau").await.expect(201);
    app.app.clock.advance(Duration::days(1));
    sends(&app, "sau").await.expect_problem(422, "unknown_category");
}

#[tokio::test]
async fn what_was_counted_keeps_its_meaning_when_the_codes_change() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Screener, Role::Investigator, Role::Commander]).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let worked = Worked::by(&lan, app.tip("Xe chở gỗ ban đêm").await).await;
    bich.confirms(&worked.attested_by(&lan).await).await.expect(200);
    let before = (bich.counts("category").await, bich.counts("unit").await);
    assert_eq!(before.0["total"], 1);

    changes(&ana, "category/ma_tuy", "2024-06-04", category("Chất cấm")).await.expect(200);
    let never = json!({ "order": 1, "label": { "vi": "Khởi tố", "en": "Prosecution" }, "qualifies": "never" });
    changes(&ana, "outcome_kind/khoi_to", "2024-06-04", never).await.expect(200);
    app.app.clock.advance(Duration::days(1));
    let (lan, bich) = (app.logs_in("lan", PASSWORD).await, app.logs_in("bich", PASSWORD).await);
    assert_eq!(lan.reads(&worked.tip).await.expect(200)["category_label"], "Ma túy", "as it was called on its day");
    let after = (bich.counts("category").await, bich.counts("unit").await);
    assert_eq!((&after.0["total"], &after.1["groups"]), (&before.0["total"], &before.1["groups"]));

    let new = Worked::by(&lan, app.tip("Xe chở gỗ ban ngày").await).await;
    assert_eq!(lan.reads(&new.tip).await.expect(200)["category_label"], "Chất cấm");
    let outcome = text(&lan.records(&new.case, "khoi_to", "2024-06-04").await.expect(201)["id"]);
    lan.attests(&new.tip, &outcome).await.expect_problem(409, "outcome_not_qualifying");
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_by_field_and_by_row() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let before = app.all_rows().await;
    let place = |parent: &str| json!({ "kind": "ban", "parent": parent, "name": { "vi": "Bản Ché", "en": "Ché" }, "remote": true });
    let at = |list: &str, code: &str, from: &str, body: Value| {
        (format!("/api/v1/reference/{list}"), json!({ "code": code, "from": from, "body": body }))
    };
    let rule = |states: Value, words: u32| {
        json!({ "order": 9, "label": { "vi": "Quy tắc", "en": "Rule" }, "states": states, "categories": [],
            "outcomes": ["khong_biet"], "words_months": words, "row_months": 12 })
    };
    let named = |vi: &str| json!({ "order": 20, "label": { "vi": vi, "en": "x" }, "staff_only": true });
    for ((path, new), field, code) in [
        (at("category", "nuoc", "2024-06-02", category("Nước")), "from", "begins_too_soon"),
        (at("category", "ma_tuy", "2024-06-03", category("Nước")), "code", "code_taken"),
        (at("category", "nước", "2024-06-03", category("Nước")), "code", "code_malformed"),
        (at("channel", "to", "2024-06-03", category("Tờ rơi")), "body.advice", "unknown_field"),
        (at("channel", "to", "2024-06-03", named(" ")), "body.label.vi", "empty"),
        (at("channel", "to", "2024-06-03", named("Tờ \u{202e}rơi")), "body.label.vi", "bidi_control"),
        (at("channel", "to", "2024-06-03", named(&"W".repeat(121))), "body.label.vi", "too_long"),
        (at("unit", "b1", "2024-06-03", place("1")), "body.parent", "parent_missing"),
        (at("unit", "b1", "2024-06-03", place("387")), "body.parent", "parent_missing"),
        (at("retention_rule", "moi", "2024-06-09", rule(json!(["spam"]), 3)), "from", "notice_too_short"),
        (
            at("retention_rule", "moi", "2024-06-10", rule(json!(["spam"]), 13)),
            "body.words_months",
            "retention_unsound",
        ),
        (at("retention_rule", "moi", "2024-06-10", rule(json!(["spam"]), 3)), "body.outcomes", "unknown_outcome_kind"),
    ] {
        let told = ana.client.post(&path, new.clone()).await.expect_problem(422, code);
        assert_eq!(told["errors"][0]["field"], field, "{new}: {told}");
    }
    let two = ana
        .client
        .post("/api/v1/reference/retention_rule", at("", "moi", "2024-06-10", rule(json!(["received"]), 3)).1);
    assert_eq!(two.await.expect_problem(422, "invalid_fields")["errors"].as_array().unwrap().len(), 2);
    let nowhere = json!({ "code": "x", "from": "2024-06-03", "body": {} });
    ana.client.post("/api/v1/reference/colour", nowhere.clone()).await.expect_problem(404, "no_such_list");
    ana.client.post("/api/v1/reference/succession", nowhere).await.expect_problem(404, "no_such_list");
    changes(&ana, "category/nuoc", "2024-06-04", category("Nước")).await.expect_problem(404, "no_such_code");
    changes(&ana, "category/khac", "2024-06-03", category("Nước")).await.expect_problem(422, "begins_too_soon");
    let end = ana.client.post("/api/v1/reference/category/khac/end", json!({ "last_day": "2024-06-02" })).await;
    end.expect_problem(422, "ends_too_soon");
    let end = ana.client.post("/api/v1/reference/channel/web/end", json!({ "last_day": "2024-12-31" })).await;
    end.expect_problem(422, "code_needed");
    let withdraw = ana.client.post("/api/v1/reference/category/khac/withdraw", json!({ "valid_from": "2019-12-01" }));
    withdraw.await.expect_problem(422, "begins_too_soon");
    assert_eq!(app.all_rows().await, before, "nothing was stored, nor put on record");

    // A row that another edit would leave hanging is called by its name.
    let village = at("unit", "b1", "2024-06-03", place("15013")).1;
    ana.client.post("/api/v1/reference/unit", village).await.expect(201);
    let end = ana.client.post("/api/v1/reference/unit/15013/end", json!({ "last_day": "2024-12-31" })).await;
    let told = end.expect_problem(422, "parent_missing");
    assert_eq!(told["errors"][0]["field"], "unit b1@2024-06-03", "{told}");
}

#[tokio::test]
async fn of_two_administrators_who_saw_the_same_edition_the_second_is_told() {
    let app = TestApp::spawn().await;
    let (ana, binh) = (app.officer("ana", &ADMINISTRATOR).await, app.officer("binh", &ADMINISTRATOR).await);
    let seen = ana.client.get("/api/v1/reference/category").await;
    let tag = seen.header("etag").expect("an edition").to_owned();
    let new = |code: &str| json!({ "code": code, "from": "2024-06-03", "body": category("Nước") });
    let added = ana.client.with("if-match", &tag).post("/api/v1/reference/category", new("nuoc")).await;
    added.expect(201);
    let newer = added.header("etag").expect("the next edition").to_owned();
    assert_ne!(newer, tag);
    // Of another list, too: rows are judged together.
    let end = json!({ "last_day": "2024-12-31" });
    let late = binh.client.with("if-match", &tag).post("/api/v1/reference/channel/box/end", end.clone()).await;
    late.expect_problem(412, "stale");
    binh.client.with("if-match", &newer).post("/api/v1/reference/channel/box/end", end).await.expect(200);

    let codes: Vec<String> = (0..6).map(|at| format!("moi-{at}")).collect();
    let at_once = codes.iter().enumerate().map(|(at, code)| {
        let officer = if at % 2 == 0 { &ana } else { &binh };
        async move { officer.client.post("/api/v1/reference/category", new(code)).await }
    });
    for answer in join_all(at_once).await {
        answer.expect(201);
    }
    let all = ana.client.get("/api/v1/reference/category").await.expect(200)["items"].as_array().unwrap().clone();
    assert!(codes.iter().all(|code| all.iter().any(|row| row["code"] == **code)), "none was lost");
}

#[tokio::test]
async fn who_administers_one_office_only_edits_nothing_and_edits_are_on_record() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let elsewhere = app.officer_at(NA_MEO, "binh", &ADMINISTRATOR).await;
    let vui = app.officer("vui", &[Role::Auditor]).await;
    adds(&elsewhere, "nuoc", "2024-06-03", category("Nước")).await.expect_problem(403, "forbidden");
    adds(&ana, "nuoc", "2024-06-03", category("Nước")).await.expect(201);
    changes(&ana, "category/nuoc", "2024-07-01", category("Nước sạch")).await.expect(200);
    let back = json!({ "valid_from": "2024-07-01" });
    ana.client.post("/api/v1/reference/category/nuoc/withdraw", back).await.expect(200);
    app.app.clock.advance(Duration::minutes(1));
    jobs::run(&app.app, Job::SequenceAudit, Uuid::from_u128(1)).await.unwrap();
    for (act, detail) in [
        ("CodeAdded", "category nuoc@2024-06-03"),
        ("CodeChanged", "category nuoc@2024-07-01"),
        ("CodeWithdrawn", "category nuoc@2024-07-01"),
    ] {
        let found = vui.client.get(&format!("/api/v1/audit?act={act}")).await.expect(200);
        assert_eq!(found["items"][0]["detail"], detail, "{found}");
    }
    let rows = ana.client.get("/api/v1/reference/category").await.expect(200)["items"].as_array().unwrap().clone();
    let own: Vec<&Value> = rows.iter().filter(|row| row["code"] == "nuoc").collect();
    assert_eq!((own.len(), &own[0]["valid_to"]), (1, &Value::Null), "what was taken back leaves no trace of a day");
}

#[tokio::test]
async fn a_place_is_renamed_ended_and_taken_over_and_figures_go_along() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &ADMINISTRATOR).await;
    let heirs = async || -> Vec<(String, String)> {
        let all = ana.client.get("/api/v1/reference/succession").await.expect(200)["items"].as_array().unwrap().clone();
        let of_1504 = all.iter().filter(|row| text(&row["body"]["from"]) == "15004@2019-12-01");
        of_1504.map(|row| (text(&row["body"]["to"]), text(&row["body"]["part"]))).collect()
    };
    assert_eq!(heirs().await, [("15019@2025-07-01".to_owned(), "whole".to_owned())], "as it ships");
    let name =
        json!({ "kind": "xa", "parent": "387", "name": { "vi": "Xã Sơn Hà mới", "en": "New Sơn Hà" }, "remote": true });
    changes(&ana, "unit/15004", "2024-09-01", name).await.expect(200);
    assert_eq!(heirs().await, [("15004@2024-09-01".to_owned(), "whole".to_owned())], "it is the same place");
    let places = app.client().get("/api/v1/units?on=2024-09-01").await.expect(200);
    let labels: Vec<String> = places["items"].as_array().unwrap().iter().map(|place| text(&place["label"])).collect();
    assert!(labels.contains(&"Xã Sơn Hà mới".to_owned()), "{labels:?}");

    let split = |to: &[&str]| json!({ "from": "15004@2024-09-01", "heirs": to });
    let both = ["15019@2025-07-01", "15016@2025-07-01"];
    ana.client.post("/api/v1/successors", split(&both)).await.expect(200);
    let unknown = ana.client.post("/api/v1/successors", split(&["15019@2025-07-02"])).await;
    assert_eq!(unknown.expect_problem(422, "unknown_unit")["errors"][0]["field"], "heirs");
    let unread = ana.client.post("/api/v1/successors", split(&["15019"])).await;
    assert_eq!(unread.expect_problem(422, "unknown_unit")["errors"][0]["field"], "heirs[0]");
    let early = ana.client.post("/api/v1/successors", split(&["15013@2019-12-01"])).await;
    early.expect_problem(422, "not_adjacent");
    let nobody = json!({ "from": "15999@2019-12-01", "heirs": [] });
    ana.client.post("/api/v1/successors", nobody).await.expect_problem(404, "no_such_code");
}
