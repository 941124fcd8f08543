//! The second factor: time-based codes (RFC 6238) and recovery codes on paper.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    app_secrets::Secrets,
    chance::Chance,
    kdf,
    keys::PrivateKey,
    password::{paper_code, read_paper_code},
    seal::{self, OpenError, Place},
    secret::Secret,
};

/// Seconds of one time step.
const STEP: u64 = 30;

/// Recovery codes that an officer gets.
const CODES: usize = 10;

/// 160 bits shared with an authenticator app.
pub struct SecondFactor(Zeroizing<[u8; 20]>);

/// No such code now, or one that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the code of this moment")]
pub struct WrongCode;

/// The text is no secret that was given out here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a secret")]
pub struct BadFactor;

impl SecondFactor {
    pub fn generate(chance: &Chance) -> Self {
        Self(Zeroizing::new(chance.bytes()))
    }

    /// As it is typed into an app that cannot scan.
    pub fn base32(&self) -> Secret<String> {
        Secret::new(totp_rs::Secret::new(Box::from(self.0.as_slice())).to_base32())
    }

    pub fn from_base32(text: &str) -> Result<Self, BadFactor> {
        let plain = Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
        let secret = totp_rs::Secret::try_from_base32(plain.to_uppercase()).map_err(|_| BadFactor)?;
        let bytes = secret.as_bytes().try_into().map_err(|_| BadFactor)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// As it is scanned: the `otpauth` form that authenticator apps read.
    pub fn uri(&self, username: &str, issuer: &str) -> Secret<String> {
        let (issuer, username) = (percent(issuer), percent(username));
        Secret::new(format!("otpauth://totp/{issuer}:{username}?secret={}&issuer={issuer}", self.base32().expose()))
    }

    /// The time step whose code this is: now or one step to either side. Codes up to `last_step` are used up.
    pub fn verify(&self, code: &str, now: DateTime<Utc>, last_step: Option<i64>) -> Result<i64, WrongCode> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.timestamp()).map_err(|_| WrongCode)?;
        let step = self.totp().check(&code, seconds).ok_or(WrongCode)?;
        let step = i64::try_from(step).map_err(|_| WrongCode)?;
        if last_step.is_some_and(|last| step <= last) { Err(WrongCode) } else { Ok(step) }
    }

    /// Seals the secret so that only the officer's own key opens it: it is checked after the password.
    pub fn seal(&self, officer: Uuid, private: &PrivateKey, chance: &Chance) -> Vec<u8> {
        seal::seal(&private.own_key(OWN), &place(officer), self.0.as_slice(), chance)
    }

    pub fn open(officer: Uuid, private: &PrivateKey, sealed: &[u8]) -> Result<Self, OpenError> {
        let bytes = seal::open(&private.own_key(OWN), &place(officer), sealed)?;
        bytes.as_slice().try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| OpenError)
    }

    fn totp(&self) -> Totp {
        let secret = totp_rs::Secret::new(Box::from(self.0.as_slice()));
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1);
        builder.with_step_duration(STEP).with_secret(secret).build_noncompliant()
    }
}

const OWN: &str = "tipline/officer/second-factor/1";

fn place(officer: Uuid) -> Place {
    Place { table: "officers", column: "second_factor_sealed", row: officer, owner: officer, version: 1 }
}

fn percent(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Ten codes of 60 bits, each good once instead of the app's code.
pub fn recovery_codes(chance: &Chance) -> Vec<Secret<String>> {
    std::iter::repeat_with(|| paper_code(chance, 12)).take(CODES).collect()
}

/// What is stored of a recovery code: worthless without the administrative key. Not the pepper, which is rotated
/// while codes lie on paper.
pub fn hash_recovery_code(officer: Uuid, code: &str, secrets: &Secrets) -> [u8; 32] {
    let plain = read_paper_code(code);
    let key = kdf::expand(secrets.administrative().as_bytes(), officer.as_bytes(), "tipline/officer/recovery-code/1");
    *kdf::expand(plain.as_bytes(), key.as_slice(), "tipline/officer/recovery-code/1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::generate_pair;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B, the SHA-1 rows, cut to six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let factor = SecondFactor(Zeroizing::new(*b"12345678901234567890"));
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(factor.verify(code, at(seconds), None), Ok(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_serves_once_and_not_for_long() {
        let factor = SecondFactor(Zeroizing::new(*b"12345678901234567890"));
        let step = factor.verify("287082", at(59), None).unwrap();
        assert_eq!(factor.verify("287082", at(59), Some(step)), Err(WrongCode));
        assert!(factor.verify("287 082", at(59 + 30), None).is_ok());
        assert_eq!(factor.verify("287082", at(59 + 90), None), Err(WrongCode));
        for code in ["", "28708", "2870821", "abcdef", "２８７０８２"] {
            assert_eq!(factor.verify(code, at(59), None), Err(WrongCode), "{code}");
        }
    }

    #[test]
    fn the_secret_survives_paper_and_seal() {
        let chance = Chance::seeded(1);
        let factor = SecondFactor::generate(&chance);
        let typed = SecondFactor::from_base32(&factor.base32().expose().to_lowercase()).unwrap();
        assert_eq!(typed.0, factor.0);
        assert!(SecondFactor::from_base32("nonsense!").is_err() && SecondFactor::from_base32("").is_err());
        let (officer, (private, _)) = (chance.uuid(), generate_pair(&chance));
        let sealed = factor.seal(officer, &private, &chance);
        assert_eq!(SecondFactor::open(officer, &private, &sealed).unwrap().0, factor.0);
        assert!(SecondFactor::open(chance.uuid(), &private, &sealed).is_err());
        assert!(factor.uri("ana", "đường dây").expose().starts_with("otpauth://totp/%C4%91%C6%B0"));
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let chance = Chance::seeded(2);
        let (secrets, officer) = (Secrets::generate(&chance), chance.uuid());
        let codes = recovery_codes(&chance);
        assert_eq!(codes.len(), 10);
        let hash = |code: &str| hash_recovery_code(officer, code, &secrets);
        let code = codes[0].expose();
        assert_eq!(hash(code), hash(&code.to_lowercase().replace('-', "")));
        assert_ne!(hash(code), hash(codes[1].expose()));
        assert_ne!(hash(code), hash_recovery_code(chance.uuid(), code, &secrets));
    }
}
