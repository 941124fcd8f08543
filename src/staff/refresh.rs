use entity::enums::OfficerStatus;
use vault::{
    session::{self, SessionBlob},
    token::{self, TokenError},
};

use super::{
    sessions::{Tokens, mint},
    store,
};
use crate::{
    app::App,
    platform::fault::{Code, Fault, Public, store_code},
};

#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error("not a refresh token of this line, or one that was revoked")]
    Invalid,
    #[error("the log-in has ended")]
    Expired,
    #[error("a refresh token was used twice; the whole log-in is revoked")]
    Replayed,
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for RefreshError {
    fn public(&self) -> Public {
        match self {
            Self::Invalid => Code::TokenInvalid.into(),
            Self::Expired => Code::TokenExpired.into(),
            Self::Replayed => Code::RefreshReplayed.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<TokenError> for RefreshError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::Invalid,
            TokenError::Expired => Self::Expired,
        }
    }
}

/// Trades a refresh token for the next pair. The same token a second time means that somebody else holds it too:
/// the log-in is revoked for both (RFC 9700, section 4.14.2).
pub async fn refresh(app: &App, refresh_token: &str) -> Result<Tokens, RefreshError> {
    let token = token::read_refresh(refresh_token, &app.secrets, app.clock.now())?;
    let found = store::session_and_officer(app.db.read(), token.session.into()).await?;
    let (row, officer) = found.ok_or(RefreshError::Invalid)?;
    if officer.status != OfficerStatus::Active {
        return Err(RefreshError::Invalid);
    }
    if token.generation != row.generation {
        return revoke_family(app, row.id).await;
    }
    let blob = SessionBlob { salt: row.refresh_salt, blob: row.refresh_blob };
    let private = session::unlock(&token.k, &blob, token.session, token.officer, &app.secrets)
        .map_err(|_| RefreshError::Invalid)?;
    let minted = mint(app, row.id, officer.id, &private, row.generation + 1, row.refresh_expires_at);
    let swapped = app.db.write(async |txn| store::swap_session(txn, minted.row, row.generation).await).await?;
    if swapped { Ok(minted.tokens) } else { revoke_family(app, row.id).await }
}

async fn revoke_family(app: &App, session: entity::ids::SessionId) -> Result<Tokens, RefreshError> {
    app.db.write(async |txn| store::delete_session(txn, session).await).await?;
    Err(RefreshError::Replayed)
}
