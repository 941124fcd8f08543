//! Looks a JSON text over before it is parsed: in one pass, without recursion.

use crate::platform::fault::Code;

/// Deepest nesting. No request of this API needs more than four levels.
const MAX_DEPTH: usize = 16;

/// What a text holds that the parser will not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Some string may hold a control character that cannot be shown.
    pub control: bool,
}

/// Refuses what is not UTF-8, nested too deep, or holds half a surrogate pair.
///
/// The parser would refuse the last two as well, but as one "syntax error" among many; a caller whose phone cut an
/// emoji in half wants to know just that.
pub fn scan(text: &[u8]) -> Result<(&str, Seen), Code> {
    let text = std::str::from_utf8(text).map_err(|_| Code::InvalidUtf8)?;
    let (mut depth, mut seen) = (0usize, Seen::default());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => rest = scan_string(after, &mut seen)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => (),
        }
        if depth > MAX_DEPTH {
            return Err(Code::JsonTooDeep);
        }
    }
    Ok((text, seen))
}

/// Passes over one string; gives what follows its closing quote.
fn scan_string<'a>(mut rest: &'a [u8], seen: &mut Seen) -> Result<&'a [u8], Code> {
    loop {
        rest = match rest {
            [] => return Ok(rest),
            [b'"', after @ ..] => return Ok(after),
            [b'\\', b'u', after @ ..] => scan_escape(after, seen)?,
            [b'\\', _, after @ ..] => after,
            // DEL, and the C1 controls U+0080 to U+009F in their two bytes.
            [0x7f, after @ ..] | [0xc2, 0x80..=0x9f, after @ ..] => {
                seen.control = true;
                after
            }
            [_, after @ ..] => after,
        };
    }
}

/// Passes over the four digits after `\u`, and over the second half of a pair.
fn scan_escape<'a>(after: &'a [u8], seen: &mut Seen) -> Result<&'a [u8], Code> {
    let Some((unit, after)) = hex(after) else { return Ok(after) };
    match unit {
        0xd800..=0xdbff => match after {
            [b'\\', b'u', second @ ..] => match hex(second) {
                Some((0xdc00..=0xdfff, after)) => Ok(after),
                Some(_) | None => Err(Code::LoneSurrogate),
            },
            _ => Err(Code::LoneSurrogate),
        },
        0xdc00..=0xdfff => Err(Code::LoneSurrogate),
        unit => {
            seen.control |= char::from_u32(unit.into()).is_some_and(is_unshowable);
            Ok(after)
        }
    }
}

fn hex(text: &[u8]) -> Option<(u16, &[u8])> {
    let (digits, after) = text.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

/// A control character other than those that lay out a text.
pub fn is_unshowable(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(scan(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(scan(deep(10_000).as_bytes()), Err(Code::JsonTooDeep));
        assert_eq!(scan("{\"a\":".repeat(10_000).as_bytes()), Err(Code::JsonTooDeep));
        assert!(scan(format!("\"{}\"", "[".repeat(10_000)).as_bytes()).is_ok());
        assert!(scan(format!("\"\\\"{}\"", "[".repeat(10_000)).as_bytes()).is_ok());
        assert!(scan("[],".repeat(10_000).as_bytes()).is_ok());
    }

    #[test]
    fn half_a_pair_is_named() {
        for text in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83d\u0041""#, r#""\ud83dx""#, r#"{"a":"x\uD83D"}"#] {
            assert_eq!(scan(text.as_bytes()), Err(Code::LoneSurrogate), "{text}");
        }
        for text in [r#""\ud83d\ude00""#, r#""\\ud83d""#, r#""\u00e9""#, r#""\ud8""#] {
            assert!(scan(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn controls_are_seen_however_they_are_written() {
        for text in [r#""\u0000""#, r#""\u001F""#, "\"\u{7f}\"", "\"\u{85}\"", r#""\u009f""#] {
            assert!(scan(text.as_bytes()).unwrap().1.control, "{text:?}");
        }
        for text in [r#""\u000a""#, r#""\n\t""#, r#""\u00a0""#, "\"\u{a0}é\""] {
            assert!(!scan(text.as_bytes()).unwrap().1.control, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = scan(&bytes);
        }

        /// Nothing that is written properly is refused, and no control is overlooked.
        #[test]
        fn what_a_client_wrote_passes(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let (_, seen) = scan(json.as_bytes()).unwrap();
            prop_assert_eq!(seen.control, text.chars().any(is_unshowable));
        }
    }
}
