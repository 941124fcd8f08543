//! An office's keys on paper: under a key that is split among sheets, any k of which bring them back.
//!
//! A sheet is six lines of sixteen letters in groups of four, each with its number before it and two check letters
//! after it, so that a line typed wrongly is named; a check over the whole sheet finds what slips through.

use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    chance::Chance,
    kdf,
    keys::{PrivateKey, SymmetricKey, UnitKeys},
    password::PAPER,
    quorum::{self, BadQuorum, CombineError, Share},
    seal::{self, Place},
    secret::Secret,
};

/// Layout of a sheet.
const VERSION: u8 = 1;

/// Lines of a sheet.
pub const LINES: usize = 6;

/// Bytes of a line: sixteen letters of five bits.
const LINE: usize = 10;

/// What is checked over the whole sheet; the rest is content.
const CHECKED: usize = 51;

/// One holder's sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub escrow: Uuid,
    /// Sheets that are needed.
    pub threshold: u8,
    share: Share,
}

/// Keys under escrow: what is stored, and what goes on paper.
pub struct Deposit {
    pub commitment: Vec<u8>,
    pub sealed: Vec<u8>,
    pub sheets: Vec<Sheet>,
}

/// What is wrong with a sheet that was typed, and in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    #[error("line {0} is missing")]
    Missing(usize),
    #[error("line {0} has not sixteen letters, its number and two check letters")]
    Length(usize),
    #[error("line {0} has a letter that no sheet has")]
    Letter(usize),
    #[error("line {0} stands where another belongs")]
    Order(usize),
    #[error("line {0} is mistyped: its check letters do not fit")]
    Check(usize),
    #[error("the lines are of different sheets, or of another program")]
    Whole,
}

/// The sheets do not bring the keys back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WithdrawError {
    #[error(transparent)]
    Combine(#[from] CombineError),
    #[error("what is stored was changed")]
    Damaged,
}

fn place(escrow: Uuid, office_key: Uuid) -> Place {
    Place { table: "escrows", column: "sealed", row: escrow, owner: office_key, version: 1 }
}

/// Seals an office's keys under a fresh key, and splits that among `n` sheets.
pub fn deposit(
    keys: &UnitKeys,
    escrow: Uuid,
    office_key: Uuid,
    (k, n): (u8, u8),
    chance: &Chance,
) -> Result<Deposit, BadQuorum> {
    let key = SymmetricKey::generate(chance);
    let split = quorum::split(&key, k.into(), n.into(), chance)?;
    let mut both = keys.private.to_bytes();
    both.extend_from_slice(keys.symmetric.as_bytes());
    let sealed = seal::seal(&key, &place(escrow, office_key), &both, chance);
    let sheets = split.shares.into_iter().map(|share| Sheet { escrow, threshold: k, share }).collect();
    Ok(Deposit { commitment: split.commitment, sealed, sheets })
}

/// Brings an office's keys back from sheets of one escrow.
pub fn withdraw(
    sheets: &[Sheet],
    escrow: Uuid,
    office_key: Uuid,
    k: usize,
    commitment: &[u8],
    sealed: &[u8],
) -> Result<UnitKeys, WithdrawError> {
    let shares: Vec<Share> =
        sheets.iter().filter(|sheet| sheet.escrow == escrow).map(|sheet| sheet.share.clone()).collect();
    let key = quorum::combine(&shares, k, commitment)?;
    let both = seal::open(&key, &place(escrow, office_key), sealed).map_err(|_| WithdrawError::Damaged)?;
    let (private, symmetric) = both.split_at_checked(32).ok_or(WithdrawError::Damaged)?;
    Ok(UnitKeys {
        private: PrivateKey::from_bytes(private).map_err(|_| WithdrawError::Damaged)?,
        symmetric: SymmetricKey::from_slice(symmetric).ok_or(WithdrawError::Damaged)?,
    })
}

impl Sheet {
    pub fn number(&self) -> u8 {
        self.share.number()
    }

    /// The lines to print.
    pub fn lines(&self) -> Vec<Secret<String>> {
        let mut bytes = Zeroizing::new(vec![VERSION]);
        bytes.extend_from_slice(self.escrow.as_bytes());
        bytes.push(self.threshold);
        bytes.extend_from_slice(&self.share.to_bytes());
        let check = whole(&bytes);
        bytes.extend_from_slice(check.get(..LINES * LINE - CHECKED).unwrap_or_default());
        bytes.chunks(LINE).zip(1..).map(|(chunk, number)| Secret::new(write_line(chunk, number))).collect()
    }

    /// Reads the lines of one sheet, as somebody typed them.
    pub fn read(lines: &[&str]) -> Result<Self, BadSheet> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LINES * LINE));
        for at in 0..LINES {
            let line = lines.get(at).ok_or(BadSheet::Missing(at + 1))?;
            bytes.extend_from_slice(&read_line(line, at + 1)?);
        }
        let (content, check) = bytes.split_at_checked(CHECKED).ok_or(BadSheet::Whole)?;
        let expected = whole(content);
        if expected.get(..check.len()) != Some(check) || content.first() != Some(&VERSION) {
            return Err(BadSheet::Whole);
        }
        let escrow = content.get(1..17).and_then(|id| Uuid::from_slice(id).ok()).ok_or(BadSheet::Whole)?;
        let threshold = *content.get(17).ok_or(BadSheet::Whole)?;
        let share = content.get(18..).and_then(Share::from_slice).ok_or(BadSheet::Whole)?;
        Ok(Self { escrow, threshold, share })
    }
}

fn whole(content: &[u8]) -> [u8; 32] {
    kdf::sha256(&[b"tipline/escrow/sheet/1", content])
}

fn write_line(bytes: &[u8], number: usize) -> String {
    let mut letters = letters_of(bytes, LINE * 8 / 5);
    let check = crc(bytes, number);
    for at in [12, 8, 4] {
        letters.insert(at, '-');
    }
    let line = format!("{number}  {letters}  {}{}", letter(check >> 5), letter(check));
    letters.zeroize();
    line
}

fn letter(bits: u16) -> char {
    PAPER.get(usize::from(bits & 31)).copied().map_or('0', char::from)
}

fn letters_of(bytes: &[u8], count: usize) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| u16::from(byte >> (7 - at % 8) & 1));
    (0..count).map(|group| letter((0..5).fold(0, |bits, at| bits << 1 | bit(group * 5 + at)))).collect()
}

fn read_line(line: &str, number: usize) -> Result<Zeroizing<Vec<u8>>, BadSheet> {
    let mut values = Zeroizing::new(Vec::new());
    for c in line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | ':' | '|')) {
        let plain = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let value = PAPER.iter().position(|known| char::from(*known) == plain).ok_or(BadSheet::Letter(number))?;
        values.push(u8::try_from(value).unwrap_or(0));
    }
    let (first, rest) = values.split_first().ok_or(BadSheet::Missing(number))?;
    if rest.len() != LINE * 8 / 5 + 2 {
        return Err(BadSheet::Length(number));
    }
    if usize::from(*first) != number {
        return Err(BadSheet::Order(number));
    }
    let (letters, check) = rest.split_at(LINE * 8 / 5);
    let mut bytes = Zeroizing::new(vec![0_u8; LINE]);
    for (at, value) in letters.iter().enumerate() {
        for bit in 0..5 {
            let position = at * 5 + bit;
            if let (1, Some(byte)) = (value >> (4 - bit) & 1, bytes.get_mut(position / 8)) {
                *byte |= 0x80 >> (position % 8);
            }
        }
    }
    let given = check.iter().fold(0_u16, |bits, value| bits << 5 | u16::from(*value));
    if given == crc(&bytes, number) { Ok(bytes) } else { Err(BadSheet::Check(number)) }
}

/// CRC-10 (ITU-T I.610), with the line's number in front: finds every wrong letter and every two that changed places.
fn crc(bytes: &[u8], number: usize) -> u16 {
    let first = u8::try_from(number).unwrap_or(u8::MAX);
    std::iter::once(first).chain(bytes.iter().copied()).fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(byte) << 2, |crc, _| {
            let next = crc << 1;
            if crc & 0x200 == 0 { next & 0x3ff } else { (next ^ 0x233) & 0x3ff }
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(seed: u64, k: u8, n: u8) -> (UnitKeys, Uuid, Uuid, Deposit) {
        let chance = Chance::seeded(seed);
        let ((keys, _), escrow, office) = (UnitKeys::generate(&chance), chance.uuid(), chance.uuid());
        let deposit = deposit(&keys, escrow, office, (k, n), &chance).unwrap();
        (keys, escrow, office, deposit)
    }

    fn lines(sheet: &Sheet) -> Vec<String> {
        sheet.lines().iter().map(|line| line.expose().clone()).collect()
    }

    fn read(lines: &[String]) -> Result<Sheet, BadSheet> {
        Sheet::read(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn any_k_sheets_bring_the_keys_back_and_no_fewer(k in 1u8..5, more in 0u8..4, seed: u64) {
            let (keys, escrow, office, mut deposit) = made(seed, k, k + more);
            let k = usize::from(k);
            deposit.sheets.rotate_left(usize::from(more));
            let typed: Vec<Sheet> = deposit.sheets[..k].iter().map(|sheet| read(&lines(sheet)).unwrap()).collect();
            let open = |sheets: &[Sheet]| withdraw(sheets, escrow, office, k, &deposit.commitment, &deposit.sealed);
            let opened = open(&typed).unwrap();
            prop_assert_eq!(opened.private.to_bytes(), keys.private.to_bytes());
            prop_assert_eq!(opened.symmetric.as_bytes(), keys.symmetric.as_bytes());
            prop_assert_eq!(open(&typed[..k - 1]).unwrap_err(), WithdrawError::Combine(CombineError::TooFew));
        }

        #[test]
        fn a_wrong_letter_is_named_by_its_line(line in 0usize..6, at in 0usize..16, to in 0usize..32, seed: u64) {
            let (_, _, _, deposit) = made(seed, 2, 3);
            let mut typed = lines(&deposit.sheets[0]);
            let position = 3 + at + at / 4;
            let new = char::from(PAPER[to]).to_string();
            prop_assume!(typed[line][position..=position] != new);
            typed[line].replace_range(position..=position, &new);
            prop_assert_eq!(read(&typed), Err(BadSheet::Check(line + 1)));
        }

        #[test]
        fn two_letters_that_changed_places_are_named(line in 0usize..6, at in 0usize..15, seed: u64) {
            let (_, _, _, deposit) = made(seed, 2, 3);
            let mut typed = lines(&deposit.sheets[0]);
            let mut letters: Vec<char> = typed[line].chars().filter(|c| c.is_ascii_alphanumeric()).collect();
            prop_assume!(letters[1 + at] != letters[2 + at]);
            letters.swap(1 + at, 2 + at);
            typed[line] = letters.into_iter().collect();
            prop_assert_eq!(read(&typed), Err(BadSheet::Check(line + 1)));
        }

        #[test]
        fn any_text_is_answered(typed in prop::collection::vec(".{0,30}", 0..8)) {
            prop_assert!(read(&typed).is_err());
        }
    }

    #[test]
    fn lines_are_read_as_people_type_them() {
        let (_, _, _, deposit) = made(1, 2, 3);
        let typed: Vec<String> = lines(&deposit.sheets[1])
            .iter()
            .map(|line| line.to_lowercase().replace('-', " ").replace('0', "o"))
            .collect();
        assert_eq!(read(&typed).unwrap(), deposit.sheets[1]);
        let mut swapped = typed.clone();
        swapped.swap(0, 1);
        assert_eq!(read(&swapped), Err(BadSheet::Order(1)));
        assert_eq!(read(&typed[..5]), Err(BadSheet::Missing(6)));
        let mut mixed = typed;
        mixed[5] = lines(&deposit.sheets[2])[5].clone();
        assert_eq!(read(&mixed), Err(BadSheet::Whole));
    }

    #[test]
    fn a_sheet_of_another_split_is_named() {
        let (_, escrow, office, deposit) = made(1, 2, 3);
        let mut foreign = made(2, 2, 3).3.sheets.remove(0);
        foreign.escrow = escrow;
        let sheets = [foreign, deposit.sheets[1].clone()];
        let opened = withdraw(&sheets, escrow, office, 2, &deposit.commitment, &deposit.sealed);
        assert_eq!(opened.unwrap_err(), WithdrawError::Combine(CombineError::Wrong(vec![1])));
    }
}
