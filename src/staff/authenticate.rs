use entity::enums::OfficerStatus;
use vault::{
    session::{self, SessionBlob},
    token::{self, TokenError},
};

use super::{Pending, Staff, store};
use crate::{
    app::App,
    platform::fault::{Code, Fault, Public, store_code},
};

#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    #[error("not a token of this line, or one that was revoked")]
    Invalid,
    #[error("the token has ended")]
    Expired,
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for AuthenticateError {
    fn public(&self) -> Public {
        match self {
            Self::Invalid => Code::TokenInvalid.into(),
            Self::Expired => Code::TokenExpired.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<TokenError> for AuthenticateError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::Invalid,
            TokenError::Expired => Self::Expired,
        }
    }
}

/// Tells who holds an access token and opens that officer's private key for this one request.
///
/// Any node answers: the token carries one half of the key, the session row the other. A deleted row ends it at once.
pub async fn authenticate(app: &App, access_token: &str) -> Result<Staff, AuthenticateError> {
    let token = token::read_access(access_token, &app.secrets, app.clock.now())?;
    let found = store::session_and_officer(app.db.read(), token.session.into()).await?;
    let (row, officer) = found.ok_or(AuthenticateError::Invalid)?;
    if officer.status != OfficerStatus::Active {
        return Err(AuthenticateError::Invalid);
    }
    let blob = SessionBlob { salt: row.access_salt, blob: row.access_blob };
    let private = session::unlock(&token.k, &blob, token.session, token.officer, &app.secrets)
        .map_err(|_| AuthenticateError::Invalid)?;
    let grants = store::grants_of(app.db.read(), officer.id).await?;
    Ok(Staff {
        pending: pending(&officer),
        id: officer.id,
        username: officer.username,
        display_name: officer.display_name,
        session: row.id,
        grants: grants.into_iter().map(|grant| (grant.office_id, grant.role)).collect(),
        private,
    })
}

fn pending(officer: &entity::officers::Model) -> Option<Pending> {
    if officer.must_change_password {
        Some(Pending::PasswordChange)
    } else if officer.second_factor_required && officer.second_factor_sealed.is_none() {
        Some(Pending::SecondFactor)
    } else {
        None
    }
}
