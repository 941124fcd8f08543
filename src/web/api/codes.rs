//! Codes of the nouns, as the document lists them.

use entity::enums::{
    Actor, CaseStatus, MessageKind, Mode, NoteKind, ReleaseState, RequestState, Role, Sender, TipStatus,
    ValuationState, Verdict,
};
use utoipa::openapi::{
    Array, ArrayBuilder, Object, ObjectBuilder,
    schema::{SchemaType, Type},
};

use super::audit;
use crate::{
    disclosure::Reason,
    doctor,
    reference::{Language, OfficeKind, Qualifies, RowKind},
    releases::Split,
    reports::Format,
    statistics::{By, measures::Measure, periods::Period},
    tips::{
        priority,
        state::{Dismissal, PublicState},
    },
};

fn one_of(codes: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(codes)).build()
}

/// One of the codes, or null.
pub fn optional(codes: impl IntoIterator<Item = &'static str>) -> Object {
    let codes = codes.into_iter().map(serde_json::Value::from).chain([serde_json::Value::Null]);
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null])).enum_values(Some(codes)).build()
}

pub fn tip_state() -> Object {
    one_of(TipStatus::ALL.iter().map(|state| state.as_str()))
}

pub fn public_state() -> Object {
    one_of(PublicState::ALL.iter().map(|state| state.as_str()))
}

pub fn tip_priority() -> Object {
    one_of([priority::NORMAL, priority::HIGH, priority::URGENT].map(priority::name))
}

pub fn mode() -> Object {
    one_of(Mode::ALL.iter().map(|mode| mode.as_str()))
}

pub fn role() -> Object {
    one_of(Role::ALL.iter().map(|role| role.as_str()))
}

pub fn roles() -> Array {
    ArrayBuilder::new().items(role()).max_items(Some(Role::ALL.len())).build()
}

pub fn qualifies() -> Object {
    one_of(Qualifies::ALL.iter().map(|qualifies| qualifies.as_str()))
}

pub fn office_kind() -> Object {
    one_of(OfficeKind::ALL.iter().map(|kind| kind.as_str()))
}

pub fn reference_list() -> Object {
    one_of(RowKind::ALL.iter().map(|kind| kind.as_str()))
}

pub fn actor() -> Object {
    one_of(Actor::ALL.iter().map(|actor| actor.as_str()))
}

pub fn counted_by() -> Object {
    one_of(By::ALL.map(By::as_str))
}

pub fn request_state() -> Object {
    one_of(RequestState::ALL.iter().map(|state| state.as_str()))
}

pub fn verdict() -> Object {
    one_of(Verdict::ALL.iter().map(|verdict| verdict.as_str()))
}

pub fn finding() -> Object {
    one_of(doctor::Kind::ALL.map(doctor::Kind::as_str))
}

pub fn release_state() -> Object {
    one_of(ReleaseState::ALL.iter().map(|state| state.as_str()))
}

pub fn release_table() -> Object {
    one_of(Split::ALL.map(Split::as_str))
}

pub fn release_tables() -> Array {
    ArrayBuilder::new().items(release_table()).max_items(Some(Split::ALL.len())).build()
}

pub fn withheld() -> Object {
    optional(Reason::ALL.map(Reason::as_str))
}

pub fn report_format() -> Object {
    one_of(Format::ALL.map(Format::as_str))
}

pub fn report_language() -> Object {
    one_of(Language::ALL.iter().map(|language| language.as_str()))
}

pub fn period() -> Object {
    one_of(Period::ALL.map(Period::as_str))
}

pub fn measure() -> Object {
    one_of(Measure::ALL.iter().map(|measure| measure.as_str()))
}

pub fn sender() -> Object {
    one_of(Sender::ALL.iter().map(|sender| sender.as_str()))
}

pub fn message_kind() -> Object {
    one_of(MessageKind::ALL.iter().map(|kind| kind.as_str()))
}

pub fn note_kind() -> Object {
    one_of(NoteKind::ALL.iter().map(|kind| kind.as_str()))
}

pub fn case_state() -> Object {
    one_of(CaseStatus::ALL.iter().map(|state| state.as_str()))
}

pub fn valuation_state() -> Object {
    one_of(ValuationState::ALL.iter().map(|state| state.as_str()))
}

pub fn export_format() -> Object {
    one_of(audit::Format::ALL.map(audit::Format::as_str))
}

pub fn dismissal() -> Object {
    one_of(Dismissal::ALL.map(Dismissal::as_str))
}
