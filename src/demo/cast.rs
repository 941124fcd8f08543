//! Tips as people tell them: what about, where, by which way, in which words, under which name.

use chrono::{Duration, NaiveDate};
use entity::enums::Mode;

use super::{
    draw::Draw,
    plan::Told,
    stories::{Matter, Stories},
};
use crate::{
    reference::{Reference, fold},
    tips::{Identity, state::Dismissal},
};

/// The category of danger to life.
const URGENT: &str = "khan_cap";

/// What a tip is about, so that another one can tell of the same.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Index of the matter; none: it is about nothing.
    pub matter: Option<usize>,
    category: String,
    unit: Option<String>,
    /// Words for the gaps in texts.
    gaps: Vec<(&'static str, String)>,
}

impl Theme {
    /// A text with its gaps filled.
    pub fn fill(&self, text: &str) -> String {
        let filled = self.gaps.iter().fold(text.to_owned(), |text, (gap, word)| text.replace(gap, word));
        capitalised(&filled)
    }

    fn word(&self, gap: &str) -> Option<String> {
        self.gaps.iter().find(|(found, _)| *found == gap).map(|(_, word)| word.clone())
    }
}

/// Draws tips.
pub struct Cast<'a> {
    draw: &'a Draw,
    stories: &'a Stories,
    reference: &'a Reference,
    /// What is left of each deck for the tips that count.
    categories: Vec<String>,
    channels: Vec<String>,
    units: Vec<String>,
}

impl<'a> Cast<'a> {
    pub fn new(draw: &'a Draw, stories: &'a Stories, reference: &'a Reference) -> Self {
        let ledger = &stories.ledger;
        let decks = (draw.deck(&ledger.categories), draw.deck(&ledger.channels), draw.deck(&ledger.units));
        Self { draw, stories, reference, categories: decks.0, channels: decks.1, units: decks.2 }
    }

    /// A tip that will count: dealt, so that every unit and channel gets its part.
    pub fn counted(&mut self, day: NaiveDate) -> (Told, Theme) {
        let category = self.categories.pop().unwrap_or_default();
        let unit = self.units.pop();
        let channel = self.channels.pop().unwrap_or_default();
        let theme = self.theme(category, unit, day);
        (self.tell(&theme, channel, day), theme)
    }

    /// Any tip of a day.
    pub fn other(&self, day: NaiveDate) -> (Told, Theme) {
        let category = self.draw.weighted(&self.stories.ledger.other_categories).to_owned();
        self.of_category(category, day)
    }

    pub fn urgent(&self, day: NaiveDate) -> (Told, Theme) {
        self.of_category(URGENT.to_owned(), day)
    }

    fn of_category(&self, category: String, day: NaiveDate) -> (Told, Theme) {
        // Some do not say where; those go to the intake desk.
        let unit = if self.draw.chance_of(94) { self.unit_of(day) } else { None };
        let theme = self.theme(category, unit, day);
        (self.tell(&theme, self.channel(), day), theme)
    }

    /// Somebody else tells of the same matter.
    pub fn again(&self, theme: &Theme, day: NaiveDate) -> (Told, Theme) {
        (self.tell(theme, self.channel(), day), theme.clone())
    }

    /// What is no police work, and why.
    pub fn dismissed(&self, day: NaiveDate) -> ((Told, Theme), (Dismissal, String)) {
        let (unit, channel) = (self.unit_of(day), self.channel());
        let theme = Theme { matter: None, category: "khac".to_owned(), unit, gaps: Vec::new() };
        let mut told = self.tell(&theme, channel, day);
        (told.mode, told.identity, told.place, told.occurred_on) = (Mode::Anonymous, Identity::default(), None, None);
        let Some(dismissed) = self.draw.pick(&self.stories.words.dismissals) else {
            return ((told, theme), (Dismissal::NotPolice, String::new()));
        };
        told.narrative = format!("{}{}", dismissed.text, self.stories.words.mark);
        let why = Dismissal::ALL.into_iter().find(|why| why.as_str() == dismissed.why);
        ((told, theme), (why.unwrap_or(Dismissal::NotPolice), dismissed.reason.clone()))
    }

    fn channel(&self) -> String {
        self.draw.weighted(&self.stories.ledger.channels).to_owned()
    }

    /// A commune of that day. The weights know the old ones; the new ones are all alike.
    fn unit_of(&self, day: NaiveDate) -> Option<String> {
        let weights = &self.stories.ledger.units;
        if weights.keys().all(|code| self.reference.unit_on(code, day).is_some()) {
            return Some(self.draw.weighted(weights).to_owned());
        }
        let known = self.reference.units_on(day).into_iter().filter(|unit| weights.contains_key(&unit.key.code));
        let codes: Vec<String> = known.map(|unit| unit.key.code.clone()).collect();
        self.draw.pick(&codes).cloned()
    }

    fn theme(&self, category: String, unit: Option<String>, day: NaiveDate) -> Theme {
        let of_category = |(_, matter): &(usize, &Matter)| matter.category == category;
        let matters: Vec<usize> =
            self.stories.matters.iter().enumerate().filter(of_category).map(|(index, _)| index).collect();
        let words = &self.stories.words;
        let name = unit.as_deref().and_then(|code| self.reference.unit_on(code, day));
        let name = name.map_or_else(|| "địa bàn".to_owned(), |unit| uncapitalised(&unit.name.vi));
        let gaps = vec![
            ("{unit}", name),
            ("{place}", self.draw.text(&words.places).to_owned()),
            ("{time}", self.draw.text(&words.times).to_owned()),
            ("{vehicle}", self.draw.text(&words.vehicles).to_owned()),
            ("{n}", self.draw.within(2..=7).to_string()),
        ];
        Theme { matter: self.draw.pick(&matters).copied(), category, unit, gaps }
    }

    fn tell(&self, theme: &Theme, channel: String, day: NaiveDate) -> Told {
        let (mode, identity) = self.teller();
        let some_days_before = day - Duration::days(i64::from(self.draw.within(0..=4)));
        Told {
            category: theme.category.clone(),
            unit: theme.unit.clone(),
            by_officer: self.reference.channel_on(&channel, day).is_some_and(|channel| channel.staff_only),
            channel,
            mode,
            identity,
            narrative: self.narrative(theme),
            place: theme.word("{place}").filter(|_| self.draw.chance_of(50)),
            occurred_on: self.draw.chance_of(60).then_some(some_days_before),
            happening_now: theme.category == URGENT || self.draw.chance_of(3),
        }
    }

    fn narrative(&self, theme: &Theme) -> String {
        let words = &self.stories.words;
        let texts = theme.matter.and_then(|index| self.stories.matters.get(index)).map_or(&[][..], |m| &m.texts);
        let body = theme.fill(self.draw.text(texts));
        let text = format!("{}{body}{}", self.draw.text(&words.openings), self.draw.text(&words.closings));
        // As typed on an old telephone.
        let text = if self.draw.chance_of(8) { fold(&text) } else { text };
        format!("{text}{}", words.mark)
    }

    /// Who tells: mostly nobody, and never a name that a person bears.
    fn teller(&self) -> (Mode, Identity) {
        let words = &self.stories.words;
        let number = self.draw.within(1..=99);
        let person = Identity {
            name: Some(format!("{} {number:02}", self.draw.text(&words.people))),
            phone: Some(format!("0900 000 0{number:02}")),
            address: self.draw.chance_of(40).then(|| format!("Nhà mẫu số {number}")),
            organisation: None,
        };
        match Mode::parse(self.draw.weighted(&self.stories.ledger.modes)) {
            Some(Mode::Organisation) => {
                let organisation = Some(self.draw.text(&words.organisations).to_owned());
                (Mode::Organisation, Identity { address: None, organisation, ..person })
            }
            Some(mode @ (Mode::Confidential | Mode::Identified)) => (mode, person),
            Some(Mode::Anonymous) | None => (Mode::Anonymous, Identity::default()),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}
