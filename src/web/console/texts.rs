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

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use entity::enums::{
        Actor, CaseStatus, MessageKind, Mode, ReleaseState, RequestState, Role, TipStatus, ValuationState, Verdict,
    };

    use super::*;
    use crate::{
        reference::{self, OfficeKind, Priority, Reference, Routing, RowKind, UnitKind},
        releases::Split,
        statistics::measures::Dimension,
        tips::state::Dismissal,
        web::console::{acts::ACTS, queue_filter::Lane, reference::LISTS, tip_verbs::Verb},
    };

    /// All that may ask for a text.
    fn sources() -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/console");
        let files = [folder.to_owned(), format!("{folder}/templates")].into_iter().flat_map(|folder| {
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
        });
        files.map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    /// Kinds of codes, whose texts are asked for by the code.
    const KINDS: [&str; 41] = [
        "act",
        "actor",
        "assignee",
        "by",
        "by_field",
        "case_act",
        "case_state",
        "case_tab",
        "done",
        "fact",
        "field",
        "hint",
        "info",
        "lane",
        "list",
        "message",
        "mode",
        "officekind",
        "placekind",
        "priority",
        "qualifies",
        "release",
        "role",
        "routing",
        "source",
        "split",
        "standing",
        "state",
        "template",
        "unit",
        "value_state",
        "verb",
        "who",
        "why",
        "any",
        "line",
        "request",
        "verdict",
        "object",
        "condition",
        "step",
    ];

    #[test]
    fn every_key_that_is_asked_for_has_a_text_in_every_language() {
        let sources = sources();
        let asked: BTreeSet<&str> = sources.split(".t(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(asked.len() > 150, "{}", asked.len());
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
        let of_a_kind = |key: &str| KINDS.iter().any(|kind| key.starts_with(&format!("{kind}_")));
        let unused: Vec<_> = keys(Language::Vi)
            .into_iter()
            .filter(|key| !of_a_kind(key) && !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn english_is_not_vietnamese_left_untranslated() {
        // Names of codes and units are alike in both; ready answers go to reporters, in Vietnamese for now.
        let alike = |key: &&String| !key.starts_with("unit_") && !key.starts_with("template_");
        let same: Vec<_> = of(Language::Vi)
            .iter()
            .filter(|(key, text)| alike(key) && of(Language::En).get(*key) == Some(text))
            .map(|(key, _)| key)
            .collect();
        assert!(same.is_empty(), "{same:?}");
    }

    #[test]
    fn every_code_that_a_page_shows_has_a_text() {
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        let units: BTreeSet<String> = reference
            .yield_kinds_on("2026-01-01".parse().unwrap())
            .into_iter()
            .flat_map(|kind| kind.units.clone())
            .collect();
        let codes: Vec<(&str, Vec<&str>)> = vec![
            ("state", TipStatus::ALL.iter().map(|code| code.as_str()).collect()),
            ("case_state", CaseStatus::ALL.iter().map(|code| code.as_str()).collect()),
            ("value_state", ValuationState::ALL.iter().map(|code| code.as_str()).collect()),
            ("release", ReleaseState::ALL.iter().map(|code| code.as_str()).collect()),
            ("role", Role::ALL.iter().map(|code| code.as_str()).collect()),
            ("mode", Mode::ALL.iter().map(|code| code.as_str()).collect()),
            ("actor", Actor::ALL.iter().map(|code| code.as_str()).collect()),
            ("message", MessageKind::ALL.iter().map(|code| code.as_str()).collect()),
            ("why", Dismissal::ALL.iter().map(|code| code.as_str()).collect()),
            ("lane", Lane::ALL.iter().map(|code| code.as_str()).collect()),
            ("verb", Verb::ALL.iter().map(|code| code.as_str()).collect()),
            ("done", Verb::ALL.iter().map(|code| code.as_str()).collect()),
            ("by", Dimension::ALL.iter().map(|code| code.as_str()).collect()),
            ("split", Split::ALL.iter().map(|code| code.as_str()).collect()),
            ("unit", units.iter().map(String::as_str).collect()),
            ("act", ACTS.to_vec()),
            ("request", RequestState::ALL.iter().map(|code| code.as_str()).collect()),
            ("verdict", Verdict::ALL.iter().map(|code| code.as_str()).collect()),
            ("list", LISTS.iter().map(|code: &RowKind| code.as_str()).collect()),
            ("officekind", OfficeKind::ALL.iter().map(|code| code.as_str()).collect()),
            ("placekind", UnitKind::ALL.iter().map(|code| code.as_str()).collect()),
            ("priority", Priority::ALL.iter().map(|code| code.as_str()).collect()),
            ("routing", Routing::ALL.iter().map(|code| code.as_str()).collect()),
        ];
        for (kind, codes) in codes {
            for code in codes {
                for language in [Language::Vi, Language::En] {
                    assert!(label(kind, code, language).is_some(), "{language}: {kind} {code}");
                }
            }
        }
    }
}
