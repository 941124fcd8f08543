use actix_web::{routes, web::ServiceConfig};
use askama::Template;

use super::{frame::Frame, page::Page};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_home);
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
}

#[routes]
#[get("/")]
#[get("/en")]
async fn show_home(f: Frame) -> Page<HomePage> {
    Page(HomePage { f })
}
