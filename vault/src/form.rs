//! What pages need of cryptography: forms that only our own page can have made, and styles that only we can have
//! written.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use subtle::ConstantTimeEq;

use crate::{app_secrets::Secrets, kdf};

/// A form's proof that it was made for the holder of `cookie`. The cookie cannot be had from it.
pub fn token(cookie: &str, secrets: &Secrets) -> String {
    URL_SAFE_NO_PAD.encode(tag(cookie, secrets.current_session().0, secrets).unwrap_or_default())
}

/// Whether a form was made for the holder of `cookie`. The cookie is renewed within minutes, so that the current
/// version of the session secret and the one before it are enough.
pub fn is_genuine(cookie: &str, token: &str, secrets: &Secrets) -> bool {
    let current = secrets.current_session().0;
    let Ok(token) = URL_SAFE_NO_PAD.decode(token) else { return false };
    let tags = [current, current - 1].into_iter().filter_map(|version| tag(cookie, version, secrets));
    tags.fold(false, |found, tag| found | bool::from(tag.as_slice().ct_eq(&token)))
}

fn tag(cookie: &str, version: i32, secrets: &Secrets) -> Option<[u8; 32]> {
    let key = secrets.session(version)?;
    Some(*kdf::expand(key.as_bytes(), &kdf::sha256(&[cookie.as_bytes()]), "tipline/form/1"))
}

/// The source expression by which a Content-Security-Policy lets one inline style through (CSP 3, section 2.3.1).
pub fn style_source(style: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(kdf::sha256(&[style.as_bytes()])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn a_token_serves_its_cookie_only() {
        let chance = Chance::seeded(1);
        let (secrets, others) = (Secrets::generate(&chance), Secrets::generate(&chance));
        let token = token("r1.abc", &secrets);
        assert!(is_genuine("r1.abc", &token, &secrets));
        for forged in ["", "AAAA", "%%%", &token[1..], &super::token("r1.abc", &others)] {
            assert!(!is_genuine("r1.abc", forged, &secrets), "{forged}");
        }
        assert!(!is_genuine("r1.abd", &token, &secrets));
    }

    #[test]
    fn a_style_is_known_by_its_hash() {
        // echo -n | openssl dgst -sha256 -binary | base64
        assert_eq!(style_source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }
}
