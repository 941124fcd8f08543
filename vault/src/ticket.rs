//! Tickets: proof that a receipt was drawn here, so that nobody chooses a receipt of their own.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use subtle::ConstantTimeEq;

use crate::{app_secrets::Secrets, kdf, keys::SymmetricKey, receipt::Receipt};

/// A tip may be written over two days, on a phone that finds a signal once a day.
const HOURS: i64 = 48;

/// Clocks of two nodes may differ by this much.
const MINUTES_AHEAD: i64 = 5;

/// Why a ticket is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Not made here, or not for this receipt.
    #[error("forged")]
    Forged,
    #[error("expired")]
    Expired,
}

/// Signs a receipt: `1.<key>.<seconds>.<tag>`. The ticket does not lead to the receipt.
pub fn issue(receipt: &Receipt, secrets: &Secrets, now: DateTime<Utc>) -> String {
    let (version, key) = secrets.current_token();
    let seconds = now.timestamp();
    let tag = URL_SAFE_NO_PAD.encode(sign(receipt, &key, version, seconds));
    format!("1.{version}.{seconds}.{tag}")
}

/// Checks that the ticket was given out with this receipt, and not too long ago.
pub fn verify(receipt: &Receipt, ticket: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<(), TicketError> {
    let issued = read(receipt, ticket, secrets).ok_or(TicketError::Forged)?;
    if issued > now + Duration::minutes(MINUTES_AHEAD) {
        return Err(TicketError::Forged);
    }
    if now - issued > Duration::hours(HOURS) { Err(TicketError::Expired) } else { Ok(()) }
}

fn read(receipt: &Receipt, ticket: &str, secrets: &Secrets) -> Option<DateTime<Utc>> {
    let mut parts = ticket.split('.');
    let (format, version, seconds, tag) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if format != "1" || parts.next().is_some() {
        return None;
    }
    let (key, issued): (i32, i64) = (version.parse().ok()?, seconds.parse().ok()?);
    // One spelling: "+1" and "01" are numbers too, and would make another text of the same ticket.
    if key.to_string() != version || issued.to_string() != seconds {
        return None;
    }
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    let expected = sign(receipt, &secrets.token(key)?, key, issued);
    let right = bool::from(expected.ct_eq(tag.as_slice()));
    right.then(|| DateTime::from_timestamp(issued, 0)).flatten()
}

fn sign(receipt: &Receipt, key: &SymmetricKey, version: i32, seconds: i64) -> [u8; 32] {
    let said = format!("tipline/ticket/1|{version}|{seconds}");
    // HKDF is HMAC twice over: a pseudo-random function of both the receipt and what is said.
    *kdf::expand(key.as_bytes(), &kdf::sha256(&[receipt.digits()]), &said)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chance::Chance;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap() + Duration::hours(hours)
    }

    #[test]
    fn a_ticket_serves_its_receipt_for_two_days() {
        let chance = Chance::seeded(1);
        let (secrets, receipt) = (Secrets::generate(&chance), Receipt::issue(&chance));
        let ticket = issue(&receipt, &secrets, at(0));
        assert_eq!(verify(&receipt, &ticket, &secrets, at(48)), Ok(()));
        assert_eq!(verify(&receipt, &ticket, &secrets, at(49)), Err(TicketError::Expired));
        assert_eq!(verify(&receipt, &ticket, &secrets, at(-1)), Err(TicketError::Forged));
        assert_eq!(verify(&Receipt::issue(&chance), &ticket, &secrets, at(0)), Err(TicketError::Forged));
        assert_eq!(verify(&receipt, &ticket, &Secrets::generate(&chance), at(0)), Err(TicketError::Forged));
    }

    #[test]
    fn a_ticket_cannot_be_made_younger() {
        let chance = Chance::seeded(1);
        let (secrets, receipt) = (Secrets::generate(&chance), Receipt::issue(&chance));
        let ticket = issue(&receipt, &secrets, at(0));
        let younger = ticket.replace(&at(0).timestamp().to_string(), &at(60).timestamp().to_string());
        assert_ne!(younger, ticket);
        assert_eq!(verify(&receipt, &younger, &secrets, at(60)), Err(TicketError::Forged));
    }

    #[test]
    fn a_ticket_has_one_spelling() {
        let chance = Chance::seeded(1);
        let (secrets, receipt) = (Secrets::generate(&chance), Receipt::issue(&chance));
        let ticket = issue(&receipt, &secrets, at(0));
        let [_, version, seconds, tag] = ticket.split('.').collect::<Vec<_>>()[..] else { panic!("{ticket}") };
        for other in [
            format!("1.+{version}.{seconds}.{tag}"),
            format!("1.0{version}.{seconds}.{tag}"),
            format!("1.{version}.+{seconds}.{tag}"),
            format!("1.{version}.0{seconds}.{tag}"),
            format!("1.{version}.{seconds}.{tag}="),
        ] {
            assert_eq!(verify(&receipt, &other, &secrets, at(0)), Err(TicketError::Forged), "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_forged(text in ".*", tail in "[0-9]{1,30}") {
            let chance = Chance::seeded(1);
            let (secrets, receipt) = (Secrets::generate(&chance), Receipt::issue(&chance));
            for ticket in [text.clone(), format!("1.1.{tail}.{text}"), format!("1.{tail}.0.AAAA")] {
                prop_assert_eq!(verify(&receipt, &ticket, &secrets, at(0)), Err(TicketError::Forged));
            }
        }
    }
}
