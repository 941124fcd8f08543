//! What the public is told, and who told it.

use chrono::NaiveDate;
use entity::{enums::Role, ids::ValuationId, release_cells};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use tipline::{
    audit::{self, Object},
    reference::UnitKey,
    statistics::ledger::{self, Fact, Kind},
    valuations::RULE,
};
use uuid::Uuid;

use crate::support::{Officer, TestApp, deployment::INTAKE, deployment::NA_MEO};

const FIGURE: &str = "/api/v1/public/statistics/valuable-sources?from=2021-01-01&to=2023-12-31";

/// Sources of three years: day, place, category, channel, how many. Together 87: 26, 29 and 32.
const SOURCES: [(&str, &str, &str, &str, usize); 9] = [
    ("2021-03-05", "15013", "ma_tuy", "web", 12),
    ("2021-08-05", "15016", "ttxh", "phone", 11),
    ("2021-10-05", "14995", "moi_truong", "web", 3),
    ("2022-02-05", "15013", "ma_tuy", "web", 13),
    ("2022-06-05", "15016", "ttxh", "phone", 12),
    ("2022-06-06", "15019", "vu_khi", "box", 4),
    ("2023-01-05", "15013", "ma_tuy", "web", 14),
    ("2023-05-05", "15016", "ttxh", "web", 16),
    ("2023-05-06", "14995", "moi_truong", "phone", 2),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A deployment with sources, and two officers above all of it.
async fn with(sources: &[(&str, &str, &str, &str, usize)]) -> (TestApp, Officer, Officer, Vec<Fact>) {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Investigator]).await;
    let bich = app.officer("bich", &[Role::Commander]).await;
    let office = app.office(INTAKE).await;
    let mut facts = Vec::new();
    for (on, unit, category, channel, count) in sources {
        for _ in 0..*count {
            facts.push(Fact {
                recorded_on: day("2024-01-10"),
                effective_on: day(on),
                unit: Some(UnitKey { code: (*unit).to_owned(), valid_from: day("2019-12-01") }),
                category: Some((*category).to_owned()),
                channel: Some((*channel).to_owned()),
                valuation: Some(ValuationId::from(app.app.chance.uuid())),
                rule: Some(RULE),
                ..Fact::of_office(Kind::Confirmed, day(on), office)
            });
        }
    }
    record(&app, facts.clone()).await;
    (app, ana, bich, facts)
}

async fn record(app: &TestApp, facts: Vec<Fact>) {
    let done = app.app.db.write(async |txn| ledger::record(txn, &app.app, facts).await).await;
    done.map_err(|error: DbErr| error.to_string()).unwrap();
}

async fn prepares(officer: &Officer, tables: &[&str]) -> Value {
    let new = json!({ "from": "2021-01-01", "to": "2023-12-31", "tables": tables });
    officer.client.post("/api/v1/releases", new).await.expect(201)
}

async fn does(officer: &Officer, release: &Value, verb: &str) -> crate::support::http::Answer {
    officer.client.post_nothing(&format!("/api/v1/releases/{}/{verb}", text(&release["id"]))).await
}

async fn publishes(officer: &Officer, release: &Value) -> Value {
    does(officer, release, "check").await.expect(200);
    does(officer, release, "publish").await.expect(200)
}

/// Every figure in what was answered.
fn values(answer: &Value) -> Vec<i64> {
    match answer {
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::Object(fields) => {
            let own = fields.iter().filter(|(name, _)| *name == "value" || *name == "total");
            let own: Vec<i64> = own.filter_map(|(_, value)| value.as_i64()).collect();
            own.into_iter().chain(fields.values().flat_map(values)).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_figure_leaves_by_a_release_that_two_officers_made() {
    let (app, ana, bich, _) = with(&SOURCES).await;
    let public = app.client();
    public.get(FIGURE).await.expect_problem(404, "no_such_release");
    let release = prepares(&ana, &[]).await;
    assert_eq!(release["state"], "prepared");
    public.get(FIGURE).await.expect_problem(404, "no_such_release");
    let address = format!("/api/v1/public/statistics/releases/{}", text(&release["id"]));
    public.get(&address).await.expect_problem(404, "no_such_release");
    does(&ana, &release, "check").await.expect_problem(403, "forbidden");
    does(&bich, &release, "publish").await.expect_problem(409, "invalid_move");
    let published = publishes(&bich, &release).await;
    assert_eq!((&published["state"], &published["number"]), (&json!("published"), &json!(1)));
    let figure = public.get(FIGURE).await.expect(200);
    assert_eq!((&figure["total"], &figure["rule"], &figure["release"]), (&json!(87), &json!(RULE), &release["id"]));
    for by in ["year", "unit", "unit_now", "category", "channel"] {
        let figure = public.get(&format!("{FIGURE}&by={by}")).await.expect(200);
        assert_eq!(figure["total"], 87, "{figure}");
        assert!(!figure["groups"].as_array().unwrap().is_empty(), "{figure}");
    }
    public.get(&format!("{FIGURE}&by=month")).await.expect_problem(404, "no_such_release");
    let years = public.get(&format!("{FIGURE}&by=year")).await.expect(200);
    let years: Vec<_> = years["groups"].as_array().unwrap().iter().map(|group| group["value"].clone()).collect();
    assert_eq!(years, [26, 29, 32]);
    let whole = public.get(&address).await.expect(200);
    assert!(values(&whole).iter().all(|value| *value == 0 || *value >= 10), "{whole}");
    assert!(whole.to_string().contains("\"withheld\":\"small\""), "{whole}");
    assert!(!whole.to_string().contains(&ana.id()) && !whole.to_string().contains("prepared_by"), "{whole}");
    let listed = public.get("/api/v1/public/statistics/releases").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_checks_or_publishes_their_own() {
    let (app, _, bich, _) = with(&SOURCES).await;
    let chi = app.officer("chi", &[Role::Commander]).await;
    let release = prepares(&bich, &["year"]).await;
    does(&bich, &release, "check").await.expect_problem(403, "own_release");
    does(&chi, &release, "check").await.expect(200);
    does(&bich, &release, "publish").await.expect_problem(403, "own_release");
    does(&chi, &release, "publish").await.expect(200);
    does(&chi, &release, "publish").await.expect_problem(409, "invalid_move");
}

#[tokio::test]
async fn who_does_not_stand_above_all_does_not_speak_for_all() {
    let (app, ana, _, _) = with(&SOURCES).await;
    let new = json!({ "from": "2021-01-01", "to": "2023-12-31" });
    let dung = app.officer_at(NA_MEO, "dung", &[Role::Commander]).await;
    dung.client.post("/api/v1/releases", new.clone()).await.expect_problem(403, "forbidden");
    let release = prepares(&ana, &["year"]).await;
    does(&dung, &release, "check").await.expect_problem(403, "forbidden");
    let screener = app.officer("lan", &[Role::Screener]).await;
    screener.client.post("/api/v1/releases", new.clone()).await.expect_problem(403, "forbidden");
    app.client().post("/api/v1/releases", new).await.expect_problem(401, "token_missing");
}

#[tokio::test]
async fn what_is_published_stays_and_a_revision_tells_what_changed() {
    let (app, ana, bich, facts) = with(&SOURCES).await;
    let public = app.client();
    let first = publishes(&bich, &prepares(&ana, &["year", "unit"]).await).await;
    let address = format!("/api/v1/public/statistics/releases/{}", text(&first["id"]));
    let before = public.get(&address).await.expect(200);
    let revoked = Fact { kind: Kind::Revoked, recorded_on: day("2024-06-03"), ..facts[30].clone() };
    record(&app, vec![revoked]).await;
    assert_eq!(public.get(FIGURE).await.expect(200)["total"], 87);
    does(&ana, &first, "publish").await.expect_problem(403, "forbidden");
    let revision = does(&ana, &first, "revise").await.expect(201);
    assert_eq!((&revision["revises"], &revision["state"]), (&first["id"], &json!("prepared")));
    let change = json!([{ "by": "total", "keys": [], "label": "Cả kỳ", "before": 87, "after": 86 }]);
    assert_eq!(revision["changes"], change, "{revision}");
    publishes(&bich, &revision).await;
    assert_eq!(public.get(FIGURE).await.expect(200)["total"], 86);
    // Which year and which place lost one is not told: no figure of a year is less by one than it was.
    let years = public.get(&format!("{FIGURE}&by=year")).await.expect(200);
    assert!(years["groups"].as_array().unwrap().iter().all(|group| group["value"].is_null()), "{years}");
    assert_eq!(public.get(&address).await.expect(200), before);
    assert_eq!(before["contents"][0]["cells"][0]["value"], 87);
}

#[tokio::test]
async fn what_was_protected_beside_less_is_prepared_again() {
    let (_app, ana, bich, _) = with(&SOURCES).await;
    let (one, other) = (prepares(&ana, &["year"]).await, prepares(&ana, &["channel"]).await);
    does(&bich, &other, "check").await.expect(200);
    publishes(&bich, &one).await;
    does(&bich, &other, "publish").await.expect_problem(409, "release_outdated");
    publishes(&bich, &prepares(&ana, &["channel"]).await).await;
}

#[tokio::test]
async fn what_somebody_changed_underneath_is_not_published() {
    let (app, ana, bich, _) = with(&SOURCES).await;
    let release = prepares(&ana, &["year"]).await;
    let changed = async |value: i64| {
        let id: Uuid = text(&release["id"]).parse().unwrap();
        let cells = release_cells::Entity::update_many()
            .col_expr(release_cells::Column::Value, Expr::value(value))
            .filter(release_cells::Column::ReleaseId.eq(id))
            .filter(release_cells::Column::InTable.eq("total"));
        app.app.db.write(async |txn| cells.exec(txn).await).await.unwrap();
    };
    changed(88).await;
    does(&bich, &release, "check").await.expect_problem(409, "release_not_reconciled");
    changed(87).await;
    does(&bich, &release, "check").await.expect(200);
    changed(88).await;
    does(&bich, &release, "publish").await.expect_problem(409, "release_not_reconciled");
}

#[tokio::test]
async fn too_few_and_too_recent_are_not_told() {
    let (_app, ana, _, _) = with(&[("2023-05-06", "14995", "ma_tuy", "phone", 7)]).await;
    let asks = async |new: Value| ana.client.post("/api/v1/releases", new).await;
    let period = json!({ "from": "2021-01-01", "to": "2023-12-31" });
    asks(period).await.expect_problem(409, "nothing_to_publish");
    asks(json!({ "from": "2024-01-01", "to": "2024-05-31" })).await.expect_problem(422, "period_too_recent");
    asks(json!({ "from": "2024-01-01", "to": "2023-05-31" })).await.expect_problem(422, "period_reversed");
    let unknown = json!({ "from": "2021-01-01", "to": "2023-12-31", "tables": ["unit,category"] });
    asks(unknown).await.expect_problem(422, "unknown_table");
    let twice = json!({ "from": "2021-01-01", "to": "2023-12-31", "tables": ["year", "year"] });
    asks(twice).await.expect_problem(422, "unknown_table");
}

#[tokio::test]
async fn any_site_reads_and_any_cache_keeps_what_is_public() {
    let (app, ana, bich, _) = with(&SOURCES).await;
    publishes(&bich, &prepares(&ana, &["year"]).await).await;
    let answer = app.client().get(FIGURE).await;
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=300"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("vary", "Accept-Language"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let tag = answer.header("etag").unwrap().to_owned();
    let again = app.client().with("if-none-match", &tag).get(FIGURE).await;
    assert_eq!((again.status, again.text().as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    let english = app.client().with("if-none-match", &tag).with("accept-language", "en").get(FIGURE).await;
    assert_eq!(english.status, 200);
    let missing = app.client().get("/api/v1/public/statistics/valuable-sources?from=2020-01-01&to=2020-12-31").await;
    missing.expect_problem(404, "no_such_release");
    assert_eq!(missing.header("access-control-allow-origin"), Some("*"));
    assert_eq!(missing.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_chain_of_acts_knows_the_fingerprint() {
    let (app, ana, bich, _) = with(&SOURCES).await;
    let release = prepares(&ana, &["year"]).await;
    publishes(&bich, &release).await;
    let id: Uuid = text(&release["id"]).parse().unwrap();
    let acts = audit::store::of_object(app.app.db.read(), Object::Release(id.into())).await.unwrap();
    let mut told: Vec<_> = acts.iter().map(|act| (act.act.as_str(), act.detail.clone())).collect();
    told.sort();
    let hash = Some(text(&release["hash"]));
    let acts = ["ReleaseChecked", "ReleasePrepared", "ReleasePublished"];
    assert_eq!(told, acts.map(|act| (act, hash.clone())));
}
