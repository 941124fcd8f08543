//! Figures as officers ask for them: told apart, opened, beside the same period before.

use entity::enums::Role;
use serde_json::json;

use crate::support::{TestApp, Worked};

const SPAN: &str = "from=2024-01-01&to=2024-12-31";

#[actix_web::test]
async fn a_figure_is_told_apart_and_opens_to_its_lines() {
    let app = TestApp::spawn().await;
    let (lan, mai) = (app.officer("lan", &[Role::Commander]).await, app.officer("mai", &[Role::Commander]).await);
    let tip = app.resident().submits_with("Việc cuối bản", json!({ "unit": "15016" })).await;
    let worked = Worked::by(&lan, tip).await;
    let valuation = worked.attested_by(&lan).await;
    mai.confirms(&valuation).await.expect(200);
    app.tip("Việc đầu bản").await;

    let path = |rest: &str| format!("/api/v1/statistics/{rest}");
    let told = lan.client.get(&path(&format!("valuable_sources?{SPAN}&by=year,unit&compare=true"))).await.expect(200);
    assert_eq!((&told["total"], &told["rule"]), (&json!(1), &json!(1)));
    assert_eq!(told["cells"], json!([{ "keys": ["2024", "15016@2019-12-01"], "value": 1 }]));
    assert_eq!(told["axes"][1]["keys"][0]["label"], "Thị trấn Sơn Lư");
    assert_eq!((&told["before"]["total"], &told["before"]["change"]), (&json!(0), &json!(1)));
    assert!(told["before"]["change_percent"].is_null());

    let restated = lan.client.get(&path(&format!("valuable_sources?{SPAN}&by=unit&restate=true"))).await.expect(200);
    assert_eq!(restated["cells"], json!([{ "keys": ["not_attributable"], "value": 1 }]));
    let share = lan.client.get(&path(&format!("valuable_share?{SPAN}"))).await.expect(200);
    assert_eq!((&share["form"], &share["total"]), (&json!("percent"), &json!(50.0)));
    let month = lan.client.get(&path("received?period=police_month&on=2024-06-03")).await.expect(200);
    assert_eq!(
        (&month["from"], &month["to"], &month["total"]),
        (&json!("2024-05-15"), &json!("2024-06-14"), &json!(2))
    );

    let lines = format!("valuable_sources/lines?{SPAN}&by=year,unit&key=2024,15016@2019-12-01");
    let lines = lan.client.get(&path(&lines)).await.expect(200);
    assert_eq!((&lines["total"], &lines["lines"][0]["tip"]), (&json!(1), &json!(worked.tip.id)));
    mai.revokes(&valuation).await.expect(200);
    let lines = lan.client.get(&path(&format!("valuable_sources/lines?{SPAN}"))).await.expect(200);
    assert_eq!(lines["total"], 0);
}

#[actix_web::test]
async fn figures_are_for_officers_and_lines_for_those_who_work_or_check() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander]).await;
    let path = |rest: &str| format!("/api/v1/statistics/{rest}");
    app.client().get(&path(&format!("received?{SPAN}"))).await.expect_problem(401, "token_missing");
    for (role, figure, lines) in
        [(Role::Administrator, 200, 403), (Role::Auditor, 200, 200), (Role::Custodian, 403, 403)]
    {
        let officer = app.officer(role.as_str(), &[role]).await;
        assert_eq!(officer.client.get(&path(&format!("received?{SPAN}"))).await.status, figure, "{role}");
        assert_eq!(officer.client.get(&path(&format!("received/lines?{SPAN}"))).await.status, lines, "{role}");
    }
    lan.client.get(&path(&format!("happiness?{SPAN}"))).await.expect_problem(404, "no_such_measure");
    lan.client.get(&path("received?from=2024-01-01")).await.expect_problem(422, "missing");
    lan.client.get(&path(&format!("received?{SPAN}&by=year,unit,mode"))).await.expect_problem(422, "unknown_dimension");
    lan.client.get(&path(&format!("received?{SPAN}&by=detail"))).await.expect_problem(422, "unknown_dimension");
    lan.client.get(&path(&format!("received?{SPAN}&by=colour"))).await.expect_problem(400, "invalid_query");
    lan.client.get(&path("received?from=2024-12-31&to=2024-01-01")).await.expect_problem(422, "period_reversed");
}
