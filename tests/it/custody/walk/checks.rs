//! What must hold after each step.

use std::collections::BTreeSet;

use entity::{enums::WrapHolder, ids::TipId, tip_wraps};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tipline::{
    staff::{Permission, Staff},
    tips::{self, Filter, thread},
};
use uuid::Uuid;

use super::world::{Live, World};

impl World {
    pub async fn every_actor_opens_what_the_matrix_says(&self) {
        let mut readers = vec![0; self.tips.len()];
        let looked_at = self.any(self.actors.len());
        for at in 0..self.actors.len() {
            let Some(staff) = self.staff(at) else { continue };
            for (tip, live) in self.tips.iter().enumerate() {
                let opened = tips::open_for(&self.app.app, &staff, live.id, Permission::ReadTips).await;
                let (opened, expected) = (opened.map_err(|error| error.to_string()).err(), self.opens(at, live));
                assert_eq!(opened.is_none(), expected, "actor {at}, tip {tip}: {opened:?}\n{}", self.story());
                readers[tip] += u32::from(expected);
            }
            if at == looked_at {
                self.lists_show_what_is_seen(at, &staff).await;
            }
        }
        assert!(readers.iter().all(|count| *count > 0), "{readers:?}\n{}", self.story());
        for bystander in self.administrators.iter().chain(&self.custodians) {
            let staff = bystander.staff.as_ref().unwrap();
            for live in &self.tips {
                let opened = tips::open_for(&self.app.app, staff, live.id, Permission::ReadTips).await;
                assert!(opened.is_err(), "{}\n{}", bystander.name, self.story());
            }
        }
        self.shares_are_sealed_to_their_holders().await;
        self.what_has_ended_stays_shut().await;
        if let Some(tip) = self.tip_at() {
            self.keys_are_sealed_to_those_and_to_nobody_else(&self.tips[tip]).await;
        }
    }

    async fn lists_show_what_is_seen(&self, at: usize, staff: &Staff) {
        let mut shown = BTreeSet::new();
        for informed in [false, true] {
            let filter = Filter { informed, limit: Some(200), ..Default::default() };
            let page = tips::list(&self.app.app, staff, &filter).await.unwrap();
            assert_eq!(page.next_cursor, None, "a longer page is needed");
            shown.extend(page.items.into_iter().map(|row| row.number));
        }
        for live in &self.tips {
            assert_eq!(shown.contains(&live.number), self.sees(at, live), "actor {at}\n{}", self.story());
        }
    }

    pub(super) async fn wraps_of(&self, tip: TipId) -> Vec<tip_wraps::Model> {
        let rows = tip_wraps::Entity::find().filter(tip_wraps::Column::TipId.eq(tip));
        rows.all(self.app.app.db.read()).await.unwrap()
    }

    async fn keys_are_sealed_to_those_and_to_nobody_else(&self, live: &Live) {
        let rows = self.wraps_of(live.id).await;
        let holds = |wanted: WrapHolder| -> BTreeSet<Uuid> {
            rows.iter().filter(|row| row.holder == wanted).map(|row| row.holder_id).collect()
        };
        let own = Some(live.office).filter(|_| live.readers.is_empty());
        let offices: BTreeSet<Uuid> =
            own.into_iter().chain(live.informed.iter().copied()).map(|at| self.offices[at].into()).collect();
        let officers: BTreeSet<Uuid> = live.readers.iter().map(|at| self.actors[*at].id.into()).collect();
        assert_eq!(holds(WrapHolder::Office), offices, "{}", self.story());
        assert!(holds(WrapHolder::OfficeFast).is_subset(&offices), "{}", self.story());
        assert_eq!(holds(WrapHolder::Officer), officers, "{}", self.story());
        let reporters = [WrapHolder::Reporter, WrapHolder::ReporterFast].map(|holder| holds(holder).len());
        assert_eq!(reporters.iter().sum::<usize>(), 1, "{}", self.story());
        let opened = thread::open_thread(&self.app.app, &live.receipt).await.unwrap();
        let reporter = thread::authenticate(&self.app.app, opened.token.expose()).await.unwrap();
        thread::read_thread(&self.app.app, &reporter).await.unwrap_or_else(|error| panic!("{error}\n{}", self.story()));
    }

    pub async fn reconciles(&self) {
        self.app.reconciles().await;
    }
}
