use std::collections::BTreeSet;

use chrono::Duration;
use entity::enums::Role;
use futures::future::join_all;
use serde_json::json;

use crate::support::{TestApp, people::text};

#[tokio::test]
async fn the_same_receipt_fifty_times_at_once_is_one_tip() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let tip = resident.writes("Đêm nào cũng có xe lạ").await;
    let answers = join_all((0..50).map(|_| resident.sends(&tip))).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1);
    let bodies: BTreeSet<String> = answers.iter().map(|answer| answer.json().to_string()).collect();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)));
    let stored = (app.count_rows("tips").await, app.count_rows("receipts").await, app.count_rows("tip_wraps").await);
    assert_eq!(stored, (1, 1, 2));
}

#[tokio::test]
async fn two_hundred_tips_at_once_are_all_stored() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let tips = join_all((0..200).map(async |i| resident.writes(&format!("Việc thứ {i}")).await)).await;
    let answers = join_all(tips.iter().map(|tip| resident.sends(tip))).await;
    let numbers: BTreeSet<String> = answers.into_iter().map(|answer| text(&answer.expect(201)["number"])).collect();
    assert_eq!(numbers.len(), 200);
    assert_eq!(app.count_rows("tips").await, 200);
}

#[tokio::test]
async fn a_repeat_after_a_lost_answer_gets_the_same_answer_and_stores_nothing() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let resident = app.resident();
    let mut tip = resident.writes("Có người bán pháo nổ").await;
    let told = resident.sends(&tip).await.expect(201);
    let before = app.all_rows().await;
    // The ticket ended meanwhile, and the text was changed: the receipt alone tells that it was sent before.
    app.app.clock.advance(Duration::days(400));
    tip["narrative"] = json!("khác");
    assert_eq!(resident.sends(&tip).await.expect(200), told);
    assert_eq!(app.all_rows().await, before);
    let ana = app.logs_in(&ana.staff.username, crate::support::deployment::PASSWORD).await;
    let found = ana.lists("").await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_ticket_stores_nothing_and_never_repeats() {
    let app = TestApp::spawn().await;
    let before = app.all_rows().await;
    let resident = app.resident();
    let mut receipts = BTreeSet::new();
    for _ in 0..50 {
        let receipt = text(&resident.asks_for_a_ticket().await["receipt"]);
        let groups: Vec<&str> = receipt.split(' ').collect();
        assert!(groups.len() == 6 && groups.iter().all(|group| group.len() == 4), "{receipt}");
        receipts.insert(receipt);
    }
    assert_eq!(receipts.len(), 50);
    assert_eq!(app.all_rows().await, before);
}

#[tokio::test]
async fn two_nodes_over_one_database_take_one_receipt_once() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (_node, _server, other) = app.another_node().await;
    let resident = app.resident();
    let tip = resident.writes("Khai thác gỗ trái phép").await;
    let sends = (0..20).map(|i| {
        let client = if i % 2 == 0 { &resident.client } else { &other };
        client.post("/api/v1/tips", tip.clone())
    });
    let answers = join_all(sends).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 19);
    assert_eq!(app.count_rows("tips").await, 1);
}

/// What arrives together is stored together: one in the others' way takes nobody along, and each is told its own fate.
#[tokio::test]
async fn repeats_among_many_at_once_on_two_nodes_keep_nobody_from_being_stored() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let (_node, _server, other) = app.another_node().await;
    let resident = app.resident();
    let tips = join_all((0..40).map(async |i| resident.writes(&format!("Việc thứ {i}")).await)).await;
    // Every fourth one is sent six times, over both nodes; the rest once.
    let mut sends = Vec::new();
    for (i, tip) in tips.iter().enumerate() {
        for copy in 0..if i % 4 == 0 { 6 } else { 1 } {
            let client = if copy % 2 == 0 { &resident.client } else { &other };
            sends.push(async move { (i, client.post("/api/v1/tips", tip.clone()).await) });
        }
    }
    let mut told = vec![Vec::new(); tips.len()];
    for (i, answer) in join_all(sends).await {
        assert!(matches!(answer.status, 200 | 201), "{}", answer.status);
        told[i].push((answer.status, text(&answer.json()["number"])));
    }
    for told in &told {
        assert_eq!(told.iter().filter(|(status, _)| *status == 201).count(), 1, "{told:?}");
        assert!(told.iter().all(|(_, number)| *number == told[0].1), "{told:?}");
    }
    assert_eq!((app.count_rows("tips").await, app.count_rows("receipts").await), (40, 40));
    app.reconciles().await;
}
