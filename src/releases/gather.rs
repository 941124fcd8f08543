//! What is known when a release is prepared: the sources as of its day, and all that the public was told of any time
//! that hangs together with its period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{ids::OfficeId, releases};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Source, load, store};
use crate::{
    disclosure::{Earlier, Line, Span, World},
    reference::{Reference, UnitKey},
    statistics::measures::{Measure, TableQuery, lines},
};

pub(super) struct Gathered {
    /// Of the period.
    pub sources: Vec<Source>,
    pub now: World,
    pub earlier: Vec<Earlier>,
    /// As each of these knew it.
    pub then: Vec<World>,
    /// How many releases have been published.
    pub basis: i32,
}

pub(super) async fn gather(
    db: &impl ConnectionTrait,
    reference: &Reference,
    offices: &[OfficeId],
    period: Span,
    as_of: NaiveDate,
) -> Result<Gathered, DbErr> {
    let published = store::published(db).await?;
    let basis = i32::try_from(published.len()).unwrap_or(i32::MAX);
    let (span, related) = related(period, published);
    let mut earlier = Vec::new();
    for release in &related {
        let cells = load::cells(db, release.id, None).await?;
        let mut told = Earlier { as_of: release.as_of, shown: Vec::new(), withheld: Vec::new() };
        for cell in cells {
            match cell.figure {
                Ok(value) => told.shown.push((cell.region, value)),
                Err(_) => told.withheld.push(cell.region),
            }
        }
        earlier.push(told);
    }
    let mut then = Vec::new();
    for release in &related {
        then.push(World {
            as_of: release.as_of,
            lines: alike(&known_by(db, reference, offices, span, release).await?),
        });
    }
    let all = sources(db, reference, offices, span, as_of).await?;
    let now = World { as_of, lines: alike(&all) };
    let sources = all.into_iter().filter(|source| period.holds(source.decided_on)).collect();
    Ok(Gathered { sources, now, earlier, then, basis })
}

/// What a release knew: of its own period what it froze, which the ledger of that day need not be when more was
/// recorded on it; of all other days what the ledger knew then.
async fn known_by(
    db: &impl ConnectionTrait,
    reference: &Reference,
    offices: &[OfficeId],
    span: Span,
    release: &releases::Model,
) -> Result<Vec<Source>, DbErr> {
    let own = Span { from: release.from_day, to: release.to_day };
    let mut all = sources(db, reference, offices, span, release.as_of).await?;
    all.retain(|source| !own.holds(source.decided_on));
    all.extend(load::sources(db, release.id).await?);
    Ok(all)
}

/// The releases that share days with the period, with one that does, and so on; and all the days that these are about.
fn related(period: Span, published: Vec<releases::Model>) -> (Span, Vec<releases::Model>) {
    let (mut span, mut related, mut others) = (period, Vec::new(), published);
    loop {
        let meets = |release: &releases::Model| release.from_day <= span.to && span.from <= release.to_day;
        let (found, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(meets);
        if found.is_empty() {
            related.sort_by_key(|release: &releases::Model| release.number);
            return (span, related);
        }
        for release in found {
            span = Span { from: span.from.min(release.from_day), to: span.to.max(release.to_day) };
            related.push(release);
        }
        others = rest;
    }
}

async fn sources(
    db: &impl ConnectionTrait,
    reference: &Reference,
    offices: &[OfficeId],
    span: Span,
    as_of: NaiveDate,
) -> Result<Vec<Source>, DbErr> {
    let query = TableQuery {
        measure: Measure::ValuableSources,
        from: span.from,
        to: span.to,
        by: Vec::new(),
        as_of,
        offices: offices.to_vec(),
        restate: false,
    };
    let lines = lines(db, reference, &query, None).await?;
    // What ends something that is not there ends nothing.
    let lines = lines.into_iter().filter(|line| line.sign > 0);
    let source = |line: crate::statistics::measures::Line| {
        let fact = line.fact;
        let unit = fact.unit_code.zip(fact.unit_valid_from);
        Some(Source {
            valuation: fact.valuation_id?,
            decided_on: fact.effective_on,
            unit: unit.map(|(code, valid_from)| UnitKey { code, valid_from }),
            category: fact.category.unwrap_or_default(),
            channel: fact.channel.unwrap_or_default(),
        })
    };
    Ok(lines.filter_map(source).collect())
}

/// Sources that are alike, taken together.
fn alike(sources: &[Source]) -> Vec<Line> {
    let mut counts: BTreeMap<(NaiveDate, String, String, String), i64> = BTreeMap::new();
    for line in sources.iter().map(Source::line) {
        *counts.entry((line.day, line.place, line.category, line.channel)).or_default() += 1;
    }
    let lines = counts.into_iter().map(|((day, place, category, channel), count)| Line {
        day,
        place,
        category,
        channel,
        count,
    });
    lines.collect()
}
