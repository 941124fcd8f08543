//! Somebody who writes to the database: what was swapped, cut or put back elsewhere is refused, and nothing falls over.

use entity::enums::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    Officer, TestApp, Tip,
    deployment::{NA_MEO, PASSWORD},
    people::text,
};

/// Two tips of one office, one of another, each with words, contact, messages, notes, a case and a valuation.
struct Line {
    app: TestApp,
    ana: Officer,
    tips: [Tip; 2],
    cases: [String; 2],
}

impl Line {
    async fn at_work() -> Self {
        let app = TestApp::spawn().await;
        let ana = app.officer("ana", &[Role::Screener, Role::Investigator, Role::Commander]).await;
        let mai = app.officer_at(NA_MEO, "mai", &[Role::Screener, Role::Investigator]).await;
        let (mut tips, mut cases) = (Vec::new(), Vec::new());
        for (officer, unit) in [(&ana, Value::Null), (&ana, Value::Null), (&mai, json!("15013"))] {
            let who = json!({ "mode": "identified", "name": "Lò Văn Xuân" });
            let more = json!({ "reporter": who, "unit": unit, "place": "cuối bản" });
            let tip = app.resident().submits_with("Gỗ lậu", more).await;
            officer.asks(&tip, "Xe màu gì?").await.expect(200);
            officer.replies(&tip, "Đã nhận.").await.expect(200);
            officer.notes(&tip, "Đã gọi.").await.expect(200);
            officer.notes(&tip, "Đã gọi lại.").await.expect(200);
            let thread = app.resident().opens_thread(&tip).await;
            thread.post("/api/v1/reporter/messages", json!({ "text": "Trắng" })).await.expect(201);
            officer.accepts(&tip).await.expect(200);
            let case = text(&officer.opens_case(&tip, "Vụ gỗ").await.expect(201)["id"]);
            for note in ["một", "hai"] {
                let outcome = json!({ "kind": "khoi_to", "decided_on": "2024-06-03", "note": note });
                officer.records_with(&case, outcome).await.expect(201);
            }
            tips.push(tip);
            cases.push(case);
        }
        let tips: Vec<Tip> = tips.into_iter().take(2).collect();
        let cases: Vec<String> = cases.into_iter().take(2).collect();
        Self { app, ana, tips: tips.try_into().unwrap(), cases: cases.try_into().unwrap() }
    }

    async fn writes(&self, sql: &str) -> u64 {
        let write = async |txn: &sea_orm::DatabaseTransaction| txn.execute_unprepared(sql).await;
        self.app.app.db.write(write).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
    }

    /// What the officer is told of the tips and cases, and each reporter of the thread.
    async fn read_all(&self) -> Vec<(u16, String)> {
        let mut told = Vec::new();
        for tip in &self.tips {
            let answer = self.ana.reads(tip).await;
            told.push((answer.status, answer.text()));
            let thread = self.app.resident().shows(&tip.receipt).await;
            told.push(match thread.json()["token"].as_str() {
                Some(token) => {
                    let answer = self.app.client().bearing(token).get("/api/v1/reporter/tip").await;
                    (answer.status, answer.text())
                }
                None => (thread.status, thread.text()),
            });
        }
        for case in &self.cases {
            let answer = self.ana.client.get(&format!("/api/v1/cases/{case}")).await;
            told.push((answer.status, answer.text()));
        }
        told
    }

    /// Keeps a copy of a table and puts its rows back after the damage.
    async fn damages(&self, table: &str, sql: &str) -> Vec<(u16, String)> {
        self.writes(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
        assert!(self.writes(sql).await > 0, "{sql} changed nothing");
        let told = self.read_all().await;
        let columns: &[&str] = match table {
            "tips" => &["sealed", "contact_sealed"],
            "tip_wraps" => &["wrap"],
            "case_wraps" => &["wrap"],
            "cases" => &["sealed"],
            "outcomes" => &["note_sealed"],
            "receipts" => &["sealed_private_key", "public_key"],
            _ => &["sealed"],
        };
        let key = key_of(table);
        for column in columns {
            let kept = format!("SELECT kept.{column} FROM kept WHERE kept.{key} = {table}.{key}");
            self.writes(&format!("UPDATE {table} SET {column} = ({kept})")).await;
        }
        self.writes("DROP TABLE kept").await;
        told
    }
}

fn key_of(table: &str) -> &'static str {
    match table {
        "receipts" => "tip_id",
        "case_wraps" => "case_id",
        _ => "id",
    }
}

/// Sealed columns, and the condition under which a row of the table is read in this test.
const COLUMNS: [(&str, &str); 8] = [
    ("tips", "sealed"),
    ("tips", "contact_sealed"),
    ("messages", "sealed"),
    ("notes", "sealed"),
    ("cases", "sealed"),
    ("case_wraps", "wrap"),
    ("outcomes", "note_sealed"),
    ("receipts", "sealed_private_key"),
];

/// Every row gets the sealed value of another row; the last one that of the first.
fn swapped(table: &str, column: &str) -> String {
    let key = key_of(table);
    let next = format!("SELECT o.{column} FROM kept o WHERE o.{key} > {table}.{key} ORDER BY o.{key} LIMIT 1");
    let first = format!("SELECT o.{column} FROM kept o ORDER BY o.{key} LIMIT 1");
    format!("UPDATE {table} SET {column} = COALESCE(({next}), ({first}))")
}

/// A value from another table and field that is sealed under the same tip's key.
fn from_another_field(table: &str, column: &str) -> Option<String> {
    let other = match (table, column) {
        ("tips", "sealed") => "SELECT o.contact_sealed FROM kept o WHERE o.id = tips.id",
        ("tips", "contact_sealed") => "SELECT o.sealed FROM kept o WHERE o.id = tips.id",
        ("messages", "sealed") => "SELECT t.sealed FROM tips t WHERE t.id = messages.tip_id",
        ("notes", "sealed") => "SELECT t.sealed FROM tips t WHERE t.id = notes.tip_id",
        ("cases", "sealed") => "SELECT w.wrap FROM case_wraps w WHERE w.case_id = cases.id",
        ("case_wraps", "wrap") => "SELECT c.sealed FROM cases c WHERE c.id = case_wraps.case_id",
        ("outcomes", "note_sealed") => "SELECT c.sealed FROM cases c WHERE c.id = outcomes.case_id",
        _ => return None,
    };
    Some(format!("UPDATE {table} SET {column} = ({other})"))
}

/// The words that were sealed, in the order of the answer: all else may change from one reading to the next.
fn words(body: &str) -> Vec<Value> {
    fn collect(value: &Value, words: &mut Vec<Value>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    let sealed = ["narrative", "place", "contact", "text", "title", "note", "notes", "reason"];
                    if sealed.contains(&name.as_str()) { words.push(value.clone()) } else { collect(value, words) }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(body).unwrap(), &mut found);
    found
}

fn refused(told: &[(u16, String)], what: &str) {
    assert!(told.iter().any(|(status, _)| *status >= 400), "{what}: {told:?}");
    for (status, body) in told {
        match status {
            200 => (),
            // A receipt whose key does not open is as good as none.
            401 => assert!(body.contains("token_invalid") || body.contains("unknown_receipt"), "{what}: {body}"),
            500 => {
                let problem: Value = serde_json::from_str(body).unwrap();
                assert_eq!(problem["code"], "internal", "{what}: {body}");
                for word in ["seal", "open", "sql", "panic", "src/", "Gỗ lậu", "Xuân"] {
                    assert!(!body.contains(word), "{what} told {word}: {body}");
                }
            }
            other => panic!("{what}: {other} {body}"),
        }
    }
}

/// The rows are back, and so is what they say.
fn same_words(told: &[(u16, String)], whole: &[(u16, String)]) {
    for (now, before) in told.iter().zip(whole) {
        assert_eq!((now.0, words(&now.1)), (200, words(&before.1)));
    }
}

#[tokio::test]
async fn what_is_swapped_cut_or_put_elsewhere_is_refused() {
    let line = Line::at_work().await;
    let whole = line.read_all().await;
    assert!(whole.iter().all(|(status, body)| *status == 200 && !words(body).is_empty()), "{whole:?}");
    for (table, column) in COLUMNS {
        let mut damages = vec![
            ("swapped between rows", swapped(table, column)),
            ("emptied", format!("UPDATE {table} SET {column} = substr({column}, 1, 0)")),
            ("cut to its suite", format!("UPDATE {table} SET {column} = substr({column}, 1, 1)")),
            ("cut in its middle", format!("UPDATE {table} SET {column} = substr({column}, 1, 60)")),
            ("without its beginning", format!("UPDATE {table} SET {column} = substr({column}, 2)")),
        ];
        damages.extend(from_another_field(table, column).map(|sql| ("of another field", sql)));
        for (what, sql) in damages {
            let told = line.damages(table, &sql).await;
            refused(&told, &format!("{table}.{column} {what}"));
            for (before, after) in whole.iter().zip(&told) {
                let same = after.0 != 200 || words(&after.1) == words(&before.1);
                assert!(same, "{table}.{column} {what} was read as something else: {}", after.1);
            }
        }
    }
    same_words(&line.read_all().await, &whole);
}

/// A wrap of another tip, epoch or holder in the place of one's own.
#[tokio::test]
async fn a_wrap_serves_its_own_tip_only() {
    let line = Line::at_work().await;
    let whole = line.read_all().await;
    for (what, sql) in [
        (
            "swapped between tips",
            "UPDATE tip_wraps SET wrap = (SELECT o.wrap FROM kept o WHERE o.holder = tip_wraps.holder \
             AND o.tip_id <> tip_wraps.tip_id ORDER BY o.id LIMIT 1)",
        ),
        (
            "of another holder",
            "UPDATE tip_wraps SET wrap = (SELECT o.wrap FROM kept o WHERE o.holder <> tip_wraps.holder \
             AND o.tip_id = tip_wraps.tip_id ORDER BY o.id LIMIT 1)",
        ),
        ("cut", "UPDATE tip_wraps SET wrap = substr(wrap, 1, length(wrap) - 48)"),
    ] {
        refused(&line.damages("tip_wraps", sql).await, what);
    }
    same_words(&line.read_all().await, &whole);
}

/// The log-in of one officer with the locked key of another.
#[tokio::test]
async fn a_lock_serves_its_own_officer_only() {
    let line = Line::at_work().await;
    line.app.officer("bich", &[Role::Screener]).await;
    let lock = ["salt", "auth_hash", "sealed_private_key"];
    let others = lock.map(|column| format!("{column} = (SELECT o.{column} FROM officers o WHERE o.username = 'bich')"));
    line.writes(&format!("UPDATE officers SET {} WHERE username = 'ana'", others.join(", "))).await;
    let log_in = json!({ "username": "ana", "password": PASSWORD });
    line.app.client().post("/api/v1/sessions", log_in).await.expect_problem(401, "wrong_credentials");
    let sessions = "UPDATE sessions SET access_blob = (SELECT o.access_blob FROM sessions o \
                    WHERE o.officer_id <> sessions.officer_id LIMIT 1)";
    line.writes(sessions).await;
    line.ana.client.get("/api/v1/staff/me").await.expect_problem(401, "token_invalid");
}
