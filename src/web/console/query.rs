use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::texts;
use crate::reference::Language;

/// The query of an address, parameter by parameter. A page shows what it understands of it and leaves out the rest.
#[derive(Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn read(text: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
        Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// A parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str())
    }

    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// What was done, in words, by the verb that a parameter names; empty if it names none.
    pub fn told(&self, name: &str, language: Language) -> &'static str {
        self.get(name).and_then(|verb| texts::label("done", verb, language)).unwrap_or_default()
    }

    /// The same query with one parameter set, or without it, as text with its question mark.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self.pairs().filter(|(parameter, _)| *parameter != name).collect();
        if !value.is_empty() {
            pairs.push((name, value));
        }
        written(&pairs)
    }

    /// Of the query, these parameters only.
    pub fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect())
    }

    pub fn text(&self) -> String {
        written(&self.pairs().collect::<Vec<_>>())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn written(pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }
}

impl FromRequest for Query {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::read(req.query_string())))
    }
}
