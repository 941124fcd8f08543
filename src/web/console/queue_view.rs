//! The queue as a page shows it: every text made, nothing left to work out.

use std::collections::HashMap;

use entity::{enums::TipStatus, ids::OfficeId};

use super::{
    frame::{Frame, date, initials},
    query::Query,
    queue_filter::{Lane, NARROWING, lane},
};
use crate::{
    app::App,
    reference::Language,
    tips::{Tally, TipRow, priority},
    units::OfficeRow,
};

pub struct Row {
    pub id: String,
    pub number: String,
    pub version: i32,
    pub state: &'static str,
    pub category: String,
    pub place: String,
    /// Where the officer works in several.
    pub office: String,
    pub priority: &'static str,
    pub received_on: String,
    pub age: String,
    pub assignee: String,
    pub initials: String,
    pub mine: bool,
    pub unread: i32,
    pub messages: i32,
}

pub struct Tab {
    pub key: &'static str,
    pub address: String,
    pub count: Tally,
    pub here: bool,
}

pub struct Choice {
    pub code: String,
    pub label: String,
    pub chosen: bool,
}

/// Names of offices, if the officer works in more than one.
pub fn office_names(offices: &[OfficeRow], language: Language) -> HashMap<OfficeId, String> {
    if offices.len() < 2 {
        return HashMap::new();
    }
    offices.iter().map(|office| (office.id, office.name.text(language).to_owned())).collect()
}

pub fn row(app: &App, f: &Frame, offices: &HashMap<OfficeId, String>, tip: TipRow) -> Row {
    let category = app.reference.category_on(&tip.category, tip.received_on);
    let unit = tip.unit.as_deref().and_then(|code| app.reference.unit_on(code, tip.received_on));
    let assignee = tip.assignee.as_ref().map_or(String::new(), |officer| officer.name.clone());
    Row {
        id: tip.id.to_string(),
        number: tip.number,
        version: tip.version,
        state: tip.state.as_str(),
        category: category.map_or(tip.category, |category| category.label.text(f.language).to_owned()),
        place: unit.map_or_else(String::new, |unit| unit.name.text(f.language).to_owned()),
        office: offices.get(&tip.office).cloned().unwrap_or_default(),
        priority: priority::name(tip.priority),
        received_on: date(tip.received_on),
        age: f.age(tip.received_on),
        mine: tip.assignee.as_ref().is_some_and(|officer| f.is_me(&officer.id)),
        initials: initials(&assignee),
        assignee,
        unread: tip.unread,
        messages: tip.message_count,
    }
}

/// The lanes with their counts under the same filter.
pub fn tabs(query: &Query, counts: &[(TipStatus, Tally)]) -> Vec<Tab> {
    let (here, narrowing) = (lane(query), query.only(&NARROWING));
    let tab = |lane: Lane| Tab {
        key: lane.as_str(),
        address: format!("/console{}", narrowing.with("lane", lane.as_str())),
        count: lane.tally(counts),
        here: lane == here,
    };
    Lane::ALL.into_iter().map(tab).collect()
}

pub fn categories(app: &App, query: &Query, language: Language) -> Vec<Choice> {
    let categories = app.reference.categories_on(app.clock.today()).into_iter();
    let choice = |category: &crate::reference::Category| Choice {
        code: category.code.clone(),
        label: category.label.text(language).to_owned(),
        chosen: query.get("category") == Some(category.code.as_str()),
    };
    categories.map(choice).collect()
}

pub fn places(app: &App, query: &Query, language: Language) -> Vec<Choice> {
    let places = app.reference.places_on(app.clock.today()).into_iter();
    let choice = |unit: &crate::reference::Unit| Choice {
        code: unit.key.code.clone(),
        label: unit.name.text(language).to_owned(),
        chosen: query.get("unit") == Some(unit.key.code.as_str()),
    };
    places.map(choice).collect()
}

/// Codes with the texts of their kind.
pub fn choices(f: &Frame, query: &Query, parameter: &str, kind: &str, codes: &[&str]) -> Vec<Choice> {
    let choice = |code: &&str| Choice {
        code: (*code).to_owned(),
        label: f.label(kind, code).to_owned(),
        chosen: query.get(parameter) == Some(*code),
    };
    codes.iter().map(choice).collect()
}
