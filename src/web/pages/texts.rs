//! What the pages say, in each language. One more language is one more file.

use std::{collections::HashMap, sync::LazyLock};

use crate::{platform::fault::Code, reference::Language, web::api::texts::title};

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

/// What to do about a problem, in a resident's words: of the field, else of the code, else the API's sentence.
pub fn advice(field: &str, code: Code, language: Language) -> &'static str {
    let texts = of(language);
    let own =
        [format!("wrong_{field}_{}", code.as_str()), format!("wrong_{field}"), format!("wrong_{}", code.as_str())];
    own.iter().find_map(|key| texts.get(key)).map_or_else(|| title(code, language), String::as_str)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// All that may ask for a text.
    fn sources() -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages");
        let files = [folder.to_owned(), format!("{folder}/templates")].into_iter().flat_map(|folder| {
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
        });
        files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    #[test]
    fn every_key_that_is_asked_for_has_a_text_in_every_language() {
        let sources = sources();
        let asked: BTreeSet<&str> = sources.split(".t(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(asked.len() > 40, "{}", asked.len());
        for language in [Language::Vi, Language::En] {
            let missing: Vec<_> = asked.iter().filter(|key| text(key, language).trim().is_empty()).collect();
            assert!(missing.is_empty(), "{language}: {missing:?}");
        }
    }

    #[test]
    fn all_languages_have_the_same_keys_and_no_text_is_left_over() {
        let keys = |language| of(language).keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(Language::Vi), keys(Language::En));
        let sources = sources();
        let unused: Vec<_> = keys(Language::Vi)
            .into_iter()
            .filter(|key| !key.starts_with("wrong_") && !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn advice_is_about_a_field_or_a_code_that_exists() {
        let fields =
            ["category", "unit", "occurred_on", "reporter", "name", "organisation", "receipt", "sure", "digits"];
        for key in of(Language::Vi).keys().filter_map(|key| key.strip_prefix("wrong_")) {
            let code = Code::ALL.iter().any(|code| code.as_str() == key);
            assert!(code || fields.contains(&key), "{key}");
        }
    }
}
