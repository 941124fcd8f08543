//! What an authenticator app shows (RFC 6238 with HMAC-SHA-1, six digits, thirty seconds), reckoned here once more:
//! a test that asked the code under test would agree with any mistake.

use chrono::{DateTime, Utc};

/// The code of a secret at an instant.
pub fn code(base32: &str, at: DateTime<Utc>) -> String {
    let step = u64::try_from(at.timestamp()).unwrap() / 30;
    let mac = hmac_sha1(&from_base32(base32), &step.to_be_bytes());
    let offset = usize::from(mac[19] & 15);
    let four: [u8; 4] = mac[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

fn from_base32(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0u32, 0u32, Vec::new());
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).unwrap();
        bits = (bits << 5) | u32::try_from(value).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

/// RFC 2104, for keys of at most one block.
fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    assert!(key.len() <= 64);
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = sha1(&[padded(0x36).as_slice(), message].concat());
    sha1(&[padded(0x5c).as_slice(), &inner].concat())
}

/// FIPS 180-4, section 6.1.
fn sha1(message: &[u8]) -> [u8; 20] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut hash: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded.chunks_exact(64) {
        let mut words: Vec<u32> =
            block.chunks_exact(4).map(|four| u32::from_be_bytes(four.try_into().unwrap())).collect();
        for i in 16..80 {
            words.push((words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = hash;
        for (i, word) in words.iter().enumerate() {
            let (mix, constant) = match i {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
        }
        for (sum, new) in hash.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(new);
        }
    }
    let mut out = [0; 20];
    out.chunks_exact_mut(4).zip(hash).for_each(|(four, word)| four.copy_from_slice(&word.to_be_bytes()));
    out
}

/// RFC 6238, appendix B, cut to six digits.
#[test]
fn the_codes_are_those_of_the_standard() {
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (seconds, expected) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
        assert_eq!(code(secret, DateTime::from_timestamp(seconds, 0).unwrap()), expected);
    }
}
