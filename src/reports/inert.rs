//! Texts that no spreadsheet takes for something to work out.

/// What makes a spreadsheet evaluate a text, or split it into another cell; also as wide letters, which some take for
/// the narrow ones.
const ACTIVE: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a text, put in a cell as it is, could be taken for a formula. Blanks before it do not hide it: some
/// programs trim them.
pub fn is_active(text: &str) -> bool {
    text.starts_with(ACTIVE) || text.trim_start().starts_with(ACTIVE)
}

/// The text with an apostrophe before it where one is needed: programs that read it show or drop the mark, and
/// evaluate nothing.
pub fn inert(text: &str) -> String {
    if is_active(text) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_marked() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{a0}=1", "＝1", "=cmd|' /C calc'!A0"]
        {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["", "Xã Na Mèo", "1-2", "a=b", "'=1"] {
            assert_eq!(inert(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_inert_is_active(text in "\\PC*|[=+\\-@\t\r\n ]{0,3}\\PC*") {
            prop_assert!(!is_active(&inert(&text)));
            prop_assert!(inert(&text).ends_with(&text));
        }
    }
}
