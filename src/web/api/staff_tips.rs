//! Officers' ways to tips: the queue, one tip, and writing one down for somebody.

use std::str::FromStr;

use actix_web::{HttpResponse, get, http::header::LOCATION, post, web::Data};
use chrono::NaiveDate;
use entity::{
    enums::TipStatus,
    ids::{OfficerId, TipId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, ok, versioned},
    authority::As,
    body::Body,
    codes,
    day::Day,
    document::{Conflict, Invalid},
    path::{Id, TipInPath},
    problem::ApiError,
    query::{Params, from_text, text},
    receipts::parse_receipt,
    texts,
    tip_view::{OfficerRef, Tip},
    tips::Reporter,
};
use crate::{
    app::App,
    platform::fault::Code,
    reference::Language,
    staff::Staff,
    tips::{self, Assignee, Filter, TipPage, TipRow, WrittenDown, priority},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_tips).service(read_tip).service(write_down);
}

/// What to look for; nothing named: all tips of the caller's offices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    /// One state, or several with commas between.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<String>, example = "received,screening")]
    state: Option<States>,
    #[serde(default, deserialize_with = "text")]
    category: Option<String>,
    /// Code of a place.
    #[serde(default, deserialize_with = "text")]
    unit: Option<String>,
    /// Id of an office.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<Uuid>)]
    office: Option<Uuid>,
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::tip_priority, required = false)]
    priority: Option<Pressing>,
    /// `me`, `none`, or the id of an officer.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<String>, example = "me")]
    assignee: Option<Whose>,
    /// `true`: the tips that the caller's offices have for information, instead of those that they work.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<bool>)]
    informed: Option<bool>,
    /// Words to find in the tips, which are opened and read through; accents are optional.
    #[serde(default, deserialize_with = "text")]
    #[param(max_length = 500)]
    q: Option<String>,
    /// Tips on a page.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "text")]
    cursor: Option<String>,
}

/// Not one of the words that the parameter knows.
struct UnknownWord;

struct States(Vec<TipStatus>);

impl FromStr for States {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let states: Option<Vec<TipStatus>> = text.split(',').map(TipStatus::parse).collect();
        states.map(Self).ok_or(UnknownWord)
    }
}

struct Pressing(i16);

impl FromStr for Pressing {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        priority::parse(text).map(Self).ok_or(UnknownWord)
    }
}

enum Whose {
    Mine,
    Nobodys,
    Officers(OfficerId),
}

impl FromStr for Whose {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "me" => Ok(Self::Mine),
            "none" => Ok(Self::Nobodys),
            id => Uuid::try_parse(id).map(|id| Self::Officers(id.into())).map_err(|_| UnknownWord),
        }
    }
}

impl Query {
    fn filter(self, staff: &Staff) -> Filter {
        Filter {
            office: self.office.map(Into::into),
            states: self.state.map(|States(states)| states).unwrap_or_default(),
            category: self.category,
            unit: self.unit,
            priority: self.priority.map(|Pressing(priority)| priority),
            informed: self.informed.unwrap_or(false),
            assignee: self.assignee.map(|whose| match whose {
                Whose::Mine => Assignee::Officer(staff.id),
                Whose::Nobodys => Assignee::Nobody,
                Whose::Officers(id) => Assignee::Officer(id),
            }),
            q: self.q.map(Secret::new),
            limit: self.limit,
            cursor: self.cursor,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct TipList {
    items: Vec<QueuedTip>,
    /// Pass back as `cursor`; null: this was the last page.
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct QueuedTip {
    id: Uuid,
    number: String,
    office: Uuid,
    #[schema(schema_with = codes::tip_state)]
    state: &'static str,
    category: String,
    #[schema(schema_with = codes::tip_priority)]
    priority: &'static str,
    /// Code of the place.
    unit: Option<String>,
    received_on: NaiveDate,
    assignee: Option<OfficerRef>,
    /// Messages, and the tip itself, that no officer has opened.
    unread: i32,
    messages: i32,
    version: i32,
}

impl From<TipRow> for QueuedTip {
    fn from(tip: TipRow) -> Self {
        Self {
            id: tip.id.into(),
            number: tip.number,
            office: tip.office.into(),
            state: tip.state.as_str(),
            category: tip.category,
            priority: priority::name(tip.priority),
            unit: tip.unit,
            received_on: tip.received_on,
            assignee: tip.assignee.map(Into::into),
            unread: tip.unread,
            messages: tip.message_count,
            version: tip.version,
        }
    }
}

impl From<TipPage> for TipList {
    fn from(page: TipPage) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// List the queue: most pressing first, and among those the longest waiting.
///
/// A page of a search (`q`) may be short, even empty, and still have a next one.
#[utoipa::path(
    operation_id = "listTips",
    tag = "tips",
    security(("staffBearer" = [])),
    params(Query),
    responses((status = 200, description = "A page", body = TipList), (status = 422, response = Invalid))
)]
#[get("/api/v1/tips")]
async fn list_tips(app: Data<App>, As(staff, Params(query)): As<Staff, Params<Query>>) -> Answer {
    let filter = query.filter(&staff);
    ok(TipList::from(tips::list(&app, &staff, &filter).await?))
}

/// Open a tip: its words, its thread, its notes, its history. Each reading is on record.
#[utoipa::path(
    operation_id = "readTip",
    tag = "tips",
    security(("staffBearer" = [])),
    params(TipInPath),
    responses(
        (status = 200, description = "The tip", body = Tip, headers(("ETag" = String, description = "Its version"))),
        (status = 409, response = Conflict),
    )
)]
#[get("/api/v1/tips/{id}")]
async fn read_tip(app: Data<App>, lang: Lang, As(staff, Id(tip)): As<Staff, Id<TipId>>) -> Answer {
    let tip = tips::read(&app, &staff, tip).await?;
    versioned(tip.version, Tip::of(tip, &app, lang.0))
}

/// A tip that came by phone, on paper or in person.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "channel": "phone", "category": "ma_tuy", "narrative": "Người gọi nói tối nào cũng có người lạ vào nhà hoang.",
    "unit": "15013", "reporter": {"mode": "anonymous"}
}))]
struct WriteDown {
    /// With `ticket`, as `issueTicket` gave both: then the same again makes no double. Without, a receipt is made.
    #[validate(length(max = 100, code = "receipt_malformed"))]
    #[schema(max_length = 100)]
    receipt: Option<String>,
    #[validate(length(max = 2048, code = "ticket_forged"))]
    #[schema(max_length = 2048)]
    ticket: Option<String>,
    /// How it came in (`listChannels`).
    channel: String,
    /// Code of a category of today (`listCategories`).
    category: String,
    /// 1 to 20,000 characters.
    #[schema(min_length = 1, max_length = 20_000)]
    narrative: String,
    /// Code of the place as of today (`listUnits`).
    unit: Option<String>,
    /// Where exactly, in the reporter's words.
    #[schema(max_length = 500)]
    place: Option<String>,
    #[schema(value_type = Option<NaiveDate>)]
    occurred_on: Option<Day>,
    #[serde(default)]
    happening_now: bool,
    /// Language of the narrative (BCP 47).
    language: Option<String>,
    /// Codes of places whose police it is about: it goes to the office above them, and stays hidden from theirs.
    #[serde(default)]
    #[validate(length(max = 5, code = "too_long"))]
    concerns: Vec<String>,
    /// Who reports; anonymous if nothing is said.
    reporter: Option<Reporter>,
}

impl WriteDown {
    fn parse(self, app: &App) -> Result<tips::NewTip, ApiError> {
        let (receipt, ticket) = match (self.receipt, self.ticket) {
            (Some(receipt), Some(ticket)) => (receipt, ticket),
            (Some(_), None) => return Err(ApiError::field("ticket", Code::Missing)),
            (None, Some(_)) => return Err(ApiError::field("receipt", Code::Missing)),
            (None, None) => {
                let fresh = tips::issue_ticket(app);
                (fresh.receipt.expose().clone(), fresh.ticket)
            }
        };
        let (mode, identity) = Reporter::split(self.reporter);
        Ok(tips::NewTip {
            receipt: parse_receipt(&receipt)?,
            ticket,
            category: self.category,
            narrative: Secret::new(self.narrative),
            unit: self.unit,
            place: self.place.map(Secret::new),
            occurred_on: self.occurred_on.map(|Day(day)| day),
            happening_now: self.happening_now,
            language: self.language,
            channel: self.channel,
            concerns: self.concerns,
            mode,
            identity,
        })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = WrittenDown)]
struct WrittenDownBody {
    id: Uuid,
    number: String,
    #[schema(schema_with = codes::public_state)]
    state: &'static str,
    state_label: &'static str,
    received_on: NaiveDate,
    /// To hand over: with it the reporter can read answers. Nobody can replace it.
    receipt: String,
}

impl WrittenDownBody {
    fn of(written: WrittenDown, language: Language) -> Self {
        let told = written.submitted.acknowledgement;
        Self {
            id: written.submitted.id.into(),
            number: told.number,
            state: told.state.as_str(),
            state_label: texts::state_label(told.state, language),
            received_on: told.received_on,
            receipt: written.receipt.expose().clone(),
        }
    }
}

/// Write a tip down for somebody. It goes where its place and category send it, maybe to another office.
#[utoipa::path(
    operation_id = "writeDown",
    tag = "tips",
    security(("staffBearer" = [])),
    request_body = WriteDown,
    responses(
        (status = 201, description = "Stored", body = WrittenDownBody),
        (status = 200, description = "Was stored before under this receipt", body = WrittenDownBody),
    )
)]
#[post("/api/v1/staff/tips")]
async fn write_down(app: Data<App>, lang: Lang, As(staff, Body(new)): As<Staff, Body<WriteDown>>) -> Answer {
    let written = tips::write_down(&app, &staff, new.parse(&app)?).await?;
    let mut answer = if written.submitted.created { HttpResponse::Created() } else { HttpResponse::Ok() };
    answer.insert_header((LOCATION, format!("/api/v1/tips/{}", written.submitted.id)));
    Ok(answer.json(WrittenDownBody::of(written, lang.0)))
}
