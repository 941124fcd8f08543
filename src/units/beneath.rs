use std::collections::{BTreeSet, HashMap};

use entity::ids::OfficeId;
use sea_orm::{ConnectionTrait, DbErr};

use super::store;

/// Some offices with all beneath them, each once: what somebody may see who stands above.
pub async fn offices_beneath(db: &impl ConnectionTrait, held: &[OfficeId]) -> Result<Vec<OfficeId>, DbErr> {
    let offices = store::all_offices(db).await?;
    let edges: Vec<_> = offices.iter().map(|office| (office.id, office.parent_id)).collect();
    Ok(with_beneath(&edges, held))
}

/// `edges`: every office and the one above it.
fn with_beneath(edges: &[(OfficeId, Option<OfficeId>)], held: &[OfficeId]) -> Vec<OfficeId> {
    let mut beneath: HashMap<OfficeId, Vec<OfficeId>> = HashMap::new();
    for (office, above) in edges {
        if let Some(above) = above {
            beneath.entry(*above).or_default().push(*office);
        }
    }
    let (mut found, mut waiting) = (BTreeSet::new(), held.to_vec());
    while let Some(office) = waiting.pop() {
        // Seen before: also the end of a circle, which nothing in the table forbids.
        if found.insert(office) {
            waiting.extend(beneath.get(&office).into_iter().flatten());
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> OfficeId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn who_stands_above_sees_what_lies_beneath_and_nothing_beside() {
        let edges = [(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), Some(id(1))), (id(5), None)];
        assert_eq!(with_beneath(&edges, &[id(2)]), [id(2), id(3)]);
        assert_eq!(with_beneath(&edges, &[id(1), id(3)]), [id(1), id(2), id(3), id(4)]);
        assert_eq!(with_beneath(&edges, &[]), []);
    }

    proptest! {
        #[test]
        fn any_table_is_answered_even_with_circles(
            edges in prop::collection::vec((0u128..12, prop::option::of(0u128..12)), 0..40),
            held in prop::collection::vec(0u128..12, 0..4),
        ) {
            let edges: Vec<_> = edges.into_iter().map(|(office, above)| (id(office), above.map(id))).collect();
            let held: Vec<_> = held.into_iter().map(id).collect();
            let found = with_beneath(&edges, &held);
            prop_assert!(held.iter().all(|office| found.contains(office)));
            for (office, above) in &edges {
                prop_assert!(above.is_none_or(|above| !found.contains(&above)) || found.contains(office));
            }
        }
    }
}
