use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

/// Sends short texts to one address that is fixed in the configuration. Nothing about a tip ever goes by mail.
#[derive(Clone)]
pub struct Mailer {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Mailbox,
}

/// A mail server that takes longer is taken to be gone: a node that stops waits for it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A setting that mail cannot be sent with. The server's URL may hold a password and is not quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMailSetting {
    #[error(
        "must be smtps://[user:password@]host[:port], or smtp:// with ?tls=required; without TLS this machine only"
    )]
    Server,
    #[error("is not an address")]
    From,
    #[error("is not an address")]
    To,
}

impl BadMailSetting {
    /// The setting's name.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Server => "smtp_url",
            Self::From => "mail_from",
            Self::To => "overseer",
        }
    }
}

/// Why a mail was not sent; tells neither addresses nor text.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the mail cannot be written")]
    Unwritable,
    #[error("the mail server: {0}")]
    Server(lettre::transport::smtp::Error),
}

impl Mailer {
    pub fn new(server: &str, from: &str, to: &str) -> Result<Self, BadMailSetting> {
        // What is mailed is no secret, but who may read it on the way may also change it.
        let protected = server.starts_with("smtps://") || server.contains("tls=required");
        if !protected && !is_this_machine(server) {
            return Err(BadMailSetting::Server);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|_| BadMailSetting::Server)?;
        Ok(Self {
            server: builder.timeout(Some(TIMEOUT)).build(),
            from: from.parse().map_err(|_| BadMailSetting::From)?,
            to: to.parse().map_err(|_| BadMailSetting::To)?,
        })
    }

    /// Sends, and returns when the server has taken it.
    pub async fn send(&self, subject: &str, text: String, at: DateTime<Utc>) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(subject)
            .date(at.into())
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|_| MailError::Unwritable)?;
        self.server.send(message).await.map(|_| ()).map_err(MailError::Server)
    }
}

fn is_this_machine(server: &str) -> bool {
    let host = server.strip_prefix("smtp://").unwrap_or_default();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| {
        let rest = host.strip_prefix(own);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
    })
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_spoken_to_under_tls_or_on_this_machine() {
        let refused = |server| Mailer::new(server, "line@example.vn", "overseer@example.vn").err();
        for server in ["smtps://u:p@mail.example.vn", "smtp://mail.example.vn?tls=required", "smtp://127.0.0.1:2525"] {
            assert_eq!(refused(server), None, "{server}");
        }
        for server in ["smtp://mail.example.vn", "smtp://127.0.0.1.example.vn", "http://127.0.0.1", ""] {
            assert_eq!(refused(server), Some(BadMailSetting::Server), "{server}");
        }
        assert_eq!(Mailer::new("smtp://localhost", "x", "a@b.vn").err(), Some(BadMailSetting::From));
        assert_eq!(Mailer::new("smtp://localhost", "a@b.vn", "x y").err(), Some(BadMailSetting::To));
    }
}
