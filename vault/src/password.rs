//! Officers' passwords, and the lock that they open.
//!
//! master = Argon2id(password, salt, pepper); one branch is stored as a hash to log in with, the other wraps the
//! officer's private key. No composition rules: length, and nothing that stands on an attacker's first page
//! (NIST SP 800-63B-4, section 3.1.1.2).

use diceware_wordlists::Wordlist;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    app_secrets::Secrets,
    chance::Chance,
    kdf,
    keys::{PrivateKey, SymmetricKey, generate_pair},
    seal::{self, Place},
    secret::Secret,
};

/// Fewest characters of a password that a person chose.
pub const MIN_LENGTH: usize = 15;

/// Most characters; longer ones only cost time.
pub const MAX_LENGTH: usize = 256;

/// Guesses (as a power of ten, by zxcvbn) below which a long password is still a well-known one.
const FEWEST_GUESSES_LOG10: f64 = 10.0;

/// zxcvbn looks no further: its cost grows with the square, and what is strong by here is strong.
const JUDGED: usize = 64;

/// Six words of 7,776: 77 bits.
const WORDS: usize = 6;

/// What is stored of an officer's password and key.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficerLock {
    pub salt: Vec<u8>,
    pub pepper_version: i32,
    pub auth_hash: Vec<u8>,
    pub public_key: Vec<u8>,
    pub sealed_private_key: Vec<u8>,
    pub recovery_sealed_private_key: Vec<u8>,
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("shorter than 15 characters")]
    TooShort,
    #[error("longer than 256 characters")]
    TooLong,
    #[error("a common password")]
    Common,
    #[error("little more than the username")]
    LikeUsername,
}

/// The password or code does not open the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not open")]
pub struct WrongPassword;

/// Judges a new password.
pub fn check(password: &Secret<String>, username: &str) -> Result<(), WeakPassword> {
    let text = normal(password);
    let length = text.chars().count();
    if length < MIN_LENGTH {
        return Err(WeakPassword::TooShort);
    }
    if length > MAX_LENGTH {
        return Err(WeakPassword::TooLong);
    }
    let lower = Zeroizing::new(text.to_lowercase());
    let name = username.to_lowercase();
    if !name.is_empty() && lower.contains(&name) && lower.replace(&name, "").chars().count() < MIN_LENGTH / 2 {
        return Err(WeakPassword::LikeUsername);
    }
    let judged = Zeroizing::new(text.chars().take(JUDGED).collect::<String>());
    let strength = zxcvbn::zxcvbn(&judged, &[username, "tipline", "congan", "police"]);
    if strength.guesses_log10() < FEWEST_GUESSES_LOG10 { Err(WeakPassword::Common) } else { Ok(()) }
}

/// Draws a phrase of six words, for accounts made for somebody and for whoever wants one.
pub fn generate_phrase(chance: &Chance) -> Secret<String> {
    let list = Wordlist::EffLong.get_list();
    let word = || list.get(usize::try_from(chance.below(list.len() as u64)).unwrap_or(0)).copied().unwrap_or("");
    let words: Vec<&str> = std::iter::repeat_with(word).take(WORDS).collect();
    Secret::new(words.join("-"))
}

/// Makes a key pair and locks it under a password and a recovery code, which is returned to be printed once.
pub fn enrol(
    officer: Uuid,
    password: &Secret<String>,
    secrets: &Secrets,
    chance: &Chance,
) -> (OfficerLock, PrivateKey, Secret<String>) {
    let (private, public) = generate_pair(chance);
    // Asked once: it may be another in the next line.
    let pepper_version = secrets.current_pepper();
    let empty = OfficerLock {
        salt: Vec::new(),
        pepper_version,
        auth_hash: Vec::new(),
        public_key: public.to_bytes(),
        sealed_private_key: Vec::new(),
        recovery_sealed_private_key: Vec::new(),
    };
    let (lock, code) = renew_recovery_code(officer, &empty, &private, secrets, chance);
    (relock(officer, &lock, &private, password, secrets, chance), private, code)
}

/// The same key pair and password under a fresh recovery code, which is returned to be printed once; the former one
/// opens no more.
pub fn renew_recovery_code(
    officer: Uuid,
    lock: &OfficerLock,
    private: &PrivateKey,
    secrets: &Secrets,
    chance: &Chance,
) -> (OfficerLock, Secret<String>) {
    let code = recovery_code(chance);
    let version = secrets.current_pepper();
    // Never to give out a code that opens nothing.
    let key = recovery_key(&code, secrets, version).expect("the current pepper is there");
    let sealed = seal::seal(&key, &place(officer, "recovery"), &private.to_bytes(), chance);
    let sealed = [version.to_be_bytes().as_slice(), sealed.as_slice()].concat();
    (OfficerLock { recovery_sealed_private_key: sealed, ..lock.clone() }, code)
}

/// The same key pair and recovery code under another password.
pub fn relock(
    officer: Uuid,
    lock: &OfficerLock,
    private: &PrivateKey,
    password: &Secret<String>,
    secrets: &Secrets,
    chance: &Chance,
) -> OfficerLock {
    let salt = chance.bytes::<16>().to_vec();
    let pepper_version = secrets.current_pepper();
    let (auth, kek) = derive(password, &salt, pepper_version, secrets)
        // Never to give out a lock that nothing opens: it would be stored in the place of one that does.
        .expect("the current pepper is there, and 64 MiB of memory");
    let sealed_private_key = seal::seal(&kek, &place(officer, "password"), &private.to_bytes(), chance);
    OfficerLock { salt, pepper_version, auth_hash: auth.to_vec(), sealed_private_key, ..lock.clone() }
}

/// Opens a lock with its password (64 MiB, about 0.1 s of a core).
pub fn unlock(
    officer: Uuid,
    lock: &OfficerLock,
    password: &Secret<String>,
    secrets: &Secrets,
) -> Result<PrivateKey, WrongPassword> {
    let (auth, kek) = derive(password, &lock.salt, lock.pepper_version, secrets).ok_or(WrongPassword)?;
    if !bool::from(auth.as_slice().ct_eq(lock.auth_hash.as_slice())) {
        return Err(WrongPassword);
    }
    let bytes = seal::open(&kek, &place(officer, "password"), &lock.sealed_private_key).map_err(|_| WrongPassword)?;
    PrivateKey::from_bytes(&bytes).map_err(|_| WrongPassword)
}

/// Opens a lock with its recovery code, when the password is forgotten.
pub fn unlock_with_recovery_code(
    officer: Uuid,
    lock: &OfficerLock,
    code: &Secret<String>,
    secrets: &Secrets,
) -> Result<PrivateKey, WrongPassword> {
    let (version, sealed) = lock.recovery_sealed_private_key.split_first_chunk::<4>().ok_or(WrongPassword)?;
    let key = recovery_key(code, secrets, i32::from_be_bytes(*version)).ok_or(WrongPassword)?;
    let bytes = seal::open(&key, &place(officer, "recovery"), sealed).map_err(|_| WrongPassword)?;
    PrivateKey::from_bytes(&bytes).map_err(|_| WrongPassword)
}

/// Costs what `unlock` costs, for a name that is not there.
pub fn decoy(password: &Secret<String>, secrets: &Secrets) {
    let _ = std::hint::black_box(derive(password, &[0; 16], secrets.current_pepper(), secrets));
}

/// What is stored to log in with, and the key that wraps the private key.
fn derive(
    password: &Secret<String>,
    salt: &[u8],
    pepper_version: i32,
    secrets: &Secrets,
) -> Option<([u8; 32], SymmetricKey)> {
    let pepper = secrets.pepper(pepper_version)?;
    let master = kdf::stretch(normal(password).as_bytes(), salt, pepper.as_bytes(), secrets.password_cost())?;
    let auth = kdf::expand(master.as_slice(), b"", "tipline/officer/auth/1");
    let kek = kdf::expand(master.as_slice(), b"", "tipline/officer/wrap/1");
    Some((kdf::sha256(&[auth.as_slice()]), SymmetricKey::from_array(*kek)))
}

/// One phone writes "é" as one character, another as two (RFC 8265, section 4.2.2).
fn normal(password: &Secret<String>) -> Zeroizing<String> {
    Zeroizing::new(password.expose().nfc().collect())
}

fn place(officer: Uuid, lock: &'static str) -> Place {
    Place { table: "officers", column: lock, row: officer, owner: officer, version: 1 }
}

/// Letters and digits that are not mistaken for each other on paper (Crockford's base 32).
pub(crate) const PAPER: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 24 characters in groups of four: 120 bits, which need no stretching.
pub(crate) fn recovery_code(chance: &Chance) -> Secret<String> {
    paper_code(chance, 24)
}

pub(crate) fn paper_code(chance: &Chance, length: usize) -> Secret<String> {
    let mut code = String::with_capacity(length + length / 4);
    for at in 0..length {
        if at > 0 && at.is_multiple_of(4) {
            code.push('-');
        }
        let drawn = usize::try_from(chance.below(32)).unwrap_or(0);
        code.push(PAPER.get(drawn).copied().map_or('0', char::from));
    }
    Secret::new(code)
}

/// What a person typed from paper, in one spelling: no dashes, capitals, and no letter that is not in the alphabet.
pub(crate) fn read_paper_code(code: &str) -> Zeroizing<String> {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    Zeroizing::new(plain.collect())
}

fn recovery_key(code: &Secret<String>, secrets: &Secrets, pepper_version: i32) -> Option<SymmetricKey> {
    let pepper = secrets.pepper(pepper_version)?;
    let plain = read_paper_code(code.expose());
    Some(SymmetricKey::from_array(*kdf::expand(plain.as_bytes(), pepper.as_bytes(), "tipline/officer/recovery/1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn a_password_opens_its_lock_and_no_other_does() {
        let chance = Chance::seeded(1);
        let (secrets, officer) = (Secrets::generate(&chance), chance.uuid());
        let password = secret("ba con cò bay lả bay la");
        let (lock, private, code) = enrol(officer, &password, &secrets, &chance);
        assert_eq!(unlock(officer, &lock, &password, &secrets).unwrap().to_bytes(), private.to_bytes());
        let decomposed = secret(&password.expose().nfd().collect::<String>());
        assert!(unlock(officer, &lock, &decomposed, &secrets).is_ok());
        assert!(unlock(officer, &lock, &secret("ba con cò bay lả bay"), &secrets).is_err());
        assert!(unlock(chance.uuid(), &lock, &password, &secrets).is_err());
        assert!(unlock(officer, &lock, &password, &Secrets::generate(&chance)).is_err());
        let typed = secret(&code.expose().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
        let opened = unlock_with_recovery_code(officer, &lock, &typed, &secrets).unwrap();
        assert_eq!(opened.to_bytes(), private.to_bytes());
        assert!(unlock_with_recovery_code(officer, &lock, &password, &secrets).is_err());
    }

    #[test]
    fn another_password_keeps_key_and_recovery_code() {
        let chance = Chance::seeded(2);
        let (secrets, officer) = (Secrets::generate(&chance), chance.uuid());
        let (old, new) = (secret("mot hai ba bon nam sau"), secret("bay tam chin muoi muoi mot"));
        let (lock, private, code) = enrol(officer, &old, &secrets, &chance);
        let lock = relock(officer, &lock, &private, &new, &secrets, &chance);
        assert!(unlock(officer, &lock, &old, &secrets).is_err());
        assert_eq!(unlock(officer, &lock, &new, &secrets).unwrap().to_bytes(), private.to_bytes());
        assert!(unlock_with_recovery_code(officer, &lock, &code, &secrets).is_ok());
        let (lock, fresh) = renew_recovery_code(officer, &lock, &private, &secrets, &chance);
        assert!(unlock_with_recovery_code(officer, &lock, &code, &secrets).is_err());
        let opened = unlock_with_recovery_code(officer, &lock, &fresh, &secrets).unwrap();
        assert_eq!(opened.to_bytes(), private.to_bytes());
        assert!(unlock(officer, &lock, &new, &secrets).is_ok());
    }

    #[test]
    fn weak_passwords_are_told_why() {
        for (password, username, expected) in [
            ("short", "ana", Err(WeakPassword::TooShort)),
            (&"x".repeat(257), "ana", Err(WeakPassword::TooLong)),
            ("passwordpassword", "ana", Err(WeakPassword::Common)),
            ("123456789012345", "ana", Err(WeakPassword::Common)),
            ("aaaaaaaaaaaaaaaaaaaa", "ana", Err(WeakPassword::Common)),
            ("qwertyuiopasdfgh", "ana", Err(WeakPassword::Common)),
            ("screener-screener", "screener", Err(WeakPassword::LikeUsername)),
            ("mèo con trèo cây cau", "ana", Ok(())),
        ] {
            assert_eq!(check(&secret(password), username), expected, "{password}");
        }
    }

    #[test]
    fn length_is_the_same_however_accents_are_typed() {
        let composed = "mèo trèo cây ấy".to_owned();
        let short = composed.chars().take(14).collect::<String>();
        assert!(short.nfd().count() >= MIN_LENGTH);
        for text in [short.nfd().collect::<String>(), short] {
            assert_eq!(check(&secret(&text), "ana"), Err(WeakPassword::TooShort), "{text}");
        }
    }

    #[test]
    fn drawn_phrases_are_six_words_and_strong_enough() {
        let chance = Chance::seeded(3);
        for _ in 0..50 {
            let phrase = generate_phrase(&chance);
            assert!(phrase.expose().split('-').count() >= 6);
            assert_eq!(check(&phrase, "ana"), Ok(()), "{}", phrase.expose());
        }
    }
}
