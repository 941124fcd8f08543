use entity::{enums::Role, ids::OfficerId};
use vault::{
    secret::Secret,
    token::{self, TokenError},
};

use super::{
    CreateOfficerError, NewOfficer,
    create_officer::{insert, prepare},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Public},
    units,
};

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error("an officer exists; the link is used up")]
    Closed,
    #[error("not an enrolment link of this line, or one that has ended")]
    Invalid,
    #[error(transparent)]
    Create(#[from] CreateOfficerError),
}

impl From<sea_orm::DbErr> for EnrolError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Create(error.into())
    }
}

impl From<TokenError> for EnrolError {
    fn from(_: TokenError) -> Self {
        Self::Invalid
    }
}

impl Fault for EnrolError {
    fn public(&self) -> Public {
        match self {
            Self::Closed => Code::EnrolmentClosed.into(),
            Self::Invalid => Code::EnrolmentInvalid.into(),
            Self::Create(error) => error.public(),
        }
    }
}

/// The secret part of the link that is printed at start while no officer exists; none once there is one.
pub async fn enrolment_token(app: &App) -> Result<Option<String>, sea_orm::DbErr> {
    let officers = store::count_officers(app.db.read()).await?;
    Ok((officers == 0).then(|| token::issue_enrolment(&app.secrets, app.clock.now())))
}

/// Enrols the first administrator, at the intake desk. The link works once: only while there is no officer.
/// Gives the officer's recovery code, to be printed once.
pub async fn create_first_administrator(
    app: &App,
    link: &str,
    username: String,
    display_name: String,
    password: Secret<String>,
) -> Result<(OfficerId, Secret<String>), EnrolError> {
    token::read_enrolment(link, &app.secrets, app.clock.now())?;
    if store::count_officers(app.db.read()).await? > 0 {
        return Err(EnrolError::Closed);
    }
    let office = units::store::intake_desk(app.db.read()).await?.ok_or(CreateOfficerError::NoSuchOffice)?;
    let prepared = prepare(
        app,
        NewOfficer {
            username,
            display_name,
            office: office.id,
            roles: vec![Role::Administrator],
            password,
            must_change_password: false,
            second_factor_required: true,
        },
    )
    .await?;
    let (id, recovery_code) = (prepared.id, prepared.recovery_code.clone());
    app.db
        .write(async |txn| {
            // The row that everybody who enrols wants to write: of two at once, the second one fails or waits here.
            units::store::claim(txn, "first_administrator").await.map_err(|_| EnrolError::Closed)?;
            if store::count_officers(txn).await? > 0 {
                return Err(EnrolError::Closed);
            }
            insert(txn, app, prepared, None).await?;
            audit::record_system(txn, app, Some(office.id), "FirstAdministratorEnrolled", Object::Officer(id)).await?;
            Ok(())
        })
        .await?;
    Ok((id, recovery_code))
}
