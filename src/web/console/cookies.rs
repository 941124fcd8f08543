//! What the browser of an officer holds: the two tokens of a session, a mark for forms before it, and a language.

use actix_web::{
    HttpRequest,
    http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE},
    web::Data,
};

use crate::{app::App, reference::Language, staff::Tokens};

const ACCESS: &str = "c";
const REFRESH: &str = "cr";
/// Proves nothing but that a log-in form was asked for by this browser.
const BEFORE: &str = "c0";
const LANGUAGE: &str = "cl";

/// A log-in lasts one shift at most; the server ends it earlier if it has to.
const SHIFT_SECONDS: i64 = 12 * 60 * 60;

/// A year: which language an officer reads changes seldom.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The cookies of a request.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    pub access: Option<String>,
    pub refresh: Option<String>,
    pub before: Option<String>,
    pub language: Language,
    secure: bool,
}

impl Jar {
    pub fn of(req: &HttpRequest) -> Self {
        let mut jar = Self { secure: !is_at_home(req), ..Self::default() };
        let given = req.headers().get_all(COOKIE).filter_map(|header| header.to_str().ok());
        let pairs = given.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
            match name {
                ACCESS => jar.access = Some(value.to_owned()),
                REFRESH => jar.refresh = Some(value.to_owned()),
                BEFORE => jar.before = Some(value.to_owned()),
                LANGUAGE => jar.language = Language::parse(value).unwrap_or_default(),
                _other_site_of_this_host => (),
            }
        }
        jar
    }

    pub fn keep_tokens(&self, tokens: &Tokens, headers: &mut HeaderMap) {
        self.set(ACCESS, &tokens.access, tokens.expires_in, headers);
        self.set(REFRESH, &tokens.refresh, SHIFT_SECONDS, headers);
    }

    pub fn drop_tokens(&self, headers: &mut HeaderMap) {
        self.set(ACCESS, "", 0, headers);
        self.set(REFRESH, "", 0, headers);
    }

    pub fn keep_before(&self, value: &str, headers: &mut HeaderMap) {
        self.set(BEFORE, value, SHIFT_SECONDS, headers);
    }

    pub fn keep_language(&self, language: Language, headers: &mut HeaderMap) {
        self.set(LANGUAGE, language.as_str(), LANGUAGE_SECONDS, headers);
    }

    fn set(&self, name: &str, value: &str, seconds: i64, headers: &mut HeaderMap) {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/console; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}

/// The demonstration on one's own machine speaks no TLS, and some browsers keep no secure cookie without it.
fn is_at_home(req: &HttpRequest) -> bool {
    let synthetic = req.app_data::<Data<App>>().is_some_and(|app| app.settings.synthetic);
    let loopback = req.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
    synthetic && loopback && req.connection_info().scheme() == "http"
}
