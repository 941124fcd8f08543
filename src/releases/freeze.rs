//! Counts, decides and freezes: what `prepare` and `revise` have in common.

use chrono::NaiveDate;
use entity::{
    enums::ReleaseState,
    ids::{ReleaseId, ReleaseLineId},
    release_lines, releases,
};
use sea_orm::Set;

use super::{
    Content, Release, ReleaseError, Source, Split, authority::must_speak_for_all, decide::decide, gather::gather, load,
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    disclosure::{Policy, Span},
    staff::{Permission, Staff},
    statistics::measures::Measure,
    valuations::RULE,
};

/// What is to be frozen.
pub(super) struct Plan {
    pub period: Span,
    pub splits: Vec<Split>,
    pub as_of: NaiveDate,
    pub revises: Option<ReleaseId>,
}

pub(super) async fn freeze(app: &App, staff: &Staff, plan: Plan) -> Result<Release, ReleaseError> {
    let gathered = app
        .db
        .snapshot(async |txn| {
            let offices = must_speak_for_all(txn, staff, Permission::Investigate).await?;
            Ok::<_, ReleaseError>(gather(txn, &app.reference, &offices, plan.period, plan.as_of).await?)
        })
        .await?;
    let (reference, period, splits) = (app.reference.clone(), plan.period, plan.splits.clone());
    let (cells, gathered) = app
        .releases
        .run(move || (decide(&reference, &gathered, period, &splits, &Policy::default()), gathered))
        .await?;
    let content = Content {
        measure: Measure::ValuableSources.as_str().to_owned(),
        from: period.from,
        to: period.to,
        as_of: plan.as_of,
        rule: RULE,
        threshold: Policy::default().threshold,
        basis: gathered.basis,
        revises: plan.revises,
        cells,
        sources: gathered.sources,
    };
    if !content.shows_anything() {
        return Err(ReleaseError::NothingToPublish);
    }
    keep(app, staff, &content, &plan.splits).await
}

async fn keep(app: &App, staff: &Staff, content: &Content, splits: &[Split]) -> Result<Release, ReleaseError> {
    let id = ReleaseId::from(app.chance.uuid());
    let hash = content.fingerprint();
    app.db
        .write(async |txn| {
            if store::count_published(txn).await? != content.basis {
                return Err(ReleaseError::Outdated);
            }
            store::insert(txn, row(app, staff, id, content, splits, &hash)).await?;
            store::insert_cells(txn, load::rows(app, id, &content.cells)).await?;
            store::insert_lines(txn, content.sources.iter().map(|source| line(app, id, source)).collect()).await?;
            let act = if content.revises.is_some() { "ReleaseRevised" } else { "ReleasePrepared" };
            audit::record_frozen(txn, app, staff, act, Object::Release(id), &hash).await?;
            load::release(txn, id).await?.ok_or(ReleaseError::NoSuchRelease)
        })
        .await
}

fn row(
    app: &App,
    staff: &Staff,
    id: ReleaseId,
    content: &Content,
    splits: &[Split],
    hash: &str,
) -> releases::ActiveModel {
    releases::ActiveModel {
        id: Set(id),
        measure: Set(content.measure.clone()),
        from_day: Set(content.from),
        to_day: Set(content.to),
        tables: Set(load::spell(splits)),
        rule: Set(content.rule),
        as_of: Set(content.as_of),
        threshold: Set(i32::try_from(content.threshold).unwrap_or(i32::MAX)),
        state: Set(ReleaseState::Prepared),
        hash: Set(hash.to_owned()),
        basis: Set(content.basis),
        revises: Set(content.revises),
        prepared_by: Set(staff.id),
        prepared_at: Set(app.clock.now()),
        checked_by: Set(None),
        checked_at: Set(None),
        published_by: Set(None),
        published_on: Set(None),
        number: Set(None),
    }
}

fn line(app: &App, release: ReleaseId, source: &Source) -> release_lines::ActiveModel {
    let unit = source.unit.clone().map(|unit| (unit.code, unit.valid_from));
    let (unit_code, unit_valid_from) = unit.unzip();
    release_lines::ActiveModel {
        id: Set(ReleaseLineId::from(app.chance.uuid())),
        release_id: Set(release),
        valuation_id: Set(source.valuation),
        decided_on: Set(source.decided_on),
        unit_code: Set(unit_code),
        unit_valid_from: Set(unit_valid_from),
        category: Set(source.category.clone()),
        channel: Set(source.channel.clone()),
    }
}
