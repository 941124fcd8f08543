//! Officers: who they are, what they may do, and the key that only their password opens.
//!
//! `create_first_administrator` or `create_officer` makes an account; the officer `log_in`s, must
//! `change_password` (which makes the key pair that nobody else has seen) and enrol a second factor; a member of
//! an office then grants that office's keys (`units::grant_key`). A session is a short access token and a rotating
//! refresh token; the officer's private key lies in the session row, sealed under what the token carries.
//!
//! Who forgot the password comes back with the recovery code (`recover_password`) and loses nothing; without it an
//! administrator can `reset_password`, which lets the officer log in and opens nothing until a member grants again.

use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId, SessionId},
    officers,
};
use vault::{digest::fingerprint, keys::PrivateKey};

use crate::platform::fault::{Code, Fault, Public, store_code};

mod authenticate;
mod change_password;
mod create_first_administrator;
mod create_officer;
mod list_officers;
mod log_in;
mod log_out;
mod permission;
mod recover_password;
mod refresh;
mod reset_password;
mod saved_views;
mod second_factor;
mod sessions;
pub mod store;

pub use authenticate::{AuthenticateError, authenticate};
pub use change_password::{ChangePasswordError, change_password};
pub use create_first_administrator::{EnrolError, create_first_administrator, enrolment_token};
pub use create_officer::{CreateOfficerError, NewOfficer, create_first_member, create_officer, insert_officer};
pub use list_officers::{Colleague, list_officers};
pub use log_in::{LogInError, log_in};
pub use log_out::log_out;
pub use permission::Permission;
pub use recover_password::{RecoverPasswordError, recover_password};
pub use refresh::{RefreshError, refresh};
pub use reset_password::{ResetPasswordError, reset_password};
pub use saved_views::{SaveViewError, SavedView, forget_view, list_views, save_view};
pub use second_factor::{SecondFactorError, StartedSecondFactor, start_second_factor, verify_second_factor};
pub use sessions::{SESSION_MINUTES, Tokens};

/// Whether an officer is at work with a key pair that nobody else has seen.
pub fn is_ready(officer: &officers::Model) -> bool {
    officer.status == OfficerStatus::Active && !officer.must_change_password
}

/// An officer who is logged in: the authority that services ask for.
#[derive(Clone)]
pub struct Staff {
    pub id: OfficerId,
    pub username: String,
    pub display_name: String,
    pub session: SessionId,
    pub grants: Vec<(OfficeId, Role)>,
    /// What stands between this officer and any work, if anything does.
    pub pending: Option<Pending>,
    pub(crate) private: PrivateKey,
}

/// What an officer has to do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    PasswordChange,
    SecondFactor,
}

/// The officer may not do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no such right in this office")]
    Forbidden,
    #[error("a second factor has to be enrolled first")]
    SecondFactorRequired,
    #[error("the password has to be changed first")]
    PasswordChangeRequired,
}

impl Refused {
    pub fn code(self) -> Code {
        match self {
            Self::Forbidden => Code::Forbidden,
            Self::SecondFactorRequired => Code::SecondFactorRequired,
            Self::PasswordChangeRequired => Code::PasswordChangeRequired,
        }
    }
}

impl Staff {
    /// Of the key pair that this officer holds, whatever the database says of it: to be compared with the member who
    /// grants an office's key.
    pub fn key_fingerprint(&self) -> String {
        fingerprint(&self.private.public().to_bytes())
    }

    /// Asks that nothing stands between this officer and any work; for what needs no right of its own.
    pub fn must_be_ready(&self) -> Result<(), Refused> {
        match self.pending {
            None => Ok(()),
            Some(Pending::PasswordChange) => Err(Refused::PasswordChangeRequired),
            Some(Pending::SecondFactor) => Err(Refused::SecondFactorRequired),
        }
    }

    /// Asks for a right in at least one office.
    pub fn must(&self, permission: Permission) -> Result<(), Refused> {
        self.must_be_ready()?;
        let held = self.grants.iter().any(|(_, role)| permission.is_given_by(*role));
        if held { Ok(()) } else { Err(Refused::Forbidden) }
    }

    /// Asks for a right in one office.
    pub fn must_in(&self, office: OfficeId, permission: Permission) -> Result<(), Refused> {
        self.must_be_ready()?;
        if self.may_in(office, permission) { Ok(()) } else { Err(Refused::Forbidden) }
    }

    pub fn may_in(&self, office: OfficeId, permission: Permission) -> bool {
        self.pending.is_none()
            && self.grants.iter().any(|(held, role)| *held == office && permission.is_given_by(*role))
    }

    /// Offices in which the officer has a right, each once.
    pub fn offices(&self, permission: Permission) -> Vec<OfficeId> {
        let mut offices: Vec<OfficeId> =
            self.grants.iter().filter(|(_, role)| permission.is_given_by(*role)).map(|(office, _)| *office).collect();
        offices.sort_unstable();
        offices.dedup();
        offices
    }
}

/// A refusal or a broken store: all that most verbs of this noun can fail with.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
}

impl Fault for StaffError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}
