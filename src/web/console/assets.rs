//! The one style and the modules of the console, as files of this host.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::ServiceConfig,
};

const STYLE: &str = include_str!("assets/console.css");
const PRINT: &str = include_str!("assets/print.css");
const SCRIPT: &str = include_str!("assets/console.js");

/// Changes with any of the files.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let whole = vault::form::style_source(&[STYLE, PRINT, SCRIPT].concat());
    whole.chars().filter(char::is_ascii_alphanumeric).skip(6).take(10).collect()
});

pub fn version() -> &'static str {
    VERSION.as_str()
}

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(style).service(print).service(script).service(icon);
}

#[get("/assets/console.css")]
async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", STYLE)
}

#[get("/assets/print.css")]
async fn print() -> HttpResponse {
    file("text/css; charset=utf-8", PRINT)
}

#[get("/assets/console.js")]
async fn script() -> HttpResponse {
    file("text/javascript; charset=utf-8", SCRIPT)
}

/// A shield: the console is an ordinary program on a police machine and need not hide.
#[get("/assets/icon.svg")]
async fn icon() -> HttpResponse {
    let icon = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" \
         fill=\"#0b4f6c\"/><path d=\"M16 6l8 3v6c0 5-3.4 8.6-8 11-4.6-2.4-8-6-8-11V9z\" fill=\"#fff\"/></svg>";
    file("image/svg+xml", icon)
}

fn file(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, kind)).insert_header((CACHE_CONTROL, KEPT)).body(text)
}

/// The address names the version, so that a kept file is never an old one.
const KEPT: &str = "private, max-age=31536000, immutable";
