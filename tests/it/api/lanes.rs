//! The queue of an officer of several offices, beside one that is sorted as a whole.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};
use entity::{
    enums::{Role, TipStatus},
    ids::{OfficeId, RoleGrantId, TipId, TipReaderId},
    tips,
};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, Set};
use tipline::{staff, tips::custody};

use super::queue::all_pages;
use crate::support::{
    TestApp,
    deployment::INTAKE,
    people::{Officer, bare_tip},
};

const STATES: [TipStatus; 4] = [TipStatus::Received, TipStatus::Accepted, TipStatus::Spam, TipStatus::Closed];

/// What decides where a tip stands, and whether it does.
#[derive(Clone, Debug)]
struct Lying {
    id: TipId,
    number: String,
    office: OfficeId,
    state: TipStatus,
    priority: i16,
    day: NaiveDate,
    category: &'static str,
    hidden: bool,
}

impl Lying {
    /// Few days for many tips, so that places are told apart by their ids, too.
    fn any(app: &TestApp, at: u64, offices: [OfficeId; 2]) -> Self {
        let below = |n| app.app.chance.below(n);
        let pick = |n: usize| usize::try_from(below(n as u64)).unwrap();
        Self {
            id: TipId::from(app.app.chance.uuid()),
            number: format!("B{at}"),
            office: offices[pick(2)],
            state: STATES[pick(4)],
            priority: i16::try_from(below(3)).unwrap(),
            day: app.app.clock.today() - Days::new(below(3)),
            category: ["ma_tuy", "te_nan"][pick(2)],
            hidden: below(8) == 0,
        }
    }

    fn row(self) -> tips::ActiveModel {
        tips::ActiveModel {
            category: Set(self.category.to_owned()),
            status: Set(self.state),
            priority: Set(self.priority),
            received_on: Set(self.day),
            ..bare_tip(self.id, self.number, self.office)
        }
    }
}

/// The tips, some of which are left to another officer by name.
async fn lie(app: &TestApp, lying: &[Lying], other: &Officer) {
    let fill = async |txn: &DatabaseTransaction| {
        let rows = lying.iter().cloned().map(Lying::row);
        tips::Entity::insert_many(rows).exec_without_returning(txn).await?;
        for tip in lying.iter().filter(|tip| tip.hidden) {
            let (id, now) = (TipReaderId::from(app.app.chance.uuid()), app.app.clock.now());
            custody::store::insert_reader(txn, id, (tip.id, other.staff.id), other.staff.id, now).await?;
        }
        Ok::<_, DbErr>(())
    };
    app.app.db.write(fill).await.unwrap();
}

/// All numbers of a list, page by page.
async fn listed(officer: &Officer, query: &str, limit: usize) -> Vec<String> {
    let pages = all_pages(officer, &format!("{query}&limit={limit}")).await;
    // Whoever is told that there is more gets a whole page.
    assert!(pages.iter().rev().skip(1).all(|page| page.len() == limit), "{query}");
    pages.concat()
}

/// All numbers that a search finds: a page of it may be short.
async fn searched(officer: &Officer, query: &str) -> Vec<String> {
    all_pages(officer, &format!("{query}&limit=7")).await.concat()
}

#[tokio::test]
async fn tips_of_several_offices_and_states_stand_in_one_order_on_all_pages() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let binh = app.officer("binh", &[Role::Screener]).await;
    let offices = [app.office(INTAKE).await, app.office("ca-xa-15022-2019").await];
    let (id, now) = (RoleGrantId::from(app.app.chance.uuid()), app.app.clock.now());
    let grant = async |txn: &DatabaseTransaction| {
        staff::store::insert_grant(txn, id, ana.staff.id, offices[1], Role::Screener, None, now).await
    };
    app.app.db.write(grant).await.unwrap();
    let mut lying: Vec<Lying> = (0..300).map(|at| Lying::any(&app, at, offices)).collect();
    lie(&app, &lying, &binh).await;
    lying.sort_by_key(|tip| (Reverse(tip.priority), tip.day, tip.id));
    let expected = |keep: &dyn Fn(&Lying) -> bool| -> Vec<String> {
        lying.iter().filter(|tip| !tip.hidden && keep(tip)).map(|tip| tip.number.clone()).collect()
    };
    let open = |tip: &Lying| matches!(tip.state, TipStatus::Received | TipStatus::Accepted);
    let second = format!("office={}", offices[1]);
    // All numbers have a B. Of the second office she has no key yet, and searches the first alone.
    let keyed = |tip: &Lying| tip.office == offices[0];
    assert_eq!(searched(&ana, "q=b").await, expected(&keyed));
    assert_eq!(searched(&ana, "q=b&state=received,accepted").await, expected(&|tip| keyed(tip) && open(tip)));
    for limit in [7, 100] {
        assert_eq!(listed(&ana, "", limit).await, expected(&|_| true));
        assert_eq!(listed(&ana, "state=accepted,received", limit).await, expected(&open));
        assert_eq!(
            listed(&ana, "state=spam,spam", limit).await,
            expected(&|tip| tip.state == TipStatus::Spam),
            "named twice"
        );
        assert_eq!(listed(&ana, &second, limit).await, expected(&|tip| tip.office == offices[1]));
        assert_eq!(
            listed(&ana, &format!("{second}&state=received,accepted"), limit).await,
            expected(&|tip| tip.office == offices[1] && open(tip))
        );
        assert_eq!(
            listed(&ana, "state=received,accepted&priority=high&category=te_nan", limit).await,
            expected(&|tip| open(tip) && tip.priority == 1 && tip.category == "te_nan")
        );
    }
}
