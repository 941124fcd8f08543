use std::{
    future::{Ready, ready},
    sync::LazyLock,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};

use super::texts;
use crate::{app::App, reference::Language};

/// Colours, space and type are `tokens.css`; every room's pages share them.
const STYLE: &str = concat!(include_str!("assets/tokens.css"), include_str!("assets/style.css"));

/// The pages run nothing and load nothing: one inline style, named by its hash, and pictures that are in the page.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = vault::form::style_source(STYLE);
    format!(
        "default-src 'none'; style-src {style}; img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
});

/// What every page shares: its language, where it stands, and the notices of the deployment.
#[derive(Clone)]
pub struct Frame {
    pub language: Language,
    /// Path of this page without the language; none for an answer to a form, which the other language has not.
    pub path: Option<String>,
    pub synthetic: bool,
    pub onion: Option<String>,
}

impl Frame {
    pub fn of(req: &HttpRequest) -> Self {
        let (language, path) = split(req.path());
        let settings = req.app_data::<Data<App>>().map(|app| &app.settings);
        Self {
            language,
            path: (req.method() == actix_web::http::Method::GET).then(|| path.to_owned()),
            synthetic: settings.is_some_and(|settings| settings.synthetic),
            onion: settings.and_then(|settings| settings.onion_url.clone()),
        }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> &'static str {
        texts::text(key, self.language)
    }

    pub fn style(&self) -> &'static str {
        STYLE
    }

    /// A page's address in this page's language.
    pub fn url(&self, path: &str) -> String {
        address(self.language, path)
    }

    /// This page in the other language: how it is called there, its tag, and its address.
    pub fn other(&self) -> Option<(&'static str, &'static str, String)> {
        let (name, other) = match self.language {
            Language::Vi => ("English", Language::En),
            Language::En => ("Tiếng Việt", Language::Vi),
        };
        Some((name, other.as_str(), address(other, self.path.as_deref()?)))
    }
}

impl FromRequest for Frame {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// The language that a path names, and the path without it.
fn split(path: &str) -> (Language, &str) {
    match path.strip_prefix("/en") {
        Some("") => (Language::En, "/"),
        Some(rest) if rest.starts_with('/') => (Language::En, rest),
        Some(_) | None => (Language::Vi, path),
    }
}

fn address(language: Language, path: &str) -> String {
    match (language, path) {
        (Language::Vi, path) => path.to_owned(),
        (Language::En, "/") => "/en".to_owned(),
        (Language::En, path) => format!("/en{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_its_language_come_apart_and_together() {
        for (whole, language, path) in [
            ("/", Language::Vi, "/"),
            ("/tip", Language::Vi, "/tip"),
            ("/en", Language::En, "/"),
            ("/en/tip", Language::En, "/tip"),
            ("/enough", Language::Vi, "/enough"),
        ] {
            assert_eq!(split(whole), (language, path));
            assert_eq!(address(language, path), whole);
        }
    }
}
