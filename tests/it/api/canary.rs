//! What must not be found: in the database, its log, a dump of it, or the program's logs at their most talkative.

use std::{
    io,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use entity::enums::Role;
use serde_json::json;
use tipline::platform::telemetry::{self, Verbosity};

use crate::support::{TestApp, Tip, deployment::INTAKE, http::Client, people::text};

const NARRATIVE: &str = "canary narrative Kx7QzR the house by the third bend";
const PLACE: &str = "canary place Pw3LmT under the old banyan";
const NAME: &str = "Canary Name Vb5NtY";
const PHONE: &str = "0987111222333";
const SECRET_NAME: &str = "Canary Confidential Hj8WsD";
const MESSAGE: &str = "canary message Ue4XcG blue lorry";
const QUESTION: &str = "canary question Oi6ZvB what colour";
const NOTE: &str = "canary note Rt9MkA informal";
const REASON: &str = "canary reason Yp2FdE worth it";
const TITLE: &str = "canary title Lg1SqU the bend";
const OUTCOME: &str = "canary outcome Ca0JhI found";
const AGENT: &str = "CanaryAgent/9.71 (Nokia 105)";
const REFERRER: &str = "https://canary-referrer.example/from";
const FORWARDED: &str = "203.0.113.77";
const FROM: &str = "127.77.66.55";
const PASSWORD: &str = "canary-password-mua-roi-tren-mai-coc";

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Listens to the whole program from now on; one test of the binary does.
    fn listen() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = telemetry::subscriber(Verbosity(tracing::Level::TRACE), false, move || writer.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    }
}

/// A canary in the shapes in which something stored in clear could lie: as it is, in hexadecimal (as a dump shows
/// bytes), and in base 64, which has three shapes by where the text begins.
fn shapes(canary: &str) -> Vec<Vec<u8>> {
    let bytes = canary.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut shapes = vec![bytes.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for skip in 0..3 {
        let whole = &bytes[skip..];
        let whole = &whole[..whole.len() - whole.len() % 3];
        shapes.push(STANDARD_NO_PAD.encode(whole).into_bytes());
    }
    shapes
}

fn holds(haystack: &[u8], canary: &str) -> bool {
    shapes(canary).iter().any(|shape| haystack.windows(shape.len()).any(|window| window == shape))
}

/// A resident whose phone tells more than it should.
fn talkative(app: &TestApp) -> Client {
    let client = app.client().at_address(FROM.parse().unwrap());
    client.with("user-agent", AGENT).with("referer", REFERRER).with("x-forwarded-for", FORWARDED)
}

/// Sends everything that somebody would write; gives tip, and the receipts that were used.
async fn writes_everything(app: &TestApp, client: &Client) -> (Tip, Vec<String>) {
    let mut resident = app.resident();
    resident.client = client.clone();
    let contact = json!({ "mode": "identified", "name": NAME, "phone": PHONE });
    let tip = resident.submits_with(NARRATIVE, json!({ "place": PLACE, "reporter": contact })).await;
    let hidden = json!({ "reporter": { "mode": "confidential", "name": SECRET_NAME, "phone": PHONE } });
    let confidential = resident.submits_with(NARRATIVE, hidden).await;
    let reporter = resident.opens_thread(&tip).await;
    reporter.post("/api/v1/reporter/messages", json!({ "text": MESSAGE })).await.expect(201);
    let changed = text(&reporter.post_nothing("/api/v1/reporter/receipt").await.json()["receipt"]);
    (tip.clone(), vec![tip.receipt, confidential.receipt, changed])
}

/// Sends what is refused, because refusals are what gets logged.
async fn is_refused(client: &Client, token: &str) {
    let wrong = [
        json!({ "receipt": NARRATIVE, "ticket": MESSAGE, "category": PLACE, "narrative": NARRATIVE }),
        json!({ "narrative": { "deep": NARRATIVE }, MESSAGE: 1 }),
    ];
    for body in wrong {
        client.post("/api/v1/tips", body).await.expect(422);
    }
    client.post("/api/v1/sessions", json!({ "username": "canary", "password": PASSWORD })).await.expect(401);
    client.bearing(token).get(&format!("/api/v1/tips?q={}&x=1", NAME.replace(' ', "+"))).await.expect(400);
    client.get(&format!("/{}", NAME.replace(' ', "-"))).await.expect(404);
}

async fn works_everything(app: &TestApp, tip: &Tip) -> Vec<String> {
    let ana = app.logs_in("ana", PASSWORD).await;
    ana.reads(tip).await.expect(200);
    ana.asks(tip, QUESTION).await.expect(200);
    ana.notes(tip, NOTE).await.expect(200);
    ana.accepts(tip).await;
    let case = text(&ana.opens_case(tip, TITLE).await.expect(201)["id"]);
    let outcome = json!({ "kind": "khoi_to", "decided_on": "2024-06-03", "note": OUTCOME });
    let outcome = text(&ana.records_with(&case, outcome).await.expect(201)["id"]);
    ana.does(tip, "attest-value", json!({ "outcome": outcome, "reason": REASON })).await.expect(201);
    let query = format!("q={}", NARRATIVE.replace(' ', "+"));
    assert!(!ana.finds(&query).await.is_empty());
    vec![ana.tokens.access, ana.tokens.refresh]
}

#[tokio::test]
async fn nothing_that_was_written_is_found_in_what_is_stored_or_logged() {
    let log = Log::listen();
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Commander, Role::Screener]).await;
    for name in ["giu.mot", "giu.hai", "giu.ba"] {
        app.officer(name, &[Role::Custodian]).await;
    }
    let change = json!({ "old_password": crate::support::deployment::PASSWORD, "new_password": PASSWORD });
    let ana = app.logs_in("ana", crate::support::deployment::PASSWORD).await;
    ana.client.post("/api/v1/staff/me/password", change).await.expect(200);

    let client = talkative(&app);
    let (tip, receipts) = writes_everything(&app, &client).await;
    let tokens = works_everything(&app, &tip).await;
    is_refused(&client, &tokens[0]).await;
    tracing::trace!(target: "tipline", "positive control of the log");

    let mut canaries: Vec<String> = [
        NARRATIVE,
        PLACE,
        NAME,
        PHONE,
        SECRET_NAME,
        MESSAGE,
        QUESTION,
        NOTE,
        REASON,
        TITLE,
        OUTCOME,
        AGENT,
        REFERRER,
        FORWARDED,
        FROM,
        PASSWORD,
    ]
    .map(str::to_owned)
    .to_vec();
    canaries.extend(receipts.iter().cloned());
    canaries.extend(receipts.iter().map(|receipt| receipt.replace(' ', "")));
    canaries.extend(tokens);

    let stored = app.stored_bytes();
    let logged = log.0.lock().unwrap().clone();
    for canary in &canaries {
        for (place, bytes) in &stored {
            assert!(!holds(bytes, canary), "{canary} is in {place}");
        }
        assert!(!holds(&logged, canary), "{canary} is in the log");
    }
    // The search finds what is there: in a table, in bytes that a dump shows in hexadecimal, and in the log.
    assert!(stored.iter().any(|(_, bytes)| holds(bytes, &tip.number)));
    assert!(stored.iter().any(|(_, bytes)| holds(bytes, INTAKE)));
    assert!(holds(&logged, "positive control of the log"));
}

#[test]
fn the_search_finds_every_shape() {
    let long = format!("xx{NARRATIVE}yy");
    let hex: String = long.bytes().map(|byte| format!("{byte:02x}")).collect();
    for haystack in [long.clone(), hex, STANDARD_NO_PAD.encode(&long), STANDARD_NO_PAD.encode(&long[1..])] {
        assert!(holds(haystack.as_bytes(), NARRATIVE), "{haystack}");
    }
    assert!(!holds(b"nothing", NARRATIVE));
}
