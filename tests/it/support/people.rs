//! The people of a test, and what they do, in the words of the rules.

use chrono::NaiveDate;
use entity::{
    enums::{Mode, TipStatus},
    ids::{OfficeId, TipId},
    tips,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tipline::staff::{Staff, Tokens};

use super::{
    TestApp,
    http::{Answer, Client},
};

/// A tip as its reporter and the test know it.
#[derive(Clone, Debug)]
pub struct Tip {
    pub id: String,
    pub number: String,
    pub receipt: String,
    /// What the reporter was told.
    pub told: Value,
}

/// A row of a tip that nobody sent and nobody can open, new on a day long ago: for tests that need many.
pub fn bare_tip(id: TipId, number: String, office: OfficeId) -> tips::ActiveModel {
    tips::ActiveModel {
        id: Set(id),
        number: Set(number),
        office_id: Set(office),
        unit_code: Set(None),
        unit_valid_from: Set(None),
        category: Set("ma_tuy".to_owned()),
        channel: Set("web".to_owned()),
        mode: Set(Mode::Anonymous),
        status: Set(TipStatus::Received),
        asked_from: Set(None),
        priority: Set(0),
        received_on: Set(NaiveDate::default()),
        assignee_id: Set(None),
        unread: Set(0),
        message_count: Set(0),
        duplicate_of: Set(None),
        version: Set(1),
        sealed: Set(vec![0; 8]),
        contact_sealed: Set(None),
    }
}

/// Somebody without an account.
pub struct Resident<'a> {
    app: &'a TestApp,
    pub client: Client,
}

impl<'a> Resident<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { client: app.client(), app }
    }

    /// A receipt and its ticket: `{receipt, ticket}`.
    pub async fn asks_for_a_ticket(&self) -> Value {
        let mut drawn = self.client.post_nothing("/api/v1/tickets").await.expect(201);
        // Where many were drawn before, a ticket asks for work.
        if drawn.as_object_mut().is_some_and(|drawn| drawn.remove("work").is_some()) {
            drawn["ticket"] = json!(vault::ticket::work(&text(&drawn["ticket"])));
        }
        drawn
    }

    /// A tip as this resident would send it, with a fresh receipt.
    pub async fn writes(&self, narrative: &str) -> Value {
        let mut tip = self.asks_for_a_ticket().await;
        tip["category"] = json!("ma_tuy");
        tip["narrative"] = json!(narrative);
        tip
    }

    pub async fn sends(&self, tip: &Value) -> Answer {
        self.client.post("/api/v1/tips", tip.clone()).await
    }

    pub async fn submits(&self, narrative: &str) -> Tip {
        self.submits_with(narrative, json!({})).await
    }

    /// Submits with more fields than the narrative.
    pub async fn submits_with(&self, narrative: &str, more: Value) -> Tip {
        let mut tip = self.writes(narrative).await;
        for (field, value) in more.as_object().into_iter().flatten() {
            tip[field] = value.clone();
        }
        let told = self.sends(&tip).await.expect(201);
        let number = text(&told["number"]);
        let row = tips::Entity::find()
            .filter(tips::Column::Number.eq(number.as_str()))
            .one(self.app.app.db.read())
            .await
            .unwrap()
            .expect("a tip that was acknowledged is stored");
        Tip { id: row.id.to_string(), number, receipt: text(&tip["receipt"]), told }
    }

    /// A tip that was sent through the pages, by its number and receipt.
    pub async fn recalls(&self, number: &str, receipt: &str) -> Tip {
        let found = tips::Entity::find().filter(tips::Column::Number.eq(number)).one(self.app.app.db.read());
        let row = found.await.unwrap().expect("a tip that is listed is stored");
        Tip { id: row.id.to_string(), number: number.into(), receipt: receipt.into(), told: Value::Null }
    }

    pub async fn shows(&self, receipt: &str) -> Answer {
        self.client.post("/api/v1/reporter/sessions", json!({ "receipt": receipt })).await
    }

    /// The reporter's side of a tip.
    pub async fn opens_thread(&self, tip: &Tip) -> Client {
        let opened = self.shows(&tip.receipt).await.expect(201);
        self.client.bearing(&text(&opened["token"]))
    }
}

/// An officer with a session.
pub struct Officer {
    pub client: Client,
    pub tokens: Tokens,
    pub staff: Staff,
}

impl Officer {
    pub fn id(&self) -> String {
        self.staff.id.to_string()
    }

    pub async fn does(&self, tip: &Tip, verb: &str, with: Value) -> Answer {
        let path = format!("/api/v1/tips/{}/{verb}", tip.id);
        match with {
            Value::Null => self.client.post_nothing(&path).await,
            with => self.client.post(&path, with).await,
        }
    }

    pub async fn screens(&self, tip: &Tip) -> Answer {
        self.does(tip, "screen", Value::Null).await
    }

    pub async fn accepts(&self, tip: &Tip) -> Answer {
        self.does(tip, "accept", Value::Null).await
    }

    pub async fn asks(&self, tip: &Tip, text: &str) -> Answer {
        self.does(tip, "ask", json!({ "text": text })).await
    }

    pub async fn replies(&self, tip: &Tip, text: &str) -> Answer {
        self.does(tip, "reply", json!({ "text": text })).await
    }

    pub async fn notes(&self, tip: &Tip, text: &str) -> Answer {
        self.does(tip, "note", json!({ "text": text })).await
    }

    pub async fn assigns(&self, tip: &Tip, to: &Officer) -> Answer {
        self.does(tip, "assign", json!({ "assignee": to.id() })).await
    }

    pub async fn dismisses(&self, tip: &Tip, why: &str) -> Answer {
        self.does(tip, "dismiss", json!({ "why": why, "reason": "không có nội dung" })).await
    }

    pub async fn refers(&self, tip: &Tip) -> Answer {
        self.does(tip, "refer", json!({ "to": "Hạt Kiểm lâm", "reason": "thuộc thẩm quyền kiểm lâm" })).await
    }

    pub async fn marks_duplicate(&self, tip: &Tip, of: &Tip) -> Answer {
        self.does(tip, "mark-duplicate", json!({ "of": of.id, "reason": "cùng một việc" })).await
    }

    pub async fn reopens(&self, tip: &Tip) -> Answer {
        self.does(tip, "reopen", json!({ "reason": "có thêm thông tin" })).await
    }

    pub async fn opens_case(&self, tip: &Tip, title: &str) -> Answer {
        self.does(tip, "open-case", json!({ "title": title })).await
    }

    pub async fn links(&self, tip: &Tip, case: &str) -> Answer {
        self.does(tip, "link-case", json!({ "case": case })).await
    }

    pub async fn records(&self, case: &str, kind: &str, decided_on: &str) -> Answer {
        self.records_with(case, json!({ "kind": kind, "decided_on": decided_on })).await
    }

    pub async fn records_with(&self, case: &str, outcome: Value) -> Answer {
        self.client.post(&format!("/api/v1/cases/{case}/outcomes"), outcome).await
    }

    pub async fn attests(&self, tip: &Tip, outcome: &str) -> Answer {
        self.does(tip, "attest-value", json!({ "outcome": outcome, "reason": "tin dẫn tới bắt giữ" })).await
    }

    pub async fn confirms(&self, valuation: &str) -> Answer {
        self.client.post_nothing(&format!("/api/v1/valuations/{valuation}/confirm")).await
    }

    pub async fn revokes(&self, valuation: &str) -> Answer {
        let reason = json!({ "reason": "nguồn khác đã báo trước" });
        self.client.post(&format!("/api/v1/valuations/{valuation}/revoke"), reason).await
    }

    pub async fn reads(&self, tip: &Tip) -> Answer {
        self.client.get(&format!("/api/v1/tips/{}", tip.id)).await
    }

    /// The queue, filtered by a query string.
    pub async fn lists(&self, query: &str) -> Answer {
        self.client.get(&format!("/api/v1/tips?{query}")).await
    }

    /// The queue's tips, by number.
    pub async fn finds(&self, query: &str) -> Vec<String> {
        let page = self.lists(query).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|tip| text(&tip["number"])).collect()
    }

    /// Valuable sources of 2024, the year of these tests.
    pub async fn counts(&self, by: &str) -> Value {
        let path = format!("/api/v1/statistics/valuable-sources?from=2024-01-01&to=2024-12-31&by={by}");
        self.client.get(&path).await.expect(200)
    }

    pub async fn total(&self) -> u64 {
        self.counts("year").await["total"].as_u64().unwrap()
    }
}

/// A tip that was taken along the line to an outcome that makes its source valuable.
pub struct Worked {
    pub tip: Tip,
    pub case: String,
    pub outcome: String,
}

impl Worked {
    /// `officer` does it all; only the confirmation needs a second one.
    pub async fn by(officer: &Officer, tip: Tip) -> Self {
        officer.screens(&tip).await.expect(200);
        officer.accepts(&tip).await.expect(200);
        let case = text(&officer.opens_case(&tip, "Vụ việc cuối bản").await.expect(201)["id"]);
        let outcome = text(&officer.records(&case, "khoi_to", "2024-06-03").await.expect(201)["id"]);
        Self { tip, case, outcome }
    }

    /// The valuation's id.
    pub async fn attested_by(&self, officer: &Officer) -> String {
        text(&officer.attests(&self.tip, &self.outcome).await.expect(201)["id"])
    }
}

/// A JSON string that has to be there.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
