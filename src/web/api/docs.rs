//! The API's reference: the document, and a page to read and try it, all of it from this binary.

use std::sync::{Arc, LazyLock};

use actix_web::{
    HttpResponse, get,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ContentEncoding},
    web::{self, Path},
};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config;

use super::{answer::Answer, document::document_json, problem::ApiError};
use crate::{platform::fault::Code, web::DOCS_POLICY};

pub const DOCUMENT_URL: &str = "/api/openapi.json";

static DOCUMENT: LazyLock<String> = LazyLock::new(document_json);

/// `none`: the interface would otherwise send the document's address to a foreign host for a badge.
static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new([DOCUMENT_URL]).validator_url("none").display_operation_id(true).try_it_out_enabled(true);
    Arc::new(config)
});

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_document);
}

/// The page is no part of the contract, so the document does not list it.
pub fn page(cfg: &mut web::ServiceConfig) {
    cfg.service(docs_page).service(docs_page_with_slash).service(docs_part);
}

/// This document.
#[utoipa::path(
    operation_id = "readDocument",
    tag = "health",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value))
)]
#[get("/api/openapi.json")]
async fn read_document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT.as_str())
}

#[get("/api/docs")]
async fn docs_page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .body(include_str!("docs.html"))
}

#[get("/api/docs/")]
async fn docs_page_with_slash() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .body(include_str!("docs.html"))
}

/// Scripts, styles and pictures of the page.
#[get("/api/docs/{part}")]
async fn docs_part(part: Path<String>) -> Answer {
    let file = utoipa_swagger_ui::serve(&part, CONFIG.clone()).ok().flatten();
    let file = file.ok_or_else(|| ApiError::new(Code::NoSuchRoute))?;
    let mut answer = HttpResponse::Ok();
    if file.gzpipped {
        answer.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    Ok(answer.content_type(file.content_type).body(file.bytes.into_owned()))
}
