use entity::{closures, ids::OfficeId};
use sea_orm::DbErr;

use super::{Scope, offices_beneath, store};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Faults, FieldFault, Public, store_code},
    staff::{Permission, Refused, Staff},
    tips::{TEXT, text_fault},
};

#[derive(Debug, thiserror::Error)]
pub enum CloseLineError {
    #[error("no such office")]
    NoSuchOffice,
    #[error("it is open")]
    NotClosed,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for CloseLineError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchOffice => Code::NoSuchOffice.into(),
            Self::NotClosed => Code::LineNotClosed.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// A notice that somebody reads on a phone before deciding what to do instead.
const MAX_MESSAGE: usize = 500;

/// Takes no new tips from residents for a while, and says why; closing again changes what is said.
///
/// Threads stay open, and officers go on writing down what comes by phone or in person. Without words in English,
/// those in Vietnamese stand there too.
pub async fn close_line(
    app: &App,
    staff: &Staff,
    scope: Scope,
    message_vi: &str,
    message_en: &str,
) -> Result<(), CloseLineError> {
    let office = must_administer(app, staff, scope).await?;
    let (vi, en) = (message_vi.trim(), message_en.trim());
    let mut faults = Faults::default();
    if let Some(code) = text_fault(vi, MAX_MESSAGE, TEXT) {
        faults.add("message_vi", code);
    }
    if let Some(code) = text_fault(en, MAX_MESSAGE, TEXT).filter(|_| !en.is_empty()) {
        faults.add("message_en", code);
    }
    faults.into_result().map_err(CloseLineError::Fields)?;
    let row = closures::Model {
        scope: scope.key(),
        message_vi: vi.to_owned(),
        message_en: if en.is_empty() { vi } else { en }.to_owned(),
        closed_by: staff.id,
        closed_at: app.clock.now(),
    };
    app.db
        .write(async |txn| {
            store::put_closure(txn, row).await?;
            audit::record_detailed(txn, app, staff, Some(office), "LineClosed", Object::Office(office), what(scope))
                .await
        })
        .await?;
    Ok(())
}

/// Takes tips again.
pub async fn open_line(app: &App, staff: &Staff, scope: Scope) -> Result<(), CloseLineError> {
    let office = must_administer(app, staff, scope).await?;
    app.db
        .write(async |txn| {
            if !store::delete_closure(txn, &scope.key()).await? {
                return Err(CloseLineError::NotClosed);
            }
            let object = Object::Office(office);
            Ok(audit::record_detailed(txn, app, staff, Some(office), "LineOpened", object, what(scope)).await?)
        })
        .await
}

fn what(scope: Scope) -> String {
    match scope {
        Scope::Line => "line",
        Scope::Office(_) => "office",
    }
    .to_owned()
}

/// The whole line is the intake desk's; an office is its own administrators' and those of the offices above it.
async fn must_administer(app: &App, staff: &Staff, scope: Scope) -> Result<OfficeId, CloseLineError> {
    staff.must(Permission::Administer)?;
    let office = match scope {
        Scope::Line => {
            let intake = store::intake_desk(app.db.read()).await?.ok_or(CloseLineError::NoSuchOffice)?.id;
            staff.must_in(intake, Permission::Administer)?;
            intake
        }
        Scope::Office(office) => {
            store::office(app.db.read(), office).await?.ok_or(CloseLineError::NoSuchOffice)?;
            let held = staff.offices(Permission::Administer);
            if !offices_beneath(app.db.read(), &held).await?.contains(&office) {
                return Err(Refused::Forbidden.into());
            }
            office
        }
    };
    Ok(office)
}
