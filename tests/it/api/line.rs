use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::{Officer, TestApp, Worked, people::text};

const WORKER: [Role; 2] = [Role::Screener, Role::Investigator];

/// Checks that every way of grouping sums to the total.
async fn sums(officer: &Officer, total: u64) {
    for by in ["year", "month", "unit", "category", "channel"] {
        let count = officer.counts(by).await;
        assert_eq!(count["total"], total, "{by}: {count}");
        let sum: u64 = count["groups"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
        assert_eq!(sum, total, "{by}: {count}");
    }
}

#[tokio::test]
async fn a_tip_becomes_a_counted_source_and_leaves_the_count_when_revoked() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    sums(&bich, 0).await;

    let tip = app.resident().submits_with("Nhà hoang cuối bản có người lạ", json!({ "unit": "15013" })).await;
    let worked = Worked::by(&ana, tip).await;
    let valuation = worked.attested_by(&ana).await;
    sums(&bich, 0).await;

    let confirmed = bich.confirms(&valuation).await.expect(200);
    assert_eq!(confirmed["state"], "confirmed");
    sums(&bich, 1).await;
    let count = bich.counts("unit").await;
    assert_eq!((&count["from"], &count["to"]), (&json!("2024-01-01"), &json!("2024-12-31")));
    assert!(text(&count["groups"][0]["key"]).contains("15013"), "{count}");

    let revoked = bich.revokes(&valuation).await.expect(200);
    assert_eq!(revoked["state"], "revoked");
    sums(&bich, 0).await;

    // History stays, and what was revoked by mistake can be attested anew.
    let again = worked.attested_by(&ana).await;
    bich.confirms(&again).await.expect(200);
    sums(&bich, 1).await;
    let seen = bich.reads(&worked.tip).await.expect(200);
    let states: Vec<&Value> = seen["valuations"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert!(states.contains(&&json!("revoked")) && states.contains(&&json!("confirmed")), "{states:?}");
}

#[tokio::test]
async fn nobody_confirms_their_own_attestation() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Commander]).await;
    let tip = app.tip("Tụ điểm đánh bạc").await;
    let worked = Worked::by(&ana, tip).await;
    let valuation = worked.attested_by(&ana).await;
    ana.confirms(&valuation).await.expect_problem(403, "own_attestation");
    assert_eq!(ana.total().await, 0);
}

#[tokio::test]
async fn only_a_commander_confirms_and_revokes() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let ly = app.officer("ly.investigator", &[Role::Investigator]).await;
    let tip = app.tip("Tụ điểm đánh bạc").await;
    let valuation = Worked::by(&ana, tip).await.attested_by(&ana).await;
    ly.confirms(&valuation).await.expect_problem(403, "forbidden");
    ly.revokes(&valuation).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_source_counts_once_however_often_it_is_confirmed() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let worked = Worked::by(&ana, app.tip("Buôn lậu qua suối").await).await;
    let valuation = worked.attested_by(&ana).await;
    ana.attests(&worked.tip, &worked.outcome).await.expect_problem(409, "already_attested");
    bich.confirms(&valuation).await.expect(200);
    let repeated = bich.confirms(&valuation).await;
    assert!(matches!(repeated.status, 200 | 409), "{}", repeated.text());
    ana.attests(&worked.tip, &worked.outcome).await.expect_problem(409, "already_attested");
    // A second case and outcome of the same tip make no second source.
    let case = text(&ana.opens_case(&worked.tip, "Vụ thứ hai").await.expect(201)["id"]);
    let outcome = text(&ana.records(&case, "thu_hoi", "2024-06-01").await.expect(201)["id"]);
    ana.attests(&worked.tip, &outcome).await.expect_problem(409, "already_attested");
    sums(&bich, 1).await;
}

#[tokio::test]
async fn many_tips_of_one_case_are_many_sources() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let first = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let second = app.tip("Thấy người lạ ở cửa rừng").await;
    ana.screens(&second).await.expect(200);
    ana.accepts(&second).await.expect(200);
    ana.links(&second, &first.case).await.expect(200);
    ana.links(&second, &first.case).await.expect_problem(409, "already_linked");
    for tip in [&first.tip, &second] {
        let valuation = text(&ana.attests(tip, &first.outcome).await.expect(201)["id"]);
        bich.confirms(&valuation).await.expect(200);
    }
    sums(&bich, 2).await;
}

#[tokio::test]
async fn only_an_outcome_that_qualifies_makes_a_source() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let case = &worked.case;
    for kind in ["khong_khoi_to", "nhac_nho", "chuyen", "khong_co_that"] {
        let outcome = text(&ana.records(case, kind, "2024-06-02").await.expect(201)["id"]);
        ana.attests(&worked.tip, &outcome).await.expect_problem(409, "outcome_not_qualifying");
    }
    let nobody = "00000000-0000-4000-8000-000000000000";
    ana.attests(&worked.tip, nobody).await.expect_problem(404, "no_such_outcome");
    let other = Worked::by(&ana, app.tip("Việc khác").await).await;
    ana.attests(&worked.tip, &other.outcome).await.expect_problem(409, "outcome_not_of_tip");
}

#[tokio::test]
async fn each_ground_of_the_rule_makes_a_source() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let grounds = [
        json!({ "kind": "chuyen", "decided_on": "2024-06-02", "action_confirmed": true }),
        json!({ "kind": "nhac_nho", "decided_on": "2024-06-02",
                "yields": [{ "kind": "timber", "amount": 1.25, "unit": "m3" }] }),
    ];
    for ground in grounds {
        let outcome = text(&ana.records_with(&worked.case, ground).await.expect(201)["id"]);
        let valuation = text(&ana.attests(&worked.tip, &outcome).await.expect(201)["id"]);
        bich.confirms(&valuation).await.expect(200);
        sums(&bich, 1).await;
        bich.revokes(&valuation).await.expect(200);
    }
    let outcome = text(&ana.records(&worked.case, "nhac_nho", "2024-06-02").await.expect(201)["id"]);
    let attestation = json!({ "outcome": outcome, "reason": "chỉ đúng người đang bị tìm", "identified": true });
    let valuation = text(&ana.does(&worked.tip, "attest-value", attestation).await.expect(201)["id"]);
    bich.confirms(&valuation).await.expect(200);
    sums(&bich, 1).await;
}

#[tokio::test]
async fn a_duplicate_folds_into_the_first_and_cannot_be_valued() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let repeat = app.tip("Vẫn chiếc xe ấy").await;
    ana.marks_duplicate(&repeat, &repeat).await.expect_problem(422, "duplicate_of_itself");
    let marked = ana.marks_duplicate(&repeat, &worked.tip).await.expect(200);
    assert_eq!(marked["state"], "duplicate");
    ana.attests(&repeat, &worked.outcome).await.expect_problem(409, "invalid_move");
}

#[tokio::test]
async fn a_counted_source_leaves_the_count_by_revocation_only() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let first = app.tip("Xe chở gỗ ban đêm").await;
    let worked = Worked::by(&ana, app.tip("Chiếc xe ấy").await).await;
    // Back to *verifying*, from where a tip may be marked as a duplicate.
    ana.opens_case(&worked.tip, "Vụ thứ hai").await.expect(201);
    let valuation = worked.attested_by(&ana).await;
    bich.confirms(&valuation).await.expect(200);
    ana.marks_duplicate(&worked.tip, &first).await.expect_problem(409, "has_live_valuation");
    sums(&bich, 1).await;
    bich.revokes(&valuation).await.expect(200);
    ana.marks_duplicate(&worked.tip, &first).await.expect(200);
}

#[tokio::test]
async fn a_count_as_of_an_earlier_day_is_what_it_was_then() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let valuation = worked.attested_by(&ana).await;
    bich.confirms(&valuation).await.expect(200);
    app.app.clock.advance(chrono::Duration::days(10));
    let bich = app.logs_in("bich", crate::support::deployment::PASSWORD).await;
    bich.revokes(&valuation).await.expect(200);
    for (as_of, total) in [("2024-06-02", 0), ("2024-06-03", 1), ("2024-06-12", 1), ("2024-06-13", 0)] {
        let path = format!("/api/v1/statistics/valuable-sources?from=2024-01-01&to=2024-12-31&by=year&as_of={as_of}");
        let count = bich.client.get(&path).await.expect(200);
        assert_eq!((&count["total"], &count["as_of"]), (&json!(total), &json!(as_of)), "{count}");
    }
}

#[tokio::test]
async fn a_source_counts_in_the_period_of_its_deciding_outcome() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let outcome = text(&ana.records(&worked.case, "xphc", "2023-12-31").await.expect(201)["id"]);
    let valuation = text(&ana.attests(&worked.tip, &outcome).await.expect(201)["id"]);
    bich.confirms(&valuation).await.expect(200);
    sums(&bich, 0).await;
    let count = bich.client.get("/api/v1/statistics/valuable-sources?from=2021-01-01&to=2023-12-31&by=month").await;
    let count = count.expect(200);
    assert_eq!(count["total"], 1);
    let counted: Vec<_> = count["groups"].as_array().unwrap().iter().filter(|group| group["total"] == 1).collect();
    assert_eq!(counted.len(), 1);
    assert_eq!(counted[0]["key"], "2023-12");
}

#[tokio::test]
async fn a_tip_is_closed_with_the_last_of_its_cases_and_comes_back_with_one() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let worked = Worked::by(&ana, app.tip("Xe chở gỗ ban đêm").await).await;
    let second = text(&ana.opens_case(&worked.tip, "Vụ thứ hai").await.expect(201)["id"]);
    let close = async |case: &str| ana.client.post(&format!("/api/v1/cases/{case}/close"), json!({})).await;
    let state = async || ana.reads(&worked.tip).await.expect(200)["state"].clone();
    close(&worked.case).await.expect(200);
    assert_ne!(state().await, "closed");
    close(&second).await.expect(200);
    assert_eq!(state().await, "closed");
    ana.records(&second, "xphc", "2024-06-03").await.expect_problem(409, "case_closed");
    let reason = json!({ "reason": "có tình tiết mới" });
    ana.client.post(&format!("/api/v1/cases/{second}/reopen"), reason).await.expect(200);
    assert_eq!(state().await, "verifying");
}

#[tokio::test]
async fn a_move_that_the_state_refuses_tells_the_state_and_its_verbs() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let tip = app.tip("Xe chở gỗ ban đêm").await;
    let before = app.all_rows().await;
    let problem = ana.opens_case(&tip, "Vụ việc").await.expect_problem(409, "invalid_move");
    assert_eq!(problem["state"], "received");
    let allowed: Vec<&str> = problem["allowed"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(allowed, ["screen", "accept", "ask", "refer", "mark-duplicate", "dismiss", "transfer"]);
    ana.reopens(&tip).await.expect_problem(409, "invalid_move");
    ana.links(&tip, "00000000-0000-4000-8000-000000000000").await.expect_problem(404, "no_such_case");
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn who_has_no_right_to_figures_gets_none() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let keeper = app.officer("keeper", &[Role::Custodian]).await;
    let path = "/api/v1/statistics/valuable-sources?from=2024-01-01&to=2024-12-31&by=year";
    keeper.client.get(path).await.expect_problem(403, "forbidden");
    let auditor = app.officer("auditor", &[Role::Auditor]).await;
    auditor.client.get(path).await.expect(200);
    auditor.lists("").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn an_officer_writes_down_a_tip_and_hands_over_its_receipt() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let tip = json!({ "category": "ttxh", "narrative": "Bà con báo mất trâu", "channel": "walk_in", "unit": "15013",
                      "reporter": { "mode": "identified", "name": "Lò Văn A", "phone": "0900 000 000" } });
    let written = ana.client.post("/api/v1/staff/tips", tip).await.expect(201);
    let receipt = text(&written["receipt"]);
    let found = ana.lists("").await.expect(200)["items"][0].clone();
    assert_eq!(found["number"], written["number"]);
    let seen = ana.client.get(&format!("/api/v1/tips/{}", text(&found["id"]))).await.expect(200);
    assert_eq!((&seen["channel"], &seen["narrative"]), (&json!("walk_in"), &json!("Bà con báo mất trâu")));
    let opened = app.resident().shows(&receipt).await.expect(201);
    let thread = app.client().bearing(&text(&opened["token"])).get("/api/v1/reporter/tip").await.expect(200);
    assert_eq!(thread["number"], written["number"]);
}

/// Residents' tips lie together by how their ids begin, which tells that they came one after the other. Not those that
/// officers write down: the record has the time of that.
#[tokio::test]
async fn what_an_officer_writes_down_begins_like_no_tip_of_a_resident() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &WORKER).await;
    let one = app.tip("Một").await;
    let tip = json!({ "category": "ttxh", "narrative": "Bà con báo mất trâu", "channel": "walk_in" });
    let written = ana.client.post("/api/v1/staff/tips", tip).await.expect(201);
    let other = app.tip("Hai").await;
    let begins = |id: &str| id[..8].to_owned();
    assert_eq!(begins(&one.id), begins(&other.id));
    assert_ne!(begins(&one.id), begins(&text(&written["id"])));
    assert_ne!(one.number[..5], other.number[..5], "numbers tell nothing");
}
