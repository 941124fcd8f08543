use chrono::NaiveDate;
use entity::{ids::OfficeId, office_keys};
use sea_orm::{ConnectionTrait, DbErr};
use vault::keys::PublicKey;

use super::store;
use crate::reference::{Category, Reference, Routing, Unit};

/// Where a tip goes, and the key to seal it to.
#[derive(Clone, Debug)]
pub struct Desk {
    pub office: OfficeId,
    pub epoch: i32,
    pub public: PublicKey,
}

/// What decides where a tip goes.
pub struct Errand<'a> {
    pub unit: Option<&'a Unit>,
    pub category: &'a Category,
    /// Places whose police it is about.
    pub concerns: &'a [&'a Unit],
    pub day: NaiveDate,
}

/// A tip's way: the desk that it goes to, and the offices that it is about and must stay hidden from.
#[derive(Clone, Debug)]
pub struct Routed {
    pub desk: Desk,
    pub concerned: Vec<OfficeId>,
}

#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    #[error("no office on the way holds a key")]
    LineClosed,
    #[error("nobody stands above the office that it is about")]
    NoOversight,
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// Finds the office for a tip: the one that covers the unit on that day, else the nearest one above, else the
/// intake desk. What concerns the police or officials (`can_bo`, or a place's police named) is never shown to the
/// office concerned: it starts one step above.
pub async fn route(
    db: &impl ConnectionTrait,
    reference: &Reference,
    errand: &Errand<'_>,
) -> Result<Routed, RouteError> {
    let mut way = Vec::new();
    let mut concerned = Vec::new();
    for unit in errand.concerns {
        let levels = covering(db, reference, unit, errand.day).await?;
        concerned.extend(levels.first().into_iter().flatten().copied());
        way.extend(levels.into_iter().skip(1).flatten());
    }
    if !concerned.is_empty() {
        way.extend(above_all(db, &concerned).await?);
    } else if let Some(unit) = errand.unit {
        let levels = covering(db, reference, unit, errand.day).await?;
        if errand.category.routing == Routing::Oversight {
            concerned.extend(levels.first().into_iter().flatten().copied());
        }
        way.extend(levels.into_iter().flatten());
    }
    let intake = store::intake_desk(db).await?.map(|office| office.id);
    let named = !errand.concerns.is_empty();
    // Nobody stands above the intake desk: what is about officials in general goes there all the same.
    concerned.retain(|office| named || Some(*office) != intake);
    let hidden = with_beneath(db, &concerned).await?;
    let mut nobody = RouteError::NoOversight;
    for office in way.into_iter().chain(intake).filter(|office| !hidden.contains(office)) {
        if let Some(desk) = open_desk_of(db, office, errand.day).await? {
            return Ok(Routed { desk, concerned });
        }
        nobody = RouteError::LineClosed;
    }
    // Without an intake desk it is no question of oversight.
    Err(if concerned.is_empty() { RouteError::LineClosed } else { nobody })
}

/// The desk of one office; none while it has no key.
pub async fn desk_of(db: &impl ConnectionTrait, office: OfficeId) -> Result<Option<Desk>, DbErr> {
    let key = store::current_key(db, office).await?;
    key.map(desk).transpose()
}

/// The same of an office that is open on a day: where something new may go.
async fn open_desk_of(db: &impl ConnectionTrait, office: OfficeId, day: NaiveDate) -> Result<Option<Desk>, DbErr> {
    let key = store::key_of_open(db, office, day).await?;
    key.map(desk).transpose()
}

/// The desk that oversees some offices on a day: the nearest above the first that is open, holds a key and is none of
/// them, nor beneath one of them; at last the intake desk. None: there is nobody.
pub async fn oversight_of(
    db: &impl ConnectionTrait,
    concerned: &[OfficeId],
    day: NaiveDate,
) -> Result<Option<Desk>, DbErr> {
    let hidden = with_beneath(db, concerned).await?;
    let intake = store::intake_desk(db).await?.map(|office| office.id);
    for office in above_all(db, concerned).await?.into_iter().chain(intake) {
        if hidden.contains(&office) {
            continue;
        }
        if let Some(desk) = open_desk_of(db, office, day).await? {
            return Ok(Some(desk));
        }
    }
    Ok(None)
}

/// Whether an office stands above every one of some offices.
pub async fn is_above(db: &impl ConnectionTrait, office: OfficeId, some: &[OfficeId]) -> Result<bool, DbErr> {
    for one in some {
        if !above_all(db, std::slice::from_ref(one)).await?.contains(&office) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The offices above some offices, the first one's first, each from the nearest up.
async fn above_all(db: &impl ConnectionTrait, offices: &[OfficeId]) -> Result<Vec<OfficeId>, DbErr> {
    let all = store::all_offices(db).await?;
    let mut above = Vec::new();
    for office in offices {
        let mut at = *office;
        while let Some(parent) = all.iter().find(|row| row.id == at).and_then(|row| row.parent_id) {
            // Seen before: also the end of a circle, which nothing in the table forbids.
            if above.contains(&parent) || parent == *office {
                break;
            }
            above.push(parent);
            at = parent;
        }
    }
    Ok(above)
}

/// Some offices with all beneath them.
pub async fn with_beneath(db: &impl ConnectionTrait, offices: &[OfficeId]) -> Result<Vec<OfficeId>, DbErr> {
    let mut found = offices.to_vec();
    if offices.is_empty() {
        return Ok(found);
    }
    let all = store::all_offices(db).await?;
    let mut at = 0;
    while let Some(office) = found.get(at).copied() {
        let beneath = all.iter().filter(|row| row.parent_id == Some(office)).map(|row| row.id);
        let new: Vec<OfficeId> = beneath.filter(|id| !found.contains(id)).collect();
        found.extend(new);
        at += 1;
    }
    Ok(found)
}

/// Offices that cover a unit or something above it: nearest first, those of one unit together.
async fn covering(
    db: &impl ConnectionTrait,
    reference: &Reference,
    unit: &Unit,
    day: NaiveDate,
) -> Result<Vec<Vec<OfficeId>>, DbErr> {
    let above = reference.ancestors_on(unit, day);
    let units: Vec<String> = std::iter::once(unit).chain(above).map(|unit| unit.key.code.clone()).collect();
    let areas = store::areas_on(db, &units, day).await?;
    let (mut levels, mut seen) = (Vec::new(), Vec::new());
    for code in &units {
        let mut level = Vec::new();
        for area in areas.iter().filter(|area| area.unit_code == *code) {
            if !seen.contains(&area.office_id) {
                seen.push(area.office_id);
                level.push(area.office_id);
            }
        }
        if !level.is_empty() {
            levels.push(level);
        }
    }
    Ok(levels)
}

fn desk(key: office_keys::Model) -> Result<Desk, DbErr> {
    let public = PublicKey::from_bytes(&key.public_key)
        .map_err(|_| DbErr::Custom(format!("the public key of office {} is damaged", key.office_id)))?;
    Ok(Desk { office: key.office_id, epoch: key.epoch, public })
}
