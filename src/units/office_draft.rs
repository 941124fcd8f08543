use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{ids::OfficeId, office_areas, offices};
use sea_orm::{ConnectionTrait, DbErr};
use vault::digest::fingerprint;

use super::{route::with_beneath, store};
use crate::{
    app::App,
    platform::fault::{Code, Fault, Faults, FieldFault, Public, store_code},
    reference::{OfficeKind, holds_on},
    staff::{Refused, StaffError},
    tips::line_fault,
};

/// An office as an administrator describes it.
#[derive(Clone, Debug)]
pub struct OfficeDraft {
    /// A code of `OfficeKind`.
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    /// The office above it. None is for the intake desk alone: what is about an office has to go to somebody.
    pub parent: Option<OfficeId>,
    /// Codes of the places that it answers for, as they are today.
    pub areas: Vec<String>,
}

/// Why an office was not made, changed or closed.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error("no such office")]
    NoSuchOffice,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("somebody was faster")]
    Stale,
    #[error("it is closed")]
    Closed,
    #[error("it is the intake desk")]
    Intake,
    #[error("it has open tips or cases")]
    OpenWork,
    #[error("offices stand beneath it")]
    Beneath,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl From<StaffError> for OfficeError {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Refused(refused) => refused.into(),
            StaffError::Store(error) => error.into(),
        }
    }
}

impl Fault for OfficeError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Stale => Code::Stale.into(),
            Self::Closed => Code::OfficeClosed.into(),
            Self::Intake => Code::OfficeIsIntake.into(),
            Self::OpenWork => Code::OfficeHasOpenWork.into(),
            Self::Beneath => Code::OfficeHasOffices.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// A name in a list of offices, on a phone.
const MAX_NAME: usize = 120;

impl OfficeDraft {
    /// The same without white space around names, and with each place once.
    pub(super) fn tidy(mut self) -> Self {
        self.name_vi = self.name_vi.trim().to_owned();
        self.name_en = self.name_en.trim().to_owned();
        self.areas = self.areas.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        self
    }

    /// Judges all fields at once. `of`: the office that is changed; none: a new one.
    pub(super) async fn check(
        &self,
        txn: &impl ConnectionTrait,
        app: &App,
        of: Option<&offices::Model>,
        faults: &mut Faults,
    ) -> Result<(), DbErr> {
        let today = app.clock.today();
        faults.check(OfficeKind::parse(&self.kind).is_some(), "kind", Code::Invalid);
        for (field, name) in [("name_vi", &self.name_vi), ("name_en", &self.name_en)] {
            if let Some(code) = line_fault(name, MAX_NAME) {
                faults.add(field, code);
            }
        }
        let known = |code: &String| app.reference.unit_on(code, today).is_some();
        faults.check(self.areas.iter().all(known), "areas", Code::UnknownUnit);
        let code = match (self.parent, of.is_some_and(|office| office.is_intake)) {
            (None, true) => None,
            (None, false) => Some(Code::Missing),
            (Some(_), true) => Some(Code::OfficeBeneathItself),
            (Some(parent), false) => self.parent_fault(txn, parent, of, today).await?,
        };
        if let Some(code) = code {
            faults.add("parent", code);
        }
        Ok(())
    }

    async fn parent_fault(
        &self,
        txn: &impl ConnectionTrait,
        parent: OfficeId,
        of: Option<&offices::Model>,
        today: NaiveDate,
    ) -> Result<Option<Code>, DbErr> {
        let above = store::office(txn, parent).await?;
        if !above.is_some_and(|office| is_open(&office, today)) {
            return Ok(Some(Code::UnknownOffice));
        }
        let own: Vec<OfficeId> = of.iter().map(|office| office.id).collect();
        let circle = with_beneath(txn, &own).await?.contains(&parent);
        Ok(circle.then_some(Code::OfficeBeneathItself))
    }
}

/// Whether an office takes part in the line on a day.
pub(super) fn is_open(office: &offices::Model, day: NaiveDate) -> bool {
    holds_on(office.valid_from, office.valid_to, day)
}

/// What tells one state of an office from another: any change of it gives another number.
pub(super) fn version_of(office: &offices::Model, areas: &[office_areas::Model]) -> i32 {
    let mut areas: Vec<String> =
        areas.iter().map(|area| format!("{}@{}-{:?}", area.unit_code, area.valid_from, area.valid_to)).collect();
    areas.sort_unstable();
    let all = format!("{office:?}{areas:?}");
    // Seven digits of sixteen: as large as a tag may be, and two states in a row are alike once in 200 million.
    let digits: String = fingerprint(all.as_bytes()).chars().take(7).collect();
    i32::from_str_radix(&digits, 16).unwrap_or_default()
}
