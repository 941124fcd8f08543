use entity::{enums::WrapHolder, ids::OfficerId, officers, tips};
use sea_orm::{DatabaseTransaction, DbErr, Set};
use vault::keys::PublicKey;

use super::store;
use crate::{
    app::App,
    tips::{TipKeys, sealed::Piece, store as rows, submit::wrap_row},
    units::Desk,
    valuations,
};

/// Who holds a tip's key from now on, beside its reporter.
pub(super) struct Holders {
    pub desks: Vec<Desk>,
    pub officers: Vec<(OfficerId, PublicKey)>,
}

impl Holders {
    pub fn desks(first: Desk, others: Vec<Desk>) -> Self {
        Self { desks: std::iter::once(first).chain(others).collect(), officers: Vec::new() }
    }
}

/// Seals all of a tip anew under a fresh key, and that to these holders and to its reporter only: whoever kept the
/// former key opens nothing of what is stored from now on. Gives the tip's own changed columns.
///
/// The caller has locked the tip's row, so that no message comes in between.
pub(super) async fn reseal(
    txn: &DatabaseTransaction,
    app: &App,
    tip: &tips::Model,
    old: &TipKeys,
    holders: &Holders,
) -> Result<tips::ActiveModel, DbErr> {
    let (new, chance) = (TipKeys::generate(tip.id, &app.chance), &app.chance);
    for row in rows::messages_of(txn, tip.id).await? {
        let sealed = old.reseal(Piece::Message(row.id), &row.sealed, &new, chance)?;
        store::set_message(txn, &row, sealed).await?;
    }
    for row in rows::notes_of(txn, tip.id).await? {
        let sealed = old.reseal(Piece::Note(row.id), &row.sealed, &new, chance)?;
        store::set_note(txn, &row, sealed).await?;
    }
    for row in valuations::store::of_tip(txn, tip.id).await? {
        let attest = old.reseal(Piece::Attestation(row.id), &row.attest_sealed, &new, chance)?;
        let revoke = row.revoke_sealed.as_deref();
        let revoke = revoke.map(|sealed| old.reseal(Piece::Revocation(row.id), sealed, &new, chance)).transpose()?;
        valuations::store::set_sealed(txn, row.id, attest, revoke).await?;
    }
    replace_wraps(txn, app, tip, &new, holders).await?;
    let contact = tip.contact_sealed.as_deref();
    Ok(tips::ActiveModel {
        sealed: Set(old.reseal(Piece::Content, &tip.sealed, &new, chance)?),
        contact_sealed: Set(contact.map(|sealed| old.reseal(Piece::Contact, sealed, &new, chance)).transpose()?),
        ..Default::default()
    })
}

async fn replace_wraps(
    txn: &DatabaseTransaction,
    app: &App,
    tip: &tips::Model,
    new: &TipKeys,
    holders: &Holders,
) -> Result<(), DbErr> {
    store::delete_wraps(txn, tip.id).await?;
    let mut wraps = Vec::new();
    for Desk { office, epoch, public } in &holders.desks {
        let wrap = new.wrap_to_office(*office, *epoch, public, &app.chance);
        wraps.push(wrap_row(app, tip.id, WrapHolder::Office, (*office).into(), *epoch, wrap));
    }
    for (officer, public) in &holders.officers {
        let wrap = new.wrap_to_officer(*officer, public, &app.chance);
        wraps.push(wrap_row(app, tip.id, WrapHolder::Officer, (*officer).into(), 1, wrap));
    }
    // None: the reporter gave the receipt up.
    if let Some(receipt) = rows::receipt(txn, tip.id).await? {
        let damaged = |_| DbErr::Custom(format!("the public key of the receipt of tip {} is damaged", tip.id));
        let public = PublicKey::from_bytes(&receipt.public_key).map_err(damaged)?;
        let wrap = new.wrap_to_reporter(&public, &app.chance);
        wraps.push(wrap_row(app, tip.id, WrapHolder::Reporter, tip.id.into(), 1, wrap));
    }
    store::insert_wraps(txn, wraps).await
}

/// An officer's public key.
pub(super) fn public_of(officer: &officers::Model) -> Result<(OfficerId, PublicKey), DbErr> {
    let damaged = |_| DbErr::Custom(format!("the public key of officer {} is damaged", officer.id));
    Ok((officer.id, PublicKey::from_bytes(&officer.public_key).map_err(damaged)?))
}
