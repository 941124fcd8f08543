use std::collections::BTreeMap;

use entity::enums::Role;
use serde_json::Value;

use crate::support::{Officer, TestApp, Worked, deployment::PASSWORD, people::text};

const PERIOD: &str = "from=2024-01-01&to=2024-12-31";

async fn report(officer: &Officer, kind: &str, more: &str) -> Value {
    officer.client.get(&format!("/api/v1/reports/{kind}?{PERIOD}{more}")).await.expect(200)
}

/// A figure of a report's table.
#[track_caller]
fn figure(report: &Value, table: &str, row: &str, column: &str) -> Value {
    let found = |all: &Value, key: &str| {
        let all = all.as_array().unwrap();
        all.iter().position(|one| one["key"] == key).unwrap_or_else(|| panic!("{key} is not in {all:?}"))
    };
    let table = &report["tables"][found(&report["tables"], table)];
    table["rows"][found(&table["rows"], row)]["values"][found(&table["columns"], column)].clone()
}

fn paragraph(report: &Value, key: &str) -> String {
    let all = report["paragraphs"].as_array().unwrap();
    all.iter().find(|paragraph| paragraph["key"] == key).map_or(String::new(), |found| text(&found["text"]))
}

/// So many valuable sources, attested by one officer and confirmed by another.
async fn sources(app: &TestApp, ana: &Officer, binh: &Officer, number: usize) -> Vec<String> {
    let mut valuations = Vec::new();
    for _ in 0..number {
        let worked = Worked::by(ana, app.tip("xe lạ đỗ cuối bản").await).await;
        let valuation = worked.attested_by(ana).await;
        binh.confirms(&valuation).await.expect(200);
        valuations.push(valuation);
    }
    valuations
}

async fn people(app: &TestApp) -> (Officer, Officer) {
    (app.officer("ana", &[Role::Commander]).await, app.officer("binh", &[Role::Commander]).await)
}

#[tokio::test]
async fn a_report_tells_what_the_ledger_counts() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    sources(&app, &ana, &binh, 3).await;
    app.tip("chưa ai xem").await;
    let movement = report(&ana, "movement", "&language=vi").await;
    assert_eq!(movement["reconciles"], true, "{}", movement["checks"]);
    let said = paragraph(&movement, "movement");
    let told =
        "năm 2024 Nhân dân đã cung cấp cho lực lượng công an 3 nguồn tin có giá trị trong tổng số 4 tin (đạt 75 %)";
    assert!(said.contains(told), "{said}");
    assert_eq!(figure(&movement, "summary", "valuable_sources", "now"), ana.total().await);
    assert_eq!(figure(&movement, "time", "2024-06", "valuable_sources"), 3);
    for table in ["time", "unit_then", "unit_now", "category", "channel", "mode"] {
        assert_eq!(figure(&movement, table, "total", "valuable_sources"), 3, "{table}");
    }
    assert!(movement["rules"].as_array().unwrap().iter().all(|rule| rule["version"].as_i64() >= Some(1)));
}

#[tokio::test]
async fn the_full_report_reconciles_and_knows_every_measure() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    let valuations = sources(&app, &ana, &binh, 2).await;
    binh.revokes(&valuations[0]).await.expect(200);
    let full = report(&ana, "full", "&language=en").await;
    assert_eq!(full["reconciles"], true, "{}", full["checks"]);
    assert_eq!(figure(&full, "line", "received", "now"), 2);
    assert_eq!(figure(&full, "line", "valuable_sources", "now"), 1);
    assert_eq!(figure(&full, "line", "valuable_share", "now"), 50);
    assert_eq!(figure(&full, "line", "resolved_share", "target"), 90);
    assert_eq!(figure(&full, "line", "received", "before"), 0);
    assert_eq!(figure(&full, "line", "received", "change_percent"), Value::Null);
    assert!(full["rules"].as_array().unwrap().len() >= 30);
}

#[tokio::test]
async fn a_report_tells_what_each_figure_tells_when_it_is_asked_alone() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    let valuations = sources(&app, &ana, &binh, 3).await;
    binh.revokes(&valuations[0]).await.expect(200);
    let (asked, dismissed, referred) = (app.tip("một").await, app.tip("hai").await, app.tip("ba").await);
    app.app.clock.advance(chrono::Duration::days(2));
    let ana = app.logs_in("ana", PASSWORD).await;
    ana.screens(&asked).await.expect(200);
    ana.asks(&asked, "ở đâu?").await.expect(200);
    ana.dismisses(&dismissed, "spam").await.expect(200);
    ana.refers(&referred).await.expect(200);
    let full = report(&ana, "full", "").await;
    let mut compared = 0;
    for table in full["tables"].as_array().unwrap() {
        let by = match table["key"].as_str().unwrap() {
            "line" | "yields" => "",
            "time" => "&by=month",
            "unit_then" => "&by=unit",
            "unit_now" => "&by=unit&restate=true",
            "category" => "&by=category",
            "channel" => "&by=channel",
            "mode" => "&by=mode",
            _ => "&by=detail",
        };
        let rows = table["rows"].as_array().unwrap();
        let measures: Vec<String> = match by {
            "" => rows.iter().map(|row| text(&row["key"])).collect(),
            _ => table["columns"].as_array().unwrap().iter().map(|column| text(&column["key"])).collect(),
        };
        for (at, measure) in measures.iter().enumerate() {
            let path = format!("/api/v1/statistics/{measure}?{PERIOD}{by}");
            let alone = ana.client.get(&path).await.expect(200);
            if by.is_empty() {
                assert_eq!(rows[at]["values"][0].as_f64(), alone["total"].as_f64(), "{measure}");
                compared += 1;
                continue;
            }
            for row in rows {
                let cell = alone["cells"].as_array().unwrap().iter().find(|cell| cell["keys"][0] == row["key"]);
                let alone = if row["key"] == "total" { Some(&alone["total"]) } else { cell.map(|cell| &cell["value"]) };
                let alone = alone.map_or(Some(0.0), Value::as_f64);
                assert_eq!(row["values"][at].as_f64(), alone, "{measure} {by} {}", row["key"]);
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "only {compared} figures compared");
}

#[tokio::test]
async fn csv_has_the_figures_of_json_and_says_so_in_its_name() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    sources(&app, &ana, &binh, 1).await;
    let json = report(&ana, "full", "&language=en").await;
    let answer = ana.client.get(&format!("/api/v1/reports/full?{PERIOD}&format=csv&language=en")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = "attachment; filename=\"full-2024-01-01-2024-12-31.csv\"";
    assert_eq!(answer.header("content-disposition"), Some(name));
    let body = answer.text();
    let mut reader = csv::Reader::from_reader(body.trim_start_matches('\u{feff}').as_bytes());
    let records = reader.records().map(|record| record.unwrap()).filter(|record| &record[0] == "table");
    let told: BTreeMap<[String; 3], String> =
        records.map(|record| ([1, 3, 5].map(|at| record[at].to_owned()), record[8].to_owned())).collect();
    let mut figures = 0;
    for table in json["tables"].as_array().unwrap() {
        for row in table["rows"].as_array().unwrap() {
            for (column, value) in table["columns"].as_array().unwrap().iter().zip(row["values"].as_array().unwrap()) {
                let key = [&table["key"], &row["key"], &column["key"]].map(text);
                let value = if value.is_null() { String::new() } else { value.to_string() };
                assert_eq!(told[&key], value, "{key:?}");
                figures += 1;
            }
        }
    }
    assert_eq!(told.len(), figures);
}

#[tokio::test]
async fn a_workbook_is_a_workbook() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Auditor]).await;
    let answer = ana.client.get(&format!("/api/v1/reports/movement?{PERIOD}&format=xlsx")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().ends_with("spreadsheetml.sheet"));
    assert!(answer.text().starts_with("PK"));
}

#[tokio::test]
async fn a_report_is_for_officers_who_count_and_of_their_own_offices() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    sources(&app, &ana, &binh, 1).await;
    let path = format!("/api/v1/reports/movement?{PERIOD}");
    app.client().get(&path).await.expect_problem(401, "token_missing");
    app.officer("khoa", &[Role::Custodian]).await.client.get(&path).await.expect_problem(403, "forbidden");
    let beside = app.officer_at(crate::support::deployment::NA_MEO, "mai", &[Role::Commander]).await;
    let theirs = report(&beside, "movement", "").await;
    assert_eq!(figure(&theirs, "summary", "received", "now"), 0);
    assert!(text(&theirs["scope"]).contains("Na Mèo"));
    let unknown = format!("/api/v1/reports/weekly?{PERIOD}");
    ana.client.get(&unknown).await.expect_problem(404, "no_such_report");
    ana.client.get(&format!("{path}&format=pdf")).await.expect_problem(400, "invalid_query");
    let reversed = "/api/v1/reports/movement?from=2024-02-01&to=2024-01-01";
    ana.client.get(reversed).await.expect_problem(422, "period_reversed");
    ana.client.get(&format!("{path}&as_of=2030-01-01")).await.expect_problem(422, "date_in_future");
}

#[tokio::test]
async fn every_report_reconciles_while_two_nodes_confirm_and_revoke() {
    let app = TestApp::spawn().await;
    let (ana, binh) = people(&app).await;
    let mut attested = Vec::new();
    for _ in 0..6 {
        let worked = Worked::by(&ana, app.tip("xe lạ đỗ cuối bản").await).await;
        attested.push(worked.attested_by(&ana).await);
    }
    let (_node, _server, other) = app.another_node().await;
    let there =
        Officer { client: other.bearing(&binh.tokens.access), tokens: binh.tokens.clone(), staff: binh.staff.clone() };
    let here = async {
        for valuation in &attested {
            binh.confirms(valuation).await;
            binh.revokes(valuation).await;
        }
    };
    let beside = async {
        for valuation in attested.iter().rev() {
            there.confirms(valuation).await;
            there.revokes(valuation).await;
        }
    };
    let reports = async {
        for _ in 0..6 {
            let full = report(&ana, "full", "").await;
            assert_eq!(full["reconciles"], true, "{}", full["checks"]);
        }
    };
    futures::join!(here, beside, reports);
    let last = report(&ana, "full", "").await;
    assert_eq!(last["reconciles"], true);
    assert_eq!(figure(&last, "line", "valuable_sources", "now"), ana.total().await);
}
