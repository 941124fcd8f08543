//! What the API says to people, in both languages.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{disclosure::Reason, doctor, platform::fault::Code, reference::Language, tips::state::PublicState};

#[derive(Default, Deserialize)]
struct Texts {
    /// By problem code.
    problems: HashMap<String, String>,
    /// By public state of a tip.
    states: HashMap<String, String>,
    /// By reason why a figure is not told.
    withheld: HashMap<String, String>,
    /// By kind of finding of the doctor.
    findings: HashMap<String, String>,
}

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

/// One sentence about a problem.
pub fn title(code: Code, language: Language) -> &'static str {
    of(language).problems.get(code.as_str()).map_or(code.as_str(), String::as_str)
}

/// The public words of a tip's state.
pub fn state_label(state: PublicState, language: Language) -> &'static str {
    of(language).states.get(state.as_str()).map_or(state.as_str(), String::as_str)
}

/// Why a figure is not told.
pub fn withheld(reason: Reason, language: Language) -> &'static str {
    of(language).withheld.get(reason.as_str()).map_or(reason.as_str(), String::as_str)
}

/// One sentence about what the doctor found.
pub fn finding(kind: doctor::Kind, language: Language) -> &'static str {
    of(language).findings.get(kind.as_str()).map_or(kind.as_str(), String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_state_has_both_texts_and_no_text_is_left_over() {
        for language in [Language::Vi, Language::En] {
            let texts = of(language);
            for code in Code::ALL {
                assert!(texts.problems.contains_key(code.as_str()), "{language}: {}", code.as_str());
            }
            for state in PublicState::ALL {
                assert!(texts.states.contains_key(state.as_str()), "{language}: {}", state.as_str());
            }
            for reason in Reason::ALL {
                assert!(texts.withheld.contains_key(reason.as_str()), "{language}: {}", reason.as_str());
            }
            for kind in doctor::Kind::ALL {
                assert!(texts.findings.contains_key(kind.as_str()), "{language}: {}", kind.as_str());
            }
            assert_eq!(texts.findings.len(), doctor::Kind::ALL.len(), "{language}: a text of no finding");
            assert_eq!(texts.withheld.len(), Reason::ALL.len(), "{language}: a text of no reason");
            assert_eq!(texts.problems.len(), Code::ALL.len(), "{language}: a text of no code");
            assert_eq!(texts.states.len(), PublicState::ALL.len(), "{language}: a text of no state");
        }
    }

    #[test]
    fn texts_are_sentences() {
        for language in [Language::Vi, Language::En] {
            for (code, text) in &of(language).problems {
                assert!(text.ends_with('.') && text.chars().count() > 10, "{language} {code}: {text}");
            }
        }
    }
}
