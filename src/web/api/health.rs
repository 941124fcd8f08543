use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::{Answer, ok},
    problem::ApiError,
};
use crate::{
    app::App,
    platform::{fault::Code, leaving::Leaving},
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(check_alive).service(check_ready);
}

#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Tell that the process lives.
#[utoipa::path(
    operation_id = "checkAlive",
    tag = "health",
    responses((status = 200, description = "It does", body = Health))
)]
#[get("/healthz")]
async fn check_alive() -> Answer {
    ok(Health { status: "ok" })
}

/// Tell that the database answers, its schema is this program's, and the node is not about to stop.
#[utoipa::path(
    operation_id = "checkReady",
    tag = "health",
    responses((status = 200, description = "Send requests here", body = Health))
)]
#[get("/readyz")]
async fn check_ready(app: Data<App>, leaving: Data<Leaving>) -> Answer {
    if leaving.takes_requests() && app.db.is_ready().await {
        ok(Health { status: "ok" })
    } else {
        Err(ApiError::new(Code::StorageUnavailable))
    }
}
