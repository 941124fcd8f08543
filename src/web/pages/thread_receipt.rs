use actix_web::{
    HttpResponse,
    http::StatusCode,
    routes,
    web::{Data, ServiceConfig},
};
use askama::Template;
use serde::Deserialize;
use vault::secret::Secret;

use super::{form::Form, frame::Frame, page::Page, receipt::ReceiptPage, session::Session, thread::not_done};
use crate::{app::App, platform::fault::Code, tips::thread, web::api::problem::ApiError};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(change_receipt).service(give_up_receipt);
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wish {
    form: String,
    /// Giving up cannot be undone: a box has to be ticked first.
    sure: String,
}

#[derive(Template)]
#[template(path = "given_up.html")]
struct GivenUpPage {
    f: Frame,
}

#[routes]
#[post("/thread/receipt")]
#[post("/en/thread/receipt")]
async fn change_receipt(app: Data<App>, f: Frame, session: Session, Form(wish): Form<Wish>) -> HttpResponse {
    match change(&app, &session, &wish).await {
        Ok(receipt) => out(&session, Page(ReceiptPage::of_change(f, receipt.expose())).answer(StatusCode::OK)),
        Err(error) => not_done(&app, f, &session, String::new(), &error).await,
    }
}

async fn change(app: &App, session: &Session, wish: &Wish) -> Result<Secret<String>, ApiError> {
    let reporter = session.author(app, &wish.form).await?;
    Ok(thread::change_receipt(app, &reporter).await?)
}

#[routes]
#[post("/thread/give-up")]
#[post("/en/thread/give-up")]
async fn give_up_receipt(app: Data<App>, f: Frame, session: Session, Form(wish): Form<Wish>) -> HttpResponse {
    match give_up(&app, &session, &wish).await {
        Ok(()) => out(&session, Page(GivenUpPage { f }).answer(StatusCode::OK)),
        Err(error) => not_done(&app, f, &session, String::new(), &error).await,
    }
}

async fn give_up(app: &App, session: &Session, wish: &Wish) -> Result<(), ApiError> {
    let reporter = session.author(app, &wish.form).await?;
    if wish.sure.is_empty() {
        return Err(ApiError::field("sure", Code::Missing));
    }
    Ok(thread::give_up_receipt(app, &reporter).await?)
}

/// The session's receipt opens nothing any more.
fn out(session: &Session, mut answer: HttpResponse) -> HttpResponse {
    session.end(answer.headers_mut());
    answer
}
