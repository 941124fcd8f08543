use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A calendar day in its one spelling, `2023-06-01`. The library would also take `2023-6-1` and the year +262142,
/// which no database stores and no period holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

/// The text is no day.
#[derive(Debug)]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let spelled = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        let day = spelled.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
        day.map(Self).ok_or(NoDay)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Day;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2023-06-01")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
                text.parse().map_err(|NoDay| E::custom("not a day"))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        assert!("2023-06-01".parse::<Day>().is_ok());
        assert!("2024-02-29".parse::<Day>().is_ok());
        for text in
            ["", "2023-6-1", "2023-02-29", "+12023-01-01", "2023-06-01T00:00", " 2023-06-01", "20230601", "2023/06/01"]
        {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
