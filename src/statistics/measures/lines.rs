use entity::{enums::Mode, facts};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Dimension, TableQuery,
    cancel::cancel,
    compute::region,
    definition::Reads,
    places,
    store::{self, Narrow, Region},
};
use crate::{
    reference::{Reference, UnitKey},
    statistics::ledger,
};

/// A fact behind a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub fact: facts::Model,
    /// 1; -1 for what ends something that is not among these lines.
    pub sign: i64,
}

/// Opens a cell to its facts, or the whole table where no keys are given. What was ended is left out together with
/// what ended it: of valuable sources, a line for each that counts. Of a share these are the lines of its part.
pub async fn lines(
    db: &impl ConnectionTrait,
    reference: &Reference,
    query: &TableQuery,
    keys: Option<&[String]>,
) -> Result<Vec<Line>, DbErr> {
    let keys: Vec<(Dimension, &String)> = query.by.iter().copied().zip(keys.unwrap_or_default()).collect();
    let Some(region) = narrowed(region(query), &keys) else { return Ok(Vec::new()) };
    let found = store::lines(db, &region, narrow(&keys)).await?;
    let mut lines = Vec::new();
    for fact in found {
        if keys.iter().all(|(dimension, key)| key_of(reference, query, *dimension, &fact) == **key) {
            lines.extend(sign(query, &fact)?.map(|sign| Line { fact, sign }));
        }
    }
    Ok(cancel(lines))
}

/// The region's part in a period; none if the key is of no period in it.
fn narrowed(mut region: Region, keys: &[(Dimension, &String)]) -> Option<Region> {
    for (dimension, key) in keys {
        if let Dimension::Period(period) = dimension {
            (region.from, region.to) = period.span_of(key, (region.from, region.to))?;
        }
    }
    Some(region)
}

/// What the database can sort out itself.
fn narrow(keys: &[(Dimension, &String)]) -> Narrow {
    let of = |wanted: Dimension| {
        let key = keys.iter().find(|(dimension, _)| *dimension == wanted).map(|(_, key)| (*key).clone());
        key.filter(|key| !key.is_empty())
    };
    Narrow {
        category: of(Dimension::Category),
        channel: of(Dimension::Channel),
        mode: of(Dimension::Mode).and_then(|mode| Mode::parse(&mode)),
        office: of(Dimension::Office).and_then(|office| office.parse().ok()),
    }
}

fn key_of(reference: &Reference, query: &TableQuery, dimension: Dimension, fact: &facts::Model) -> String {
    match dimension {
        Dimension::Period(period) => period.key_of(fact.effective_on),
        Dimension::Unit | Dimension::Commune | Dimension::District | Dimension::Province => {
            let unit = fact.unit_code.clone().zip(fact.unit_valid_from);
            let unit = unit.map(|(code, valid_from)| UnitKey { code, valid_from });
            places::key_of(reference, dimension, unit.as_ref(), fact.effective_on, query.restate)
        }
        Dimension::Category => fact.category.clone().unwrap_or_default(),
        Dimension::Channel => fact.channel.clone().unwrap_or_default(),
        Dimension::Mode => fact.mode.map_or("", Mode::as_str).to_owned(),
        Dimension::Office => fact.office_id.to_string(),
        Dimension::Detail if query.measure.has_detail() => fact.detail.clone().unwrap_or_default(),
        Dimension::Detail => String::new(),
    }
}

/// How the fact counts; none: not at all.
fn sign(query: &TableQuery, fact: &facts::Model) -> Result<Option<i64>, DbErr> {
    let kind = ledger::store::kind(&fact.kind)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (detail, unit, rule) = (text(&fact.detail), text(&fact.amount_unit), fact.rule.unwrap_or(0));
    let of = |terms: &[super::definition::Term]| {
        terms.iter().find(|term| term.means(kind, &detail, &unit, rule)).map(|term| term.sign)
    };
    Ok(match &query.measure.definition().reads {
        Reads::Sum(terms) | Reads::Share { part: terms, .. } => of(terms),
        Reads::Percentile { .. } => fact.days.map(|_| 1),
    })
}
