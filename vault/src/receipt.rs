//! Receipts: 24 digits that are a reporter's only way back in.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{app_secrets::Secrets, chance::Chance, kdf, keys::SymmetricKey, secret::Secret};

/// 23 random digits (76.4 bits) and a check digit.
const DIGITS: usize = 24;

/// A well-formed receipt. Whether one like it was ever used is for the database to say.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Receipt([u8; DIGITS]);

/// Why a text is no receipt. Neither tells whether a receipt exists: both are found before any look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    #[error("a receipt has 24 digits")]
    Malformed,
    #[error("a digit is wrong or two are swapped")]
    CheckDigit,
}

/// What a receipt leads to under one version of the pepper.
pub struct ReceiptKeys {
    /// That version: stored with what hangs on these keys.
    pub pepper_version: i32,
    /// What the database finds the tip by; it does not lead back to the receipt.
    pub lookup: [u8; 32],
    /// Opens the reporter's private key.
    pub kek: SymmetricKey,
}

impl Receipt {
    /// Draws a fresh one.
    pub fn issue(chance: &Chance) -> Self {
        let mut digits = [0; DIGITS];
        for digit in digits.iter_mut().take(DIGITS - 1) {
            *digit = u8::try_from(chance.below(10)).unwrap_or(0);
        }
        let check = damm(digits.iter().take(DIGITS - 1).copied());
        if let Some(last) = digits.last_mut() {
            *last = check;
        }
        Self(digits)
    }

    /// Reads what a person typed: spaces, dashes and dots between digits, full-width digits and those of other
    /// scripts' keyboards are accepted.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let mut digits = Zeroizing::new([0; DIGITS]);
        let mut count = 0;
        for c in text.chars().filter(|c| !is_separator(*c)) {
            let digit = digit_of(c).ok_or(ReceiptError::Malformed)?;
            *digits.get_mut(count).ok_or(ReceiptError::Malformed)? = digit;
            count += 1;
        }
        if count < DIGITS {
            return Err(ReceiptError::Malformed);
        }
        if damm(digits.iter().copied()) != 0 {
            return Err(ReceiptError::CheckDigit);
        }
        Ok(Self(*digits))
    }

    /// Six groups of four, as it is written on paper.
    pub fn grouped(&self) -> Secret<String> {
        let groups = self.0.chunks(4).map(|group| group.iter().map(|digit| char::from(b'0' + digit)).collect());
        Secret::new(groups.collect::<Vec<String>>().join(" "))
    }

    /// Derives what the receipt leads to under a version of the pepper (about 0.4 ms). None: no such version.
    pub fn derive(&self, secrets: &Secrets, pepper_version: i32) -> Option<ReceiptKeys> {
        let pepper = secrets.pepper(pepper_version)?;
        let salt = kdf::expand(pepper.as_bytes(), b"", "tipline/receipt/salt/1");
        let master = kdf::stretch(&self.0, salt.as_slice(), pepper.as_bytes(), kdf::RECEIPT)?;
        let lookup = kdf::expand(master.as_slice(), b"", "tipline/receipt/lookup/1");
        let kek = kdf::expand(master.as_slice(), b"", "tipline/receipt/wrap/1");
        let (lookup, kek) = (kdf::sha256(&[lookup.as_slice()]), SymmetricKey::from_slice(kek.as_slice())?);
        Some(ReceiptKeys { pepper_version, lookup, kek })
    }

    pub(crate) fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt(..)")
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '_' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}')
        // Invisible characters that pasting brings along.
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// ASCII, full-width, Arabic-Indic, Khmer, Lao, Thai and Myanmar digits.
fn digit_of(c: char) -> Option<u8> {
    const ZEROS: [char; 8] = ['0', '\u{FF10}', '\u{0660}', '\u{06F0}', '\u{17E0}', '\u{0ED0}', '\u{0E50}', '\u{1040}'];
    let offset = |zero: &char| (c as u32).checked_sub(*zero as u32).filter(|digit| *digit < 10);
    ZEROS.iter().find_map(offset).and_then(|digit| u8::try_from(digit).ok())
}

/// Damm's quasigroup of order 10: finds every single wrong digit and every swap of neighbours (H. M. Damm, 2004).
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    let step =
        |row: u8, digit: u8| QUASIGROUP.get(usize::from(row)).and_then(|row| row.get(usize::from(digit))).copied();
    digits.fold(0, |row, digit| step(row, digit).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(receipt: &Receipt) -> String {
        receipt.grouped().expose().replace(' ', "")
    }

    #[test]
    fn the_check_digit_is_damms() {
        // The example of the published description: 572 has the check digit 4.
        assert_eq!(damm([5, 7, 2].into_iter()), 4);
        assert_eq!(damm([5, 7, 2, 4].into_iter()), 0);
    }

    /// Not sampled: the 216 wrong digits and the swaps of a receipt, each of them.
    #[test]
    fn every_wrong_digit_and_every_swap_is_found() {
        let chance = Chance::seeded(3);
        let wrong = |digits: &[u8]| Receipt::parse(std::str::from_utf8(digits).unwrap());
        for _ in 0..20 {
            let digits = plain(&Receipt::issue(&chance)).into_bytes();
            for at in 0..DIGITS {
                for by in 1..10 {
                    let mut changed = digits.clone();
                    changed[at] = b'0' + (digits[at] - b'0' + by) % 10;
                    assert_eq!(wrong(&changed), Err(ReceiptError::CheckDigit));
                }
            }
            for at in (1..DIGITS).filter(|at| digits[*at] != digits[at - 1]) {
                let mut swapped = digits.clone();
                swapped.swap(at - 1, at);
                assert_eq!(wrong(&swapped), Err(ReceiptError::CheckDigit));
            }
        }
    }

    #[test]
    fn a_receipt_is_six_groups_of_four() {
        let grouped = Receipt::issue(&Chance::seeded(1)).grouped();
        let groups: Vec<&str> = grouped.expose().split(' ').collect();
        assert_eq!(groups.len(), 6);
        assert!(groups.iter().all(|group| group.len() == 4 && group.bytes().all(|b| b.is_ascii_digit())));
    }

    #[test]
    fn other_things_are_no_receipts() {
        for text in ["", " ", "1", "x", "123456789012345678901234567890", "12345678901234567890123x"] {
            assert_eq!(Receipt::parse(text).unwrap_err(), ReceiptError::Malformed, "{text}");
        }
    }

    #[test]
    fn a_receipt_leads_to_one_place_and_another_pepper_elsewhere() {
        let chance = Chance::seeded(2);
        let (receipt, secrets, others) =
            (Receipt::issue(&chance), Secrets::generate(&chance), Secrets::generate(&chance));
        let (a, b) = (receipt.derive(&secrets, 1).unwrap(), receipt.derive(&secrets, 1).unwrap());
        assert_eq!((a.lookup, a.kek.as_bytes()), (b.lookup, b.kek.as_bytes()));
        assert_ne!(a.lookup, receipt.derive(&others, 1).unwrap().lookup);
        assert_ne!(a.lookup, Receipt::issue(&chance).derive(&secrets, 1).unwrap().lookup);
        assert!(receipt.derive(&secrets, 2).is_none());
    }

    proptest! {
        #[test]
        fn every_way_of_typing_it_is_read(seed: u64, separator in prop::sample::select(vec!["", " ", "-", " - ", "\u{2013}", ".", "\n", "\u{200B}"])) {
            let receipt = Receipt::issue(&Chance::seeded(seed));
            let typed = receipt.grouped().expose().replace(' ', separator);
            prop_assert_eq!(&Receipt::parse(&typed).unwrap(), &receipt);
            let wide: String = typed.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0xFF10 + d).unwrap())).collect();
            prop_assert_eq!(&Receipt::parse(&wide).unwrap(), &receipt);
        }

        #[test]
        fn one_wrong_digit_and_one_swap_are_found(seed: u64, at in 0usize..24, by in 1u8..10) {
            let receipt = Receipt::issue(&Chance::seeded(seed));
            let mut digits = plain(&receipt).into_bytes();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert_eq!(Receipt::parse(std::str::from_utf8(&digits).unwrap()), Err(ReceiptError::CheckDigit));
            let mut digits = plain(&receipt).into_bytes();
            if at + 1 < 24 && digits[at] != digits[at + 1] {
                digits.swap(at, at + 1);
                prop_assert_eq!(Receipt::parse(std::str::from_utf8(&digits).unwrap()), Err(ReceiptError::CheckDigit));
            }
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = Receipt::parse(&text);
        }
    }
}
