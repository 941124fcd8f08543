//! What a route is tried on, in the state that a row names: `tip:accepted`, `case:open`.

use entity::enums::Role;
use serde_json::{Value, json};
use tipline::staff;

use super::people::{Caller, People};
use crate::support::{
    Officer, TestApp, Tip, Worked,
    deployment::{INTAKE, NA_MEO, PASSWORD},
    people::text,
};

/// Words that nobody may meet who was refused.
const NARRATIVE: &str = "Chim hoàng yến trong hầm lò";
const NAME: &str = "Vi Thị Hoàng Yến";

/// One object and what stands around it.
pub struct Object {
    /// What `{id}` in a path becomes.
    id: String,
    tip: Option<Tip>,
    case: Option<String>,
    outcome: Option<String>,
    /// Fingerprint of an officer's key.
    key: Option<String>,
}

impl Object {
    fn of(id: impl Into<String>) -> Self {
        Self { id: id.into(), tip: None, case: None, outcome: None, key: None }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn tip(&self) -> Option<&Tip> {
        self.tip.as_ref()
    }

    /// What must not be told to those who are refused.
    pub fn secrets(&self) -> Vec<String> {
        self.tip.iter().flat_map(|tip| [tip.number.clone(), NARRATIVE.to_owned(), NAME.to_owned()]).collect()
    }
}

pub struct Objects<'a> {
    app: &'a TestApp,
    people: &'a People,
    drawn: u32,
}

impl<'a> Objects<'a> {
    pub fn new(app: &'a TestApp, people: &'a People) -> Self {
        Self { app, people, drawn: 0 }
    }

    /// Makes a fresh object in a state; `-` is none.
    pub async fn make(&mut self, state: &str) -> Object {
        self.drawn += 1;
        let (kind, state) = state.split_once(':').unwrap_or((state, ""));
        match kind {
            "-" => Object::of(NOTHING),
            "tip" => self.tip(state).await,
            "case" => self.case(state).await,
            "valuation" => self.valuation(state).await,
            "release" => self.release(state).await,
            "office" if state == "new" => self.new_office().await,
            "code" => self.code().await,
            "office" => Object::of(self.app.office(if state == "own" { INTAKE } else { NA_MEO }).await.to_string()),
            "grantee" => self.grantee(state).await,
            "member" => self.member(state).await,
            "custodian" => self.custodian().await,
            "request" => self.request(state).await,
            other => panic!("matrix.txt: no such object: {other}"),
        }
    }

    async fn tip(&self, state: &str) -> Object {
        let (maker, resident) = (&self.people.maker, self.app.resident());
        let tip = match state {
            "elsewhere" => resident.submits_with(NARRATIVE, json!({ "unit": "15013" })).await,
            "concerned" => resident.submits_with(NARRATIVE, json!({ "concerns": ["15013"] })).await,
            "confidential" => {
                let reporter = json!({ "mode": "confidential", "name": NAME });
                resident.submits_with(NARRATIVE, json!({ "reporter": reporter })).await
            }
            _ => resident.submits(NARRATIVE).await,
        };
        let (mut case, mut outcome) = (None, None);
        match state {
            "received" | "elsewhere" | "concerned" | "confidential" => (),
            "shared" => {
                let with = json!({ "office": self.app.office(NA_MEO).await.to_string() });
                maker.does(&tip, "share", with).await.expect(200);
            }
            "restricted" => {
                let officers = json!([self.people.screener.id(), self.people.commander.id()]);
                maker.does(&tip, "restrict", json!({ "officers": officers })).await.expect(204);
            }
            "held" => {
                let hold = json!({ "until": "2024-12-31", "reason": "đang có khiếu nại" });
                maker.does(&tip, "hold", hold).await.expect(200);
            }
            "screening" => drop(maker.screens(&tip).await.expect(200)),
            "need_info" => drop(maker.asks(&tip, "Xe màu gì?").await.expect(200)),
            "accepted" => drop(maker.accepts(&tip).await.expect(200)),
            "duplicate" => drop(maker.marks_duplicate(&tip, &self.people.other_tip).await.expect(200)),
            "referred" => drop(maker.refers(&tip).await.expect(200)),
            "spam" => drop(maker.dismisses(&tip, "spam").await.expect(200)),
            "verifying" | "handled" | "closed" => {
                maker.accepts(&tip).await.expect(200);
                let opened = text(&maker.opens_case(&tip, "Vụ việc").await.expect(201)["id"]);
                if state != "verifying" {
                    outcome = Some(text(&maker.records(&opened, "khoi_to", "2024-06-03").await.expect(201)["id"]));
                }
                if state == "closed" {
                    maker.client.post(&format!("/api/v1/cases/{opened}/close"), json!({})).await.expect(200);
                }
                case = Some(opened);
            }
            other => panic!("matrix.txt: no such state of a tip: {other}"),
        }
        Object { id: tip.id.clone(), tip: Some(tip), case, outcome, key: None }
    }

    async fn case(&self, state: &str) -> Object {
        let tip = self.tip(if state == "closed" { "closed" } else { "verifying" }).await;
        Object { id: tip.case.clone().unwrap(), ..tip }
    }

    async fn valuation(&self, state: &str) -> Object {
        let Object { tip, case, outcome, .. } = self.tip("handled").await;
        let worked = Worked { tip: tip.unwrap(), case: case.unwrap(), outcome: outcome.unwrap() };
        let id = worked.attested_by(&self.people.maker).await;
        if state != "attested" {
            self.people.second.confirms(&id).await.expect(200);
        }
        if state == "revoked" {
            self.people.second.revokes(&id).await.expect(200);
        }
        Object { id, tip: Some(worked.tip), case: Some(worked.case), outcome: Some(worked.outcome), key: None }
    }

    async fn release(&self, state: &str) -> Object {
        let new = json!({ "from": "2023-01-01", "to": "2023-12-31", "tables": ["year"] });
        let id = text(&self.people.maker.client.post("/api/v1/releases", new).await.expect(201)["id"]);
        let verbs: &[&str] = match state {
            "prepared" => &[],
            "checked" => &["check"],
            _ => &["check", "publish"],
        };
        for verb in verbs {
            self.people.second.client.post_nothing(&format!("/api/v1/releases/{id}/{verb}")).await.expect(200);
        }
        Object::of(id)
    }

    /// An office without members.
    async fn new_office(&self) -> Object {
        let new = json!({ "code": format!("moi-{}", self.drawn), "kind": "ca_xa", "name_vi": "Công an xã mới",
            "name_en": "New police", "parent": self.app.office(INTAKE).await.to_string(), "areas": [] });
        let administrator = self.people.officer(Caller::Administrator).unwrap();
        Object::of(text(&administrator.client.post("/api/v1/offices", new).await.expect(201)["id"]))
    }

    /// A channel that is to begin on 2024-12-01.
    async fn code(&self) -> Object {
        let code = format!("moi-{}", self.drawn);
        let body = json!({ "order": 99, "label": { "vi": "Thư tay", "en": "Note" }, "staff_only": true });
        let new = json!({ "code": code, "from": "2024-12-01", "body": body });
        let administrator = self.people.officer(Caller::Administrator).unwrap();
        administrator.client.post("/api/v1/reference/channel", new).await.expect(201);
        Object::of(code)
    }

    /// A new screener of an office who waits for its key.
    async fn grantee(&self, state: &str) -> Object {
        let office = self.app.office(if state == "own" { INTAKE } else { NA_MEO }).await;
        let new = staff::NewOfficer {
            username: format!("grantee-{}", self.drawn),
            display_name: "grantee".into(),
            office,
            roles: vec![Role::Screener],
            password: vault::secret::Secret::new(PASSWORD.to_owned()),
            must_change_password: false,
            second_factor_required: false,
        };
        let made = staff::insert_officer(&self.app.app, new).await.unwrap();
        let key = Some(vault::digest::fingerprint(&made.public.to_bytes()));
        Object { case: Some(made.id.to_string()), key, ..Object::of(office.to_string()) }
    }

    /// A screener of an office who holds its key.
    async fn member(&self, state: &str) -> Object {
        let new = self.grantee(state).await;
        let path = self.fill("/api/v1/offices/{id}/members/{officer}/grant-key", &new).await;
        self.people.maker.client.post(&path, json!({ "key_fingerprint": new.key })).await.expect(204);
        new
    }

    /// One who holds a share of an identity that needs it.
    async fn custodian(&self) -> Object {
        let tip = self.tip("confidential").await;
        let office = self.app.office(INTAKE).await.to_string();
        let officer = self.people.other_custodians.first().map(Officer::id);
        Object { id: office, case: officer, ..tip }
    }

    /// The investigator's request for an identity, on which one custodian has not decided.
    async fn request(&self, state: &str) -> Object {
        let tip = self.tip("confidential").await;
        let grounds = json!({ "reason": "cần làm chứng", "legal_ground": "Điều 87 BLTTHS" });
        let asked = self.people.investigator.does(tip.tip().unwrap(), "identity-requests", grounds).await;
        let id = text(&asked.expect(201)["id"]);
        let verb = match state {
            "pending" => None,
            "granted" => Some("approve"),
            "refused" => Some("refuse"),
            other => panic!("matrix.txt: no such state of a request: {other}"),
        };
        for (verb, custodian) in
            verb.iter().flat_map(|verb| self.people.other_custodians.iter().map(move |c| (verb, c)))
        {
            let path = format!("/api/v1/identity-requests/{id}/{verb}");
            custodian.client.post(&path, json!({ "reason": "đã cân nhắc" })).await.expect(200);
        }
        Object { id, ..tip }
    }

    /// Puts what stands around an object into a path or a body: `{id}`, `{case}`, `{ticket}` ..
    pub async fn fill(&self, pattern: &str, on: &Object) -> String {
        let mut filled = pattern.replace("{id}", &on.id);
        for (name, value) in
            [("{case}", &on.case), ("{officer}", &on.case), ("{outcome}", &on.outcome), ("{key}", &on.key)]
        {
            filled = filled.replace(name, value.as_deref().unwrap_or(NOTHING));
        }
        if filled.contains("{ticket}") {
            let ticket: Value = self.app.resident().asks_for_a_ticket().await;
            filled = filled.replace("{ticket}", &text(&ticket["ticket"]));
            filled = filled.replace("{receipt}", &text(&ticket["receipt"]));
        }
        for (name, code) in [("{na_meo}", NA_MEO), ("{intake}", INTAKE)] {
            if filled.contains(name) {
                filled = filled.replace(name, &self.app.office(code).await.to_string());
            }
        }
        let receipt = on.tip.as_ref().map_or("", |tip| tip.receipt.as_str());
        let unique = self.app.app.chance.uuid().simple().to_string();
        filled
            .replace("{receipt}", receipt)
            .replace("{kind}", "movement")
            .replace("{list}", "channel")
            .replace("{code}", &on.id)
            .replace("{measure}", "valuable_sources")
            .replace("{open_case}", &self.people.open_case)
            .replace("{maker}", &self.people.maker.id())
            .replace("{second}", &self.people.second.id())
            .replace("{other_tip}", &self.people.other_tip.id)
            .replace("{unique}", &unique)
            .replace("{password}", PASSWORD)
    }
}

/// An id that nothing has.
const NOTHING: &str = "00000000-0000-4000-8000-000000000000";
