use chrono::NaiveDate;
use entity::{ids::OfficeId, office_keys};
use sea_orm::{ConnectionTrait, DbErr};
use vault::keys::PublicKey;

use super::store;
use crate::reference::{Category, Reference, Routing, Unit};

/// Where a tip goes, and the key to seal it to.
pub struct Desk {
    pub office: OfficeId,
    pub epoch: i32,
    pub public: PublicKey,
}

#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    #[error("no office on the way holds a key")]
    LineClosed,
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// Finds the office for a tip: the one that covers the unit on that day, else the nearest one above, else the
/// intake desk. What concerns the police or officials (`can_bo`) is never shown to the office next to the place:
/// it starts one step above.
pub async fn route(
    db: &impl ConnectionTrait,
    reference: &Reference,
    unit: Option<&Unit>,
    category: &Category,
    day: NaiveDate,
) -> Result<Desk, RouteError> {
    let mut way = match unit {
        Some(unit) => covering(db, reference, unit, day).await?,
        None => Vec::new(),
    };
    if category.routing == Routing::Oversight && !way.is_empty() {
        way.remove(0);
    }
    let intake = store::intake_desk(db).await?.map(|office| office.id);
    for office in way.into_iter().chain(intake) {
        if let Some(key) = store::current_key(db, office).await? {
            return desk(key);
        }
    }
    Err(RouteError::LineClosed)
}

/// Offices that cover a unit or something above it, nearest first.
async fn covering(
    db: &impl ConnectionTrait,
    reference: &Reference,
    unit: &Unit,
    day: NaiveDate,
) -> Result<Vec<OfficeId>, DbErr> {
    let above = reference.ancestors_on(unit, day);
    let units: Vec<String> = std::iter::once(unit).chain(above).map(|unit| unit.key.code.clone()).collect();
    let areas = store::areas_on(db, &units, day).await?;
    let mut way = Vec::new();
    for code in &units {
        for area in areas.iter().filter(|area| area.unit_code == *code) {
            if !way.contains(&area.office_id) {
                way.push(area.office_id);
            }
        }
    }
    Ok(way)
}

fn desk(key: office_keys::Model) -> Result<Desk, RouteError> {
    let public = PublicKey::from_bytes(&key.public_key)
        .map_err(|_| DbErr::Custom(format!("the public key of office {} is damaged", key.office_id)))?;
    Ok(Desk { office: key.office_id, epoch: key.epoch, public })
}
