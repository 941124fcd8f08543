//! What keys are called, and in which order they are shown.

use entity::enums::Mode;

use super::{Dimension, NO_UNIT, NOT_ATTRIBUTABLE, TableQuery};
use crate::{
    reference::{Label, Reference, UnitKey},
    statistics::ledger::Standing,
};

/// What a key is called; of an office its id, whose name is no reference data. A key that the reference data lost is
/// its own label.
pub fn label(reference: &Reference, query: &TableQuery, dimension: Dimension, key: &str) -> Label {
    if let Dimension::Period(period) = dimension {
        return period.label_of(key);
    }
    found(reference, query, dimension, key).map_or_else(|| own(key), |(_, label)| label)
}

/// The place of a key in its list: as residents see categories and channels, the unknown last.
pub(super) fn place(reference: &Reference, query: &TableQuery, dimension: Dimension, key: &str) -> u16 {
    found(reference, query, dimension, key).map_or(u16::MAX, |(place, _)| place)
}

fn own(key: &str) -> Label {
    if key.is_empty() { text("Không rõ", "Not known") } else { text(key, key) }
}

fn text(vi: &str, en: &str) -> Label {
    Label { vi: vi.to_owned(), en: en.to_owned() }
}

fn found(reference: &Reference, query: &TableQuery, dimension: Dimension, key: &str) -> Option<(u16, Label)> {
    match dimension {
        Dimension::Unit | Dimension::Commune | Dimension::District | Dimension::Province => unit(reference, key),
        // A code keeps its newest label.
        Dimension::Category => [query.to, query.from].into_iter().find_map(|day| {
            let category = reference.category_on(key, day)?;
            Some((category.order, category.label.clone()))
        }),
        Dimension::Channel => [query.to, query.from].into_iter().find_map(|day| {
            let channel = reference.channel_on(key, day)?;
            Some((channel.order, channel.label.clone()))
        }),
        Dimension::Mode => Mode::parse(key).map(mode),
        Dimension::Detail => detail(reference, query, key),
        Dimension::Office => Some((0, own(key))),
        Dimension::Period(period) => Some((0, period.label_of(key))),
    }
}

fn unit(reference: &Reference, key: &str) -> Option<(u16, Label)> {
    match key {
        NOT_ATTRIBUTABLE => {
            Some((u16::MAX - 1, text("Không quy được về địa bàn hiện nay", "Not attributable to a place of today")))
        }
        NO_UNIT => Some((u16::MAX, text("Không rõ địa bàn", "Place not known"))),
        key => {
            let key: UnitKey = key.parse().ok()?;
            reference.unit(&key).map(|unit| (0, unit.name.clone()))
        }
    }
}

fn mode(mode: Mode) -> (u16, Label) {
    match mode {
        Mode::Anonymous => (0, text("Ẩn danh", "Anonymous")),
        Mode::Confidential => (1, text("Giữ kín danh tính", "Confidential")),
        Mode::Identified => (2, text("Có danh tính", "Identified")),
        Mode::Organisation => (3, text("Cơ quan, tổ chức", "Organisation")),
    }
}

fn detail(reference: &Reference, query: &TableQuery, key: &str) -> Option<(u16, Label)> {
    if let Some(standing) = Standing::ALL.into_iter().find(|standing| standing.as_str() == key) {
        return Some(label_of(standing));
    }
    let (kind, choice) = key.split_once(':').unwrap_or((key, ""));
    [query.to, query.from].into_iter().find_map(|day| {
        if let Some(outcome) = reference.outcome_kind_on(key, day) {
            return Some((100 + outcome.order, outcome.label.clone()));
        }
        let brought = reference.yield_kind_on(kind, day)?;
        let choice = brought.kinds.iter().find(|known| known.code == choice);
        Some((200 + brought.order, choice.map_or_else(|| brought.label.clone(), |choice| choice.label.clone())))
    })
}

fn label_of(standing: Standing) -> (u16, Label) {
    match standing {
        Standing::Transferred => (0, text("Đã chuyển nơi khác", "Transferred")),
        Standing::Handled => (1, text("Đã xử lý", "Handled")),
        Standing::Duplicate => (2, text("Tin trùng", "Duplicate")),
        Standing::Spam => (3, text("Tin rác", "Spam")),
        Standing::Test => (4, text("Tin thử", "Test")),
        Standing::NotPolice => (5, text("Không thuộc thẩm quyền", "No police matter")),
    }
}
