use actix_web::{delete, get, post, web::Data};
use chrono::NaiveDate;
use entity::enums::{MessageKind, Sender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;
use vault::secret::Secret;

use super::{
    answer::{Answer, made, ok},
    authority::As,
    body::Body,
    codes,
    document::{Conflict, Unauthenticated},
    receipts::parse_receipt,
    texts,
    tip_work::Words,
};
use crate::{
    app::App,
    reference::Language,
    tips::thread::{self, OpenedThread, Reporter, ThreadView},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(open_thread).service(read_thread).service(add_message).service(change_receipt).service(give_up_receipt);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeldReceipt {
    /// 24 digits; spaces do not matter.
    #[validate(length(max = 100, code = "receipt_malformed"))]
    #[schema(max_length = 100, example = "4071 8836 2259 1047 3390 6124")]
    receipt: String,
}

#[derive(Serialize, ToSchema)]
struct ReporterSession {
    /// For `Authorization: Bearer`. Keep it in memory only.
    token: String,
    /// Seconds until it ends.
    expires_in: i64,
}

impl From<OpenedThread> for ReporterSession {
    fn from(opened: OpenedThread) -> Self {
        Self { token: opened.token.expose().clone(), expires_in: opened.expires_in }
    }
}

/// Open the thread of a tip with its receipt.
#[utoipa::path(
    operation_id = "openThread",
    tag = "reporter",
    request_body = HeldReceipt,
    responses(
        (status = 201, description = "Opened; nothing was stored", body = ReporterSession),
        (status = 401, response = Unauthenticated),
    )
)]
#[post("/api/v1/reporter/sessions")]
async fn open_thread(app: Data<App>, Body(held): Body<HeldReceipt>) -> Answer {
    let opened = thread::open_thread(&app, &parse_receipt(&held.receipt)?).await?;
    made(ReporterSession::from(opened))
}

#[derive(Serialize, ToSchema)]
struct Thread {
    #[schema(example = "7KQ2M-X4T9C")]
    number: String,
    #[schema(schema_with = codes::public_state)]
    state: &'static str,
    /// The state in the language asked for; tells nothing to somebody who looks over a shoulder.
    #[schema(example = "Cần bạn trả lời")]
    state_label: &'static str,
    received_on: NaiveDate,
    /// Oldest first.
    messages: Vec<ThreadMessage>,
}

#[derive(Serialize, ToSchema)]
struct ThreadMessage {
    #[schema(schema_with = codes::sender)]
    from: Sender,
    /// The tip waits for an answer to a `question`.
    #[schema(schema_with = codes::message_kind)]
    kind: MessageKind,
    text: String,
    on: NaiveDate,
}

impl Thread {
    fn of(view: ThreadView, language: Language) -> Self {
        let message = |message: thread::ThreadMessage| ThreadMessage {
            from: message.from,
            kind: message.kind,
            text: message.text,
            on: message.on,
        };
        Self {
            number: view.number,
            state: view.state.as_str(),
            state_label: texts::state_label(view.state, language),
            received_on: view.received_on,
            messages: view.messages.into_iter().map(message).collect(),
        }
    }
}

/// Read what was said. Looking changes nothing, and leaves no trace.
#[utoipa::path(
    operation_id = "readThread",
    tag = "reporter",
    security(("reporterBearer" = [])),
    responses((status = 200, description = "The thread", body = Thread))
)]
#[get("/api/v1/reporter/tip")]
async fn read_thread(app: Data<App>, lang: Lang, As(reporter, ()): As<Reporter, ()>) -> Answer {
    let view = thread::read_thread(&app, &reporter).await?;
    ok(Thread::of(view, lang.0))
}

#[derive(Serialize, ToSchema)]
struct SentMessage {
    on: NaiveDate,
}

/// Write to the police: an answer, or something new.
#[utoipa::path(
    operation_id = "addMessage",
    tag = "reporter",
    security(("reporterBearer" = [])),
    request_body = Words,
    responses(
        (status = 201, description = "Sent", body = SentMessage),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/reporter/messages")]
async fn add_message(app: Data<App>, As(reporter, Body(said)): As<Reporter, Body<Words>>) -> Answer {
    thread::add_message(&app, &reporter, Secret::new(said.text)).await?;
    made(SentMessage { on: app.clock.today() })
}

#[derive(Serialize, ToSchema)]
struct FreshReceipt {
    /// Opens the thread from now on; the former one opens nothing any more, and this session has ended.
    #[schema(example = "5520 9471 3086 6612 0098 4437")]
    receipt: String,
}

/// Change the receipt, for example after somebody saw it.
#[utoipa::path(
    operation_id = "changeReceipt",
    tag = "reporter",
    security(("reporterBearer" = [])),
    responses((status = 200, description = "Changed", body = FreshReceipt))
)]
#[post("/api/v1/reporter/receipt")]
async fn change_receipt(app: Data<App>, As(reporter, ()): As<Reporter, ()>) -> Answer {
    let receipt = thread::change_receipt(&app, &reporter).await?;
    ok(FreshReceipt { receipt: receipt.expose().clone() })
}

#[derive(Serialize, ToSchema)]
struct GivenUp {
    /// The day from which on nobody opens the thread.
    on: NaiveDate,
}

/// Give the receipt up: nobody can open the thread any more. The police keep the tip.
///
/// Answers with a body, so that on the wire it looks like every other answer to a reporter.
#[utoipa::path(
    operation_id = "giveUpReceipt",
    tag = "reporter",
    security(("reporterBearer" = [])),
    responses((status = 200, description = "Given up", body = GivenUp))
)]
#[delete("/api/v1/reporter/receipt")]
async fn give_up_receipt(app: Data<App>, As(reporter, ()): As<Reporter, ()>) -> Answer {
    thread::give_up_receipt(&app, &reporter).await?;
    ok(GivenUp { on: app.clock.today() })
}
