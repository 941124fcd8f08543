use std::collections::BTreeSet;

use entity::{
    enums::{Role, WrapHolder},
    tip_wraps,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::support::{
    TestApp, Tip,
    people::{Officer, text},
};

fn only(tip: &Tip) -> Vec<String> {
    vec![tip.number.clone()]
}

/// The numbers on each page of a list, from the first page to the last.
pub(super) async fn all_pages(officer: &Officer, query: &str) -> Vec<Vec<String>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = officer.lists(&format!("{query}&cursor={cursor}")).await.expect(200);
        pages.push(page["items"].as_array().unwrap().iter().map(|item| text(&item["number"])).collect());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn pages_show_every_tip_once() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let mut sent = BTreeSet::new();
    for i in 0..23 {
        sent.insert(app.tip(&format!("Việc {i}")).await.number);
    }
    let (mut seen, mut sizes) = (BTreeSet::new(), Vec::new());
    for page in all_pages(&ana, "limit=10").await {
        sizes.push(page.len());
        for number in page {
            assert!(seen.insert(number.clone()), "{number} was shown twice");
        }
    }
    assert_eq!((seen, sizes), (sent, vec![10, 10, 3]));
}

#[tokio::test]
async fn danger_to_life_stands_at_the_top() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let plain = app.tip("Việc thường").await;
    let now = app.resident().submits_with("Đang xảy ra", json!({ "happening_now": true })).await;
    let urgent = app.resident().submits_with("Cứu người", json!({ "category": "khan_cap" })).await;
    assert_eq!(ana.finds("").await, [urgent.number, now.number.clone(), plain.number]);
    assert_eq!(ana.finds("priority=high").await, only(&now));
}

#[tokio::test]
async fn words_are_found_with_and_without_accents() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let house = app.tip("Nhà hoang cuối bản Đục có người lạ").await;
    let wood = app.resident().submits_with("Xe chở gỗ", json!({ "place": "đồi chè" })).await;
    // The third is `NHÀ HOANG`, the fourth `nhà hoang`, the last `đục`.
    for query in ["nha+hoang", "ban+duc", "NH%C3%80+HOANG", "nh%C3%A0+hoang", "%C4%91%E1%BB%A5c"] {
        assert_eq!(ana.finds(&format!("q={query}")).await, only(&house), "{query}");
    }
    assert_eq!(ana.finds("q=doi+che").await, only(&wood));
    assert_eq!(ana.finds("q=khong+co+dau").await, Vec::<String>::new());
}

/// How many tips have a wrap that opens fast.
async fn fast_wraps(app: &TestApp) -> u64 {
    let wraps = tip_wraps::Entity::find().filter(tip_wraps::Column::Holder.eq(WrapHolder::OfficeFast));
    wraps.count(app.app.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_search_leaves_what_it_opened_so_that_it_opens_fast_and_finds_the_same_by_that() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let (read, wood) = (app.tip("Nhà hoang").await, app.tip("Xe chở gỗ").await);
    ana.reads(&read).await.expect(200);
    assert_eq!(fast_wraps(&app).await, 1);
    assert_eq!(ana.finds("q=xe+cho+go").await, only(&wood));
    assert_eq!(fast_wraps(&app).await, 2);
    // With the slow ones gone, only what was left can have opened them.
    let slow = tip_wraps::Entity::delete_many().filter(tip_wraps::Column::Holder.eq(WrapHolder::Office));
    app.app.db.write(async |txn| slow.exec(txn).await).await.unwrap();
    assert_eq!(ana.finds("q=xe+cho+go").await, only(&wood));
    assert_eq!(ana.finds("q=nha+hoang").await, only(&read));
}

#[tokio::test]
async fn a_long_search_goes_on_from_page_to_page_and_finds_every_tip_once() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let mut wanted = BTreeSet::new();
    // More than are held open at a time.
    for i in 0..210 {
        let tip = app.tip(if i % 3 == 0 { "Xe chở gỗ" } else { "Nhà hoang" }).await;
        if i % 3 == 0 {
            wanted.insert(tip.number);
        }
    }
    for opens in ["slowly", "fast"] {
        let found = all_pages(&ana, "limit=40&q=go").await.concat();
        assert_eq!(found.len(), wanted.len(), "{opens}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), wanted, "{opens}");
    }
    assert_eq!(fast_wraps(&app).await, 210);
}

#[tokio::test]
async fn filters_show_what_they_name() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let here = app.resident().submits_with("ở Na Mèo", json!({ "unit": "15013" })).await;
    let other = app.resident().submits_with("đánh bạc", json!({ "category": "te_nan" })).await;
    ana.screens(&other).await.expect(200);
    ana.assigns(&here, &ana).await.expect(200);
    assert_eq!(ana.finds("unit=15013").await, only(&here));
    assert_eq!(ana.finds("category=te_nan").await, only(&other));
    assert_eq!(ana.finds("state=screening").await, only(&other));
    assert_eq!(ana.finds("state=received").await, only(&here));
    assert_eq!(ana.finds(&format!("assignee={}", ana.id())).await, only(&here));
    assert_eq!(ana.finds("state=screening&unit=15013").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_nobody_has_opened_is_unread_and_every_opening_is_on_record() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let tip = app.tip("Việc thường").await;
    let unread = async || ana.lists("").await.expect(200)["items"][0]["unread"].clone();
    assert_eq!(unread().await, 1);
    let seen = ana.reads(&tip).await.expect(200);
    assert_eq!(unread().await, 0);
    let reporter = app.resident().opens_thread(&tip).await;
    reporter.post("/api/v1/reporter/messages", json!({ "text": "Thêm" })).await.expect(201);
    assert_eq!(unread().await, 1);
    assert_eq!(seen["narrative"], "Việc thường");
    let seen = ana.reads(&tip).await.expect(200);
    let acts: Vec<String> = seen["history"].as_array().unwrap().iter().map(|act| text(&act["act"])).collect();
    assert_eq!(acts.iter().filter(|act| *act == "TipRead").count(), 2, "{acts:?}");
}
