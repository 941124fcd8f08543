use std::collections::HashMap;

use entity::{
    ids::{OfficeAreaId, OfficeId},
    office_areas, offices,
};
use sea_orm::{ConnectionTrait, DbErr, Set};
use vault::chance::Chance;

use super::store;
use crate::reference::OfficeSeed;

/// Stores offices and the areas that they cover; parents must come before their children.
pub async fn load_offices(txn: &impl ConnectionTrait, chance: &Chance, seeds: &[OfficeSeed]) -> Result<(), DbErr> {
    let mut ids: HashMap<&str, OfficeId> = HashMap::new();
    for seed in seeds {
        let id = OfficeId::from(chance.uuid());
        ids.insert(&seed.code, id);
        let row = offices::ActiveModel {
            id: Set(id),
            code: Set(seed.code.clone()),
            kind: Set(seed.kind.as_str().to_owned()),
            name_vi: Set(seed.name.vi.clone()),
            name_en: Set(seed.name.en.clone()),
            parent_id: Set(seed.parent.as_deref().and_then(|parent| ids.get(parent).copied())),
            is_intake: Set(seed.intake),
            valid_from: Set(seed.valid_from),
            valid_to: Set(seed.valid_to),
        };
        store::insert_office(txn, row).await?;
        for area in &seed.areas {
            let row = office_areas::ActiveModel {
                id: Set(OfficeAreaId::from(chance.uuid())),
                office_id: Set(id),
                unit_code: Set(area.unit.clone()),
                valid_from: Set(area.valid_from),
                valid_to: Set(area.valid_to),
            };
            store::insert_area(txn, row).await?;
        }
    }
    Ok(())
}
