use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{
    closures,
    ids::{OfficeId, OfficerId},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::store;
use crate::{app::App, reference::Label};

/// Where tips are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Line,
    /// What would go to this office.
    Office(OfficeId),
}

impl Scope {
    pub fn of(office: Option<OfficeId>) -> Self {
        office.map_or(Self::Line, Self::Office)
    }

    pub fn office(self) -> Option<OfficeId> {
        match self {
            Self::Line => None,
            Self::Office(office) => Some(office),
        }
    }

    /// As a row spells it.
    pub(super) fn key(self) -> String {
        match self {
            Self::Line => "line".to_owned(),
            Self::Office(office) => office.to_string(),
        }
    }
}

/// That no new tips are taken for a while. Threads stay open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    pub scope: Scope,
    /// What the office is called; none for the whole line.
    pub office: Option<Label>,
    /// What residents are told.
    pub message: Label,
    pub closed_by: OfficerId,
    pub closed_at: DateTime<Utc>,
}

/// Tells everybody what is closed, the whole line first.
pub async fn list_closures(app: &App) -> Result<Vec<Closure>, DbErr> {
    let rows = store::closures(app.db.read()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let offices = store::all_offices(app.db.read()).await?;
    let named = |row: closures::Model| {
        let office = Uuid::try_parse(&row.scope).ok().map(OfficeId::from);
        let name = office.and_then(|id| offices.iter().find(|office| office.id == id));
        Closure {
            scope: Scope::of(office),
            office: name.map(|office| Label { vi: office.name_vi.clone(), en: office.name_en.clone() }),
            message: Label { vi: row.message_vi, en: row.message_en },
            closed_by: row.closed_by,
            closed_at: row.closed_at,
        }
    };
    let mut closures: Vec<Closure> = rows.into_iter().map(named).collect();
    closures.sort_by_key(|closure| (closure.scope != Scope::Line, closure.closed_at));
    Ok(closures)
}

/// Where residents' tips are refused at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed(HashSet<String>);

impl Closed {
    pub async fn now(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        Ok(Self(store::closed_scopes(db).await?.into_iter().collect()))
    }

    /// Whether tips for an office are refused.
    pub fn has(&self, office: OfficeId) -> bool {
        [Scope::Line, Scope::Office(office)].iter().any(|scope| self.0.contains(&scope.key()))
    }
}
