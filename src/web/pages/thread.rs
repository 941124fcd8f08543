use actix_web::{
    HttpResponse,
    http::StatusCode,
    routes,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::enums::{MessageKind, Sender};
use serde::Deserialize;
use vault::secret::Secret;

use super::{
    form::Form,
    frame::Frame,
    page::{Page, see},
    session::Session,
    wrong::Wrong,
};
use crate::{
    app::App,
    platform::fault::Code,
    tips::{
        state::PublicState,
        thread::{self, OpenedThread, ThreadView},
    },
    web::api::{problem::ApiError, receipts::parse_receipt, texts::state_label},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_thread).service(open_thread).service(add_message).service(show_after_reload).service(close_thread);
}

#[derive(Template)]
#[template(path = "open_thread.html")]
struct OpenPage {
    f: Frame,
    receipt: String,
    /// A message that was typed while the session ended: it waits for the receipt.
    text: String,
    wrong: Option<Wrong>,
}

impl OpenPage {
    fn answer(f: Frame, receipt: String, text: String, wrong: Option<Wrong>) -> HttpResponse {
        let status = wrong.as_ref().map_or(StatusCode::OK, Wrong::status);
        Page(Self { f, receipt, text, wrong }).answer(status)
    }
}

#[derive(Template)]
#[template(path = "thread.html")]
struct ThreadPage {
    f: Frame,
    number: String,
    state: &'static str,
    needs_reply: bool,
    received_on: String,
    messages: Vec<Said>,
    form_token: String,
    text: String,
    wrong: Option<Wrong>,
}

struct Said {
    by_police: bool,
    question: bool,
    text: String,
    on: String,
}

impl ThreadPage {
    fn answer(app: &App, f: Frame, session: &Session, view: ThreadView, unsent: Unsent) -> HttpResponse {
        let messages = view.messages.into_iter().map(|message| Said {
            by_police: matches!(message.from, Sender::Police),
            question: matches!(message.kind, MessageKind::Question),
            text: message.text,
            on: message.on.format("%d/%m/%Y").to_string(),
        });
        let status = unsent.wrong.as_ref().map_or(StatusCode::OK, Wrong::status);
        let page = Self {
            number: view.number,
            state: state_label(view.state, f.language),
            needs_reply: matches!(view.state, PublicState::NeedsReply),
            received_on: view.received_on.format("%d/%m/%Y").to_string(),
            messages: messages.collect(),
            form_token: session.form_token(app),
            text: unsent.text,
            wrong: unsent.wrong,
            f,
        };
        Page(page).answer(status)
    }
}

/// A message that was not sent, and why.
#[derive(Default)]
pub struct Unsent {
    text: String,
    wrong: Option<Wrong>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HeldReceipt {
    receipt: String,
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TypedMessage {
    pub form: String,
    text: String,
}

#[routes]
#[get("/thread")]
#[get("/en/thread")]
async fn show_thread(app: Data<App>, f: Frame, session: Session) -> HttpResponse {
    if session.cookie().is_none() {
        return OpenPage::answer(f, String::new(), String::new(), None);
    }
    show(&app, f, &session, Unsent::default()).await
}

/// The open thread; the way to open it again if it has ended.
async fn show(app: &App, f: Frame, session: &Session, unsent: Unsent) -> HttpResponse {
    match read(app, session).await {
        Ok(view) => ThreadPage::answer(app, f, session, view, unsent),
        Err(error) => ended(f, session, unsent.text, &error),
    }
}

async fn read(app: &App, session: &Session) -> Result<ThreadView, ApiError> {
    let reporter = session.reporter(app).await?;
    Ok(thread::read_thread(app, &reporter).await?)
}

/// Asks for the receipt once more; what was typed waits.
fn ended(f: Frame, session: &Session, text: String, error: &ApiError) -> HttpResponse {
    let wrong = Wrong::of(error, f.language);
    let mut answer = OpenPage::answer(f, String::new(), text, Some(wrong));
    if matches!(error.code(), Code::TokenInvalid | Code::TokenExpired) {
        session.end(answer.headers_mut());
    }
    answer
}

#[routes]
#[post("/thread")]
#[post("/en/thread")]
async fn open_thread(app: Data<App>, f: Frame, session: Session, Form(held): Form<HeldReceipt>) -> HttpResponse {
    match open(&app, &held.receipt).await {
        Ok(opened) => enter(&app, f, session, &opened, held.text).await,
        Err(error) => {
            let wrong = Wrong::of(&error, f.language);
            OpenPage::answer(f, held.receipt, held.text, Some(wrong))
        }
    }
}

async fn open(app: &App, typed: &str) -> Result<OpenedThread, ApiError> {
    Ok(thread::open_thread(app, &parse_receipt(typed)?).await?)
}

/// Straight into the thread, with one answer for a right receipt as for a wrong one: a second request would tell
/// whoever counts them which it was. A reload opens it again, and changes nothing.
async fn enter(app: &App, f: Frame, session: Session, opened: &OpenedThread, text: String) -> HttpResponse {
    let session = session.of(opened);
    // A message that waited is shown, and nothing is sent that nobody pressed the button for.
    let mut answer = show(app, f, &session, Unsent { text, wrong: None }).await;
    session.keep(opened, answer.headers_mut());
    answer
}

#[routes]
#[post("/thread/messages")]
#[post("/en/thread/messages")]
async fn add_message(app: Data<App>, f: Frame, session: Session, Form(typed): Form<TypedMessage>) -> HttpResponse {
    match add(&app, &session, &typed).await {
        Ok(()) => see(&f.url("/thread")),
        Err(error) => not_done(&app, f, &session, typed.text, &error).await,
    }
}

async fn add(app: &App, session: &Session, typed: &TypedMessage) -> Result<(), ApiError> {
    let reporter = session.author(app, &typed.form).await?;
    let text = Secret::new(typed.text.replace("\r\n", "\n"));
    Ok(thread::add_message(app, &reporter, text).await?)
}

/// The page again with what was typed, and what to mend.
pub async fn not_done(app: &App, f: Frame, session: &Session, text: String, error: &ApiError) -> HttpResponse {
    if matches!(error.code(), Code::TokenMissing | Code::TokenInvalid | Code::TokenExpired) {
        return ended(f, session, text, error);
    }
    let wrong = Some(Wrong::of(error, f.language));
    show(app, f, session, Unsent { text, wrong }).await
}

/// Somebody came back to an address that only answers forms.
#[routes]
#[get("/thread/messages")]
#[get("/en/thread/messages")]
#[get("/thread/receipt")]
#[get("/en/thread/receipt")]
#[get("/thread/give-up")]
#[get("/en/thread/give-up")]
#[get("/thread/close")]
#[get("/en/thread/close")]
async fn show_after_reload(f: Frame) -> HttpResponse {
    see(&f.url("/thread"))
}

/// Ends the session and stays on the site.
#[routes]
#[post("/thread/close")]
#[post("/en/thread/close")]
async fn close_thread(app: Data<App>, f: Frame, session: Session, Form(typed): Form<TypedMessage>) -> HttpResponse {
    if let Err(error) = session.author(&app, &typed.form).await {
        return not_done(&app, f, &session, String::new(), &error).await;
    }
    let mut answer = see(&f.url("/"));
    session.forget(answer.headers_mut());
    answer
}
