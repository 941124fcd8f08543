use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Dimension, Table, TableQuery,
    definition::Reads,
    fold::fold,
    store::{self, Apart, Edges, Region},
};
use crate::{
    reference::Reference,
    statistics::ledger::{Kept, Level},
};

/// Works out a figure as of a day.
pub async fn compute(db: &impl ConnectionTrait, reference: &Reference, query: &TableQuery) -> Result<Table, DbErr> {
    let tallies = store::tallies(db, &region(query), apart(query), &mut Edges::default()).await?;
    Ok(fold(reference, query, &tallies))
}

pub(super) fn region(query: &TableQuery) -> Region {
    Region {
        kinds: query.measure.definition().reads.kinds(),
        offices: query.offices.clone(),
        from: query.from,
        to: query.to,
        known: query.as_of,
    }
}

pub(super) fn apart(query: &TableQuery) -> Apart {
    let by = |wanted: fn(&Dimension) -> bool| query.by.iter().any(wanted);
    let day_of = |dimension: &Dimension| match dimension {
        Dimension::Period(period) => Some(if period.is_of_quarters() { Level::Quarter } else { Level::Half }),
        // What a place was part of depends on the day.
        dimension => dimension.level().map(|_| Level::Half),
    };
    Apart {
        // The finest: halves come first.
        day: query.by.iter().filter_map(day_of).min(),
        office: by(|dimension| *dimension == Dimension::Office),
        kept: Kept {
            days: matches!(query.measure.definition().reads, Reads::Percentile { .. }),
            unit: by(|dimension| dimension.is_place()),
            category: by(|dimension| *dimension == Dimension::Category),
            channel: by(|dimension| *dimension == Dimension::Channel),
            mode: by(|dimension| *dimension == Dimension::Mode),
        },
    }
}
