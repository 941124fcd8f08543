use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use chrono::NaiveDate;
use vault::secret::Secret;

use crate::{
    platform::fault::Code,
    web::api::{
        problem::ApiError,
        receive::{Received, is_form},
    },
};

/// What a form sent, field by field, as it was typed: so that a page can come back filled.
#[derive(Clone, Default)]
pub struct Typed(Vec<(String, String)>);

/// The field that holds a form to its session.
pub const TOKEN: &str = "form";

impl Typed {
    pub fn of(req: &HttpRequest) -> Result<Self, ApiError> {
        let extensions = req.extensions();
        let received = extensions.get::<Received>().filter(|_| is_form(req.headers()));
        let Received(body) = received.ok_or_else(|| ApiError::new(Code::InvalidRequest))?;
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(body).map_err(|_| ApiError::new(Code::InvalidRequest))?;
        // Browsers end lines with two characters; people count one.
        Ok(Self(pairs.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect()))
    }

    #[cfg(test)]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// What was typed in a field; empty if nothing was, or there is no such field.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// What was typed, if anything but blanks was.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.filled(name).is_some()
    }

    pub fn secret(&self, name: &str) -> Secret<String> {
        Secret::new(self.get(name).to_owned())
    }

    pub fn secret_if_filled(&self, name: &str) -> Option<Secret<String>> {
        self.filled(name).map(|_| self.secret(name))
    }

    /// A day as Vietnamese write it; what is none is said at its field.
    pub fn day(&self, name: &'static str) -> Result<Option<NaiveDate>, ApiError> {
        let Some(typed) = self.filled(name) else { return Ok(None) };
        day(typed).map(Some).ok_or_else(|| ApiError::field(name, Code::Invalid))
    }

    /// The version that the page showed. One that was lost on the way is none that holds: who sends it is told so.
    pub fn version(&self) -> Option<i32> {
        Some(self.get("version").parse().unwrap_or_default())
    }

    /// All that was typed by hand, for a page that can only show it.
    pub fn words(&self) -> Vec<(String, String)> {
        let unseen = [TOKEN, "version", "seen", "password", "token", "old_password", "new_password", "code", "secret"];
        let shown = self.0.iter().filter(|(name, value)| !unseen.contains(&name.as_str()) && !value.trim().is_empty());
        shown.cloned().collect()
    }
}

impl FromRequest for Typed {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

/// `23/11/2026` as Vietnamese write it, with dots or dashes too; `2026-11-23` as date fields send it.
pub fn day(typed: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = typed.split(['/', '.', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match (parts.as_slice(), numbers.as_slice()) {
        ([first, ..], [year, month, day]) if first.len() == 4 => (*year, *month, *day),
        ([.., last], [day, month, year]) if last.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}
