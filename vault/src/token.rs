//! Tokens that clients carry.
//!
//! Officers' tokens are JSON Web Tokens signed with HMAC-SHA256, read strictly (RFC 8725): one algorithm, keys by
//! number from our own table, type and audience fixed. A reporter's token is encrypted: whoever sees it learns
//! neither the tip nor the key in it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    app_secrets::Secrets,
    chance::Chance,
    kdf,
    keys::SymmetricKey,
    seal::{self, Place},
};

/// Longest token looked at; ours have less than half of it.
const LONGEST: usize = 2048;

/// The first administrator has a day to use the printed link.
const ENROLMENT_HOURS: i64 = 24;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("not a token of this line")]
    Invalid,
    #[error("the token has ended")]
    Expired,
}

/// Lets an officer in for a quarter of an hour.
pub struct Access {
    pub session: Uuid,
    pub officer: Uuid,
    pub expires_at: DateTime<Utc>,
    /// The token's half of the lock on the officer's private key.
    pub k: SymmetricKey,
}

/// Gets the next pair of tokens, once.
pub struct Refresh {
    pub session: Uuid,
    pub officer: Uuid,
    pub generation: i32,
    pub expires_at: DateTime<Utc>,
    pub k: SymmetricKey,
}

/// Opens a reporter's thread for a while. Nothing of it is stored.
pub struct Reporter {
    pub tip: Uuid,
    /// Opens the reporter's private key, as long as the receipt is not changed or given up.
    pub kek: SymmetricKey,
    pub expires_at: DateTime<Utc>,
}

const ACCESS: &str = "access";
const REFRESH: &str = "refresh";
const ENROL: &str = "enrol";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    /// What the token is for; both audience and type, so that none passes for another.
    aud: String,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r#gen: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    k: Option<Zeroizing<String>>,
}

fn header(purpose: &str, version: i32) -> Header {
    Header { typ: Some(format!("tipline-{purpose}+jwt")), kid: Some(version.to_string()), ..Header::new(Algorithm::HS256) }
}

/// Each purpose has its own signing key, so that a forgotten check of type or audience would still open nothing.
fn signing_key(key: &SymmetricKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    kdf::expand(key.as_bytes(), b"", &format!("tipline/token/1|{purpose}"))
}

fn issue(purpose: &str, claims: &Claims, secrets: &Secrets) -> String {
    let (version, key) = secrets.current_token();
    let key = EncodingKey::from_secret(signing_key(key, purpose).as_slice());
    // HMAC over a plain struct: there is nothing that could fail. An empty token opens nothing.
    jsonwebtoken::encode(&header(purpose, version), claims, &key).unwrap_or_default()
}

fn read(purpose: &str, token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Claims, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::Invalid);
    }
    let sent = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
    let version: i32 = sent.kid.as_deref().and_then(|kid| kid.parse().ok()).ok_or(TokenError::Invalid)?;
    if sent != header(purpose, version) {
        return Err(TokenError::Invalid);
    }
    let key = secrets.token(version).ok_or(TokenError::Invalid)?;
    let key = DecodingKey::from_secret(signing_key(key, purpose).as_slice());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &strictly(purpose)).map_err(|_| TokenError::Invalid)?.claims;
    if claims.exp <= now.timestamp() { Err(TokenError::Expired) } else { Ok(claims) }
}

fn strictly(purpose: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[purpose]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    // The library would ask the system's clock; time is handed in, and checked by the caller.
    validation.validate_exp = false;
    validation
}

fn encode_key(key: &SymmetricKey) -> Zeroizing<String> {
    Zeroizing::new(URL_SAFE_NO_PAD.encode(key.as_bytes()))
}

fn decode_key(text: Option<&Zeroizing<String>>) -> Result<SymmetricKey, TokenError> {
    let bytes = text.and_then(|text| URL_SAFE_NO_PAD.decode(text.as_bytes()).ok()).map(Zeroizing::new);
    bytes.and_then(|bytes| SymmetricKey::from_slice(&bytes)).ok_or(TokenError::Invalid)
}

pub fn issue_access(access: &Access, secrets: &Secrets) -> String {
    let claims = Claims {
        aud: ACCESS.into(),
        exp: access.expires_at.timestamp(),
        sid: Some(access.session),
        uid: Some(access.officer),
        r#gen: None,
        k: Some(encode_key(&access.k)),
    };
    issue(ACCESS, &claims, secrets)
}

pub fn read_access(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Access, TokenError> {
    let claims = read(ACCESS, token, secrets, now)?;
    Ok(Access {
        session: claims.sid.ok_or(TokenError::Invalid)?,
        officer: claims.uid.ok_or(TokenError::Invalid)?,
        expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(TokenError::Invalid)?,
        k: decode_key(claims.k.as_ref())?,
    })
}

pub fn issue_refresh(refresh: &Refresh, secrets: &Secrets) -> String {
    let claims = Claims {
        aud: REFRESH.into(),
        exp: refresh.expires_at.timestamp(),
        sid: Some(refresh.session),
        uid: Some(refresh.officer),
        r#gen: Some(refresh.generation),
        k: Some(encode_key(&refresh.k)),
    };
    issue(REFRESH, &claims, secrets)
}

pub fn read_refresh(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Refresh, TokenError> {
    let claims = read(REFRESH, token, secrets, now)?;
    Ok(Refresh {
        session: claims.sid.ok_or(TokenError::Invalid)?,
        officer: claims.uid.ok_or(TokenError::Invalid)?,
        generation: claims.r#gen.ok_or(TokenError::Invalid)?,
        expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(TokenError::Invalid)?,
        k: decode_key(claims.k.as_ref())?,
    })
}

/// The secret part of the first administrator's link.
pub fn issue_enrolment(secrets: &Secrets, now: DateTime<Utc>) -> String {
    let exp = (now + Duration::hours(ENROLMENT_HOURS)).timestamp();
    issue(ENROL, &Claims { aud: ENROL.into(), exp, sid: None, uid: None, r#gen: None, k: None }, secrets)
}

pub fn read_enrolment(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<(), TokenError> {
    read(ENROL, token, secrets, now).map(|_| ())
}

fn reporter_key(secret: &SymmetricKey) -> SymmetricKey {
    SymmetricKey::from_array(*kdf::expand(secret.as_bytes(), b"", "tipline/reporter-token/1"))
}

fn reporter_place(version: i32) -> Place {
    let nobody = Uuid::nil();
    Place { table: "token", column: "reporter", row: nobody, owner: nobody, version: version.unsigned_abs() }
}

pub fn issue_reporter(reporter: &Reporter, secrets: &Secrets, chance: &Chance) -> String {
    let (version, secret) = secrets.current_session();
    let mut plain = Zeroizing::new(Vec::with_capacity(56));
    plain.extend_from_slice(reporter.tip.as_bytes());
    plain.extend_from_slice(&reporter.expires_at.timestamp().to_be_bytes());
    plain.extend_from_slice(reporter.kek.as_bytes());
    let sealed = seal::seal(&reporter_key(secret), &reporter_place(version), &plain, chance);
    format!("r{version}.{}", URL_SAFE_NO_PAD.encode(sealed))
}

pub fn read_reporter(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Reporter, TokenError> {
    let reporter = open_reporter(token, secrets).ok_or(TokenError::Invalid)?;
    if reporter.expires_at <= now { Err(TokenError::Expired) } else { Ok(reporter) }
}

fn open_reporter(token: &str, secrets: &Secrets) -> Option<Reporter> {
    let (version, sealed) = token.strip_prefix('r').filter(|token| token.len() < LONGEST)?.split_once('.')?;
    let version: i32 = version.parse().ok()?;
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain = seal::open(&reporter_key(secrets.session(version)?), &reporter_place(version), &sealed).ok()?;
    let (tip, rest) = plain.split_first_chunk::<16>()?;
    let (seconds, kek) = rest.split_first_chunk::<8>()?;
    Some(Reporter {
        tip: Uuid::from_bytes(*tip),
        kek: SymmetricKey::from_slice(kek)?,
        expires_at: DateTime::from_timestamp(i64::from_be_bytes(*seconds), 0)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap() + Duration::minutes(minutes)
    }

    struct World {
        chance: Chance,
        secrets: Secrets,
    }

    fn world() -> World {
        let chance = Chance::seeded(1);
        World { secrets: Secrets::generate(&chance), chance }
    }

    impl World {
        fn access(&self) -> Access {
            let k = SymmetricKey::generate(&self.chance);
            Access { session: self.chance.uuid(), officer: self.chance.uuid(), expires_at: at(15), k }
        }

        fn read(&self, token: &str) -> Result<Access, TokenError> {
            read_access(token, &self.secrets, at(0))
        }
    }

    #[test]
    fn tokens_say_what_they_were_given() {
        let world = world();
        let access = world.access();
        let read = world.read(&issue_access(&access, &world.secrets)).unwrap();
        assert_eq!((read.session, read.officer, read.expires_at), (access.session, access.officer, access.expires_at));
        assert_eq!(read.k.as_bytes(), access.k.as_bytes());
        let Access { session, officer, expires_at, k } = access;
        let refresh = Refresh { session, officer, generation: 3, expires_at, k };
        let read = read_refresh(&issue_refresh(&refresh, &world.secrets), &world.secrets, at(0)).unwrap();
        assert_eq!((read.session, read.generation), (session, 3));
        let reporter = Reporter { tip: session, kek: refresh.k, expires_at };
        let token = issue_reporter(&reporter, &world.secrets, &world.chance);
        let read = read_reporter(&token, &world.secrets, at(0)).unwrap();
        assert_eq!((read.tip, read.kek.as_bytes()), (session, reporter.kek.as_bytes()));
        assert_eq!(read_reporter(&token, &world.secrets, at(15)).err(), Some(TokenError::Expired));
    }

    #[test]
    fn a_token_ends() {
        let world = world();
        let token = issue_access(&world.access(), &world.secrets);
        assert_eq!(read_access(&token, &world.secrets, at(15)).err(), Some(TokenError::Expired));
        assert!(read_access(&token, &world.secrets, at(14)).is_ok());
        let link = issue_enrolment(&world.secrets, at(0));
        assert_eq!(read_enrolment(&link, &world.secrets, at(0)), Ok(()));
        assert_eq!(read_enrolment(&link, &world.secrets, at(24 * 60)), Err(TokenError::Expired));
    }

    #[test]
    fn no_token_passes_for_another() {
        let world = world();
        let Access { session, officer, expires_at, k } = world.access();
        let refresh = issue_refresh(&Refresh { session, officer, generation: 0, expires_at, k: k.clone() }, &world.secrets);
        let reporter = issue_reporter(&Reporter { tip: session, kek: k, expires_at }, &world.secrets, &world.chance);
        for token in [refresh.as_str(), &reporter, &issue_enrolment(&world.secrets, at(0))] {
            assert_eq!(world.read(token).err(), Some(TokenError::Invalid));
        }
        let access = issue_access(&world.access(), &world.secrets);
        assert_eq!(read_refresh(&access, &world.secrets, at(0)).err(), Some(TokenError::Invalid));
        assert_eq!(read_enrolment(&access, &world.secrets, at(0)), Err(TokenError::Invalid));
        assert_eq!(read_reporter(&access, &world.secrets, at(0)).err(), Some(TokenError::Invalid));
    }

    /// RFC 8725, section 2: what was done to token libraries before.
    #[test]
    fn forged_tokens_are_invalid() {
        let world = world();
        let token = issue_access(&world.access(), &world.secrets);
        let parts: Vec<&str> = token.split('.').collect();
        let with_header = |json: &str| {
            let header = URL_SAFE_NO_PAD.encode(json);
            [format!("{header}.{}.", parts[1]), format!("{header}.{}.{}", parts[1], parts[2])]
        };
        let mut forged = vec![String::new(), "..".into(), format!("{token}."), format!(" {token}"), token.to_uppercase()];
        for json in [
            r#"{"typ":"tipline-access+jwt","alg":"none","kid":"1"}"#,
            r#"{"typ":"JWT","alg":"HS256","kid":"1"}"#,
            r#"{"typ":"tipline-access+jwt","alg":"HS512","kid":"1"}"#,
            r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"2"}"#,
            r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"../../dev/null"}"#,
            r#"{"typ":"tipline-access+jwt","alg":"HS256"}"#,
            r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"1","jwk":{"kty":"oct","k":"AAAA"}}"#,
        ] {
            forged.extend(with_header(json));
        }
        for token in forged {
            assert_eq!(world.read(&token).err(), Some(TokenError::Invalid), "{token}");
        }
        let others = issue_access(&world.access(), &Secrets::generate(&world.chance));
        assert_eq!(world.read(&others).err(), Some(TokenError::Invalid));
    }

    proptest! {
        #[test]
        fn a_changed_character_is_found(at in 0usize..400, to in "[A-Za-z0-9_-]") {
            let world = world();
            let token = issue_access(&world.access(), &world.secrets);
            let at = at % token.len();
            let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
            prop_assume!(changed != token && token.as_bytes()[at] != b'.');
            prop_assert_eq!(world.read(&changed).err(), Some(TokenError::Invalid));
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            let world = world();
            prop_assert_eq!(world.read(&text).err(), Some(TokenError::Invalid));
            let reporter = read_reporter(&format!("r1.{text}"), &world.secrets, at(0));
            prop_assert_eq!(reporter.err(), Some(TokenError::Invalid));
        }
    }
}
