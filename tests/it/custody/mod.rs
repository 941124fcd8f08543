//! Who can open what, after people and tips have come and gone.

mod keepers;
mod membership;
mod nodes;
mod oversight;
mod passing_on;
mod rotation;
mod walk;

use entity::{enums::WrapHolder, ids::TipId, tip_wraps};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tipline::statistics::invariants;
use uuid::Uuid;

use crate::support::{Officer, TestApp, Tip};

/// The police of Sơn Thủy, unit 15010.
const SON_THUY: &str = "ca-xa-15010-2019";

impl Officer {
    async fn transfers(&self, tip: &Tip, to: &str) -> crate::support::http::Answer {
        self.does(tip, "transfer", json!({ "office": to, "reason": "thuộc địa bàn bên ấy" })).await
    }

    async fn removes(&self, office: &str, officer: &Officer) -> crate::support::http::Answer {
        let path = format!("/api/v1/offices/{office}/members/{}/remove", officer.id());
        self.client.post_nothing(&path).await
    }

    async fn grants(&self, office: &str, officer: &Officer) -> crate::support::http::Answer {
        let path = format!("/api/v1/offices/{office}/members/{}/grant-key", officer.id());
        self.client.post(&path, json!({ "key_fingerprint": officer.staff.key_fingerprint() })).await
    }

    async fn rewraps(&self, office: &str) -> Value {
        self.client.post_nothing(&format!("/api/v1/offices/{office}/rewrap")).await.expect(200)
    }

    /// That the tip is nowhere for this officer: not to be read, listed, searched or changed.
    async fn sees_nothing_of(&self, tip: &Tip) {
        self.reads(tip).await.expect_problem(404, "no_such_tip");
        self.screens(tip).await.expect_problem(404, "no_such_tip");
        for query in ["", "informed=true", "q=suoi", &format!("q={}", tip.number)] {
            assert!(!self.finds(query).await.contains(&tip.number), "{query}");
        }
    }
}

impl TestApp {
    /// Whose keys a tip's key is sealed to, by kind and id, each once.
    async fn holders(&self, tip: &Tip) -> Vec<(WrapHolder, Uuid)> {
        let rows = tip_wraps::Entity::find().filter(tip_wraps::Column::TipId.eq(tip.id.parse::<TipId>().unwrap()));
        let rows = rows.all(self.app.db.read()).await.unwrap();
        let mut holders: Vec<(WrapHolder, Uuid)> = rows.iter().map(|row| (row.holder, row.holder_id)).collect();
        holders.sort_unstable();
        holders
    }

    /// That the figures of every office reconcile today.
    pub async fn reconciles(&self) {
        let today = self.app.clock.today();
        for office in tipline::units::store::all_offices(self.app.db.read()).await.unwrap() {
            let offices = vec![office.id];
            let (from, to) = ("2024-01-01".parse().unwrap(), today);
            let scope = invariants::Scope { offices, from, to, as_of: today, today };
            for found in invariants::check(self.app.db.read(), &self.app.reference, &scope).await.unwrap() {
                assert!(found.holds(), "{}: {found:?}", office.code);
            }
        }
    }
}
