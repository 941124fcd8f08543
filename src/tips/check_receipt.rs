use vault::receipt::Receipt;

use crate::platform::fault::{Code, Fault, FieldFault, Public};

/// Groups of a receipt as it is written on paper.
pub const GROUPS: usize = 6;

/// What was written down is not what was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the digits are not those of the receipt")]
pub struct WrittenWrong;

impl Fault for WrittenWrong {
    fn public(&self) -> Public {
        vec![FieldFault::new("digits", Code::ReceiptCheckDigit)].into()
    }
}

/// Checks four digits of a receipt that somebody has written down: those of one group, counted from 1. Spaces and
/// what else is no digit do not matter.
pub fn check_receipt(receipt: &Receipt, group: usize, typed: &str) -> Result<(), WrittenWrong> {
    let grouped = receipt.grouped();
    let wanted = group.checked_sub(1).and_then(|at| grouped.expose().split(' ').nth(at)).ok_or(WrittenWrong)?;
    let typed: String = typed.chars().filter_map(digit).collect();
    if typed == wanted { Ok(()) } else { Err(WrittenWrong) }
}

/// As keyboards for Asian scripts write it, too.
fn digit(c: char) -> Option<char> {
    match c {
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(c) - 0xFF10, 10),
        c => c.is_ascii_digit().then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_digits_of_the_group_pass() {
        let receipt = Receipt::issue(&vault::chance::Chance::seeded(5));
        let grouped = receipt.grouped();
        for (at, group) in grouped.expose().split(' ').enumerate() {
            assert_eq!(check_receipt(&receipt, at + 1, group), Ok(()));
            assert_eq!(check_receipt(&receipt, at + 1, &format!(" {}-{} ", &group[..2], &group[2..])), Ok(()));
            let wide: String = group.chars().map(|c| char::from_u32(c as u32 - 0x30 + 0xFF10).unwrap()).collect();
            assert_eq!(check_receipt(&receipt, at + 1, &wide), Ok(()));
            for wrong in ["", &group[..3], &format!("{group}0")] {
                assert_eq!(check_receipt(&receipt, at + 1, wrong), Err(WrittenWrong), "{wrong}");
            }
        }
        for group in [0, GROUPS + 1, usize::MAX] {
            assert_eq!(check_receipt(&receipt, group, ""), Err(WrittenWrong));
        }
    }
}
