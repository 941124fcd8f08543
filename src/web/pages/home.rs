use actix_web::{
    routes,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{
    closed::{Closed, closed},
    frame::Frame,
    page::Page,
};
use crate::app::App;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_home);
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
    closed: Vec<Closed>,
}

#[routes]
#[get("/")]
#[get("/en")]
async fn show_home(app: Data<App>, f: Frame) -> Page<HomePage> {
    let closed = closed(&app, f.language).await;
    Page(HomePage { f, closed })
}
