//! Text made comparable: residents and officers often type Vietnamese without accents.

use std::sync::LazyLock;

use memchr::memmem;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use zeroize::Zeroizing;

/// Lower-cases, removes accents (đ becomes d) and squeezes white space: `Quan  Sơn` → `quan son`.
///
/// Composed and decomposed spellings fold alike. Folding twice changes nothing more.
/// For comparing only: what is folded is no longer Vietnamese.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = vec![0; most_bytes(text)];
    // Whole letters are written, one after the other.
    String::from_utf8_lossy(fold_onto(&mut folded, text)).into_owned()
}

/// How many bytes a text may take at most while it is folded: decomposed, a letter takes three times as many, and each is
/// written before it is known to stay.
fn most_bytes(text: &str) -> usize {
    3 * text.len() + 1
}

/// Writes what a text folds to, in UTF-8, where there is room for [`most_bytes`].
///
/// A search spends a sixth of its time here: so there is no branch for each letter, which is written at the end and stays
/// if the end moves on.
fn fold_onto<'a>(room: &'a mut [u8], text: &str) -> &'a [u8] {
    let plain: &[u8] = &PLAIN;
    // Where a text begins, a space is dropped as one after a space is.
    let (mut end, mut last) = (0, SPACE);
    for c in text.chars() {
        let letter = plain.get(c as usize).copied().unwrap_or(SEVERAL);
        if letter == SEVERAL {
            for letter in fold_letter(c) {
                let space = letter.is_whitespace();
                if !space || last != SPACE {
                    let letter = if space { ' ' } else { letter };
                    let place = room.get_mut(end..).unwrap_or_default();
                    if letter.len_utf8() <= place.len() {
                        end += letter.encode_utf8(place).len();
                    }
                }
                last = if space { SPACE } else { SEVERAL };
            }
            continue;
        }
        if let Some(place) = room.get_mut(end) {
            *place = letter;
        }
        let stays = letter != NOTHING && (letter != SPACE || last != SPACE);
        end += usize::from(stays);
        last = if letter == NOTHING { last } else { letter };
    }
    let folded = room.get(..end).unwrap_or_default();
    folded.strip_suffix(b" ").unwrap_or(folded)
}

/// Letters fold one by one: what decomposing moves about are marks, and these are dropped.
///
/// Decomposed again after lower-casing, because that may bring marks back (İ → i + dot).
fn fold_letter(c: char) -> impl Iterator<Item = char> {
    let lower = std::iter::once(c).nfd().flat_map(char::to_lowercase).nfd();
    lower.filter(|c| !is_combining_mark(*c)).map(without_stroke)
}

/// đ is a letter of its own: Unicode does not decompose it.
fn without_stroke(c: char) -> char {
    if c == 'đ' { 'd' } else { c }
}

/// Looks for the same words in one text after another, whatever their accents, case and spaces.
///
/// What it folded is wiped when it goes.
pub struct Finder<'a> {
    needle: memmem::Finder<'a>,
    folded: Zeroizing<Vec<u8>>,
}

impl<'a> Finder<'a> {
    /// The needle is folded already, once for many texts.
    #[must_use]
    pub fn of(needle_folded: &'a str) -> Self {
        Self { needle: memmem::Finder::new(needle_folded), folded: Zeroizing::default() }
    }

    pub fn finds_in(&mut self, text: &str) -> bool {
        // It never moves, which would leave words behind.
        if self.folded.len() < most_bytes(text) {
            self.folded = Zeroizing::new(vec![0; most_bytes(text)]);
        }
        self.needle.find(fold_onto(&mut self.folded, text)).is_some()
    }
}

const SPACE: u8 = b' ';
/// A mark, of which nothing stays.
const NOTHING: u8 = 0xFE;
/// Several letters, or one that is not ASCII.
const SEVERAL: u8 = 0xFF;

/// What letters fold to where that is one of ASCII: of all Vietnamese, and most else up to the general punctuation.
static PLAIN: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let plain = |c: u32| {
        let mut letters = char::from_u32(c).into_iter().flat_map(fold_letter);
        match (letters.next(), letters.next()) {
            (None, _) => NOTHING,
            (Some(letter), None) if letter.is_whitespace() => SPACE,
            (Some(letter), None) if letter.is_ascii() => letter as u8,
            _ => SEVERAL,
        }
    };
    (0..0x2070).map(plain).collect()
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contains_folded(haystack: &str, needle_folded: &str) -> bool {
        fold(haystack).contains(needle_folded)
    }

    #[test]
    fn accents_case_and_spaces_do_not_matter() {
        assert_eq!(fold("Quan Sơn"), "quan son");
        assert_eq!(fold("  Thị\ttrấn\u{a0} Sơn Lư\n"), "thi tran son lu");
        assert_eq!(fold("ĐƯỜNG ĐÈO"), "duong deo");
        assert!(contains_folded("ở bản Na Mèo, gần suối", &fold("NA MEO")));
        assert!(!contains_folded("Tam Thanh", &fold("Tam Lư")));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        /// Against the definition, on the whole text at once.
        #[test]
        fn letter_by_letter_is_as_good_as_all_at_once(text in any::<String>()) {
            let lower = text.nfd().flat_map(char::to_lowercase).nfd();
            let plain: String = lower.filter(|c| !is_combining_mark(*c)).map(without_stroke).collect();
            prop_assert_eq!(fold(&text), plain.split_whitespace().collect::<Vec<_>>().join(" "));
        }

        #[test]
        fn composed_and_decomposed_text_fold_alike(text in any::<String>()) {
            let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn vietnamese_folds_to_ascii(text in "[a-zA-ZđĐưƯơƠăâêôẠ-ỹ ]*") {
            prop_assert!(fold(&text).is_ascii());
        }

        /// Of texts as they come, and of those that share letters, spaces and marks with what is looked for.
        #[test]
        fn a_finder_finds_what_the_fold_contains(
            texts in prop::collection::vec(prop_oneof![any::<String>(), "[a-cđĐẠ-ặ \\t\u{300}-\u{303}\u{3000}가각İ]{0,12}"], 0..4),
            needle in prop_oneof![any::<String>(), "[a-cđạẶ ]{0,3}"],
        ) {
            let needle = fold(&needle);
            let mut finder = Finder::of(&needle);
            for text in texts {
                prop_assert_eq!(finder.finds_in(&text), contains_folded(&text, &needle), "{:?} in {:?}", needle, text);
                prop_assert!(fold(&text).len() <= 3 * text.len(), "{:?}", text);
            }
        }

        #[test]
        fn a_text_contains_itself(before in any::<String>(), text in "[a-zA-ZđĐẠ-ỹ ]*") {
            let haystack = format!("{before} {text}");
            prop_assert!(contains_folded(&haystack, &fold(&text)));
        }
    }
}
