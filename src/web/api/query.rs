use std::{
    fmt,
    future::{Ready, ready},
    marker::PhantomData,
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, Visitor, value::MapDeserializer},
};

use super::{
    body::{judge, showable},
    problem::ApiError,
    scan::is_unshowable,
};
use crate::platform::fault::{Code, FieldFault, Public};

/// Query parameters of a known shape. Unknown and repeated ones are refused: a filter that was misspelt would
/// otherwise show everything.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| ApiError::new(Code::InvalidQuery))?
        .into_inner();
    // An empty parameter is one that was not filled in.
    let given: Vec<(String, String)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if let Some((name, _)) = given.iter().find(|(_, value)| value.chars().any(is_unshowable)) {
        return Err(refused(name, Code::ControlCharacter));
    }
    let pairs = MapDeserializer::<_, serde::de::value::Error>::new(given.into_iter());
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let said = error.inner().to_string();
        match judge(&said) {
            (Some(name), code) => refused(name, code),
            (None, code) => refused(&error.path().to_string(), code),
        }
    })
}

fn refused(parameter: &str, code: Code) -> ApiError {
    let fields = vec![FieldFault::new(showable(parameter).to_owned(), code)];
    ApiError::new(Public { code: Code::InvalidQuery, fields, state: None })
}

/// Reads a parameter that is not text, such as a number, from its text.
pub fn from_text<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    struct Text<T>(PhantomData<T>);
    impl<T: FromStr> Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(|_| E::custom("not a value"))
        }
    }
    deserializer.deserialize_str(Text(PhantomData)).map(Some)
}

/// Reads a parameter that is text. Present means given: empty ones were left out before.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[serde(default, deserialize_with = "text")]
        q: Option<String>,
        #[serde(default, deserialize_with = "from_text")]
        limit: Option<u32>,
    }

    #[test]
    fn what_is_given_is_read() {
        let Shape { q, limit } = parse("q=b%E1%BA%A3n+m%C6%B0%E1%BB%9Dng&limit=7").unwrap();
        assert_eq!((q.as_deref(), limit), (Some("bản mường"), Some(7)));
        let Shape { q, limit } = parse("q=&limit=").unwrap();
        assert_eq!((q, limit), (None, None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, field) in [
            ("limt=7", "limt"),
            ("limit=x", "limit"),
            ("limit=-1", "limit"),
            ("q=a&q=b", "q"),
            ("q=%00", "q"),
            ("a+b=1", "?"),
        ] {
            let problem = parse::<Shape>(query).unwrap_err().example();
            assert_eq!(problem["code"], "invalid_query", "{query}");
            assert_eq!(problem["errors"][0]["field"], field, "{query}");
        }
    }
}
