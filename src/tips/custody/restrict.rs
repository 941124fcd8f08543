use entity::{
    enums::WrapHolder,
    ids::{OfficeId, OfficerId, TipId, TipReaderId},
    officers, tips,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};
use vault::keys::PublicKey;

use super::{
    CustodyError,
    office::begin,
    reseal::{Holders, public_of, reseal},
    share::finish,
    store,
};
use crate::{
    app::App,
    staff::{self, Permission, Staff},
    tips::{Edit, access::open_for, store as rows, submit::wrap_row},
    units,
};

/// How many officers a restricted tip has to name: with one alone it would be lost with that one.
const MIN_READERS: usize = 2;

/// Leaves a tip to officers of its office by name: sealed to their own keys, under a fresh one, and to the office no
/// more. To everybody else it is not there. Naming anew replaces those who were named, and seals to the key pairs
/// that they have now.
pub async fn restrict(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    mut officers: Vec<OfficerId>,
) -> Result<(), CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    officers.sort_unstable();
    officers.dedup();
    if officers.len() < MIN_READERS {
        return Err(CustodyError::TooFewReaders);
    }
    app.db
        .write(async |txn| {
            // The office first, as a removal does: nobody is named who is leaving at the same moment.
            units::store::office_to_change(txn, opened.tip.office_id).await?;
            let tip = begin(txn, staff, &opened, expected).await?;
            let named = named(txn, &tip, &officers).await?;
            leave_to(txn, app, staff, &tip, &officers).await?;
            let assignee = tip.assignee_id.filter(|officer| officers.contains(officer));
            let holders = Holders { desks: Vec::new(), officers: named };
            let changes = reseal(txn, app, &tip, &opened.keys, &holders).await?;
            let changes = tips::ActiveModel { assignee_id: Set(assignee), ..changes };
            finish(txn, app, staff, &tip, changes, "TipRestricted").await.map(|_| ())
        })
        .await
}

/// The public keys of those named, each a ready member of the tip's office and of none that it is about.
async fn named(
    db: &impl ConnectionTrait,
    tip: &tips::Model,
    officers: &[OfficerId],
) -> Result<Vec<(OfficerId, PublicKey)>, CustodyError> {
    let concerned = store::concerned_of(db, tip.id).await?;
    let rows: Vec<officers::Model> = staff::store::officers_by_id(db, officers.to_vec()).await?;
    if rows.len() != officers.len() {
        return Err(CustodyError::ReaderNotMember);
    }
    let mut named = Vec::new();
    for row in &rows {
        let grants = staff::store::grants_of(db, row.id).await?;
        let reads =
            grants.iter().any(|grant| grant.office_id == tip.office_id && Permission::ReadTips.is_given_by(grant.role));
        let is_concerned = grants.iter().any(|grant| concerned.contains(&grant.office_id));
        if !staff::is_ready(row) || !reads || is_concerned {
            return Err(CustodyError::ReaderNotMember);
        }
        named.push(public_of(row)?);
    }
    Ok(named)
}

async fn leave_to(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    tip: &tips::Model,
    officers: &[OfficerId],
) -> Result<(), CustodyError> {
    store::delete_readers(txn, tip.id).await?;
    let informed: Vec<OfficeId> =
        store::shares_of(txn, tip.id).await?.into_iter().map(|share| share.office_id).collect();
    store::delete_shares(txn, tip.id, &informed).await?;
    for officer in officers {
        let reader = TipReaderId::from(app.chance.uuid());
        store::insert_reader(txn, reader, (tip.id, *officer), staff.id, app.clock.now()).await?;
    }
    Ok(())
}

/// Gives a restricted tip back to its whole office.
pub async fn lift_restriction(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
) -> Result<tips::Model, CustodyError> {
    let opened = open_for(app, staff, id, Permission::Screen).await?;
    app.db
        .write(async |txn| {
            let tip = begin(txn, staff, &opened, expected).await?;
            let readers = store::readers_of(txn, id).await?;
            if readers.is_empty() {
                return Err(CustodyError::NotRestricted);
            }
            for reader in readers {
                store::delete_reader(txn, reader.officer_id, &[id]).await?;
            }
            let desk = units::desk_of(txn, tip.office_id).await?.ok_or(CustodyError::OfficeWithoutKey)?;
            let wrap = opened.keys.wrap_to_office(desk.office, desk.epoch, &desk.public, &app.chance);
            rows::insert_wrap(txn, wrap_row(app, id, WrapHolder::Office, desk.office.into(), desk.epoch, wrap)).await?;
            finish(txn, app, staff, &tip, tips::ActiveModel::default(), "TipRestrictionLifted").await
        })
        .await
}
