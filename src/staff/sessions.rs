//! Sessions: two blobs in one row, each the officer's private key under what one token carries.

use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::{OfficerId, SessionId},
    sessions,
};
use sea_orm::Set;
use vault::{
    keys::PrivateKey,
    session,
    token::{self, Access, Refresh},
};

use crate::app::App;

/// An access token lives this long; whoever steals one has it no longer.
pub const SESSION_MINUTES: i64 = 15;

/// A log-in lasts one long shift; after that the password is asked again.
const SHIFT_HOURS: i64 = 12;

/// What a client holds while an officer is logged in.
#[derive(Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
}

/// Tokens of one generation and the row that they open.
pub(super) struct Minted {
    pub tokens: Tokens,
    pub row: sessions::ActiveModel,
}

/// Seals the private key twice, under fresh handles, for the `generation`th time.
pub(super) fn mint(
    app: &App,
    session_id: SessionId,
    officer: OfficerId,
    private: &PrivateKey,
    generation: i32,
    ends_at: DateTime<Utc>,
) -> Minted {
    let now = app.clock.now();
    let (access_k, access) = session::lock(private, session_id.into(), officer.into(), &app.secrets, &app.chance);
    let (refresh_k, refresh) = session::lock(private, session_id.into(), officer.into(), &app.secrets, &app.chance);
    let expires_at = ends_at.min(now + Duration::minutes(SESSION_MINUTES));
    let tokens = Tokens {
        access: token::issue_access(
            &Access { session: session_id.into(), officer: officer.into(), expires_at, k: access_k },
            &app.secrets,
        ),
        refresh: token::issue_refresh(
            &Refresh {
                session: session_id.into(),
                officer: officer.into(),
                generation,
                expires_at: ends_at,
                k: refresh_k,
            },
            &app.secrets,
        ),
        expires_in: (expires_at - now).num_seconds(),
    };
    let row = sessions::ActiveModel {
        id: Set(session_id),
        officer_id: Set(officer),
        generation: Set(generation),
        access_salt: Set(access.salt),
        access_blob: Set(access.blob),
        access_expires_at: Set(expires_at),
        refresh_salt: Set(refresh.salt),
        refresh_blob: Set(refresh.blob),
        refresh_expires_at: Set(ends_at),
        created_at: Set(now),
    };
    Minted { tokens, row }
}

pub(super) fn end_of_shift(app: &App) -> DateTime<Utc> {
    app.clock.now() + Duration::hours(SHIFT_HOURS)
}
