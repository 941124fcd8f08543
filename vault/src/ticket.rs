//! Tickets: proof that a receipt was drawn here, so that nobody chooses a receipt of their own.
//!
//! A ticket may ask for work: whoever holds it appends `.` and a text of its own choice, so that the SHA-256 of the whole
//! begins with so many zero bits. That takes 2^bits trials on average, and one to check (A. Back, "Hashcash", 2002).

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
    /// The work that it asks for was not done.
    #[error("unproven")]
    Unproven,
}

/// Most zero bits that are ever asked for: minutes of a phone, and no more.
pub const MOST_WORK: u8 = 24;

/// Longest text that is appended to a ticket.
const LONGEST_PROOF: usize = 40;

/// Signs a receipt: `1.<key>.<seconds>.<tag>`. The ticket does not lead to the receipt.
pub fn issue(receipt: &Receipt, secrets: &Secrets, now: DateTime<Utc>) -> String {
    let (version, key) = secrets.current_token();
    let seconds = now.timestamp();
    let tag = URL_SAFE_NO_PAD.encode(sign(receipt, &key, version, seconds, None));
    format!("1.{version}.{seconds}.{tag}")
}

/// Signs a receipt with a ticket that asks for work: `2.<key>.<seconds>.<bits>.<tag>`.
pub fn issue_for_work(receipt: &Receipt, bits: u8, secrets: &Secrets, now: DateTime<Utc>) -> String {
    let (version, key) = secrets.current_token();
    let (seconds, bits) = (now.timestamp(), bits.min(MOST_WORK));
    let tag = URL_SAFE_NO_PAD.encode(sign(receipt, &key, version, seconds, Some(bits)));
    format!("2.{version}.{seconds}.{bits}.{tag}")
}

/// Checks that the ticket was given out with this receipt, not too long ago, and that the work it asks for was done.
pub fn verify(receipt: &Receipt, ticket: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<(), TicketError> {
    let read = check(receipt, ticket, secrets, now)?;
    match read.work {
        Some(bits) if !read.proven || zero_bits(&kdf::sha256(&[ticket.as_bytes()])) < u32::from(bits) => {
            Err(TicketError::Unproven)
        }
        Some(_) | None => Ok(()),
    }
}

/// A ticket for the same receipt that asks for no work, for who paid in another way; none if this one asks for none.
pub fn excuse(
    receipt: &Receipt,
    ticket: &str,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<Option<String>, TicketError> {
    let read = check(receipt, ticket, secrets, now)?;
    Ok(read.work.map(|_| issue(receipt, secrets, now)))
}

/// Does the work that a ticket asks for: the ticket as it is to be sent.
pub fn work(ticket: &str) -> String {
    let bits = ticket.strip_prefix("2.").and_then(|rest| rest.split('.').nth(2)).and_then(|bits| bits.parse().ok());
    let Some(bits) = bits else { return ticket.to_owned() };
    let tries = (0_u64..).map(|n| format!("{ticket}.{n}"));
    let mut done = tries.filter(|tried| zero_bits(&kdf::sha256(&[tried.as_bytes()])) >= bits);
    done.next().unwrap_or_default()
}

fn zero_bits(hash: &[u8; 32]) -> u32 {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(0) * 8 + rest
}

/// A ticket whose tag is right.
struct Read {
    issued: DateTime<Utc>,
    work: Option<u8>,
    /// Something was appended.
    proven: bool,
}

fn check(receipt: &Receipt, ticket: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Read, TicketError> {
    let read = read(receipt, ticket, secrets).ok_or(TicketError::Forged)?;
    if read.issued > now + Duration::minutes(MINUTES_AHEAD) {
        return Err(TicketError::Forged);
    }
    if now - read.issued > Duration::hours(HOURS) { Err(TicketError::Expired) } else { Ok(read) }
}

fn read(receipt: &Receipt, ticket: &str, secrets: &Secrets) -> Option<Read> {
    let mut parts = ticket.split('.');
    let format = parts.next()?;
    let (version, seconds) = (parts.next()?, parts.next()?);
    let bits = match format {
        "1" => None,
        "2" => Some(parts.next()?),
        _ => return None,
    };
    let (tag, proof) = (parts.next()?, parts.next());
    if parts.next().is_some() || proof.is_some_and(|proof| bits.is_none() || proof.len() > LONGEST_PROOF) {
        return None;
    }
    let (key, issued): (i32, i64) = (version.parse().ok()?, seconds.parse().ok()?);
    let work: Option<u8> = bits.map(str::parse).transpose().ok()?;
    // One spelling: "+1" and "01" are numbers too, and would make another text of the same ticket.
    if key.to_string() != version || issued.to_string() != seconds || work.map(|n| n.to_string()).as_deref() != bits {
        return None;
    }
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    let expected = sign(receipt, &secrets.token(key)?, key, issued, work);
    let right = bool::from(expected.ct_eq(tag.as_slice()));
    let issued = right.then(|| DateTime::from_timestamp(issued, 0)).flatten()?;
    Some(Read { issued, work, proven: proof.is_some() })
}

fn sign(receipt: &Receipt, key: &SymmetricKey, version: i32, seconds: i64, work: Option<u8>) -> [u8; 32] {
    let said = match work {
        None => format!("tipline/ticket/1|{version}|{seconds}"),
        Some(bits) => format!("tipline/ticket/2|{version}|{seconds}|{bits}"),
    };
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

    #[test]
    fn a_ticket_that_asks_for_work_serves_only_when_it_was_done() {
        let chance = Chance::seeded(1);
        let (secrets, receipt) = (Secrets::generate(&chance), Receipt::issue(&chance));
        let ticket = issue_for_work(&receipt, 8, &secrets, at(0));
        let verify = |ticket: &str| verify(&receipt, ticket, &secrets, at(1));
        assert_eq!(verify(&ticket), Err(TicketError::Unproven));
        let worked = work(&ticket);
        assert!(worked.starts_with(&format!("{ticket}.")));
        assert_eq!(verify(&worked), Ok(()));
        // One of 256 texts does; of these few none.
        let wrong = ["x", "", "0", "1"].into_iter().filter(|proof| format!("{ticket}.{proof}") != worked);
        for proof in wrong {
            assert_eq!(verify(&format!("{ticket}.{proof}")), Err(TicketError::Unproven), "{proof}");
        }
        assert_eq!(verify(&format!("{worked}.1")), Err(TicketError::Forged));
        assert_eq!(verify(&format!("{ticket}.{}", "1".repeat(41))), Err(TicketError::Forged));
        // Nobody asks for less than was asked.
        let easier = ticket.replacen(".8.", ".0.", 1);
        assert_ne!(easier, ticket);
        assert_eq!(verify(&easier), Err(TicketError::Forged));
        assert_eq!(verify(&ticket.replacen(".8.", ".08.", 1)), Err(TicketError::Forged));
        let plain = issue(&receipt, &secrets, at(0));
        assert_eq!(work(&plain), plain);
        assert_eq!(verify(&format!("{plain}.1")), Err(TicketError::Forged));
    }

    #[test]
    fn who_paid_otherwise_gets_a_ticket_without_work_for_the_same_receipt_only() {
        let chance = Chance::seeded(1);
        let (secrets, receipt, other) = (Secrets::generate(&chance), Receipt::issue(&chance), Receipt::issue(&chance));
        let ticket = issue_for_work(&receipt, MOST_WORK, &secrets, at(0));
        let excused = excuse(&receipt, &ticket, &secrets, at(1)).unwrap().unwrap();
        assert_eq!(verify(&receipt, &excused, &secrets, at(1)), Ok(()));
        assert_eq!(excuse(&receipt, &excused, &secrets, at(1)), Ok(None));
        assert_eq!(excuse(&other, &ticket, &secrets, at(1)), Err(TicketError::Forged));
        assert_eq!(excuse(&receipt, &ticket, &secrets, at(49)), Err(TicketError::Expired));
    }

    #[test]
    fn zero_bits_are_counted_from_the_front() {
        let mut hash = [0xff; 32];
        assert_eq!(zero_bits(&hash), 0);
        (hash[0], hash[1]) = (0, 0x1f);
        assert_eq!(zero_bits(&hash), 11);
        assert_eq!(zero_bits(&[0; 32]), 256);
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
