//! Two officers, one tip: `ETag` tells a version, `If-Match` asks that it still be the stored one (RFC 9110, 13.1.1).

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderValue, IF_MATCH},
};

use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, SchemaType, Type},
    },
};

use super::problem::ApiError;
use crate::{platform::fault::Code, tips::Edit};

/// The version that the caller has seen, if the caller minds.
pub struct IfMatch(pub Edit);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut headers = req.headers().get_all(IF_MATCH);
        ready(match (headers.next(), headers.next()) {
            (None, _) => Ok(Self(None)),
            (Some(only), None) => parse(only).map(Self).ok_or_else(|| ApiError::new(Code::InvalidHeader)),
            (Some(_), Some(_)) => Err(ApiError::new(Code::InvalidHeader)),
        })
    }
}

/// As the document lists it.
impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let tag =
            ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).pattern(Some(r#"^(\*|"v[0-9]{1,9}")$"#));
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("The `ETag` that was read: if somebody was faster, nothing changes and 412 is answered."))
            .schema(Some(tag))
            .example(Some("\"v7\"".into()));
        vec![parameter.build()]
    }
}

/// `*` matches whatever is there; of tags, only ours and only one.
fn parse(value: &HeaderValue) -> Option<Edit> {
    let text = value.to_str().ok()?.trim();
    if text == "*" {
        return Some(None);
    }
    let digits = text.strip_prefix("\"v")?.strip_suffix('"')?;
    let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok().map(Some) } else { None }
}

/// The tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"v{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_tags_are_read() {
        for (text, edit) in [("*", Some(None)), ("\"v7\"", Some(Some(7))), (" \"v12\" ", Some(Some(12)))] {
            assert_eq!(parse(&HeaderValue::from_str(text).unwrap()), edit, "{text}");
        }
        for text in ["", "v7", "\"7\"", "W/\"v7\"", "\"v7\", \"v8\"", "\"v-7\"", "\"v\"", "\"v99999999999\"", "\"v+7\""]
        {
            assert_eq!(parse(&HeaderValue::from_str(text).unwrap()), None, "{text}");
        }
        assert_eq!(parse(&HeaderValue::from_str(&etag(3)).unwrap()), Some(Some(3)));
    }
}
