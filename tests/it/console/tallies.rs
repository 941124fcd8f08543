//! What the tabs of the queue say of a desk where more lies than anybody counts.

use chrono::Days;
use entity::{
    enums::{Role, TipStatus},
    ids::{OfficeId, TipId, TipReaderId},
    tips,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Set};
use tipline::tips::{MOST_COUNTED, MOST_COUNTED_ENDED, custody};

use crate::support::{TestApp, desk::Desk, people::bare_tip};

/// Tips in one state, of which nobody holds a key.
async fn lie(app: &TestApp, office: OfficeId, status: TipStatus, number: u64) {
    let row = |at: u64| tips::ActiveModel {
        status: Set(status),
        received_on: Set(app.app.clock.today() - Days::new(at % 100)),
        ..bare_tip(app.app.chance.uuid().into(), format!("{status}{at}"), office)
    };
    let rows: Vec<_> = (0..number).map(row).collect();
    let fill = async |txn: &DatabaseTransaction| {
        for lot in rows.chunks(500) {
            tips::Entity::insert_many(lot.to_vec()).exec_without_returning(txn).await?;
        }
        Ok::<_, DbErr>(())
    };
    app.app.db.write(fill).await.unwrap();
}

/// What stands at the tab of a lane.
async fn tab(desk: &Desk, lane: &str) -> String {
    let page = desk.get("/console").await.text();
    let (_, rest) = page.split_once(&format!("data-lane=\"{lane}\"")).unwrap();
    let (_, rest) = rest.split_once("<span class=\"n\">").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_state_is_counted_exactly_up_to_a_bound_and_what_is_hidden_is_never_counted() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let sent = app.tip("Xe lạ cuối bản").await;
    let office = tips::Entity::find_by_id(sent.id.parse::<TipId>().unwrap());
    let office = office.one(app.app.db.read()).await.unwrap().unwrap().office_id;
    lie(&app, office, TipStatus::Spam, MOST_COUNTED_ENDED + 1).await;
    let desk = Desk::at_work(&app, "ana").await;
    assert_eq!(tab(&desk, "ended").await, format!("{MOST_COUNTED_ENDED}+"));
    assert_eq!(tab(&desk, "new").await, "1");
    lie(&app, office, TipStatus::Screening, MOST_COUNTED).await;
    assert_eq!(tab(&desk, "screening").await, MOST_COUNTED.to_string());
    lie(&app, office, TipStatus::Verifying, MOST_COUNTED + 1).await;
    assert_eq!(tab(&desk, "verifying").await, format!("{MOST_COUNTED}+"));

    // A search counts all of them, since it reads through all of them, and goes on with that number.
    let page = desk.get("/console?lane=ended&q=suoi").await.text();
    assert!(page.contains(&format!("{0} / {0}", MOST_COUNTED_ENDED + 1)), "{page}");

    // One is left to another officer by name: as many as are counted are left.
    let spam = tips::Entity::find().filter(tips::Column::Status.eq(TipStatus::Spam));
    let spam = spam.one(app.app.db.read()).await.unwrap().unwrap().id;
    let (id, now) = (TipReaderId::from(app.app.chance.uuid()), app.app.clock.now());
    let named = (spam, binh.staff.id);
    let hide = async |txn: &DatabaseTransaction| custody::store::insert_reader(txn, id, named, ana.staff.id, now).await;
    app.app.db.write(hide).await.unwrap();
    assert_eq!(tab(&desk, "ended").await, MOST_COUNTED_ENDED.to_string());
    assert_eq!(tab(&Desk::at_work(&app, "binh").await, "ended").await, format!("{MOST_COUNTED_ENDED}+"));
}
