use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::{
    Officer, TestApp, Worked,
    deployment::{INTAKE, NA_MEO},
    desk::Desk,
    http::Answer,
    people::text,
    published::{Press, SOURCES, counts},
};

/// Every page of the console, as one officer of all roles sees it.
pub async fn every_page(app: &TestApp) -> Vec<String> {
    let roles = [Role::Screener, Role::Investigator, Role::Commander, Role::Auditor, Role::Administrator];
    let officer = app.officer("ana", &roles).await;
    let worked = Worked::by(&officer, app.tip("Xe chở gỗ lậu qua đèo").await).await;
    worked.attested_by(&officer).await;
    app.tip("Đánh bạc ở quán nước").await;
    // The state with the longest name.
    officer.dismisses(&app.tip("Mấy giờ trụ sở mở cửa").await, "not_police").await.expect(200);
    asks_for_an_identity(app, &officer).await;
    let closing = json!({ "office": app.office(NA_MEO).await.to_string(), "message_vi": "Nghỉ đến thứ hai" });
    officer.client.post("/api/v1/line/close", closing).await.expect(204);
    let desk = Desk::at_work(app, "ana").await;
    let mut paths: Vec<String> = [
        "/console",
        "/console?q=go%20lau&lane=handled",
        "/console?lane=ended",
        "/console/cases",
        "/console/figures",
        "/console/figures?measure=received&by=category&compare=yes&from=01/01/2024&to=31/12/2024",
        "/console/figures/lines?measure=received&from=2024-01-01&to=2024-12-31",
        "/console/releases",
        "/console/reports",
        "/console/reports/movement?from=01/01/2024&to=31/12/2024",
        "/console/write-down",
        "/console/account",
        "/console/account/factor",
        "/console/offices",
        "/console/reference",
        "/console/reference/category",
        "/console/reference/channel",
        "/console/reference/outcome_kind",
        "/console/reference/yield_kind",
        "/console/reference/retention_rule",
        "/console/reference/unit",
        "/console/reference/category/ma_tuy",
        "/console/reference/retention_rule/misuse",
        "/console/reference/yield_kind/drugs",
        // A town that was split: its code is used anew, and it has heirs.
        "/console/reference/unit/15016",
        "/console/identity-requests",
        "/console/identity-requests?state=refused",
        "/console/custodians",
        "/console/audit",
        "/console/audit?act=TipRead&from=01/01/2024&to=31/12/2024",
        "/console/doctor",
        "/console/line",
        "/console/retention",
        "/console/nowhere",
    ]
    .map(str::to_owned)
    .to_vec();
    for (page, start) in [
        ("/console", "/console/tips/"),
        ("/console/cases", "/console/cases/"),
        ("/console/offices", "/console/offices/"),
        ("/console/identity-requests", "/console/identity-requests/"),
    ] {
        paths.push(link(&desk.get(page).await, start));
    }
    paths.push(link(&desk.get("/console?lane=handled").await, "/console/tips/"));
    let office = format!("/console/offices/{}", app.office(INTAKE).await);
    paths.push(link(&desk.get(&office).await, &format!("{office}/members/")));
    paths.push(format!("/console/office-edit/{}", app.office(NA_MEO).await));
    paths.extend(releases(app, &officer).await);
    paths
}

/// Releases at every step: prepared by the officer who looks and by another, checked, published, and revised.
async fn releases(app: &TestApp, officer: &Officer) -> Vec<String> {
    counts(app, &SOURCES).await;
    let press = Press::of(app).await;
    let first = press.publishes("2021-01-01", "2023-12-31").await;
    counts(app, &[("2023-06-05", "15013", "ma_tuy", "web", 10)]).await;
    let revised = press.revises(&first).await;
    let wish = json!({ "from": "2021-01-01", "to": "2021-12-31", "tables": ["year", "unit"] });
    let own = officer.client.post("/api/v1/releases", wish).await.expect(201);
    let (others, checked) =
        (press.prepares("2022-01-01", "2022-12-31").await, press.prepares("2023-01-01", "2023-12-31").await);
    officer.client.post_nothing(&format!("/api/v1/releases/{}/check", text(&checked["id"]))).await.expect(200);
    let all = [own, others, checked, first, revised];
    all.iter().map(|release| format!("/console/releases/{}", text(&release["id"]))).collect()
}

/// A confidential tip, and a request for its identity on which two of three custodians have decided.
pub async fn asks_for_an_identity(app: &TestApp, officer: &Officer) {
    let mut custodians = Vec::new();
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        custodians.push(app.officer(name, &[Role::Custodian]).await);
    }
    let asked = asks(app, officer).await;
    let path = format!("/api/v1/identity-requests/{}/approve", asked["id"].as_str().unwrap());
    for custodian in custodians.iter().take(2) {
        custodian.client.post(&path, json!({ "reason": "Đã cân nhắc" })).await.expect(200);
    }
}

/// A confidential tip, and a request for its identity.
pub async fn asks(app: &TestApp, officer: &Officer) -> Value {
    let reporter = json!({ "mode": "confidential", "name": "Vi Văn Kín" });
    let tip = app.resident().submits_with("Xe lạ ở cuối bản", json!({ "reporter": reporter })).await;
    let grounds = json!({ "reason": "Cần làm chứng", "legal_ground": "Điều 87 BLTTHS" });
    officer.does(&tip, "identity-requests", grounds).await.expect(201)
}

/// The first address on a page that begins so.
#[track_caller]
pub fn link(page: &Answer, start: &str) -> String {
    let html = page.text();
    let at = html.find(&format!("\"{start}")).unwrap_or_else(|| panic!("no {start}: {html}"));
    html[at + 1..].split('"').next().unwrap().split('?').next().unwrap().to_owned()
}
