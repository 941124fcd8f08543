use actix_web::{HttpResponse, http::header::LOCATION, post, web::Data};
use chrono::NaiveDate;
use entity::enums::Mode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;
use vault::{receipt::Receipt, secret::Secret};

use super::{answer::Answer, body::Body, codes, day::Day, problem::ApiError, receipts::parse_receipt, texts};
use crate::{
    app::App,
    reference::Language,
    tips::{self, Acknowledgement, Identity},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(submit_tip);
}

/// What happened, as somebody tells it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "receipt": "4071 8836 2259 1047 3390 6124", "ticket": "…", "category": "ma_tuy",
    "narrative": "Tối nào cũng có người lạ đi xe máy vào nhà hoang cuối bản.", "unit": "15013",
    "place": "cuối bản, gần suối", "occurred_on": "2023-06-01", "reporter": {"mode": "anonymous"}
}))]
struct NewTip {
    /// As `issueTicket` gave it; spaces do not matter.
    #[validate(length(max = 100, code = "receipt_malformed"))]
    #[schema(max_length = 100)]
    receipt: String,
    #[validate(length(max = 2048, code = "ticket_forged"))]
    #[schema(max_length = 2048)]
    ticket: String,
    /// How it came in; `web` if nothing is said.
    #[schema(example = "app")]
    channel: Option<String>,
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
    /// Language of the narrative (BCP 47), such as `vi` or `hmn`.
    #[schema(example = "vi")]
    language: Option<String>,
    /// Codes of places whose police it is about: it goes to the office above them, and stays hidden from theirs.
    #[serde(default)]
    #[validate(length(max = 5, code = "too_long"))]
    #[schema(max_items = 5)]
    concerns: Vec<String>,
    /// Who reports; anonymous if nothing is said.
    reporter: Option<Reporter>,
}

/// Who reports, and who may know it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// `anonymous`: nobody is told anything. `confidential`: only a quorum of custodians can open who it was.
    /// `identified`: the office that works the tip sees it. `organisation`: likewise, for whom a person speaks.
    #[schema(schema_with = codes::mode)]
    pub mode: Mode,
    #[schema(max_length = 500)]
    name: Option<String>,
    #[schema(max_length = 500)]
    phone: Option<String>,
    #[schema(max_length = 500)]
    address: Option<String>,
    #[schema(max_length = 500)]
    organisation: Option<String>,
}

impl Reporter {
    pub fn split(reporter: Option<Self>) -> (Mode, Identity) {
        let Some(Self { mode, name, phone, address, organisation }) = reporter else {
            return (Mode::Anonymous, Identity::default());
        };
        (mode, Identity { name, phone, address, organisation })
    }
}

impl NewTip {
    fn parse(self) -> Result<tips::NewTip, ApiError> {
        let receipt: Receipt = parse_receipt(&self.receipt)?;
        let (mode, identity) = Reporter::split(self.reporter);
        Ok(tips::NewTip {
            receipt,
            ticket: self.ticket,
            category: self.category,
            narrative: Secret::new(self.narrative),
            unit: self.unit,
            place: self.place.map(Secret::new),
            occurred_on: self.occurred_on.map(|Day(day)| day),
            happening_now: self.happening_now,
            language: self.language,
            channel: self.channel.unwrap_or_else(|| "web".to_owned()),
            concerns: self.concerns,
            mode,
            identity,
        })
    }
}

#[derive(Serialize, ToSchema)]
struct SubmittedTip {
    #[schema(example = "7KQ2M-X4T9C")]
    number: String,
    #[schema(schema_with = codes::public_state)]
    state: &'static str,
    /// The state in the language asked for; tells nothing to somebody who looks over a shoulder.
    #[schema(example = "Đã nhận")]
    state_label: &'static str,
    received_on: NaiveDate,
}

impl SubmittedTip {
    fn of(told: Acknowledgement, language: Language) -> Self {
        Self {
            number: told.number,
            state: told.state.as_str(),
            state_label: texts::state_label(told.state, language),
            received_on: told.received_on,
        }
    }
}

/// Send a tip. Needs no account and leaves no address.
///
/// Exactly once: the same receipt again answers 200 with the same tip and stores nothing, however often it is sent.
#[utoipa::path(
    operation_id = "submitTip",
    tag = "tips",
    request_body = NewTip,
    responses(
        (status = 201, description = "Stored, sealed to the office that will work it", body = SubmittedTip),
        (status = 200, description = "Was stored before under this receipt", body = SubmittedTip),
    )
)]
#[post("/api/v1/tips")]
async fn submit_tip(app: Data<App>, lang: Lang, Body(new): Body<NewTip>) -> Answer {
    let submitted = tips::submit(&app, &new.parse()?, None).await?;
    let mut answer = if submitted.created { HttpResponse::Created() } else { HttpResponse::Ok() };
    answer.insert_header((LOCATION, "/api/v1/reporter/tip"));
    Ok(answer.json(SubmittedTip::of(submitted.acknowledgement, lang.0)))
}
