//! HMAC-SHA256 (RFC 2104) and HKDF (RFC 5869) reckoned here once more: a test that asked the code under test would
//! agree with any mistake.

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let hex = vault::digest::fingerprint(&parts.concat());
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
}

/// For keys of any length.
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let key = if key.len() > 64 { sha256(&[key]).to_vec() } else { key.to_vec() };
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(&key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    sha256(&[&padded(0x5c), &sha256(&[&padded(0x36), message])])
}

/// The first 32 bytes.
pub fn hkdf(material: &[u8], salt: &[u8], label: &str) -> [u8; 32] {
    hmac(&hmac(salt, material), &[label.as_bytes(), &[1]].concat())
}

/// RFC 4231, test case 2.
#[test]
fn the_codes_are_those_of_the_standard() {
    let code = hmac(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(code[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
}
