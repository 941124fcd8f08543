//! What a tip says, as it is sent and as it is sealed.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::Mode;
use serde::{Deserialize, Serialize};
use vault::{receipt::Receipt, secret::Secret};

use crate::platform::fault::Code;

/// Longest narrative, in characters (Unicode scalar values).
pub const MAX_NARRATIVE: usize = 20_000;

/// Longest message, note or reason, in characters.
pub const MAX_TEXT: usize = 5_000;

/// Longest place, name or address, in characters.
pub const MAX_LINE: usize = 500;

/// A tip as it comes in.
pub struct NewTip {
    pub receipt: Receipt,
    pub ticket: String,
    pub category: String,
    pub narrative: Secret<String>,
    pub unit: Option<String>,
    pub place: Option<Secret<String>>,
    pub occurred_on: Option<NaiveDate>,
    pub happening_now: bool,
    pub language: Option<String>,
    pub channel: String,
    /// Codes of units whose police it is about.
    pub concerns: Vec<String>,
    pub mode: Mode,
    pub identity: Identity,
}

/// Who a reporter is, as far as told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

impl Identity {
    pub fn fields(&self) -> [(&'static str, Option<&String>); 4] {
        [
            ("reporter.name", self.name.as_ref()),
            ("reporter.phone", self.phone.as_ref()),
            ("reporter.address", self.address.as_ref()),
            ("reporter.organisation", self.organisation.as_ref()),
        ]
    }

    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_none())
    }
}

/// The sealed words of a tip. Its exact time and language are fingerprints, so they are in here too.
#[derive(Serialize, Deserialize)]
pub struct Content {
    pub narrative: String,
    pub place: Option<String>,
    pub occurred_on: Option<NaiveDate>,
    pub happening_now: bool,
    pub language: Option<String>,
    pub arrived_at: DateTime<Utc>,
}

/// Those of the sealed words that a search looks through, where they lie: most texts are copied by nobody.
#[derive(Deserialize)]
pub struct Words<'a> {
    #[serde(borrow)]
    pub narrative: Cow<'a, str>,
    pub place: Option<Cow<'a, str>>,
}

/// Codes for a text that is required: what to say when it is empty or too long.
#[derive(Clone, Copy)]
pub struct TextCodes {
    pub empty: Code,
    pub too_long: Code,
}

pub const NARRATIVE: TextCodes = TextCodes { empty: Code::NarrativeEmpty, too_long: Code::NarrativeTooLong };
pub const TEXT: TextCodes = TextCodes { empty: Code::TextEmpty, too_long: Code::TextTooLong };
pub const REASON: TextCodes = TextCodes { empty: Code::ReasonEmpty, too_long: Code::ReasonTooLong };
pub const TITLE: TextCodes = TextCodes { empty: Code::TitleEmpty, too_long: Code::TitleTooLong };
pub const LINE: TextCodes = TextCodes { empty: Code::Empty, too_long: Code::TooLong };

/// What is wrong with a text, if anything.
///
/// Control characters cannot be shown, and bidirectional controls make a text read otherwise than it is written
/// (Unicode TR 36, section 2.5), which in evidence is not acceptable. Both are refused rather than silently changed.
pub fn text_fault(text: &str, max: usize, codes: TextCodes) -> Option<Code> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Some(Code::ControlCharacter);
    }
    if text.chars().any(is_bidi_control) {
        return Some(Code::BidiControl);
    }
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Some(codes.empty);
    }
    (text.chars().count() > max).then_some(codes.too_long)
}

/// What is wrong with a text of one line, such as a name, if anything.
pub fn line_fault(text: &str, max: usize) -> Option<Code> {
    if text.chars().any(char::is_control) { Some(Code::ControlCharacter) } else { text_fault(text, max, LINE) }
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_nothing_visible_is_empty() {
        for text in ["", " \n\t", "\u{200B}\u{FEFF}", "\u{3000}"] {
            assert_eq!(text_fault(text, 10, NARRATIVE), Some(Code::NarrativeEmpty), "{text:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(text_fault(&"ế".repeat(10), 10, TEXT), None);
        assert_eq!(text_fault(&"ế".repeat(11), 10, TEXT), Some(Code::TextTooLong));
    }

    #[test]
    fn controls_are_refused_by_name() {
        assert_eq!(text_fault("a\0b", 10, TEXT), Some(Code::ControlCharacter));
        assert_eq!(text_fault("a\u{202E}b", 10, TEXT), Some(Code::BidiControl));
        assert_eq!(text_fault("a\u{200F}b", 10, TEXT), Some(Code::BidiControl));
        assert_eq!(text_fault("dòng một\r\n\tdòng hai", 30, TEXT), None);
    }
}
