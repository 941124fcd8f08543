//! Forms as data: what a verb asks for, filled with what was typed, and what to mend.

use super::{frame::Frame, notice::Notice, queue_view::Choice, typed::Typed};

/// A verb that is offered, and what it asks for.
pub struct Form {
    pub action: String,
    /// Name of the verb: its text's key, and what an error is held against.
    pub verb: &'static str,
    pub label: &'static str,
    /// The key that opens it, or does it where nothing is asked.
    pub key: &'static str,
    pub fields: Vec<Field>,
    /// Sent along unseen.
    pub hidden: Vec<(&'static str, String)>,
    pub look: Look,
    /// It was refused: it stands open, with what was typed.
    pub refused: Option<Notice>,
}

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The next step on the line.
    Main,
    Plain,
    /// Ends something.
    Grave,
}

pub struct Field {
    pub id: String,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// How a day is written; shown while nothing is.
    pub day_shape: &'static str,
    pub kind: Kind,
    pub value: String,
    pub choices: Vec<Choice>,
    pub error: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Line,
    Words,
    Choice,
    /// Any number of choices.
    Several,
    Tick,
    Day,
    Password,
}

/// Makes the forms of one page.
pub struct Maker<'a> {
    pub f: &'a Frame,
    /// What was sent and refused: of which verb, what was typed, and why.
    pub refused: Option<(&'a str, &'a Typed, &'a Notice)>,
}

impl Maker<'_> {
    pub fn form(&self, verb: &'static str, action: String, key: &'static str) -> Form {
        let refused = self.refused.filter(|(of, _, _)| *of == verb).map(|(_, _, notice)| notice.clone());
        let label = super::texts::label("verb", verb, self.f.language).unwrap_or(verb);
        Form { action, verb, label, key, fields: Vec::new(), hidden: Vec::new(), look: Look::Plain, refused }
    }

    fn typed(&self, verb: &str) -> Option<(&Typed, &Notice)> {
        self.refused.filter(|(of, _, _)| *of == verb).map(|(_, typed, notice)| (typed, notice))
    }

    /// A field of a verb, with what was typed in it if that was refused, else with `value`.
    pub fn field(&self, verb: &str, name: &'static str, kind: Kind, value: &str) -> Field {
        let typed = self.typed(verb);
        let text = |key: String| super::texts::text(&key, self.f.language);
        Field {
            id: format!("{verb}-{name}"),
            name,
            label: text(format!("field_{name}")),
            hint: text(format!("hint_{name}")),
            day_shape: self.f.t("day_shape"),
            kind,
            value: typed.map_or(value, |(typed, _)| typed.get(name)).to_owned(),
            choices: Vec::new(),
            error: typed.and_then(|(_, notice)| notice.at(name)),
        }
    }

    pub fn choice(&self, verb: &str, name: &'static str, value: &str, choices: Vec<(String, String)>) -> Field {
        let field = self.field(verb, name, Kind::Choice, value);
        let choices = choices.into_iter().map(|(code, label)| Choice { chosen: code == field.value, code, label });
        Field { choices: choices.collect(), ..field }
    }

    /// Choices of which any number can be ticked; without what was typed, those of `stand` are.
    pub fn several(&self, verb: &str, name: &'static str, stand: Vec<String>, choices: Vec<(String, String)>) -> Field {
        let ticked = match self.typed(verb) {
            Some((typed, _)) => typed.all(name).map(str::to_owned).collect(),
            None => stand,
        };
        let choices = choices.into_iter().map(|(code, label)| Choice { chosen: ticked.contains(&code), code, label });
        Field { choices: choices.collect(), ..self.field(verb, name, Kind::Several, "") }
    }
}

impl Form {
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    pub fn holding(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    pub fn looks(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    pub fn main(&self) -> bool {
        self.look == Look::Main
    }

    pub fn grave(&self) -> bool {
        self.look == Look::Grave
    }
}

impl Field {
    pub fn is(&self, kind: &str) -> bool {
        kind == match self.kind {
            Kind::Line => "line",
            Kind::Words => "words",
            Kind::Choice => "choice",
            Kind::Several => "several",
            Kind::Tick => "tick",
            Kind::Day => "day",
            Kind::Password => "password",
        }
    }

    pub fn input(&self) -> &'static str {
        if self.kind == Kind::Password { "password" } else { "text" }
    }
}
