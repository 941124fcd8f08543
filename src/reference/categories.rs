//! What tips are about.

use serde::Deserialize;

use super::coded::coded;
use super::{DatedRow, Label, ReferenceError};

coded! {
    /// Where a new tip of a category stands in the queue.
    Priority {
        Normal = "normal",
        /// Life is in danger: on top of the queue.
        Urgent = "urgent",
    }
}

coded! {
    /// Which office gets the tips of a category.
    Routing {
        /// The office that covers the place.
        Covering = "covering",
        /// The office above it: the tip is about the covering office's own people.
        Oversight = "oversight",
    }
}

/// A category as residents choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub code: String,
    /// Place in lists, lowest first.
    pub order: u16,
    pub label: Label,
    /// What belongs here, in residents' words.
    pub examples: Vec<Label>,
    pub priority: Priority,
    pub routing: Routing,
    /// What to tell a resident before the tip is written.
    pub advice: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    order: u16,
    label: Label,
    examples: Vec<Label>,
    priority: Priority,
    routing: Routing,
    advice: Option<Label>,
}

impl Category {
    pub(super) fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let Body { order, label, examples, priority, routing, advice } = row.read()?;
        Ok(Self { code: row.key.clone(), order, label, examples, priority, routing, advice })
    }
}
