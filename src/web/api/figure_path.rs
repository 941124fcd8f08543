use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use super::{codes, problem::ApiError};
use crate::{platform::fault::Code, statistics::measures::Measure};

/// The measure that a path names.
pub struct Measured(pub Measure);

impl FromRequest for Measured {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let measure = req.match_info().get("measure").and_then(|text| text.parse().ok());
        ready(measure.map(Self).ok_or_else(|| ApiError::new(Code::NoSuchMeasure)))
    }
}

/// The same, as the document lists it.
pub struct FigureInPath;

impl IntoParams for FigureInPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("measure")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("What is counted"))
            .schema(Some(codes::measure()));
        vec![parameter.build()]
    }
}
