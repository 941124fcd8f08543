//! Views of the queue that an officer keeps. They are the officer's own, and nobody else sees them.

use entity::{ids::SavedViewId, saved_views};
use sea_orm::Set;

use super::{Refused, Staff, StaffError, store};
use crate::{
    app::App,
    platform::fault::{Code, Fault, Faults, FieldFault, Public, store_code},
    tips::line_fault,
};

/// More than a row of names beside the lanes can show.
const MOST: usize = 20;

const MAX_NAME: usize = 60;
const MAX_FILTER: usize = 500;

/// A view of the queue, by the name that the officer gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: SavedViewId,
    pub name: String,
    /// Parameters of the queue's address, as they were saved.
    pub filter: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveViewError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("as many are saved as can be shown")]
    TooMany,
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for SaveViewError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::TooMany => Code::TooManyViews.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Saves a view; one of the same name is replaced.
pub async fn save_view(app: &App, staff: &Staff, name: &str, filter: &str) -> Result<(), SaveViewError> {
    staff.must_be_ready()?;
    let name = name.trim();
    let mut faults = Faults::default();
    if let Some(code) = line_fault(name, MAX_NAME) {
        faults.add("name", code);
    }
    let plain = filter.len() <= MAX_FILTER && filter.bytes().all(|byte| byte.is_ascii_graphic());
    faults.check(plain, "filter", Code::Invalid);
    faults.into_result().map_err(SaveViewError::Fields)?;
    let row = saved_views::ActiveModel {
        id: Set(SavedViewId::from(app.chance.uuid())),
        officer_id: Set(staff.id),
        name: Set(name.to_owned()),
        filter: Set(filter.to_owned()),
        saved_at: Set(app.clock.now()),
    };
    app.db
        .write(async |txn| {
            store::delete_view_named(txn, staff.id, name).await?;
            if store::views_of(txn, staff.id).await?.len() >= MOST {
                return Err(SaveViewError::TooMany);
            }
            Ok(store::insert_view(txn, row).await?)
        })
        .await
}

/// The officer's views, in the order in which they were saved.
pub async fn list_views(app: &App, staff: &Staff) -> Result<Vec<SavedView>, StaffError> {
    staff.must_be_ready()?;
    let rows = store::views_of(app.db.read(), staff.id).await?.into_iter();
    Ok(rows.map(|row| SavedView { id: row.id, name: row.name, filter: row.filter }).collect())
}

/// Forgets a view of the officer's; another's, or none, is left as it is.
pub async fn forget_view(app: &App, staff: &Staff, id: SavedViewId) -> Result<(), StaffError> {
    staff.must_be_ready()?;
    app.db.write(async |txn| Ok(store::delete_view(txn, staff.id, id).await?)).await
}
