//! Nobody reads without leaving a row.

use entity::enums::Role;
use serde_json::Value;

use super::sequence;
use crate::support::{TestApp, Worked};

#[tokio::test]
async fn every_reading_is_a_row_that_says_what_was_read_and_nothing_of_what_it_said() {
    let app = TestApp::spawn().await;
    let lan = app.officer("lan", &[Role::Commander, Role::Investigator]).await;
    let minh = app.officer("minh", &[Role::Auditor]).await;
    let worked = Worked::by(&lan, app.tip("bí mật").await).await;
    let release = serde_json::json!({ "from": "2023-01-01", "to": "2023-12-31", "tables": ["year"] });
    let release = lan.client.post("/api/v1/releases", release).await.expect(201)["id"].as_str().unwrap().to_owned();
    let (tip, case) = (&worked.tip.id, &worked.case);
    let span = "from=2024-01-01&to=2024-06-30";
    for (path, act, object) in [
        (format!("/api/v1/tips/{tip}"), "TipRead", Some(tip)),
        ("/api/v1/tips?q=mat".to_owned(), "TipsSearched", None),
        (format!("/api/v1/cases/{case}"), "CaseRead", Some(case)),
        ("/api/v1/cases".to_owned(), "CasesListed", None),
        (format!("/api/v1/releases/{release}"), "ReleaseRead", Some(&release)),
        (format!("/api/v1/statistics/valuable_sources/lines?{span}"), "FigureOpened", None),
        (format!("/api/v1/reports/movement?{span}"), "ReportMade", None),
        ("/api/v1/audit".to_owned(), "AuditListed", None),
        ("/api/v1/audit/export".to_owned(), "AuditExported", None),
    ] {
        let reader = if path.starts_with("/api/v1/audit") { &minh } else { &lan };
        let rows = async || {
            sequence(&app.app).await;
            let page = minh.client.get(&format!("/api/v1/audit?act={act}")).await.expect(200);
            page["items"].as_array().unwrap().clone()
        };
        let before = rows().await;
        assert_eq!(reader.client.get(&path).await.status, 200, "{path}");
        let after = rows().await;
        assert!(after.len() > before.len(), "{path} leaves no {act}");
        assert_eq!(after[0]["username"], reader.staff.username.as_str(), "{path}");
        if let Some(object) = object {
            assert_eq!(&after[0]["object"], object, "{path}");
        }
        if act == "ReportMade" {
            assert_eq!(after[0]["detail"], "movement 2024-01-01 2024-06-30");
        }
        assert!(!Value::from(after).to_string().contains("mật"), "{path}");
    }
}
