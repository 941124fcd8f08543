//! What the console says, in each language. One more language is one more file.

use std::{collections::HashMap, sync::LazyLock};

use crate::reference::Language;

type Texts = HashMap<String, String>;

static VI: LazyLock<Texts> = LazyLock::new(|| read(include_str!("locales/vi.json")));
static EN: LazyLock<Texts> = LazyLock::new(|| read(include_str!("locales/en.json")));

/// The files are part of the binary and a test reads them: what cannot be read here is empty, never a panic.
fn read(file: &str) -> Texts {
    serde_json::from_str(file).unwrap_or_default()
}

fn of(language: Language) -> &'static Texts {
    match language {
        Language::Vi => &VI,
        Language::En => &EN,
    }
}

/// The text of a key; empty if there is none, which a test rules out.
pub fn text(key: &str, language: Language) -> &'static str {
    of(language).get(key).map_or("", String::as_str)
}

/// The text of a code of a kind, such as `state_received`; none if that code has no text.
pub fn label(kind: &str, code: &str, language: Language) -> Option<&'static str> {
    of(language).get(&format!("{kind}_{code}")).map(String::as_str)
}
