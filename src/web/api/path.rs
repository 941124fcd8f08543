use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use entity::ids::{CaseId, IdentityRequestId, OfficeId, OfficerId, ReleaseId, TipId, ValuationId};
use utoipa::{
    IntoParams,
    openapi::{
        KnownFormat, ObjectBuilder, Required, SchemaFormat,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{SchemaType, Type},
    },
};
use uuid::Uuid;

use super::{authority::As, problem::ApiError};
use crate::{platform::fault::Code, staff::Staff};

/// The id of a thing in the path. What cannot be an id is answered as what does not exist.
pub struct Id<T>(pub T);

/// A thing that paths name.
pub trait InPath: From<Uuid> {
    /// The parameter in the path's pattern.
    const PARAMETER: &str;
    /// What to say when there is no such thing.
    const MISSING: Code;
}

impl<T: InPath> FromRequest for Id<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req.match_info().get(T::PARAMETER).and_then(parse);
        ready(id.map(|id| Self(id.into())).ok_or_else(|| ApiError::new(T::MISSING)))
    }
}

/// One spelling only, so that one thing has one address.
fn parse(text: &str) -> Option<Uuid> {
    let plain = text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase());
    plain.then(|| Uuid::try_parse(text).ok()).flatten()
}

impl InPath for TipId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchTip;
}

impl InPath for CaseId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchCase;
}

impl InPath for ValuationId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchValuation;
}

impl InPath for ReleaseId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchRelease;
}

impl InPath for IdentityRequestId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchIdentityRequest;
}

impl InPath for OfficeId {
    const PARAMETER: &str = "id";
    const MISSING: Code = Code::NoSuchOffice;
}

impl InPath for OfficerId {
    const PARAMETER: &str = "officer";
    const MISSING: Code = Code::NoSuchOfficer;
}

/// An officer's verb on a member of an office: which office, whom, and what else it takes.
pub type OnMember<T> = As<Staff, (Id<OfficeId>, Id<OfficerId>, T)>;

/// The same ids, as the document lists them.
macro_rules! in_path {
    ($($name:ident = $noun:ty, $about:literal;)+) => {
        $(
            pub struct $name;
            impl IntoParams for $name {
                fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                    let uuid = ObjectBuilder::new()
                        .schema_type(SchemaType::new(Type::String))
                        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
                    let parameter = ParameterBuilder::new()
                        .name(<$noun>::PARAMETER)
                        .parameter_in(ParameterIn::Path)
                        .required(Required::True)
                        .description(Some($about))
                        .schema(Some(uuid));
                    vec![parameter.build()]
                }
            }
        )+
    };
}
in_path! {
    TipInPath = TipId, "A tip";
    CaseInPath = CaseId, "A case";
    ValuationInPath = ValuationId, "A valuation";
    ReleaseInPath = ReleaseId, "A release";
    IdentityRequestInPath = IdentityRequestId, "A request for an identity";
    OfficeInPath = OfficeId, "An office";
    OfficerInPath = OfficerId, "An officer";
}
