//! Fingerprints of what is public or frozen. No secret goes in: who has the text has the fingerprint.

use crate::kdf::sha256;

/// SHA-256, in hexadecimal.
pub fn fingerprint(text: &[u8]) -> String {
    sha256(&[text]).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_standards() {
        // FIPS 180-2, B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint(b"abc"), abc);
        assert_ne!(fingerprint(b"abd"), abc);
    }
}
