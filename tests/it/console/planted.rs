//! Hostile words where officers write them and are named, for the pages that show them. Shared with the browser tests.

use entity::{enums::Role, officers, offices};
use sea_orm::{DbErr, EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Officer, TestApp, Tip, deployment::NA_MEO, http::Answer, people::text};

/// All words, several in each text, so that a text has no more characters than a field takes.
pub fn batches(words: &[String], most: usize) -> Vec<String> {
    let mut batches: Vec<String> = Vec::new();
    for word in words {
        match batches.last_mut() {
            Some(last) if last.chars().count() + word.chars().count() < most => *last = format!("{last} {word}"),
            Some(_) | None => batches.push(word.clone()),
        }
    }
    batches
}

/// Those who give reasons.
pub struct People {
    pub ana: Officer,
    pub bao: Officer,
    pub custodians: Vec<Officer>,
}

/// Pages that show what was written, and the one that only the other office's officer sees.
pub struct Planted {
    pub pages: Vec<String>,
    pub elsewhere: String,
}

impl People {
    pub async fn of(app: &TestApp) -> Self {
        let mut custodians = Vec::new();
        for name in ["giu.mot", "giu.hai", "giu.ba"] {
            custodians.push(app.officer(name, &[Role::Custodian]).await);
        }
        // Of the other office, for the pages there.
        app.officer_at(NA_MEO, "binh", &[Role::Screener]).await;
        Self {
            ana: app.officer("ana", &[Role::Screener, Role::Investigator]).await,
            bao: app.officer("bao", &[Role::Commander]).await,
            custodians,
        }
    }

    /// Gives a text for every reason that the line asks an officer for.
    pub async fn give_reasons(&self, app: &TestApp, text: &str) -> Planted {
        let reporter = json!({ "mode": "confidential", "name": "Vi Văn Kín" });
        let tip = app.resident().submits_with("Xe lạ", json!({ "reporter": reporter })).await;
        self.screen(app, &tip, text).await;
        let case = self.work(&tip, text).await;
        let request = self.ask_who_it_is(&tip, text).await;
        let gone = app.tip("Bên kia suối").await;
        let there = json!({ "office": app.office(NA_MEO).await.to_string(), "reason": text });
        done(&self.ana.does(&gone, "transfer", there).await);
        Planted {
            pages: vec![
                format!("/console/tips/{}", tip.id),
                format!("/console/cases/{case}"),
                format!("/console/identity-requests/{request}"),
            ],
            elsewhere: format!("/console/tips/{}", gone.id),
        }
    }

    async fn screen(&self, app: &TestApp, tip: &Tip, text: &str) {
        let (said, reason, other) = (json!({ "text": text }), json!({ "reason": text }), app.tip("Cũng xe ấy").await);
        for (verb, with) in [
            ("note", said.clone()),
            ("ask", said.clone()),
            ("reply", said),
            ("grade", json!({ "source": "C", "information": 3, "reason": text })),
            ("dismiss", json!({ "why": "spam", "reason": text })),
            ("reopen", reason.clone()),
            ("refer", json!({ "to": "Hạt Kiểm lâm", "reason": text })),
            ("reopen", reason.clone()),
            ("mark-duplicate", json!({ "of": other.id, "reason": text })),
            ("reopen", reason.clone()),
        ] {
            done(&self.ana.does(tip, verb, with).await);
        }
        done(&self.bao.does(tip, "hold", json!({ "until": "2025-01-01", "reason": text })).await);
        done(&self.bao.does(tip, "lift-hold", reason).await);
    }

    /// The case.
    async fn work(&self, tip: &Tip, words: &str) -> String {
        done(&self.ana.accepts(tip).await);
        let case = text(&done(&self.ana.opens_case(tip, "Xe lạ").await)["id"]);
        let outcome = json!({ "kind": "khoi_to", "decided_on": "2024-06-03", "note": words });
        let outcome = text(&done(&self.ana.records_with(&case, outcome).await)["id"]);
        let value = json!({ "outcome": outcome, "reason": words });
        let value = text(&done(&self.ana.does(tip, "attest-value", value).await)["id"]);
        let path = format!("/api/v1/valuations/{value}/revoke");
        done(&self.bao.client.post(&path, json!({ "reason": words })).await);
        for (verb, with) in [("close", json!({ "note": words })), ("reopen", json!({ "reason": words }))] {
            done(&self.ana.client.post(&format!("/api/v1/cases/{case}/{verb}"), with).await);
        }
        case
    }

    /// The request, granted.
    async fn ask_who_it_is(&self, tip: &Tip, words: &str) -> String {
        let line: String = words.chars().filter(|c| !c.is_control()).take(500).collect();
        let grounds = json!({ "reason": words, "legal_ground": line });
        let request = text(&done(&self.ana.does(tip, "identity-requests", grounds).await)["id"]);
        for (custodian, verb) in self.custodians.iter().zip(["approve", "refuse", "approve"]) {
            let path = format!("/api/v1/identity-requests/{request}/{verb}");
            done(&custodian.client.post(&path, json!({ "reason": words })).await);
        }
        request
    }
}

#[track_caller]
fn done(answer: &Answer) -> Value {
    answer.expect(if answer.status / 100 == 2 { answer.status } else { 200 })
}

/// Calls every officer and every office so. Past the services, which would refuse a part of it: a name that got in by
/// another way is no better.
pub async fn name_everybody(app: &TestApp, name: &str) {
    let named = app.app.db.write(async |txn| {
        let everybody = officers::Entity::update_many();
        everybody.col_expr(officers::Column::DisplayName, Expr::value(name)).exec(txn).await?;
        let everywhere = offices::Entity::update_many().col_expr(offices::Column::NameVi, Expr::value(name));
        everywhere.col_expr(offices::Column::NameEn, Expr::value(name)).exec(txn).await?;
        Ok::<_, DbErr>(())
    });
    named.await.map_err(|error| error.to_string()).unwrap();
}
