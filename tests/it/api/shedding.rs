//! When too much is asked at once: who is told so, who pays, and that nobody is shut out.

use std::time::Duration;

use entity::enums::Role;
use sea_orm::ConnectionTrait;
use tipline::{
    app::App,
    platform::{
        pacing::Pacing,
        shedding::{Lane, Lanes},
    },
};
use vault::chance::Chance;

use crate::support::{TestApp, browser::Browser, database::on_postgres, people::text};

/// One at a time in each lane, and nobody waits.
fn narrow(app: App) -> App {
    let lane = || Lane::bounded(1, 0, Duration::ZERO);
    let lanes = Lanes { submissions: lane(), openings: lane(), officers: lane(), public: lane(), paced: lane() };
    App { lanes, ..app }
}

fn paced(app: App) -> App {
    App { pacing: Pacing::new(3, Chance::system()), ..app }
}

#[tokio::test]
async fn a_full_lane_says_when_to_come_back_and_loses_nothing() {
    let app = TestApp::spawn_with(narrow).await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let tip = resident.writes("Đêm nào cũng có xe lạ").await;
    let place = app.app.lanes.submissions.enter().await.unwrap();
    let told = resident.sends(&tip).await;
    assert_eq!(told.header("retry-after"), Some("5"));
    told.expect_problem(503, "overloaded");
    assert_eq!(app.count_rows("tips").await, 0);
    drop(place);
    resident.sends(&tip).await.expect(201);
}

#[tokio::test]
async fn a_page_that_is_turned_away_keeps_what_was_typed() {
    let app = TestApp::spawn_with(narrow).await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let form = browser.tip_form("Có người bán pháo nổ ở chợ").await;
    let place = app.app.lanes.submissions.enter().await.unwrap();
    let told = browser.send(&form).await;
    assert_eq!((told.status, told.header("retry-after")), (503, Some("5")));
    assert!(told.text().contains("Có người bán pháo nổ ở chợ"), "{}", told.text());
    drop(place);
    assert_eq!(browser.send(&form).await.status, 200);
    assert_eq!(app.count_rows("tips").await, 1);
}

#[tokio::test]
async fn each_lane_is_full_for_itself() {
    let app = TestApp::spawn_with(narrow).await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let (client, lanes) = (app.client(), &app.app.lanes);
    let public = "/api/v1/public/statistics/releases";
    let opens = async || client.post("/api/v1/reporter/sessions", serde_json::json!({ "receipt": tip.receipt })).await;
    {
        let _full = lanes.openings.enter().await.unwrap();
        opens().await.expect_problem(503, "overloaded");
        ana.lists("").await.expect(200);
        client.get(public).await.expect(200);
    }
    opens().await.expect(201);
    {
        let _full = lanes.officers.enter().await.unwrap();
        ana.lists("").await.expect_problem(503, "overloaded");
        opens().await.expect(201);
    }
    {
        let _full = lanes.public.enter().await.unwrap();
        client.get(public).await.expect_problem(503, "overloaded");
        assert_eq!(Browser::of(&app).get("/figures").await.status, 503);
        ana.lists("").await.expect(200);
        app.tip("Có người bán pháo nổ").await;
        client.get("/healthz").await.expect(200);
    }
    client.get(public).await.expect(200);
}

#[tokio::test]
async fn a_network_that_draws_many_tickets_pays_with_work_and_no_other_does() {
    let app = TestApp::spawn_with(paced).await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client().with("x-forwarded-for", "203.0.113.7");
    let mut drawn = Vec::new();
    for _ in 0..5 {
        drawn.push(client.post_nothing("/api/v1/tickets").await.expect(201));
    }
    assert!(drawn[..3].iter().all(|ticket| ticket.get("work").is_none()));
    let mut tip = drawn.pop().unwrap();
    let bits = tip.as_object_mut().unwrap().remove("work").unwrap();
    assert!(bits.as_u64().is_some_and(|bits| (10..=24).contains(&bits)), "{bits}");
    (tip["category"], tip["narrative"]) = ("ma_tuy".into(), "Việc này gấp".into());
    client.post("/api/v1/tips", tip.clone()).await.expect_problem(422, "ticket_unproven");
    tip["ticket"] = vault::ticket::work(&text(&tip["ticket"])).into();
    client.post("/api/v1/tips", tip).await.expect(201);
    // Its neighbour shares the bucket; another network, and the address in front of the proxy's word, do not.
    let asks = async |address: &str| {
        let client = app.client().with("x-forwarded-for", address);
        client.post_nothing("/api/v1/tickets").await.expect(201).get("work").is_some()
    };
    assert!(asks("203.0.113.99").await);
    assert!(!asks("203.0.114.7").await);
    assert!(asks("203.0.114.7, 203.0.113.7").await);
    // What was drawn before serves without work.
    let mut early = drawn.swap_remove(0);
    (early["category"], early["narrative"]) = ("ma_tuy".into(), "Việc khác".into());
    client.post("/api/v1/tips", early).await.expect(201);
}

#[tokio::test]
async fn a_browser_of_such_a_network_waits_and_gets_through() {
    let app = TestApp::spawn_with(paced).await;
    app.officer("ana", &[Role::Screener]).await;
    let browser = Browser::of(&app);
    let mut form = browser.tip_form("Tối nào cũng ồn").await;
    for _ in 0..4 {
        form = browser.tip_form("Tối nào cũng ồn").await;
    }
    let ticket = form.fields.iter().find(|(name, _)| name == "ticket").map(|(_, value)| value.clone()).unwrap();
    assert!(ticket.starts_with("2."), "the last one asks for work");
    assert_eq!(browser.send(&form).await.status, 200);
    assert_eq!(app.count_rows("tips").await, 1);
    // More than may wait at once are told so, with what was typed.
    let form = browser.tip_form("Lại ồn").await;
    let mut places = Vec::new();
    while let Ok(place) = app.app.lanes.paced.enter().await {
        places.push(place);
    }
    let told = browser.send(&form).await;
    assert!(told.status == 503 && told.text().contains("Lại ồn"), "{}", told.text());
}

#[tokio::test]
async fn who_does_not_the_work_takes_no_place_in_the_lane() {
    let app = TestApp::spawn_with(|app| paced(narrow(app))).await;
    app.officer("ana", &[Role::Screener]).await;
    let client = app.client();
    let mut tip = serde_json::Value::Null;
    for _ in 0..4 {
        tip = client.post_nothing("/api/v1/tickets").await.expect(201);
    }
    tip.as_object_mut().unwrap().remove("work").expect("the fourth one asks for work");
    (tip["category"], tip["narrative"]) = ("ma_tuy".into(), "Việc này gấp".into());
    let _full = app.app.lanes.submissions.enter().await.unwrap();
    client.post("/api/v1/tips", tip.clone()).await.expect_problem(422, "ticket_unproven");
    tip["ticket"] = vault::ticket::work(&text(&tip["ticket"])).into();
    client.post("/api/v1/tips", tip).await.expect_problem(503, "overloaded");
}

#[tokio::test]
async fn no_network_is_ever_refused_for_what_it_is() {
    let app = TestApp::spawn_with(paced).await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    // Does the work when it is asked to.
    for n in 0..8 {
        resident.submits(&format!("Việc thứ {n}")).await;
    }
    assert_eq!(app.count_rows("tips").await, 8);
}

/// As many pages as there are: the disk is full.
async fn limit_pages(app: &TestApp, most: u32) {
    let limit = format!("PRAGMA max_page_count = {most}");
    app.app.db.write(async |txn| txn.execute_unprepared(&limit).await).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_takes_nothing_says_so_and_loses_nothing_that_was_typed() {
    if on_postgres() {
        // scripts/survive-faults fills its disk.
        return;
    }
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (resident, browser) = (app.resident(), Browser::of(&app));
    // Longer than what is free in the pages that there are.
    let words = "Đêm nào cũng có xe lạ. ".repeat(800);
    let (tip, form) = (resident.writes(&words).await, browser.tip_form(&words).await);
    limit_pages(&app, 1).await;
    let told = resident.sends(&tip).await;
    assert_eq!(told.header("retry-after"), Some("30"));
    told.expect_problem(503, "storage_unavailable");
    let told = browser.send(&form).await;
    assert_eq!((told.status, told.header("retry-after")), (503, Some("30")));
    assert!(told.text().contains(words.trim()), "what was typed is on the page");
    assert_eq!(app.count_rows("tips").await, 0);
    limit_pages(&app, 1_000_000).await;
    resident.sends(&tip).await.expect(201);
    assert_eq!(browser.send(&form).await.status, 200);
    assert_eq!(app.count_rows("tips").await, 2);
}
