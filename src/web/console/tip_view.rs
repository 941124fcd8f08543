//! A tip as its page shows it: every text made, nothing left to work out.

use entity::{
    enums::{MessageKind, Mode, NoteKind, Sender, ValuationState},
    ids::OfficeId,
};

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, date, initials},
};
use crate::{
    app::App,
    reference::Language,
    staff::Permission,
    tips::{MessageView, NoteView, TipView, ValuationView, priority},
    units::OfficeRow,
};

pub struct Tip {
    pub id: String,
    pub number: String,
    pub state: &'static str,
    pub version: i32,
    pub category: String,
    pub place: String,
    pub channel: String,
    pub mode: &'static str,
    pub priority: &'static str,
    pub age: String,
    pub arrived_at: String,
    pub assignee: String,
    pub thread_open: bool,
    pub narrative: String,
    pub where_exactly: String,
    pub occurred_on: String,
    pub happening_now: bool,
    /// Label and text, of who is known.
    pub contact: Vec<(&'static str, String)>,
    pub grade: String,
    pub grade_reason: String,
    pub duplicate_of: Option<(String, String)>,
    pub duplicates: Vec<(String, String)>,
    pub messages: Vec<Said>,
    pub notes: Vec<Noted>,
    pub history: Vec<Happened>,
    pub cases: Vec<InCase>,
    pub values: Vec<Valued>,
    pub can_attest: bool,
    pub office: OfficeId,
    /// This officer's office has it for information only.
    pub informed: bool,
    /// Offices that have it for information: id and name.
    pub shared: Vec<(String, String)>,
    /// Who alone may open it, if it is restricted: id and name.
    pub readers: Vec<(String, String)>,
    /// The last day of a hold.
    pub held_until: String,
    /// Who it is lies with the custodians.
    pub sealed_identity: bool,
}

pub struct Said {
    pub by_police: bool,
    pub kind: &'static str,
    pub who: String,
    pub text: String,
    pub on: String,
}

pub struct Noted {
    pub what: String,
    pub text: String,
    pub who: String,
    pub initials: String,
    pub at: String,
}

pub struct Happened {
    pub what: String,
    pub who: String,
    pub at: String,
}

pub struct InCase {
    pub id: String,
    pub number: String,
    pub state: &'static str,
}

/// That a tip was valuable, and what the officer may do about it.
pub struct Valued {
    pub state: &'static str,
    pub decided_on: String,
    pub identified: bool,
    pub reason: String,
    pub steps: Vec<(&'static str, String, String)>,
    pub revoke_reason: String,
    pub forms: Vec<Form>,
}

/// Events that tell of reading; the history shows what changed.
const READINGS: [&str; 1] = ["TipRead"];

impl Tip {
    pub fn of(app: &App, maker: &Maker<'_>, tip: TipView) -> Self {
        let f = maker.f;
        let l = f.language;
        let category = app.reference.category_on(&tip.category, tip.received_on);
        let channel = app.reference.channel_on(&tip.channel, tip.received_on);
        let unit = tip.unit.as_ref().and_then(|key| app.reference.unit(key));
        let back = format!("/console/tips/{}", tip.id);
        let history = tip.history.iter().rev().filter(|act| !READINGS.contains(&act.act.as_str()));
        Self {
            can_attest: tip.allowed.contains(&"attest-value"),
            category: category.map_or(tip.category, |category| category.label.text(l).to_owned()),
            channel: channel.map_or(tip.channel, |channel| channel.label.text(l).to_owned()),
            place: unit.map_or_else(String::new, |unit| unit.name.text(l).to_owned()),
            history: history.map(|act| happened(f, act)).collect(),
            contact: tip.contact.as_ref().map_or_else(Vec::new, |who| contact(f, who)),
            grade: format!("{}{}", tip.grade.source, tip.grade.information),
            grade_reason: tip.grade.reason.clone().unwrap_or_default(),
            values: tip.valuations.into_iter().map(|value| valued(maker, tip.office, value, &back)).collect(),
            messages: tip.messages.into_iter().map(|message| said(f, message)).collect(),
            notes: tip.notes.into_iter().rev().map(|note| noted(f, note)).collect(),
            cases: tip.cases.iter().map(in_case).collect(),
            id: tip.id.to_string(),
            number: tip.number,
            state: tip.state.as_str(),
            version: tip.version,
            mode: tip.mode.as_str(),
            priority: priority::name(tip.priority),
            age: f.age(tip.received_on),
            arrived_at: f.moment(tip.arrived_at),
            assignee: tip.assignee.map_or_else(String::new, |officer| officer.name),
            thread_open: tip.thread_open,
            narrative: tip.narrative,
            where_exactly: tip.place.unwrap_or_default(),
            occurred_on: tip.occurred_on.map_or_else(String::new, date),
            happening_now: tip.happening_now,
            duplicate_of: tip.duplicate_of.map(|tip| (tip.id.to_string(), tip.number)),
            duplicates: tip.duplicates.into_iter().map(|tip| (tip.id.to_string(), tip.number)).collect(),
            office: tip.office,
            informed: tip.informed,
            shared: tip.shared_with.iter().map(|office| (office.to_string(), String::new())).collect(),
            readers: tip.readers.into_iter().map(|officer| (officer.id.to_string(), officer.name)).collect(),
            held_until: String::new(),
            sealed_identity: tip.mode == Mode::Confidential,
        }
    }

    /// Calls the offices that have it for information by their names.
    pub fn names(&mut self, offices: &[OfficeRow], language: Language) {
        for (id, name) in &mut self.shared {
            let office = offices.iter().find(|office| office.id.to_string() == *id);
            *name = office.map_or_else(|| id.clone(), |office| office.name.text(language).to_owned());
        }
    }

    /// What an officer has seen before deciding, in one line: state, assignee, grade, messages.
    pub fn seen(&self) -> String {
        format!("{}|{}|{}|{}", self.state, self.assignee, self.grade, self.messages.len())
    }
}

fn in_case(case: &crate::tips::CaseRef) -> InCase {
    InCase { id: case.id.to_string(), number: case.number.clone(), state: case.state.as_str() }
}

pub fn contact(f: &Frame, who: &crate::tips::Identity) -> Vec<(&'static str, String)> {
    let fields = who.fields().into_iter();
    let label = |name: &str| super::texts::label("who", name.rsplit('.').next().unwrap_or(name), f.language);
    fields.filter_map(|(name, text)| Some((label(name).unwrap_or(name), text?.clone()))).collect()
}

fn said(f: &Frame, message: MessageView) -> Said {
    let by_police = matches!(message.from, Sender::Police);
    let kind = match message.kind {
        MessageKind::Message => "message",
        MessageKind::Question => "question",
        MessageKind::Answer => "answer",
    };
    let who = message.officer.map_or_else(|| f.t("the_reporter").to_owned(), |officer| officer.name);
    Said { by_police, kind, who, text: message.text, on: date(message.on) }
}

fn noted(f: &Frame, note: NoteView) -> Noted {
    let what = match note.kind {
        NoteKind::Note => f.t("a_note").to_owned(),
        NoteKind::Reason => f.label("verb", &note.act).to_owned(),
        NoteKind::Grade => {
            let grade = note.grade.map_or_else(String::new, |grade| format!("{}{}", grade.source, grade.information));
            format!("{} {grade}", f.t("a_grade"))
        }
    };
    let initials = initials(&note.officer.name);
    Noted { what, text: note.text, who: note.officer.name, initials, at: f.moment(note.at) }
}

fn happened(f: &Frame, act: &crate::tips::Act) -> Happened {
    let who = act.officer.as_ref().map_or_else(|| f.label("actor", act.actor.as_str()).to_owned(), |o| o.name.clone());
    let at = act.at.map_or_else(|| date(act.on), |at| f.moment(at));
    Happened { what: f.label("act", &act.act).to_owned(), who, at }
}

fn valued(maker: &Maker<'_>, office: OfficeId, value: ValuationView, back: &str) -> Valued {
    let f = maker.f;
    let mine = f.is_me(&value.attested_by.id);
    let mut steps = vec![(f.t("attested_by"), value.attested_by.name.clone(), f.moment(value.attested_at))];
    let later = [
        (f.t("confirmed_by"), &value.confirmed_by, value.confirmed_at),
        (f.t("revoked_by"), &value.revoked_by, value.revoked_at),
    ];
    for (label, officer, at) in later {
        if let (Some(officer), Some(at)) = (officer, at) {
            steps.push((label, officer.name.clone(), f.moment(at)));
        }
    }
    let may = f.may_in(office, Permission::Confirm);
    let offer = match value.state {
        ValuationState::Attested => Offer { confirm: may && !mine, revoke: may || mine },
        ValuationState::Confirmed => Offer { confirm: false, revoke: may },
        ValuationState::Revoked => Offer { confirm: false, revoke: false },
    };
    Valued {
        state: value.state.as_str(),
        decided_on: date(value.decided_on),
        identified: value.identified,
        forms: value_forms(maker, &value.id.to_string(), back, &offer),
        reason: value.reason,
        steps,
        revoke_reason: value.revoke_reason.unwrap_or_default(),
    }
}

/// What makes sense to offer about a value; the service decides.
pub struct Offer {
    pub confirm: bool,
    pub revoke: bool,
}

/// The forms by which a value is confirmed or revoked; after them the page at `back` is shown.
pub fn value_forms(maker: &Maker<'_>, id: &str, back: &str, offer: &Offer) -> Vec<Form> {
    let mut forms = Vec::new();
    if offer.confirm {
        let form = maker.form("confirm", format!("/console/valuations/{id}/confirm"), "");
        forms.push(form.holding("back", back).looks(Look::Main));
    }
    if offer.revoke {
        let form = maker.form("revoke", format!("/console/valuations/{id}/revoke"), "");
        let field =
            super::form::Field { id: format!("revoke-{id}"), ..maker.field("revoke", "reason", Kind::Words, "") };
        forms.push(form.with(field).holding("back", back).looks(Look::Grave));
    }
    forms
}
