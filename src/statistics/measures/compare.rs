use sea_orm::{ConnectionTrait, DbErr};

use super::{Table, TableQuery, compute, fold::permille};
use crate::{reference::Reference, statistics::periods};

/// A figure beside that of the same period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub now: Table,
    pub before: Table,
    pub change: Change,
}

/// By how much a figure rose; below 0 it fell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// None where there is nothing to compare.
    pub number: Option<i64>,
    /// Thousandths of the figure before; none where that was 0.
    pub permille: Option<i64>,
}

impl Change {
    pub fn between(before: Option<i64>, now: Option<i64>) -> Self {
        let Some((before, now)) = before.zip(now) else { return Self::default() };
        Self { number: Some(now - before), permille: permille(now - before, before) }
    }
}

/// Works out a figure and, by today's knowledge, that of the same period before.
pub async fn compare(
    db: &impl ConnectionTrait,
    reference: &Reference,
    query: &TableQuery,
) -> Result<Comparison, DbErr> {
    let (from, to) = periods::before(query.from, query.to);
    let now = compute(db, reference, query).await?;
    let before = compute(db, reference, &TableQuery { from, to, ..query.clone() }).await?;
    let change = Change::between(before.total, now.total);
    Ok(Comparison { now, before, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_number_and_in_share() {
        let change = |before, now| {
            let Change { number, permille } = Change::between(before, now);
            (number, permille)
        };
        assert_eq!(change(Some(26), Some(29)), (Some(3), Some(115)));
        assert_eq!(change(Some(29), Some(26)), (Some(-3), Some(-103)));
        assert_eq!(change(Some(0), Some(5)), (Some(5), None));
        assert_eq!(change(None, Some(5)), (None, None));
    }
}
