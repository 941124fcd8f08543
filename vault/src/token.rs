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
    Header {
        typ: Some(format!("tipline-{purpose}+jwt")),
        kid: Some(version.to_string()),
        ..Header::new(Algorithm::HS256)
    }
}

/// Each purpose has its own signing key, so that a forgotten check of type or audience would still open nothing.
fn signing_key(key: &SymmetricKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    kdf::expand(key.as_bytes(), b"", &format!("tipline/token/1|{purpose}"))
}

fn issue(purpose: &str, claims: &Claims, secrets: &Secrets) -> String {
    let (version, key) = secrets.current_token();
    let key = EncodingKey::from_secret(signing_key(&key, purpose).as_slice());
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
    let key = DecodingKey::from_secret(signing_key(&key, purpose).as_slice());
    let claims =
        jsonwebtoken::decode::<Claims>(token, &key, &strictly(purpose)).map_err(|_| TokenError::Invalid)?.claims;
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

/// Signs an officer's access token.
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

/// Reads an access token; `now` is the caller's, the system's clock is not asked.
pub fn read_access(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Access, TokenError> {
    let claims = read(ACCESS, token, secrets, now)?;
    Ok(Access {
        session: claims.sid.ok_or(TokenError::Invalid)?,
        officer: claims.uid.ok_or(TokenError::Invalid)?,
        expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(TokenError::Invalid)?,
        k: decode_key(claims.k.as_ref())?,
    })
}

/// Signs the token that gets the next pair.
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

/// Reads a refresh token. Whether it was used before is for the session row to say.
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

/// Checks the secret part of the link. That it works once only is for the caller to see to.
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

/// Encrypts a reporter's token under the session secret: it shows neither the tip nor the key.
pub fn issue_reporter(reporter: &Reporter, secrets: &Secrets, chance: &Chance) -> String {
    let (version, secret) = secrets.current_session();
    let mut plain = Zeroizing::new(Vec::with_capacity(56));
    plain.extend_from_slice(reporter.tip.as_bytes());
    plain.extend_from_slice(&reporter.expires_at.timestamp().to_be_bytes());
    plain.extend_from_slice(reporter.kek.as_bytes());
    let sealed = seal::seal(&reporter_key(&secret), &reporter_place(version), &plain, chance);
    format!("r{version}.{}", URL_SAFE_NO_PAD.encode(sealed))
}

/// Opens a reporter's token.
pub fn read_reporter(token: &str, secrets: &Secrets, now: DateTime<Utc>) -> Result<Reporter, TokenError> {
    let reporter = open_reporter(token, secrets).ok_or(TokenError::Invalid)?;
    if reporter.expires_at <= now { Err(TokenError::Expired) } else { Ok(reporter) }
}

fn open_reporter(token: &str, secrets: &Secrets) -> Option<Reporter> {
    let (version, sealed) = token.strip_prefix('r').filter(|token| token.len() < LONGEST)?.split_once('.')?;
    // One spelling: "+1" and "01" are numbers too, and would make another text of the same token.
    let version: i32 = version.parse().ok().filter(|read: &i32| read.to_string() == version)?;
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain = seal::open(&reporter_key(&secrets.session(version)?), &reporter_place(version), &sealed).ok()?;
    let (tip, rest) = plain.split_first_chunk::<16>()?;
    let (seconds, kek) = rest.split_first_chunk::<8>()?;
    Some(Reporter {
        tip: Uuid::from_bytes(*tip),
        kek: SymmetricKey::from_slice(kek)?,
        expires_at: DateTime::from_timestamp(i64::from_be_bytes(*seconds), 0)?,
    })
}

#[cfg(test)]
mod tests;
