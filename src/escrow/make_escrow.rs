use entity::{
    escrows,
    ids::{EscrowId, OfficeId},
};
use sea_orm::{DbErr, Set};
use vault::escrow::{self, Sheet};

use super::store;
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, FieldFault, Public, store_code},
    staff::{Permission, Staff},
    units::{self, OpenKeysError},
};

/// Most sheets of one key.
const MOST: u8 = 32;

#[derive(Debug, thiserror::Error)]
pub enum MakeEscrowError {
    #[error("two sheets are needed at least, and at most as many as are printed: 32 or fewer")]
    BadQuorum,
    #[error(transparent)]
    Keys(#[from] OpenKeysError),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for MakeEscrowError {
    fn public(&self) -> Public {
        match self {
            Self::BadQuorum => vec![FieldFault::new("threshold", Code::Invalid)].into(),
            Self::Keys(error) => error.public(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// The sheets of one epoch, to be printed and never stored.
pub struct Printed {
    pub epoch: i32,
    pub sheets: Vec<Sheet>,
}

/// A commander puts every epoch of the office's keys that he holds on paper: any `k` of `n` sheets bring one back.
///
/// One sheet alone would be a key in a drawer, so two are needed at least.
pub async fn make_escrow(
    app: &App,
    staff: &Staff,
    office: OfficeId,
    (k, n): (u8, u8),
) -> Result<Vec<Printed>, MakeEscrowError> {
    staff.must_in(office, Permission::Confirm).map_err(OpenKeysError::from)?;
    if k < 2 || k > n || n > MOST {
        return Err(MakeEscrowError::BadQuorum);
    }
    let keyring = units::open_keys(app.db.read(), staff, office).await?;
    let (mut printed, mut rows) = (Vec::new(), Vec::new());
    for key in store::keys_of_office(app.db.read(), office).await? {
        let Some(keys) = keyring.epoch(key.epoch) else { continue };
        let id = EscrowId::from(app.chance.uuid());
        let deposit = escrow::deposit(keys, id.into(), key.id.into(), (k, n), &app.chance)
            .map_err(|_| MakeEscrowError::BadQuorum)?;
        let row = escrows::ActiveModel {
            id: Set(id),
            office_key_id: Set(key.id),
            threshold: Set(k.into()),
            sheets: Set(n.into()),
            commitment: Set(deposit.commitment),
            sealed: Set(deposit.sealed),
            made_by: Set(staff.id),
            made_at: Set(app.clock.now()),
        };
        rows.push((key.id, row));
        printed.push(Printed { epoch: key.epoch, sheets: deposit.sheets });
    }
    app.db
        .write(async |txn| {
            for (key, row) in rows {
                store::replace(txn, key, row).await?;
            }
            audit::record_officer(txn, app, staff, Some(office), "EscrowMade", Object::Office(office)).await
        })
        .await?;
    Ok(printed)
}
