//! What is no token: each of these is refused with 401, at every door that takes tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use entity::enums::Role;
use serde_json::{Value, json};

use super::mac::{hkdf, hmac};
use crate::support::{Officer, TestApp, Tip, deployment::PASSWORD, people::text};

const ME: &str = "/api/v1/staff/me";
const THREAD: &str = "/api/v1/reporter/tip";
const REFRESH: &str = "/api/v1/sessions/refresh";

/// Somebody who holds all app secrets and one good pair of tokens.
struct Forger {
    token_key: Vec<u8>,
    claims: Value,
}

impl Forger {
    fn new(app: &TestApp, good: &str) -> Self {
        let secrets = app.database.folder.path().join("data/secrets.json");
        let secrets: Value = serde_json::from_str(&std::fs::read_to_string(secrets).unwrap()).unwrap();
        let token_key = URL_SAFE_NO_PAD.decode(text(&secrets["token"]["keys"]["1"])).unwrap();
        let claims = good.split('.').nth(1).unwrap();
        Self { token_key, claims: serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap() }
    }

    fn key(&self, purpose: &str) -> [u8; 32] {
        hkdf(&self.token_key, b"", &format!("tipline/token/1|{purpose}"))
    }

    fn sign(&self, head: &Value, claims: &Value, key: &[u8]) -> String {
        let said = format!("{}.{}", encode(head), encode(claims));
        let tag = URL_SAFE_NO_PAD.encode(hmac(key, said.as_bytes()));
        format!("{said}.{tag}")
    }

    /// Signed with the right key, except for what was changed.
    fn with_head(&self, name: &str, value: Value) -> String {
        self.sign(&changed(&head("access"), name, value), &self.claims, &self.key("access"))
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        self.sign(&head("access"), &changed(&self.claims, name, value), &self.key("access"))
    }
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn head(purpose: &str) -> Value {
    json!({ "typ": format!("tipline-{purpose}+jwt"), "alg": "HS256", "kid": "1" })
}

/// Null takes the member out.
fn changed(json: &Value, name: &str, value: Value) -> Value {
    let mut json = json.clone();
    match value {
        Value::Null => drop(json.as_object_mut().unwrap().remove(name)),
        value => json[name] = value,
    }
    json
}

/// Each must be refused as an access token.
fn forged(forger: &Forger, good: &str, others: &str, now: i64) -> Vec<(String, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let (claims, tag) = (parts[1], parts[2]);
    let mut table: Vec<(String, String)> = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let bare = encode(&changed(&head("access"), "alg", json!(alg)));
        table.push((format!("alg {alg:?}, no tag"), format!("{bare}.{claims}.")));
        table.push((format!("alg {alg:?}, the tag kept"), format!("{bare}.{claims}.{tag}")));
        table.push((format!("alg {alg:?}, signed"), forger.with_head("alg", json!(alg))));
    }
    for alg in ["HS384", "HS512", "RS256", "ES256", "EdDSA"] {
        table.push((format!("alg {alg}"), forger.with_head("alg", json!(alg))));
    }
    let keys: [(&str, Vec<u8>); 6] = [
        ("no key", Vec::new()),
        ("zeros", vec![0; 32]),
        ("the undivided key", forger.token_key.clone()),
        ("the refresh key", forger.key("refresh").to_vec()),
        ("the enrolment key", forger.key("enrol").to_vec()),
        ("the head", head("access").to_string().into_bytes()),
    ];
    for (name, key) in keys {
        table.push((format!("signed with {name}"), forger.sign(&head("access"), &forger.claims, &key)));
    }
    table.extend(wrong_heads(forger));
    table.extend(wrong_claims(forger, others, now));
    table.extend(reencoded(good));
    table
}

/// Signed with the right key, under a head that says something else.
fn wrong_heads(forger: &Forger) -> Vec<(String, String)> {
    let mut table: Vec<(String, String)> = Vec::new();
    let types = [json!("JWT"), json!("tipline-refresh+jwt"), json!("TIPLINE-ACCESS+JWT"), json!(1), Value::Null];
    table.extend(types.map(|typ| (format!("type {typ}"), forger.with_head("typ", typ))));
    let kids = [
        "2",
        "0",
        "-1",
        "01",
        "+1",
        " 1",
        "1 ",
        "1\u{0}",
        "",
        "../../dev/null",
        "/etc/passwd",
        "1/../1",
        "' OR '1'='1",
    ];
    table.extend(kids.map(|kid| (format!("kid {kid:?}"), forger.with_head("kid", json!(kid)))));
    table.extend([json!(1), json!(["1"]), Value::Null].map(|kid| (format!("kid {kid}"), forger.with_head("kid", kid))));
    for (name, value) in [
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("jku", json!("https://example.org/keys")),
        ("x5u", json!("https://example.org/chain")),
        ("crit", json!(["exp"])),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        table.push((format!("head {name}"), forger.with_head(name, value)));
    }
    table
}

/// Signed with the right key: what is missing is the half of the lock that only the good token holds.
fn wrong_claims(forger: &Forger, others: &str, now: i64) -> Vec<(String, String)> {
    let mut table: Vec<(String, String)> = Vec::new();
    let audiences = [json!("refresh"), json!("enrol"), json!("ACCESS"), json!(["access", "x"]), json!(""), Value::Null];
    table.extend(audiences.map(|aud| (format!("audience {aud}"), forger.with_claim("aud", aud))));
    let ends = [json!(now), json!(now - 1), json!(-1), json!("9999999999"), json!(1e300), Value::Null];
    table.extend(ends.map(|exp| (format!("end {exp}"), forger.with_claim("exp", exp))));
    let zeros = URL_SAFE_NO_PAD.encode([0; 32]);
    for (name, value) in [
        ("k", json!(zeros)),
        ("k", json!("AAAA")),
        ("k", Value::Null),
        ("sid", json!(others)),
        ("sid", json!("00000000-0000-4000-8000-000000000000")),
        ("sid", Value::Null),
        ("uid", json!(others)),
        ("admin", json!(true)),
    ] {
        table.push((format!("claim {name} {value}"), forger.with_claim(name, value)));
    }
    table
}

/// The same token, written otherwise.
fn reencoded(good: &str) -> Vec<(String, String)> {
    let (said, tag) = good.rsplit_once('.').unwrap();
    let spaced = {
        let (head, claims) = said.split_once('.').unwrap();
        let head = String::from_utf8(URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        format!("{}.{claims}", URL_SAFE_NO_PAD.encode(head.replace(':', ": ")))
    };
    // 32 bytes leave four bits of the last character unused: with them set it decodes to the same bytes, or to none.
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.iter().position(|letter| Some(*letter) == tag.bytes().last()).unwrap();
    let twin = char::from(alphabet[last ^ 1]);
    let table = [
        ("padded", format!("{good}=")),
        ("padded parts", good.replace('.', "=.")),
        ("the other alphabet", format!("{said}.{}+", &tag[..tag.len() - 1])),
        ("unused bits set", format!("{said}.{}{twin}", &tag[..tag.len() - 1])),
        ("spaces in the head", format!("{spaced}.{tag}")),
        ("upper case", good.to_uppercase()),
        ("an end mark", format!("{good}.")),
        ("a fourth part", format!("{good}.{tag}")),
        ("no tag", format!("{said}.")),
        ("half a tag", format!("{said}.{}", &tag[..tag.len() / 2])),
        ("two of them", format!("{good},{good}")),
        ("percent-encoded", good.replace('.', "%2E")),
    ];
    table.map(|(name, token)| (name.to_owned(), token)).into()
}

async fn refused_as_access(app: &TestApp, name: &str, token: &str) {
    let answer = app.client().bearing(token).get(ME).await;
    assert_eq!(answer.status, 401, "as access: {name}: {}", answer.text());
}

async fn refused_as_refresh(app: &TestApp, name: &str, token: &str) {
    let answer = app.client().post(REFRESH, json!({ "refresh_token": token })).await;
    assert_eq!(answer.status, 401, "as refresh: {name}: {}", answer.text());
}

async fn refused_as_reporter(app: &TestApp, name: &str, token: &str) {
    let answer = app.client().bearing(token).get(THREAD).await;
    assert_eq!(answer.status, 401, "as a reporter's: {name}: {}", answer.text());
}

#[tokio::test]
async fn what_is_forged_with_all_app_secrets_is_refused_at_every_door() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let good = &ana.tokens.access;
    let forger = Forger::new(&app, good);
    // The forger's craft is right: unchanged, what it signs is let in. Otherwise this test would show nothing.
    let copy = forger.sign(&head("access"), &forger.claims, &forger.key("access"));
    app.client().bearing(&copy).get(ME).await.expect(200);
    let others = bich.staff.session.to_string();
    let table = forged(&forger, good, &others, app.app.clock.now().timestamp());
    assert!(table.len() > 70, "{}", table.len());
    for (name, token) in &table {
        refused_as_access(&app, name, token).await;
        refused_as_refresh(&app, name, token).await;
        refused_as_reporter(&app, name, token).await;
    }
    app.client().bearing(good).get(ME).await.expect(200);
}

#[tokio::test]
async fn no_token_passes_for_one_of_another_kind() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let reporter = text(&app.resident().shows(&tip.receipt).await.expect(201)["token"]);
    let forger = Forger::new(&app, &ana.tokens.access);
    let enrolment = changed(&changed(&json!({ "exp": 9_999_999_999_i64 }), "aud", json!("enrol")), "k", Value::Null);
    let enrolment = forger.sign(&head("enrol"), &enrolment, &forger.key("enrol"));
    let ticket = text(&app.resident().asks_for_a_ticket().await["ticket"]);
    for (name, token) in
        [("refresh", &ana.tokens.refresh), ("reporter", &reporter), ("enrol", &enrolment), ("ticket", &ticket)]
    {
        refused_as_access(&app, name, token).await;
    }
    for (name, token) in
        [("access", &ana.tokens.access), ("reporter", &reporter), ("enrol", &enrolment), ("ticket", &ticket)]
    {
        refused_as_refresh(&app, name, token).await;
    }
    for (name, token) in
        [("access", &ana.tokens.access), ("refresh", &ana.tokens.refresh), ("enrol", &enrolment), ("ticket", &ticket)]
    {
        refused_as_reporter(&app, name, token).await;
    }
    let enrols =
        |token: &str| json!({ "token": token, "username": "thu", "display_name": "Thu", "password": PASSWORD });
    for token in [&ana.tokens.access, &ana.tokens.refresh, &reporter, &ticket] {
        assert_eq!(app.client().post("/api/v1/enrolment", enrols(token)).await.status, 401);
    }
}

#[tokio::test]
async fn a_reporters_token_has_one_spelling() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (tip, other) = (app.tip("Đêm nào cũng có xe lạ").await, app.tip("Chuyện khác").await);
    let token = async |tip: &Tip| text(&app.resident().shows(&tip.receipt).await.expect(201)["token"]);
    let (good, others) = (token(&tip).await, token(&other).await);
    let sealed = good.strip_prefix("r1.").unwrap();
    let half = sealed.len() / 2;
    for (name, token) in [
        ("another version", format!("r2.{sealed}")),
        ("no version", format!("r.{sealed}")),
        ("a sign", format!("r+1.{sealed}")),
        ("a zero before", format!("r01.{sealed}")),
        ("minus", format!("r-1.{sealed}")),
        ("no letter", format!("1.{sealed}")),
        ("padded", format!("{good}=")),
        ("cut", good[..good.len() - 1].to_owned()),
        ("longer", format!("{good}A")),
        ("halves of two", format!("r1.{}{}", &sealed[..half], &others.strip_prefix("r1.").unwrap()[half..])),
        ("upper case", good.to_uppercase()),
        ("nothing", "r1.".to_owned()),
    ] {
        refused_as_reporter(&app, name, &token).await;
        refused_as_access(&app, name, &token).await;
    }
    app.client().bearing(&good).get(THREAD).await.expect(200);
    app.app.clock.advance(Duration::minutes(15));
    refused_as_reporter(&app, "expired", &good).await;
}

#[tokio::test]
async fn ended_tokens_stay_ended() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let out = app.logs_in("ana", PASSWORD).await;
    out.client.delete("/api/v1/sessions/current").await.expect(204);
    refused_as_access(&app, "after log-out", &out.tokens.access).await;
    refused_as_refresh(&app, "after log-out", &out.tokens.refresh).await;

    let replayed = app.logs_in("ana", PASSWORD).await;
    let body = json!({ "refresh_token": replayed.tokens.refresh });
    let next = app.client().post(REFRESH, body).await.expect(201);
    refused_as_access(&app, "after a refresh", &replayed.tokens.access).await;
    refused_as_refresh(&app, "replayed", &replayed.tokens.refresh).await;
    refused_as_access(&app, "of a replayed family", &text(&next["access_token"])).await;
    refused_as_refresh(&app, "of a replayed family", &text(&next["refresh_token"])).await;

    let late = app.logs_in("ana", PASSWORD).await;
    app.app.clock.advance(Duration::minutes(15));
    refused_as_access(&app, "a quarter of an hour later", &late.tokens.access).await;
    app.app.clock.advance(Duration::hours(12));
    refused_as_refresh(&app, "a shift later", &late.tokens.refresh).await;
}

#[tokio::test]
async fn a_receipt_that_was_changed_or_given_up_ends_its_tokens() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    for (method, path) in [("POST", "/api/v1/reporter/receipt"), ("DELETE", "/api/v1/reporter/receipt")] {
        let tip = app.tip("Đêm nào cũng có xe lạ").await;
        let token = text(&app.resident().shows(&tip.receipt).await.expect(201)["token"]);
        let answer = app.client().bearing(&token).send(method, path, &[], b"").await;
        assert!((200..300).contains(&answer.status), "{}", answer.text());
        refused_as_reporter(&app, method, &token).await;
        assert_eq!(app.resident().shows(&tip.receipt).await.status, 401);
    }
}

/// A removed officer's tokens: the account decides, not the token's end.
#[tokio::test]
async fn a_removed_officers_tokens_are_refused_at_once() {
    use entity::{enums::OfficerStatus, officers};
    use sea_orm::{ActiveModelTrait, Set};

    let app = TestApp::spawn().await;
    let ana: Officer = app.officer("ana", &[Role::Screener]).await;
    ana.client.get(ME).await.expect(200);
    let gone =
        officers::ActiveModel { id: Set(ana.staff.id), status: Set(OfficerStatus::Removed), ..Default::default() };
    app.app.db.write(async |txn| gone.update(txn).await).await.unwrap();
    refused_as_access(&app, "removed", &ana.tokens.access).await;
    refused_as_refresh(&app, "removed", &ana.tokens.refresh).await;
}
