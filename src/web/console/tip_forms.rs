//! The forms by which an officer moves a tip, hands it on, or decides who may open it.

use super::{
    form::{Field, Form, Kind, Look, Maker},
    frame::Frame,
    tip_verbs::Verb,
    tip_view::Tip,
};
use crate::{
    staff::Permission,
    units::{Member, OfficeRow},
};

/// Who and which offices a form can name.
pub struct Around {
    /// Of the tip's office.
    pub members: Vec<Member>,
    /// Offices of today.
    pub offices: Vec<OfficeRow>,
}

/// The verbs of the line that are possible now, in its order.
pub fn moves(maker: &Maker<'_>, tip: &Tip, allowed: &[&str], around: &Around) -> Vec<Form> {
    // Who has a case for it already seldom opens another one.
    let next = |verb: &&str| allowed.contains(verb) && (*verb != "open-case" || tip.cases.is_empty());
    let main = ["screen", "accept", "open-case"].into_iter().find(next);
    let verbs = MOVES.iter().filter(|(verb, _)| allowed.contains(&verb.as_str()));
    let form = |(verb, key): &(Verb, &'static str)| {
        let form = fill(maker, tip, *verb, key, around);
        if main == Some(verb.as_str()) { form.looks(Look::Main) } else { form }
    };
    verbs.map(form).collect()
}

const MOVES: [(Verb, &str); 10] = [
    (Verb::Screen, "s"),
    (Verb::Accept, "a"),
    (Verb::OpenCase, "c"),
    (Verb::LinkCase, "l"),
    (Verb::Assign, "g"),
    (Verb::Grade, "p"),
    (Verb::Refer, "f"),
    (Verb::MarkDuplicate, "d"),
    (Verb::Dismiss, "x"),
    (Verb::Reopen, "o"),
];

/// The verbs that decide who may open the tip, and how long it is kept. What makes sense to offer; the services decide.
pub fn custody(maker: &Maker<'_>, tip: &Tip, allowed: &[&str], around: &Around) -> Vec<Form> {
    let verbs = [
        (Verb::Transfer, "t"),
        (Verb::Share, ""),
        (Verb::Unshare, ""),
        (Verb::Restrict, ""),
        (Verb::LiftRestriction, ""),
        (Verb::Concern, ""),
    ];
    let mut forms: Vec<Form> = verbs
        .into_iter()
        .filter(|(verb, _)| allowed.contains(&verb.as_str()))
        .map(|(verb, key)| fill(maker, tip, verb, key, around))
        .collect();
    let may = |permission| !tip.informed && maker.f.may_in(tip.office, permission);
    let offered = [
        (Verb::RequestIdentity, tip.sealed_identity && may(Permission::Investigate)),
        (Verb::PlaceHold, may(Permission::Confirm)),
        (Verb::LiftHold, may(Permission::Confirm) && !tip.held_until.is_empty()),
    ];
    let offered = offered.into_iter().filter(|(_, offer)| *offer);
    forms.extend(offered.map(|(verb, _)| fill(maker, tip, verb, "", around)));
    forms
}

/// The form of a verb, with what was typed in it before.
pub fn fill(maker: &Maker<'_>, tip: &Tip, verb: Verb, key: &'static str, around: &Around) -> Form {
    let name = verb.as_str();
    let form = maker.form(name, format!("/console/tips/{}/{name}", tip.id), key);
    let form = form.holding("version", tip.version.to_string()).holding("seen", tip.seen());
    let words = |field| maker.field(name, field, Kind::Words, "");
    let line = |field| maker.field(name, field, Kind::Line, "");
    match verb {
        Verb::Screen | Verb::Accept | Verb::LiftRestriction => form,
        Verb::Ask | Verb::Reply | Verb::Note => form.with(words("text")),
        Verb::OpenCase => form.with(line("title")),
        Verb::LinkCase => form.with(line("case")),
        Verb::Assign => form.with(maker.choice(name, "assignee", "", colleagues(maker.f, &around.members))),
        Verb::Grade => {
            form.with(graded(maker, tip, "source")).with(graded(maker, tip, "information")).with(words("reason"))
        }
        Verb::Refer => form.with(line("to")).with(words("reason")),
        Verb::MarkDuplicate => form.with(line("of")).with(words("reason")),
        Verb::Dismiss => {
            let why = coded(maker.f, &["spam", "test", "not_police"], "why");
            form.with(maker.choice(name, "why", "spam", why)).with(words("reason")).looks(Look::Grave)
        }
        Verb::Reopen => form.with(words("reason")),
        Verb::Transfer => form.with(desks(maker, tip, name, around)).with(words("reason")).looks(Look::Grave),
        Verb::Share => form.with(desks(maker, tip, name, around)),
        Verb::Unshare => form.with(maker.choice(name, "office", "", tip.shared.clone())),
        Verb::Restrict => {
            form.with(maker.several(name, "officers", readers(tip), works_here(maker.f, &around.members)))
        }
        Verb::Concern => {
            let offices = offices(maker.f, around.offices.iter());
            form.with(maker.choice(name, "office", "", offices)).with(words("reason")).looks(Look::Grave)
        }
        Verb::PlaceHold => form.with(maker.field(name, "until", Kind::Day, &tip.held_until)).with(words("reason")),
        Verb::LiftHold => form.with(words("reason")),
        Verb::RequestIdentity => form.with(words("reason")).with(line("legal_ground")).looks(Look::Grave),
    }
}

fn graded(maker: &Maker<'_>, tip: &Tip, field: &'static str) -> Field {
    let grade = |at: usize| tip.grade.get(at..=at).unwrap_or_default();
    let (stands, codes, kind): (&str, &[&str], &str) = match field {
        "source" => (grade(0), &SOURCES, "source"),
        _information => (grade(1), &INFORMATION, "info"),
    };
    maker.choice(Verb::Grade.as_str(), field, stands, coded(maker.f, codes, kind))
}

fn coded(f: &Frame, codes: &[&str], kind: &str) -> Vec<(String, String)> {
    codes.iter().map(|code| ((*code).to_owned(), f.label(kind, code).to_owned())).collect()
}

const SOURCES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const INFORMATION: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

/// Other offices that a tip can be sealed to.
fn desks(maker: &Maker<'_>, tip: &Tip, verb: &str, around: &Around) -> Field {
    let others = around.offices.iter().filter(|office| office.holds_key && office.id != tip.office);
    maker.choice(verb, "office", "", offices(maker.f, others))
}

fn offices<'a>(f: &Frame, offices: impl Iterator<Item = &'a OfficeRow>) -> Vec<(String, String)> {
    offices.map(|office| (office.id.to_string(), office.name.text(f.language).to_owned())).collect()
}

fn readers(tip: &Tip) -> Vec<String> {
    tip.readers.iter().map(|(id, _)| id.clone()).collect()
}

/// Nobody, and those of the office who work tips.
fn colleagues(f: &Frame, members: &[Member]) -> Vec<(String, String)> {
    let nobody = (String::new(), f.t("nobody").to_owned());
    std::iter::once(nobody).chain(works_here(f, members)).collect()
}

fn works_here(f: &Frame, members: &[Member]) -> Vec<(String, String)> {
    let works = |member: &&Member| member.active && member.roles.iter().any(|role| Permission::Work.is_given_by(*role));
    let one = |member: &Member| {
        let name = if f.is_me(&member.id) {
            format!("{} ({})", member.display_name, f.t("me"))
        } else {
            member.display_name.clone()
        };
        (member.id.to_string(), name)
    };
    members.iter().filter(works).map(one).collect()
}
