//! An officer's private key while logged in: one half of its lock in the token, the other in the session row.

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    app_secrets::Secrets,
    chance::Chance,
    kdf,
    keys::{PrivateKey, SymmetricKey},
    seal::{self, OpenError, Place},
};

/// The row's half. Without the token's half and the session secret it opens nothing.
#[derive(Clone)]
pub struct SessionBlob {
    /// Version of the session secret (4 bytes), then 16 random bytes.
    pub salt: Vec<u8>,
    pub blob: Vec<u8>,
}

/// Locks a private key. The returned key goes into the token and is stored nowhere.
pub fn lock(
    private: &PrivateKey,
    session: Uuid,
    officer: Uuid,
    secrets: &Secrets,
    chance: &Chance,
) -> (SymmetricKey, SessionBlob) {
    let k = SymmetricKey::generate(chance);
    let (version, secret) = secrets.current_session();
    let salt = [version.to_be_bytes().as_slice(), chance.bytes::<16>().as_slice()].concat();
    let key = combine(&k, &salt, &secret);
    let blob = seal::seal(&key, &place(session, officer), &private.to_bytes(), chance);
    (k, SessionBlob { salt, blob })
}

/// Opens what `lock` made.
pub fn unlock(
    k: &SymmetricKey,
    blob: &SessionBlob,
    session: Uuid,
    officer: Uuid,
    secrets: &Secrets,
) -> Result<PrivateKey, OpenError> {
    let version = i32::from_be_bytes(*blob.salt.first_chunk::<4>().ok_or(OpenError)?);
    let secret = secrets.session(version).ok_or(OpenError)?;
    let bytes = seal::open(&combine(k, &blob.salt, &secret), &place(session, officer), &blob.blob)?;
    PrivateKey::from_bytes(&bytes).map_err(|_| OpenError)
}

fn combine(k: &SymmetricKey, salt: &[u8], secret: &SymmetricKey) -> SymmetricKey {
    let both = Zeroizing::new([k.as_bytes().as_slice(), secret.as_bytes().as_slice()].concat());
    SymmetricKey::from_array(*kdf::expand(&both, salt, "tipline/session/1"))
}

fn place(session: Uuid, officer: Uuid) -> Place {
    Place { table: "sessions", column: "blob", row: session, owner: officer, version: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::generate_pair;

    #[test]
    fn a_session_needs_token_row_and_secret() {
        let chance = Chance::seeded(1);
        let (secrets, (private, _)) = (Secrets::generate(&chance), generate_pair(&chance));
        let (session, officer) = (chance.uuid(), chance.uuid());
        let (k, blob) = lock(&private, session, officer, &secrets, &chance);
        let opened = unlock(&k, &blob, session, officer, &secrets).unwrap();
        assert_eq!(opened.to_bytes(), private.to_bytes());
        let (other, other_secrets) = (SymmetricKey::generate(&chance), Secrets::generate(&chance));
        assert!(unlock(&other, &blob, session, officer, &secrets).is_err());
        assert!(unlock(&k, &blob, session, officer, &other_secrets).is_err());
        assert!(unlock(&k, &blob, chance.uuid(), officer, &secrets).is_err());
        assert!(unlock(&k, &blob, session, chance.uuid(), &secrets).is_err());
        assert!(unlock(&k, &SessionBlob { salt: vec![1], ..blob }, session, officer, &secrets).is_err());
    }
}
