use entity::enums::Role;

use crate::support::{TestApp, Worked, desk::Desk, http::Answer};

/// Every page of the console, as one officer of all roles sees it.
pub async fn every_page(app: &TestApp) -> Vec<String> {
    let roles = [Role::Screener, Role::Investigator, Role::Commander, Role::Administrator];
    let officer = app.officer("ana", &roles).await;
    let worked = Worked::by(&officer, app.tip("Xe chở gỗ lậu qua đèo").await).await;
    worked.attested_by(&officer).await;
    app.tip("Đánh bạc ở quán nước").await;
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
        "/console/nowhere",
    ]
    .map(str::to_owned)
    .to_vec();
    for (page, start) in [
        ("/console", "/console/tips/"),
        ("/console/cases", "/console/cases/"),
        ("/console/offices", "/console/offices/"),
    ] {
        paths.push(link(&desk.get(page).await, start));
    }
    paths.push(link(&desk.get("/console?lane=handled").await, "/console/tips/"));
    paths
}

/// The first address on a page that begins so.
#[track_caller]
pub fn link(page: &Answer, start: &str) -> String {
    let html = page.text();
    let at = html.find(&format!("\"{start}")).unwrap_or_else(|| panic!("no {start}: {html}"));
    html[at + 1..].split('"').next().unwrap().split('?').next().unwrap().to_owned()
}
