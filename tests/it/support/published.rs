//! Sources of three years, and the release that tells of them: 26, 29 and 32, together 87.

use chrono::NaiveDate;
use entity::{enums::Role, ids::ValuationId};
use sea_orm::DbErr;
use serde_json::{Value, json};
use tipline::{
    reference::UnitKey,
    statistics::ledger::{self, Fact, Kind},
    valuations::RULE,
};

use super::{Officer, TestApp, deployment::INTAKE, people::text};

/// Day, place, category, channel, how many.
pub const SOURCES: [(&str, &str, &str, &str, usize); 9] = [
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

/// The officers who prepare, check and publish.
pub struct Press {
    ana: Officer,
    bich: Officer,
}

impl Press {
    pub async fn of(app: &TestApp) -> Self {
        let ana = app.officer("press-ana", &[Role::Investigator]).await;
        Self { ana, bich: app.officer("press-bich", &[Role::Commander]).await }
    }

    /// Prepares, checks and publishes; the release.
    pub async fn publishes(&self, from: &str, to: &str) -> Value {
        self.ends(self.prepares(from, to).await).await
    }

    pub async fn prepares(&self, from: &str, to: &str) -> Value {
        let release = self.ana.client.post("/api/v1/releases", json!({ "from": from, "to": to, "tables": [] })).await;
        release.expect(201)
    }

    pub async fn revises(&self, release: &Value) -> Value {
        let revision = self.ana.client.post_nothing(&format!("/api/v1/releases/{}/revise", text(&release["id"]))).await;
        self.ends(revision.expect(201)).await
    }

    async fn ends(&self, release: Value) -> Value {
        let address = format!("/api/v1/releases/{}", text(&release["id"]));
        self.bich.client.post_nothing(&format!("{address}/check")).await.expect(200);
        self.bich.client.post_nothing(&format!("{address}/publish")).await.expect(200)
    }
}

/// Puts confirmed sources into the ledger.
pub async fn counts(app: &TestApp, sources: &[(&str, &str, &str, &str, usize)]) {
    let office = app.office(INTAKE).await;
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let fact = |(on, unit, category, channel): (&str, &str, &str, &str)| Fact {
        recorded_on: day("2024-01-10"),
        effective_on: day(on),
        unit: Some(UnitKey { code: unit.to_owned(), valid_from: day("2019-12-01") }),
        category: Some(category.to_owned()),
        channel: Some(channel.to_owned()),
        valuation: Some(ValuationId::from(app.app.chance.uuid())),
        rule: Some(RULE),
        ..Fact::of_office(Kind::Confirmed, day(on), office)
    };
    let each = sources.iter().flat_map(|(on, unit, category, channel, count)| {
        std::iter::repeat_n((*on, *unit, *category, *channel), *count)
    });
    let facts: Vec<Fact> = each.map(fact).collect();
    let done = app.app.db.write(async |txn| ledger::record(txn, &app.app, facts).await).await;
    done.map_err(|error: DbErr| error.to_string()).unwrap();
}
