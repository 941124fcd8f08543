use std::collections::HashSet;

use entity::{
    enums::WrapHolder,
    ids::{OfficeId, TipId},
    tip_wraps, tips,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::store;
use crate::{
    staff::{Permission, Staff},
    tips::{MoveError, TipKeys, open_tip_keys},
    units::{self, Keyring},
};

/// As what an officer sees a tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The officer's office works it.
    Handling,
    /// The officer is named, and nobody else of the office sees it.
    Named,
    /// This office of the officer's was given it for information: to read, and no more.
    Informed(OfficeId),
}

/// As what an officer sees a tip; none: to this officer it is not there.
///
/// Who has any role in an office that the tip is about sees nothing of it, whatever else that officer is.
pub async fn sight(db: &impl ConnectionTrait, staff: &Staff, tip: &tips::Model) -> Result<Option<Sight>, DbErr> {
    if !store::concerned_among(db, &[tip.id], &own_offices(staff)).await?.is_empty() {
        return Ok(None);
    }
    let handling = staff.may_in(tip.office_id, Permission::ReadTips);
    let readers = store::readers_of(db, tip.id).await?;
    if !readers.is_empty() {
        let named = handling && readers.iter().any(|reader| reader.officer_id == staff.id);
        return Ok(named.then_some(Sight::Named));
    }
    if handling {
        return Ok(Some(Sight::Handling));
    }
    let shares = store::shares_of(db, tip.id).await?;
    let informed = shares.iter().find(|share| staff.may_in(share.office_id, Permission::ReadTips));
    Ok(informed.map(|share| Sight::Informed(share.office_id)))
}

/// Offices in which the officer has a role of any kind.
pub(in crate::tips) fn own_offices(staff: &Staff) -> Vec<OfficeId> {
    let mut offices: Vec<OfficeId> = staff.grants.iter().map(|(office, _)| *office).collect();
    offices.sort_unstable();
    offices.dedup();
    offices
}

/// Those of some tips of the officer's own offices that are nevertheless hidden from this officer.
pub async fn hidden_among(db: &impl ConnectionTrait, staff: &Staff, tips: &[TipId]) -> Result<HashSet<TipId>, DbErr> {
    let mut hidden: HashSet<TipId> = store::concerned_among(db, tips, &own_offices(staff)).await?.into_iter().collect();
    let (mut restricted, mut named) = (HashSet::new(), HashSet::new());
    for reader in store::readers_of_tips(db, tips).await? {
        restricted.insert(reader.tip_id);
        if reader.officer_id == staff.id {
            named.insert(reader.tip_id);
        }
    }
    hidden.extend(restricted.difference(&named));
    Ok(hidden)
}

/// Opens a tip's key as the officer sees it, and gives the keys of the office through which that is; none for an
/// officer who is named.
pub(in crate::tips) async fn open(
    db: &impl ConnectionTrait,
    staff: &Staff,
    tip: &tips::Model,
    sight: Sight,
    wraps: &[tip_wraps::Model],
) -> Result<(TipKeys, Option<Keyring>), MoveError> {
    let office = match sight {
        Sight::Handling => tip.office_id,
        Sight::Informed(office) => office,
        Sight::Named => {
            let own = |wrap: &&tip_wraps::Model| {
                wrap.holder == WrapHolder::Officer && wrap.holder_id == uuid::Uuid::from(staff.id)
            };
            let wrap = wraps.iter().find(own).ok_or(MoveError::NoKey)?;
            // It does not open with a key pair that came after: somebody else who is named has to name anew.
            let keys = TipKeys::open_named(tip.id, staff.id, &staff.private, &wrap.wrap);
            return Ok((keys.map_err(|_| MoveError::NoKey)?, None));
        }
    };
    let keyring = units::open_keys(db, staff, office).await?;
    let keys = open_tip_keys(&keyring, tip.id, wraps)?.ok_or(MoveError::NoKey)?;
    Ok((keys, Some(keyring)))
}
