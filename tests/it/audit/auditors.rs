use entity::{audit_links, audit_rows, enums::Role};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};
use tipline::audit::{self, Object};

use super::sequence;
use crate::support::{
    Officer, TestApp,
    deployment::{INTAKE, NA_MEO},
};

#[tokio::test]
async fn an_auditor_sees_acts_of_the_own_offices_and_beneath_and_never_contents() {
    let app = TestApp::spawn().await;
    let screener = app.officer("lan", &[Role::Screener]).await;
    let tip = app.tip("bí mật ở cuối bản").await;
    screener.client.get(&format!("/api/v1/tips/{}", tip.id)).await.expect(200);
    let above = app.officer("minh", &[Role::Auditor]).await;
    let beneath = app.officer_at(NA_MEO, "hoa", &[Role::Auditor]).await;
    sequence(&app.app).await;

    screener.client.get("/api/v1/audit").await.expect_problem(403, "forbidden");
    let read = above.client.get("/api/v1/audit?act=TipRead").await.expect(200);
    assert_eq!(read["items"].as_array().unwrap().len(), 1);
    assert_eq!((&read["items"][0]["username"], &read["items"][0]["object"]), (&"lan".into(), &tip.id.clone().into()));
    let object = format!("/api/v1/audit?object={}", tip.id);
    // A resident's act of today has no place yet: it would tell the time.
    assert_eq!(above.client.get(&object).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(beneath.client.get(&object).await.expect(200)["items"].as_array().unwrap().len(), 0);
    let logged_in = above.client.get("/api/v1/audit?act=LoggedIn").await;
    let people = logged_in.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(people, 3, "who works in an office beneath is seen too: {}", logged_in.text());
    assert_eq!(
        beneath.client.get("/api/v1/audit?act=LoggedIn").await.expect(200)["items"].as_array().unwrap().len(),
        1
    );
    assert!(!above.client.get("/api/v1/audit").await.text().contains("mật"));
}

#[tokio::test]
async fn a_list_is_paged_and_refuses_what_it_does_not_know() {
    let app = TestApp::spawn().await;
    let auditor = app.officer("minh", &[Role::Auditor]).await;
    app.officer("lan", &[Role::Screener]).await;
    sequence(&app.app).await;
    let all = auditor.client.get("/api/v1/audit").await.expect(200)["items"].as_array().unwrap().clone();
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = auditor.client.get(&format!("/api/v1/audit?limit=2&cursor={cursor}")).await.expect(200);
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert!(all.len() > 3);
    assert_eq!(paged, all);
    auditor.client.get("/api/v1/audit?cursor=x").await.expect_problem(400, "invalid_cursor");
    auditor.client.get("/api/v1/audit?actor=x").await.expect_problem(400, "invalid_query");
    let reversed = "/api/v1/audit?from=2024-06-02&to=2024-06-01";
    auditor.client.get(reversed).await.expect_problem(422, "period_reversed");
    let later = auditor.client.get("/api/v1/audit?from=2024-06-04").await.expect(200);
    assert_eq!(later["items"].as_array().unwrap().len(), 0);
}

/// Places of all acts of a kind that an auditor is shown, page by page.
async fn places(auditor: &Officer, act: &str) -> Vec<i64> {
    let (mut places, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = auditor.client.get(&format!("/api/v1/audit?act={act}&limit=100&cursor={cursor}")).await.expect(200);
        places.extend(page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_i64().unwrap()));
        let Some(next) = page["next_cursor"].as_str() else { return places };
        cursor = next.to_owned();
    }
}

#[tokio::test]
async fn few_acts_and_many_are_shown_in_one_order_and_others_never() {
    let app = TestApp::spawn().await;
    let screener = app.officer("lan", &[Role::Screener]).await;
    let beneath = app.officer_at(NA_MEO, "hoa", &[Role::Auditor]).await;
    let offices = [app.office(NA_MEO).await, app.office(INTAKE).await];
    for number in [150, audit::FEW_ACTS] {
        let write = async |txn: &DatabaseTransaction| {
            for at in 0..number {
                let (object, turn) = (Object::Tip(app.app.chance.uuid().into()), usize::try_from(at % 2).unwrap());
                for office in [offices[turn], offices[1 - turn]] {
                    audit::record_officer(txn, &app.app, &screener.staff, Some(office), "TipRead", object).await?;
                }
            }
            Ok::<_, DbErr>(())
        };
        app.app.db.write(write).await.unwrap();
        sequence(&app.app).await;
        let acts = audit_links::Entity::find().find_also_related(audit_rows::Entity);
        let own =
            acts.filter(audit_rows::Column::OfficeId.eq(offices[0])).filter(audit_rows::Column::Act.eq("TipRead"));
        let own = own.order_by_desc(audit_links::Column::Seq).all(app.app.db.read()).await.unwrap();
        let expected: Vec<i64> = own.iter().map(|(link, _)| link.seq).collect();
        assert_eq!(places(&beneath, "TipRead").await, expected);
        assert_eq!(places(&beneath, "LoggedIn").await.len(), 1);
    }
}

#[tokio::test]
async fn an_export_has_all_and_is_on_record_itself() {
    let app = TestApp::spawn().await;
    let auditor = app.officer("minh", &[Role::Auditor]).await;
    app.officer("lan", &[Role::Screener]).await;
    sequence(&app.app).await;
    let listed = auditor.client.get("/api/v1/audit").await.expect(200)["items"].as_array().unwrap().clone();
    let lines = auditor.client.get("/api/v1/audit/export").await;
    assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
    let parsed: Vec<serde_json::Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(parsed, listed);
    let csv = auditor.client.get("/api/v1/audit/export?format=csv").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.text().lines().count(), listed.len() + 1);
    assert!(csv.text().starts_with("seq,id,at,day,actor,"), "{}", csv.text());
    auditor.client.get("/api/v1/audit/export?format=xml").await.expect_problem(400, "invalid_query");
    sequence(&app.app).await;
    let exports = auditor.client.get("/api/v1/audit?act=AuditExported").await.expect(200);
    assert_eq!(exports["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_tip_that_went_where_an_office_must_not_look_is_gone_from_its_record_too() {
    let app = TestApp::spawn().await;
    let there = app.officer_at(NA_MEO, "hoa", &[Role::Screener, Role::Auditor]).await;
    let above = app.officer("minh", &[Role::Auditor]).await;
    let tip = app.resident().submits_with("công an xã nhận tiền", serde_json::json!({ "unit": "15013" })).await;
    there.reads(&tip).await.expect(200);
    sequence(&app.app).await;
    let acts = async |officer: &crate::support::Officer| {
        let page = officer.client.get(&format!("/api/v1/audit?object={}", tip.id)).await.expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!((acts(&there).await, acts(&above).await), (1, 1));

    let id: entity::ids::TipId = tip.id.parse().unwrap();
    let elsewhere = app.office(crate::support::deployment::INTAKE).await;
    let moved = entity::tips::ActiveModel { id: Set(id), office_id: Set(elsewhere), ..Default::default() };
    app.app.db.write(async |txn| moved.update(txn).await).await.unwrap();
    assert_eq!((acts(&there).await, acts(&above).await), (0, 1));
    let own = there.client.get("/api/v1/audit?act=TipRead").await.expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 0, "not by looking for one's own acts either: {own}");
}
