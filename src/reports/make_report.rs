use chrono::NaiveDate;
use entity::{ids::OfficeId, offices};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    assemble,
    document::Report,
    gather::{self, Gathered, Span},
    kind::ReportKind,
    plan::Plan,
    span,
    story::{self, Told},
    words::both,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Fault, FieldFault, Public, store_code},
    reference::Label,
    staff::{Permission, Refused, Staff},
    statistics::periods,
    units,
};

/// Who wants a report.
#[derive(Clone, Copy)]
pub enum Asker<'a> {
    /// Gets the figures of the officer's own offices and of all beneath them.
    Officer(&'a Staff),
    /// Whoever holds the database, at the command line: all offices, or one with all beneath it.
    Operator(Option<OfficeId>),
}

/// Which report. Both days belong to the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportQuery {
    pub kind: ReportKind,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// As it stood at the end of this day; none: as it stands now.
    pub as_of: Option<NaiveDate>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ReportError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Makes a report of a period, counted on one snapshot of the ledger and held against its invariants.
pub async fn make_report(app: &App, asker: Asker<'_>, query: &ReportQuery) -> Result<Report, ReportError> {
    let held = held_by(asker)?;
    let today = app.clock.today();
    check(query, today)?;
    put_on_record(app, asker, query).await?;
    let plan = Plan::of(query.kind, query.from, query.to);
    let counted = app.db.snapshot(async |txn| {
        let offices = units::store::all_offices(txn).await?;
        let scope = scope_label(&offices, held.as_deref());
        let span = Span {
            from: query.from,
            to: query.to,
            as_of: query.as_of.unwrap_or(today),
            today,
            offices: in_scope(txn, &offices, held).await?,
        };
        let gathered = gather::gather(txn, &app.reference, (&plan, &span)).await?;
        Ok((span, scope, gathered))
    });
    let (span, scope, gathered) = counted.await.map_err(|error: DbErr| ReportError::Store(error))?;
    Ok(put_together(query.kind, &plan, (&span, scope, &gathered), app.settings.synthetic))
}

/// None: every office.
fn held_by(asker: Asker<'_>) -> Result<Option<Vec<OfficeId>>, Refused> {
    match asker {
        Asker::Officer(staff) => {
            staff.must(Permission::Count)?;
            Ok(Some(staff.offices(Permission::Count)))
        }
        Asker::Operator(office) => Ok(office.map(|office| vec![office])),
    }
}

fn check(query: &ReportQuery, today: NaiveDate) -> Result<(), ReportError> {
    periods::judge(query.from, query.to, query.as_of, today).into_result().map_err(ReportError::Fields)
}

/// Who has which report made is on record, over which office and all beneath it.
async fn put_on_record(app: &App, asker: Asker<'_>, query: &ReportQuery) -> Result<(), DbErr> {
    let detail = format!("{} {} {}", query.kind.as_str(), query.from, query.to);
    app.db
        .write(async |txn| match asker {
            Asker::Officer(staff) => {
                for office in staff.offices(Permission::Count) {
                    let report = Object::Report(office);
                    audit::record_detailed(txn, app, staff, Some(office), "ReportMade", report, detail.clone()).await?;
                }
                Ok(())
            }
            Asker::Operator(office) => {
                for office in top_of(txn, office).await? {
                    audit::record_system(txn, app, Some(office), "ReportMade", Object::Report(office)).await?;
                }
                Ok(())
            }
        })
        .await
}

/// The office that was named; else those that stand above all.
async fn top_of(db: &impl ConnectionTrait, named: Option<OfficeId>) -> Result<Vec<OfficeId>, DbErr> {
    match named {
        Some(office) => Ok(vec![office]),
        None => {
            let offices = units::store::all_offices(db).await?;
            Ok(offices.iter().filter(|office| office.parent_id.is_none()).map(|office| office.id).collect())
        }
    }
}

async fn in_scope(
    db: &impl ConnectionTrait,
    offices: &[offices::Model],
    held: Option<Vec<OfficeId>>,
) -> Result<Vec<OfficeId>, DbErr> {
    match held {
        Some(held) => units::offices_beneath(db, &held).await,
        None => Ok(offices.iter().map(|office| office.id).collect()),
    }
}

fn scope_label(offices: &[offices::Model], held: Option<&[OfficeId]>) -> Label {
    let Some(held) = held else { return both("tất cả các đơn vị", "all offices") };
    let named: Vec<&offices::Model> = offices.iter().filter(|office| held.contains(&office.id)).collect();
    let names =
        |name: fn(&offices::Model) -> &str| named.iter().map(|office| name(office)).collect::<Vec<_>>().join(", ");
    both(
        &format!("{} và các đơn vị trực thuộc", names(|office| &office.name_vi)),
        &format!("{} and all beneath", names(|office| &office.name_en)),
    )
}

fn put_together(
    kind: ReportKind,
    plan: &Plan,
    (span, scope, gathered): (&Span, Label, &Gathered),
    synthetic: bool,
) -> Report {
    let checks = assemble::checks(plan, gathered);
    let reconciles = checks.iter().all(super::document::Check::holds);
    Report {
        kind,
        title: kind.title(),
        period: span::name_of(span.from, span.to),
        from: span.from,
        to: span.to,
        before: periods::before(span.from, span.to),
        as_of: span.as_of,
        synthetic,
        paragraphs: story::paragraphs(&Told { span, scope: &scope, gathered, reconciles, synthetic }),
        tables: assemble::tables(plan, gathered),
        checks,
        rules: assemble::rules(plan),
        scope,
    }
}
