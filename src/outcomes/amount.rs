//! How much of something: exact to a thousandth, so that sums come out alike everywhere.

/// An amount from 0 to 1,000,000,000,000 in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

const MILLI: i64 = 1_000;

/// A thousand times what the province has in a year, in its smallest unit (VND); beyond it somebody mistyped.
/// Up to here a JSON number keeps three decimals exactly.
const MAX: i64 = 1_000_000_000_000 * MILLI;

impl Amount {
    /// Reads a number as it was written: none of a negative one, of more than three decimals, or of too much.
    pub fn from_number(number: f64) -> Option<Self> {
        if !number.is_finite() || number.is_sign_negative() && number != 0.0 {
            return None;
        }
        // The shortest text that reads back as this number: what was typed, not what binary made of it.
        let text = format!("{}", number.abs());
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        if decimals.len() > 3 {
            return None;
        }
        let milli = whole.parse::<i64>().ok()?.checked_mul(MILLI)? + format!("{decimals:0<3}").parse::<i64>().ok()?;
        Self::from_milli(milli)
    }

    pub fn from_milli(milli: i64) -> Option<Self> {
        (0..=MAX).contains(&milli).then_some(Self(milli))
    }

    pub fn milli(self) -> i64 {
        self.0
    }

    pub fn is_whole(self) -> bool {
        self.0 % MILLI == 0
    }
}

/// Thousandths as the number that was written.
#[expect(clippy::cast_precision_loss, reason = "exact to the thousandth up to the largest amount, see the test")]
pub(super) fn number_of(milli: i64) -> f64 {
    milli as f64 / MILLI as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_can_be_kept_exactly_is_taken() {
        for (number, milli) in [(0.0, 0), (-0.0, 0), (0.1, 100), (12.345, 12_345), (1e12, MAX), (7.0, 7_000)] {
            assert_eq!(Amount::from_number(number).map(Amount::milli), Some(milli), "{number}");
        }
        let refused = [-0.001, -1.0, 0.0001, 1.2345, 1e12 + 0.001, 1e13, 1e300, 1e-300, f64::NAN, f64::INFINITY];
        for number in refused {
            assert_eq!(Amount::from_number(number), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn every_thousandth_comes_back_as_it_went_in(milli in 0..=MAX) {
            prop_assert_eq!(Amount::from_number(number_of(milli)).map(Amount::milli), Some(milli));
        }

        #[test]
        fn any_number_is_answered(number in any::<f64>()) {
            if let Some(amount) = Amount::from_number(number) {
                prop_assert_eq!(number_of(amount.milli()), number.abs());
            }
        }
    }
}
