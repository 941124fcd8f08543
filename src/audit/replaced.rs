//! Finds tips whose ciphertexts are not those that were stored.
//!
//! Who can write to the database can put one sealed text in the place of another. It would not open, but nobody could
//! tell by whom it was exchanged, or that it was. A stored tip's hash stands in its row of the chain.

use std::collections::HashMap;

use entity::{ids::AuditId, tips};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;
use vault::chain;

use super::{Tampering, store};

/// Tips that are held in memory at once: twenty thousand characters each at most.
const STRETCH: u64 = 200;

/// What a row that stores a tip says of its ciphertexts.
///
/// Of the first words and, of reporters who gave it, the contact. Messages and notes are added later and each is bound
/// to its own row by its seal.
pub(super) fn seal_of(tip: &tips::Model) -> String {
    let hash = chain::ciphertext(&[Some(&tip.sealed), tip.contact_sealed.as_deref()]);
    format!("{}{}", store::SEALED, hash.to_hex())
}

/// The first tip that was exchanged or taken away. Tips of before their rows covered them are not judged.
pub(super) async fn find(txn: &impl ConnectionTrait) -> Result<Option<Tampering>, DbErr> {
    let mut after = None;
    loop {
        let tips = store::sealed_tips_after(txn, after, STRETCH).await?;
        let Some(last) = tips.last() else { break };
        after = Some(last.id);
        let rows = store::seals_of(txn, tips.iter().map(|tip| tip.id.into()).collect()).await?;
        let mut seals: HashMap<Uuid, (AuditId, String)> = HashMap::new();
        for row in rows {
            seals.extend(row.object_id.zip(row.detail).map(|(tip, seal)| (tip, (row.id, seal))));
        }
        for tip in &tips {
            match seals.get(&tip.id.into()) {
                Some((row, seal)) if *seal != seal_of(tip) => {
                    return Ok(Some(Tampering::TipReplaced { tip: tip.id, row: *row }));
                }
                Some(_) | None => (),
            }
        }
    }
    let gone = store::stored_and_gone(txn).await?;
    Ok(gone.and_then(|row| Some(Tampering::TipGone { tip: row.object_id?.into(), row: row.id })))
}
