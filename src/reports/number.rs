use crate::reference::Language;

/// An exact decimal number with at most three places: what is counted, weighed, or a share in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i64);

const PLACES: usize = 3;

impl Number {
    pub fn whole(number: i64) -> Self {
        Self(number.saturating_mul(1000))
    }

    pub fn thousandths(number: i64) -> Self {
        Self(number)
    }

    /// A share in thousandths, as per cent.
    pub fn per_cent(permille: i64) -> Self {
        Self(permille.saturating_mul(100))
    }

    pub fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }

    /// The nearest number that spreadsheets and JSON know; its shortest decimal is the exact one up to 15 digits.
    #[expect(clippy::cast_precision_loss, reason = "beyond 15 digits a spreadsheet knows no better")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// As a whole number, if it is one.
    pub fn to_i64(self) -> Option<i64> {
        self.is_whole().then_some(self.0 / 1000)
    }

    /// For programs: a point, and nothing between thousands.
    pub fn plain(self) -> String {
        let (sign, whole, places) = self.digits();
        format!("{sign}{whole}{}", with_point(".", &places))
    }

    /// For people: `1.234,5` in Vietnamese, `1,234.5` in English.
    pub fn written(self, language: Language) -> String {
        let (group, point) = match language {
            Language::Vi => (".", ","),
            Language::En => (",", "."),
        };
        let (sign, whole, places) = self.digits();
        format!("{sign}{}{}", grouped(&whole, group), with_point(point, &places))
    }

    /// Sign, digits before the point, and those after it without trailing zeros.
    fn digits(self) -> (&'static str, String, String) {
        let size = self.0.unsigned_abs();
        let places = format!("{:0PLACES$}", size % 1000);
        (if self.0 < 0 { "-" } else { "" }, (size / 1000).to_string(), places.trim_end_matches('0').to_owned())
    }
}

fn with_point(point: &str, places: &str) -> String {
    if places.is_empty() { String::new() } else { format!("{point}{places}") }
}

fn grouped(digits: &str, mark: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (number, plain, vi, en) in [
            (Number::whole(87), "87", "87", "87"),
            (Number::whole(-1_234), "-1234", "-1.234", "-1,234"),
            (Number::thousandths(1_234_567_050), "1234567.05", "1.234.567,05", "1,234,567.05"),
            (Number::thousandths(-5), "-0.005", "-0,005", "-0.005"),
            (Number::per_cent(874), "87.4", "87,4", "87.4"),
            (Number::whole(0), "0", "0", "0"),
        ] {
            assert_eq!(number.plain(), plain);
            assert_eq!(number.written(Language::Vi), vi);
            assert_eq!(number.written(Language::En), en);
        }
    }

    proptest! {
        /// A million billion, in thousandths: more than all the money in the ledger.
        #[test]
        fn what_a_spreadsheet_holds_is_what_is_written(number in -1_000_000_000_000_000i64..1_000_000_000_000_000) {
            let number = Number::thousandths(number);
            prop_assert_eq!(number.plain().parse::<f64>().unwrap(), number.to_f64());
            prop_assert_eq!(number.to_i64().map(|whole| whole.to_string()), number.is_whole().then(|| number.plain()));
        }

        #[test]
        fn no_number_is_too_big_to_write(number: i64) {
            let _ = (Number::whole(number).plain(), Number::per_cent(number).written(Language::Vi));
            prop_assert_eq!(Number::thousandths(number).plain().replace('.', "").is_empty(), false);
        }
    }
}
