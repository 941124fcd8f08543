//! What pages say, and that they say it in each language.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tipline::{app::App, reference::Label};

use crate::window::Window;

/// What a reader reads, and what is said of pictures and controls; but for what people wrote, which is marked so
/// (`dir=auto`), officers' initials, places that a browser may suggest, and what says of itself that it is in another
/// language.
const SAID: &str = "
    const said = new Set(), here = document.documentElement;
    const ours = e => e.closest('[lang]') === here && !e.closest('[dir=auto], .av, kbd, textarea, datalist, script, style');
    const say = text => { text = text.replace(/\\s+/g, ' ').trim(); if (/\\p{L}/u.test(text)) said.add(text) };
    const walker = document.createTreeWalker(here, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (ours(walker.currentNode.parentElement)) say(walker.currentNode.textContent);
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        for (const e of document.querySelectorAll(`[${name}]`)) if (ours(e)) say(e.getAttribute(name));
    return [...said]";

/// Elements that say nothing where something has to be said: what a key without a text looks like.
const SILENT: &str = "
    const spoken = e => e.textContent.trim() || e.getAttribute('aria-label') || e.querySelector('svg, img');
    return [...document.querySelectorAll('title, h1, h2, h3, a, button, label, legend, summary, option, th, dt, dd, caption, p, li')]
        .filter(e => !e.closest('[hidden], dialog, datalist') && !spoken(e)).map(e => e.outerHTML.slice(0, 200))";

/// What pages said in one language, by their names.
#[derive(Default)]
pub struct Said(BTreeMap<String, BTreeSet<String>>);

impl Said {
    /// Listens to the page that the window shows.
    pub async fn hears(&mut self, window: &Window, name: &str) {
        assert_eq!(window.runs(SILENT, json!([])).await, json!([]), "{name} has places with nothing in them");
        let Value::Array(said) = window.runs(SAID, json!([])).await else { panic!("{name} says nothing") };
        let said = said.iter().filter_map(|text| text.as_str().map(str::to_owned));
        self.0.entry(name.to_owned()).or_default().extend(said);
    }

    pub fn names(&self) -> BTreeSet<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The same pages were seen in both languages, and nothing on them reads alike but names.
    #[track_caller]
    pub fn is_all_translated(&self, other: &Self, names: &Names) {
        assert_eq!(self.names(), other.names());
        let alike = |name: &str, said: &BTreeSet<String>| -> Vec<String> {
            said.intersection(&other.0[name])
                .filter(|text| !names.has(text))
                .map(|text| format!("{name}: {text}"))
                .collect()
        };
        let alike: Vec<String> = self.0.iter().flat_map(|(name, said)| alike(name, said)).collect();
        assert!(alike.is_empty(), "reads alike in both languages: {alike:#?}");
    }
}

/// What reads alike in every language.
pub struct Names(BTreeSet<String>);

impl Names {
    /// Those of places and offices whose reference data says so, those that every page may name, and `more`.
    pub async fn of(app: &App, more: &[&str]) -> Self {
        let mut names: BTreeSet<String> = more.iter().map(ToString::to_string).collect();
        names.extend(["English", "Tiếng Việt", "SHA-256", "CSV", "XLSX", "QR"].map(str::to_owned));
        let (reference, day) = (&app.reference, app.clock.today());
        names.extend(reference.categories_on(day).into_iter().map(|one| one.code.clone()));
        names.extend(reference.channels_on(day).into_iter().map(|one| one.code.clone()));
        names.extend(reference.outcome_kinds_on(day).into_iter().map(|one| one.code.clone()));
        for kind in reference.yield_kinds_on(day) {
            names.extend(kind.units.iter().chain([&kind.code]).cloned());
        }
        let places = reference.places_on(day).into_iter().map(|unit| unit.name.clone());
        let offices = tipline::units::store::all_offices(app.db.read()).await.unwrap();
        let offices = offices.into_iter().map(|office| Label { vi: office.name_vi, en: office.name_en });
        let channels = reference.channels_on(day).into_iter().map(|one| one.label.clone());
        names.extend(places.chain(offices).chain(channels).filter(|name| name.vi == name.en).map(|name| name.vi));
        for officer in entity::officers::Entity::find().all(app.db.read()).await.unwrap() {
            names.insert(format!("{} ({})", officer.display_name, officer.username));
            names.extend([officer.display_name, officer.username]);
        }
        Self(names)
    }

    fn has(&self, text: &str) -> bool {
        // A list of names is names.
        let parts = text.split([',', '·']).map(str::trim);
        let says_nothing = |part: &str| !part.chars().any(char::is_alphabetic);
        parts.into_iter().all(|part| says_nothing(part) || self.0.contains(part) || is_code(part))
    }
}

/// Numbers of tips and cases, hashes, keys: nothing that anybody would translate.
fn is_code(text: &str) -> bool {
    !text.contains(' ') && text.chars().any(|c| c.is_ascii_digit())
}
