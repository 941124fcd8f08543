//! Whether a report reconciles. Both sides of each are counted by different ways; one that differs is a fault of the
//! program or of the data, and the report has to say so.

use chrono::NaiveDate;
use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    measures::{Dimension, Measure, Shared, TableQuery},
    periods::Period,
};
use crate::{
    reference::{Label, Reference},
    tips,
};

/// Of what a report is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub offices: Vec<OfficeId>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub as_of: NaiveDate,
    pub today: NaiveDate,
}

/// Two figures that have to be equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invariant {
    pub name: &'static str,
    pub label: Label,
    pub left: i64,
    pub right: i64,
}

impl Invariant {
    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

/// Checks what must hold in any report of a period. Call it on the snapshot that the report is made from.
pub async fn check(db: &impl ConnectionTrait, reference: &Reference, scope: &Scope) -> Result<Vec<Invariant>, DbErr> {
    check_shared(db, reference, scope, &mut Shared::default()).await
}

/// The same, with what the report has read already.
pub async fn check_shared(
    db: &impl ConnectionTrait,
    reference: &Reference,
    scope: &Scope,
    shared: &mut Shared,
) -> Result<Vec<Invariant>, DbErr> {
    let mut found = vec![standings(db, reference, scope, shared).await?, flow(db, reference, scope, shared).await?];
    for measure in IN_PARTS {
        found.push(parts(db, reference, scope, measure, shared).await?);
    }
    Ok(found)
}

async fn total(
    db: &impl ConnectionTrait,
    reference: &Reference,
    scope: &Scope,
    measure: Measure,
    ((from, to), as_of): ((NaiveDate, NaiveDate), NaiveDate),
    shared: &mut Shared,
) -> Result<i64, DbErr> {
    let by = Vec::new();
    let query = TableQuery { measure, from, to, by, as_of, offices: scope.offices.clone(), restate: false };
    Ok(shared.compute(db, reference, &query, &STANDINGS).await?.total.unwrap_or(0))
}

/// received = transferred + resolved + open. What is open today is counted among the tips themselves; as of an earlier
/// day the ledger is all that knows.
async fn standings(
    db: &impl ConnectionTrait,
    reference: &Reference,
    scope: &Scope,
    shared: &mut Shared,
) -> Result<Invariant, DbErr> {
    let span = (scope.from, scope.to);
    let mut of = async |measure| total(db, reference, scope, measure, (span, scope.as_of), shared).await;
    let open = if scope.as_of >= scope.today {
        tips::store::count_open(db, &scope.offices, span).await?
    } else {
        of(Measure::Open).await?
    };
    Ok(Invariant {
        name: "standings",
        label: label("Tiếp nhận = chuyển + giải quyết + đang xử lý", "Received = transferred + resolved + open"),
        left: of(Measure::Received).await?,
        right: of(Measure::Transferred).await? + of(Measure::Resolved).await? + open,
    })
}

/// carried over + new + what other offices handed over = what left the queue in the period + open at its end.
async fn flow(
    db: &impl ConnectionTrait,
    reference: &Reference,
    scope: &Scope,
    shared: &mut Shared,
) -> Result<Invariant, DbErr> {
    let ever = (FIRST, scope.to);
    let end = scope.to.min(scope.as_of);
    let old = scope.from.pred_opt().map(|last| (FIRST, last));
    let mut of = async |measure, span, as_of| total(db, reference, scope, measure, (span, as_of), shared).await;
    let carried = match old {
        Some(old) => of(Measure::Open, old, old.1.min(scope.as_of)).await?,
        None => 0,
    };
    let new = of(Measure::Received, (scope.from, scope.to), end).await?;
    // Older tips that other offices handed over in the period, less those that went to others.
    let came = match old {
        Some(old) => {
            let then = of(Measure::Received, old, old.1.min(scope.as_of)).await?;
            of(Measure::Received, old, end).await? - then
        }
        None => 0,
    };
    let mut left = 0;
    for measure in [Measure::Resolved, Measure::Transferred] {
        left += of(measure, ever, end).await?;
        if let Some(old) = old {
            left -= of(measure, old, old.1.min(scope.as_of)).await?;
        }
    }
    let open = if end >= scope.today {
        tips::store::count_open(db, &scope.offices, ever).await?
    } else {
        of(Measure::Open, ever, end).await?
    };
    Ok(Invariant {
        name: "flow",
        label: label(
            "Kỳ trước chuyển sang + mới tiếp nhận (kể cả tin đơn vị khác chuyển đến) = đã ra khỏi hàng chờ + còn lại cuối kỳ",
            "Carried over + new (with what other offices handed over) = left the queue + open at the end",
        ),
        left: carried + new + came,
        right: left + open,
    })
}

/// The parts of a figure make the whole, however it is told apart: the sums of different slices are compared.
async fn parts(
    db: &impl ConnectionTrait,
    reference: &Reference,
    scope: &Scope,
    measure: Measure,
    shared: &mut Shared,
) -> Result<Invariant, DbErr> {
    let whole = total(db, reference, scope, measure, ((scope.from, scope.to), scope.as_of), shared).await?;
    let mut right = whole;
    for (dimension, restate) in [
        (Dimension::Period(Period::Month), false),
        (Dimension::Unit, false),
        (Dimension::Unit, true),
        (Dimension::Category, false),
        (Dimension::Channel, false),
    ] {
        let query = TableQuery {
            measure,
            from: scope.from,
            to: scope.to,
            by: vec![dimension],
            as_of: scope.as_of,
            offices: scope.offices.clone(),
            restate,
        };
        let sum = shared.compute(db, reference, &query, &IN_PARTS).await?.cells.iter().map(|cell| cell.value).sum();
        if sum != whole {
            right = sum;
        }
    }
    let Label { vi, en } = measure.label();
    let label = Label {
        vi: format!("{vi}: cộng theo tháng, địa bàn, lĩnh vực, kênh đều bằng tổng"),
        en: format!("{en}: by month, place, category and channel each adds up to the whole"),
    };
    Ok(Invariant { name: measure.as_str(), label, left: whole, right })
}

fn label(vi: &str, en: &str) -> Label {
    Label { vi: vi.to_owned(), en: en.to_owned() }
}

/// Measures whose parts are added up again in every way.
pub const IN_PARTS: [Measure; 3] = [Measure::Received, Measure::ValuableSources, Measure::Outcomes];

/// What is asked for again and again.
const STANDINGS: [Measure; 4] = [Measure::Received, Measure::Transferred, Measure::Resolved, Measure::Open];

/// Before any tip.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
