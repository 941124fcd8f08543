//! Texts in both languages, and the choice between them.

use serde::{Deserialize, Serialize};

use super::coded::coded;

coded! {
    /// A language of the pages and labels. Vietnamese is the default.
    #[derive(Default)]
    Language {
        #[default]
        Vi = "vi",
        En = "en",
    }
}

impl Language {
    /// Chooses the language from an `Accept-Language` header value (RFC 9110, 12.5.4).
    ///
    /// Subtags are ignored (`en-GB` is English), unreadable parts are skipped, and of two
    /// equal weights the first named wins. What names neither language gets Vietnamese.
    #[must_use]
    pub fn accept(header: &str) -> Self {
        let ranges: Vec<(&str, f32)> = header.split(',').filter_map(range).collect();
        let position = |language: Self| ranges.iter().position(|(tag, _)| names(tag, language));
        let weight = |language: Self| {
            let own = ranges.iter().filter(|(tag, _)| names(tag, language));
            let any = ranges.iter().filter(|(tag, _)| *tag == "*");
            own.map(|(_, q)| *q).reduce(f32::max).or(any.map(|(_, q)| *q).reduce(f32::max)).unwrap_or(0.0)
        };
        let (vi, en) = (weight(Self::Vi), weight(Self::En));
        let en_named_first = match (position(Self::Vi), position(Self::En)) {
            (Some(vi), Some(en)) => en < vi,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if en > vi || (en == vi && en > 0.0 && en_named_first) { Self::En } else { Self::Vi }
    }
}

/// One `tag;q=weight`; `None` if the weight is no number from 0 to 1.
fn range(part: &str) -> Option<(&str, f32)> {
    let mut fields = part.split(';').map(str::trim);
    let tag = fields.next().filter(|tag| !tag.is_empty())?;
    let weight = fields.find_map(|field| field.strip_prefix("q=").or(field.strip_prefix("Q=")));
    let weight = weight.map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
    (0.0..=1.0).contains(&weight).then_some((tag, weight))
}

fn names(tag: &str, language: Language) -> bool {
    tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(language.as_str()))
}

/// A text in both languages; reading one from a file refuses a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Texts")]
pub struct Label {
    pub vi: String,
    pub en: String,
}

impl Label {
    /// The text in `language`.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    vi: String,
    en: String,
}

impl TryFrom<Texts> for Label {
    type Error = &'static str;

    fn try_from(Texts { vi, en }: Texts) -> Result<Self, Self::Error> {
        if vi.trim().is_empty() || en.trim().is_empty() {
            return Err("a label needs a text in vi and in en");
        }
        Ok(Self { vi, en })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_chooses_the_language() {
        for (header, language) in [
            ("", Language::Vi),
            ("fr-FR,fr;q=0.9", Language::Vi),
            ("*", Language::Vi),
            ("en", Language::En),
            ("EN-gb , vi;q=0.9", Language::En),
            ("en;q=0.8, vi;q=0.9", Language::Vi),
            ("en, vi", Language::En),
            ("vi, en", Language::Vi),
            ("en, *", Language::En),
            ("vi;q=0, *", Language::En),
            ("en;q=0", Language::Vi),
            ("en;q=NaN", Language::Vi),
            ("en;q=7, vi;q=0.1", Language::Vi),
            ("en ; q=0.5 , fr", Language::En),
            ("english", Language::Vi),
        ] {
            assert_eq!(Language::accept(header), language, "{header:?}");
        }
    }

    #[test]
    fn a_label_needs_both_texts() {
        assert!(serde_json::from_str::<Label>(r#"{"vi":"Khác","en":"Other"}"#).is_ok());
        assert!(serde_json::from_str::<Label>(r#"{"vi":"Khác","en":" "}"#).is_err());
        assert!(serde_json::from_str::<Label>(r#"{"vi":"Khác"}"#).is_err());
    }

    proptest! {
        #[test]
        fn any_header_is_answered(header in ".*") {
            let _ = Language::accept(&header);
        }
    }
}
