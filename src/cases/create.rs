use entity::{
    cases,
    enums::CaseStatus,
    ids::{CaseId, OfficeId},
};
use sea_orm::{ConnectionTrait, DbErr, Set};
use vault::secret::Secret;

use super::{CaseKey, sealed::Content, store};
use crate::{
    app::App,
    audit::{self, Object},
    staff::Staff,
    units::Keyring,
};

/// Two numbers alike among a million cases come once in a billion draws; three draws in a row never.
const NUMBER_DRAWS: usize = 3;

/// Makes an open case in an office, in the caller's transaction; the caller has asked for the right, checked the
/// title and opened the office's keys. Returns the case and its number.
pub async fn create_in(
    txn: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    keyring: &Keyring,
    office: OfficeId,
    title: &Secret<String>,
) -> Result<(CaseId, String), DbErr> {
    let id = CaseId::from(app.chance.uuid());
    let number = free_number(txn, app).await?;
    let (epoch, keys) = keyring.newest().ok_or_else(|| DbErr::Custom(format!("no key of office {office}")))?;
    let key = CaseKey::generate(id, &app.chance);
    let content = Content { title: title.expose().clone(), notes: Vec::new() };
    let row = cases::ActiveModel {
        id: Set(id),
        number: Set(number.clone()),
        office_id: Set(office),
        status: Set(CaseStatus::Open),
        opened_by: Set(staff.id),
        opened_at: Set(app.clock.now()),
        closed_at: Set(None),
        version: Set(1),
        sealed: Set(key.seal_content(&content, &app.chance)),
    };
    store::insert(txn, row).await?;
    store::insert_wrap(txn, id, epoch, key.wrap(office, epoch, &keys.symmetric, &app.chance)).await?;
    audit::record_officer(txn, app, staff, Some(office), "CaseCreated", Object::Case(id)).await?;
    Ok((id, number))
}

/// Looked up before it is used: a refused insert would end the caller's whole transaction.
async fn free_number(txn: &impl ConnectionTrait, app: &App) -> Result<String, DbErr> {
    for _ in 0..NUMBER_DRAWS {
        let number = number_of(app.chance.uuid());
        if !store::number_exists(txn, &number).await? {
            return Ok(number);
        }
    }
    Err(DbErr::Custom("no free case number in three draws".into()))
}

/// Letters and digits that are not mistaken for each other on paper or over the phone (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A case's number for people, `VV-` (vụ việc) before it so that nobody takes it for a tip's: random, so that it
/// tells neither how many cases there are nor which came first.
fn number_of(draw: uuid::Uuid) -> String {
    let bits = draw.as_u128();
    let letter = |i: u32| ALPHABET.get((bits >> (5 * i)) as usize & 31).copied().map_or('0', char::from);
    let (left, right): (String, String) = ((0..5).map(letter).collect(), (5..10).map(letter).collect());
    format!("VV-{left}-{right}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_is_never_taken_for_a_tips(draw in any::<u128>()) {
            let number = number_of(uuid::Uuid::from_u128(draw));
            prop_assert_eq!(number.len(), 14);
            prop_assert!(number.starts_with("VV-"));
            prop_assert!(!number.contains(['I', 'L', 'O', 'U']));
        }
    }
}
