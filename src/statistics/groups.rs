use super::measures::{Table, label};
use crate::reference::{Label, Reference};

/// One line of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `2021`, `2021-03`, `15016@2019-12-01` (or `none`), or the code of a category or channel.
    pub key: String,
    pub label: Label,
    pub total: u64,
}

/// The lines of a table of one dimension, each with its label.
pub(super) fn groups(reference: &Reference, table: &Table) -> Vec<Group> {
    let Some(axis) = table.axes.first() else { return Vec::new() };
    let group = |(key, value): (&String, i64)| Group {
        key: key.clone(),
        label: label(reference, &table.query, axis.dimension, key),
        total: value.max(0).unsigned_abs(),
    };
    table.cells.iter().filter_map(|cell| cell.keys.first().map(|key| (key, cell.value))).map(group).collect()
}
