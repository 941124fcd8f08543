use chrono::NaiveDate;
use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    measures::{Change, Dimension, Measure, Table, TableQuery, compare, compute, label},
    periods, scope_of,
};
use crate::{
    app::App,
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    reference::{Label, Reference},
    staff::{Permission, Refused, Staff},
    units,
};

/// A figure as an officer asks for it. Both days belong to the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub measure: Measure,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub by: Vec<Dimension>,
    /// As it stood at the end of this day; none: as it stands now.
    pub as_of: Option<NaiveDate>,
    pub restate: bool,
    /// Beside the same period before.
    pub compare: bool,
}

/// A figure, and where it was asked for that of the same period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tabulated {
    pub table: Table,
    pub before: Option<(Table, Change)>,
    /// Names of offices, by their keys.
    offices: Vec<(String, Label)>,
}

impl Tabulated {
    /// What a key of a dimension is called.
    pub fn label(&self, reference: &Reference, dimension: Dimension, key: &str) -> Label {
        let office = self.offices.iter().find(|(office, _)| dimension == Dimension::Office && office == key);
        office.map_or_else(|| label(reference, &self.table.query, dimension, key), |(_, name)| name.clone())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for TableError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// What a figure can be told apart by at once.
const MAX_DIMENSIONS: usize = 2;

/// Works out a figure for the offices where the officer may count, and all beneath these.
pub async fn tabulate(app: &App, staff: &Staff, asked: &Asked) -> Result<Tabulated, TableError> {
    staff.must(Permission::Count)?;
    check(asked, app.clock.today())?;
    app.db
        .snapshot(async |txn| {
            let query = query(app, asked, scope_of(txn, staff).await?);
            let offices = if asked.by.contains(&Dimension::Office) { names(txn).await? } else { Vec::new() };
            if !asked.compare {
                let table = compute(txn, &app.reference, &query).await?;
                return Ok(Tabulated { table, before: None, offices });
            }
            let compared = compare(txn, &app.reference, &query).await?;
            Ok(Tabulated { table: compared.now, before: Some((compared.before, compared.change)), offices })
        })
        .await
        .map_err(|error: DbErr| TableError::Store(error))
}

async fn names(db: &impl ConnectionTrait) -> Result<Vec<(String, Label)>, DbErr> {
    let offices = units::store::all_offices(db).await?.into_iter();
    Ok(offices.map(|office| (office.id.to_string(), Label { vi: office.name_vi, en: office.name_en })).collect())
}

pub(super) fn query(app: &App, asked: &Asked, offices: Vec<OfficeId>) -> TableQuery {
    TableQuery {
        measure: asked.measure,
        from: asked.from,
        to: asked.to,
        by: asked.by.clone(),
        as_of: asked.as_of.unwrap_or_else(|| app.clock.today()),
        offices,
        restate: asked.restate,
    }
}

pub(super) fn check(asked: &Asked, today: NaiveDate) -> Result<(), TableError> {
    let mut faults = periods::judge(asked.from, asked.to, asked.as_of, today);
    let twice = asked.by.iter().enumerate().any(|(at, by)| asked.by.iter().take(at).any(|other| other == by));
    let untold = asked.by.contains(&Dimension::Detail) && !asked.measure.has_detail();
    faults.check(asked.by.len() <= MAX_DIMENSIONS && !twice && !untold, "by", Code::UnknownDimension);
    faults.into_result().map_err(TableError::Fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::periods::Period;

    fn judge(measure: Measure, by: &[Dimension]) -> Vec<Code> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (from, to) = (day("2021-01-01"), day("2023-12-31"));
        let asked = Asked { measure, from, to, by: by.to_vec(), as_of: None, restate: false, compare: false };
        match check(&asked, day("2024-03-01")) {
            Ok(()) => Vec::new(),
            Err(error) => error.public().fields.into_iter().map(|fault| fault.code).collect(),
        }
    }

    #[test]
    fn a_figure_is_told_apart_by_two_things_at_most_and_only_by_what_it_has() {
        use Dimension as D;
        let year = D::Period(Period::Year);
        assert_eq!(judge(Measure::Received, &[]), []);
        assert_eq!(judge(Measure::Received, &[year, D::Unit]), []);
        assert_eq!(judge(Measure::Outcomes, &[D::Detail]), []);
        assert_eq!(judge(Measure::Received, &[year, D::Unit, D::Mode]), [Code::UnknownDimension]);
        assert_eq!(judge(Measure::Received, &[D::Unit, D::Unit]), [Code::UnknownDimension]);
        assert_eq!(judge(Measure::Received, &[D::Detail]), [Code::UnknownDimension]);
    }
}
