//! A thread that is open in a browser: one cookie, for a quarter of an hour, and nothing before.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE},
};
use vault::form;

use crate::{
    app::App,
    platform::fault::Code,
    tips::thread::{self, OpenedThread, Reporter},
    web::api::problem::ApiError,
};

/// Says nothing about what it is for.
const NAME: &str = "s";

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// What the browser holds of an open thread.
pub struct Session {
    cookie: Option<String>,
    /// It came over TLS, so the cookie goes back over TLS only. An onion service encrypts by itself.
    secure: bool,
}

impl Session {
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// What forms on this thread's pages carry.
    pub fn form_token(&self, app: &App) -> String {
        self.cookie().map(|cookie| form::token(cookie, &app.secrets)).unwrap_or_default()
    }

    /// Whose thread it is.
    pub async fn reporter(&self, app: &App) -> Result<Reporter, ApiError> {
        let cookie = self.cookie().ok_or_else(|| ApiError::new(Code::TokenMissing))?;
        Ok(thread::authenticate(app, cookie).await?)
    }

    /// Whose thread it is, for a form that changes something: it must be from a page of this very session.
    pub async fn author(&self, app: &App, form_token: &str) -> Result<Reporter, ApiError> {
        let reporter = self.reporter(app).await?;
        let genuine = self.cookie().is_some_and(|cookie| form::is_genuine(cookie, form_token, &app.secrets));
        if genuine { Ok(reporter) } else { Err(ApiError::new(Code::Forbidden)) }
    }

    /// The session after a thread was opened.
    pub fn of(self, opened: &OpenedThread) -> Self {
        Self { cookie: Some(opened.token.expose().clone()), ..self }
    }

    /// Has the browser keep it.
    pub fn keep(&self, opened: &OpenedThread, headers: &mut HeaderMap) {
        self.set(opened.token.expose(), opened.expires_in, headers);
    }

    /// Ends the session: the browser drops the cookie.
    pub fn end(&self, headers: &mut HeaderMap) {
        if self.cookie.is_some() {
            self.set("", 0, headers);
        }
    }

    /// Ends the session and has the browser drop all it keeps of this site.
    pub fn forget(&self, headers: &mut HeaderMap) {
        headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
        self.end(headers);
    }

    fn set(&self, value: &str, seconds: i64, headers: &mut HeaderMap) {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.insert(SET_COOKIE, cookie);
        }
    }
}

impl FromRequest for Session {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = req.headers().get_all(COOKIE).filter_map(|header| header.to_str().ok());
        let pairs = given.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut own = pairs.filter(|(name, value)| *name == NAME && !value.is_empty());
        let cookie = own.next().map(|(_, value)| value.to_owned());
        let secure = req.connection_info().scheme() == "https";
        ready(Ok(Self { cookie, secure }))
    }
}
