//! From rows to what they mean, and back.

use chrono::NaiveDate;
use entity::{
    enums::ReleaseState,
    ids::{OfficerId, ReleaseCellId, ReleaseId},
    release_cells, release_lines, releases,
};
use sea_orm::{ConnectionTrait, DbErr, Set};

use super::{Content, ReleasedCell, Source, Split, store};
use crate::{
    app::App,
    disclosure::{Axis, Reason, Region, Slice, Span},
    reference::{Label, UnitKey},
};

/// A release without its tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: ReleaseId,
    pub measure: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub splits: Vec<Split>,
    pub rule: i32,
    pub as_of: NaiveDate,
    pub threshold: i32,
    pub state: ReleaseState,
    pub hash: String,
    pub revises: Option<ReleaseId>,
    pub prepared_by: OfficerId,
    pub checked_by: Option<OfficerId>,
    pub published_by: Option<OfficerId>,
    pub published_on: Option<NaiveDate>,
    pub number: Option<i32>,
}

/// A figure that a revision tells otherwise than the release before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub split: Split,
    pub keys: Vec<String>,
    pub label: Label,
    pub before: i64,
    pub after: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub head: Head,
    pub cells: Vec<ReleasedCell>,
    /// Of a revision: what both tell, and tell differently.
    pub changes: Vec<Changed>,
}

/// Between the codes of tables, which have commas of their own.
const TABLES: &str = ";";

/// Between the keys of a place.
const KEYS: &str = "|";

pub(super) fn spell(splits: &[Split]) -> String {
    splits.iter().map(|split| split.as_str()).collect::<Vec<_>>().join(TABLES)
}

pub(super) fn head(row: releases::Model) -> Result<Head, DbErr> {
    let splits = row.tables.split(TABLES).filter(|code| !code.is_empty()).map(split);
    Ok(Head {
        splits: splits.collect::<Result<_, _>>()?,
        id: row.id,
        measure: row.measure,
        from: row.from_day,
        to: row.to_day,
        rule: row.rule,
        as_of: row.as_of,
        threshold: row.threshold,
        state: row.state,
        hash: row.hash,
        revises: row.revises,
        prepared_by: row.prepared_by,
        checked_by: row.checked_by,
        published_by: row.published_by,
        published_on: row.published_on,
        number: row.number,
    })
}

pub(super) async fn release(db: &impl ConnectionTrait, id: ReleaseId) -> Result<Option<Release>, DbErr> {
    match store::release(db, id).await? {
        Some(row) => Ok(Some(whole(db, head(row)?, None).await?)),
        None => Ok(None),
    }
}

/// A release with one of its tables, or with all.
pub(super) async fn whole(db: &impl ConnectionTrait, head: Head, of: Option<Split>) -> Result<Release, DbErr> {
    let cells = cells(db, head.id, of).await?;
    let before = match head.revises {
        Some(id) => self::cells(db, id, of).await?,
        None => Vec::new(),
    };
    let changes = changes(&before, &cells);
    Ok(Release { head, cells, changes })
}

fn changes(before: &[ReleasedCell], after: &[ReleasedCell]) -> Vec<Changed> {
    let changed = after.iter().filter_map(|cell| {
        let same = |old: &&ReleasedCell| (old.split, &old.keys) == (cell.split, &cell.keys);
        let (before, after) = (before.iter().find(same)?.figure.ok()?, cell.figure.ok()?);
        let (split, keys, label) = (cell.split, cell.keys.clone(), cell.label.clone());
        (before != after).then_some(Changed { split, keys, label, before, after })
    });
    changed.collect()
}

pub(super) async fn cells(
    db: &impl ConnectionTrait,
    id: ReleaseId,
    of: Option<Split>,
) -> Result<Vec<ReleasedCell>, DbErr> {
    let rows = store::cells(db, id, of.map(Split::as_str)).await?;
    rows.into_iter().map(cell).collect()
}

fn split(code: &str) -> Result<Split, DbErr> {
    code.parse().map_err(|error| DbErr::Custom(format!("{code}: {error}")))
}

fn cell(row: release_cells::Model) -> Result<ReleasedCell, DbErr> {
    let broken = |what: &str| DbErr::Custom(format!("release cell {}: {what}", row.id));
    let axis = row.axis.as_deref().map(|code| Axis::parse(code).ok_or_else(|| broken("axis"))).transpose()?;
    let members = || row.members.split(' ').filter(|member| !member.is_empty()).map(str::to_owned).collect();
    let figure = match (row.value, &row.reason) {
        (Some(value), _) => Ok(value),
        (None, Some(reason)) => Err(Reason::parse(reason).ok_or_else(|| broken("reason"))?),
        (None, None) => return Err(broken("neither value nor reason")),
    };
    Ok(ReleasedCell {
        split: split(&row.in_table)?,
        keys: row.keys.split(KEYS).filter(|key| !key.is_empty()).map(str::to_owned).collect(),
        region: Region {
            span: Span { from: row.from_day, to: row.to_day },
            slice: axis.map(|axis| Slice { axis, members: members() }),
        },
        label: Label { vi: row.label_vi, en: row.label_en },
        figure,
    })
}

pub(super) fn rows(app: &App, release: ReleaseId, cells: &[ReleasedCell]) -> Vec<release_cells::ActiveModel> {
    let rows = cells.iter().zip(0..).map(|(cell, place)| {
        let slice = cell.region.slice.as_ref();
        let members = slice.map(|slice| slice.members.iter().cloned().collect::<Vec<_>>().join(" "));
        release_cells::ActiveModel {
            id: Set(ReleaseCellId::from(app.chance.uuid())),
            release_id: Set(release),
            place: Set(place),
            in_table: Set(cell.split.as_str().to_owned()),
            keys: Set(cell.keys.join(KEYS)),
            label_vi: Set(cell.label.vi.clone()),
            label_en: Set(cell.label.en.clone()),
            from_day: Set(cell.region.span.from),
            to_day: Set(cell.region.span.to),
            axis: Set(slice.map(|slice| slice.axis.as_str().to_owned())),
            members: Set(members.unwrap_or_default()),
            value: Set(cell.figure.ok()),
            reason: Set(cell.figure.err().map(|reason| reason.as_str().to_owned())),
        }
    });
    rows.collect()
}

/// All that was frozen, to be held against its fingerprint.
pub(super) async fn content(db: &impl ConnectionTrait, row: &releases::Model) -> Result<Content, DbErr> {
    Ok(Content {
        measure: row.measure.clone(),
        from: row.from_day,
        to: row.to_day,
        as_of: row.as_of,
        rule: row.rule,
        threshold: row.threshold.into(),
        basis: row.basis,
        revises: row.revises,
        cells: cells(db, row.id, None).await?,
        sources: sources(db, row.id).await?,
    })
}

/// What a release counted.
pub(super) async fn sources(db: &impl ConnectionTrait, id: ReleaseId) -> Result<Vec<Source>, DbErr> {
    Ok(store::lines(db, id).await?.into_iter().map(source).collect())
}

fn source(row: release_lines::Model) -> Source {
    let unit = row.unit_code.zip(row.unit_valid_from);
    Source {
        valuation: row.valuation_id,
        decided_on: row.decided_on,
        unit: unit.map(|(code, valid_from)| UnitKey { code, valid_from }),
        category: row.category,
        channel: row.channel,
    }
}
