//! Addresses that only answer forms: who comes back to one, by its reload or its bookmark, sees the page above it.

use actix_web::{HttpRequest, HttpResponse, routes, web::ServiceConfig};

use super::page::see;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_above);
}

#[routes]
#[get("/tips/{id}/{verb}")]
#[get("/cases/{id}/{verb}")]
#[get("/releases/{id}/{verb}")]
#[get("/identity-requests/{id}/{verb}")]
#[get("/custodians/{verb}")]
#[get("/line/{verb}")]
#[get("/offices/{id}/{verb}")]
#[get("/office-edit/{id}/{verb}")]
#[get("/offices/{id}/members/{officer}/{verb}")]
#[get("/reference/{list}/{code}/{verb}")]
#[get("/account/password")]
async fn show_above(req: HttpRequest) -> HttpResponse {
    see(req.path().rsplit_once('/').map_or("/console", |(above, _)| above))
}
