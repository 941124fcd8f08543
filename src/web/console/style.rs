use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{frame::Frame, page::Page};
use crate::{app::App, platform::fault::Code, web::api::problem::ApiError};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_style);
}

#[derive(Template)]
#[template(path = "console/templates/style.html")]
struct StylePage {
    f: Frame,
    colours: [&'static str; 14],
    states: [&'static str; 12],
}

/// The visual language on one page, in the demonstration only.
#[get("/style")]
async fn show_style(app: Data<App>, f: Frame) -> Result<HttpResponse, ApiError> {
    if !app.settings.synthetic {
        return Err(ApiError::new(Code::NoSuchRoute));
    }
    let colours = [
        "ink",
        "soft",
        "paper",
        "ground",
        "line",
        "main",
        "main-soft",
        "bad",
        "bad-soft",
        "good",
        "good-soft",
        "warn",
        "warn-soft",
        "ring",
    ];
    let states = [
        "received",
        "screening",
        "need_info",
        "accepted",
        "verifying",
        "handled",
        "closed",
        "duplicate",
        "referred",
        "spam",
        "test",
        "not_police",
    ];
    Ok(Page(StylePage { f, colours, states }).answer(StatusCode::OK))
}
