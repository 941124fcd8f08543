//! From rows to lookups.

use chrono::NaiveDate;

use super::successions::Crosswalk;
use super::timeline::Timeline;
use super::units::{self, Part, Unit, UnitKey};
use super::{Category, Channel, DatedRow, OutcomeKind, ReferenceError, RetentionRule, RowKind, YieldKind};

/// All reference data, checked: what each code means on each day.
///
/// Lists are ordered for display. Nothing here changes; edited rows make a new `Reference`.
#[derive(Clone, Debug)]
pub struct Reference {
    units: Timeline<Unit>,
    crosswalk: Crosswalk,
    categories: Timeline<Category>,
    channels: Timeline<Channel>,
    outcome_kinds: Timeline<OutcomeKind>,
    yield_kinds: Timeline<YieldKind>,
    retention_rules: Timeline<RetentionRule>,
}

impl Reference {
    /// Builds the lookups from rows in any order.
    ///
    /// # Errors
    /// Names the first row that cannot be read, overlaps or leaves a gap after another row of
    /// its key, or points at a unit that is not there on every day.
    pub fn build(mut rows: Vec<DatedRow>) -> Result<Self, ReferenceError> {
        let mut take = |kind| -> Vec<_> { rows.extract_if(.., |row| row.kind == kind).collect() };
        let units = units::build(take(RowKind::Unit))?;
        Ok(Self {
            crosswalk: Crosswalk::build(take(RowKind::Succession), &units)?,
            units,
            categories: Timeline::build(take(RowKind::Category), Category::read)?,
            channels: Timeline::build(take(RowKind::Channel), Channel::read)?,
            outcome_kinds: Timeline::build(take(RowKind::OutcomeKind), OutcomeKind::read)?,
            yield_kinds: Timeline::build(take(RowKind::YieldKind), YieldKind::read)?,
            retention_rules: Timeline::build(take(RowKind::RetentionRule), RetentionRule::read)?,
        })
    }

    /// What a unit's code means on a day.
    #[must_use]
    pub fn unit_on(&self, code: &str, day: NaiveDate) -> Option<&Unit> {
        self.units.on(code, day)
    }

    /// The unit that a key pins, whether or not it still exists.
    #[must_use]
    pub fn unit(&self, key: &UnitKey) -> Option<&Unit> {
        self.units.starting(&key.code, key.valid_from)
    }

    /// The units of a day: province, district, communes, villages, each by code.
    #[must_use]
    pub fn units_on(&self, day: NaiveDate) -> Vec<&Unit> {
        self.units.all_on(day, |unit| unit.kind.level())
    }

    /// Every meaning of every unit's code, in the order of their keys.
    pub fn all_units(&self) -> impl Iterator<Item = &Unit> {
        self.units.all()
    }

    /// The first day of a category's or a channel's code.
    #[must_use]
    pub fn begins(&self, kind: RowKind, code: &str) -> Option<NaiveDate> {
        match kind {
            RowKind::Category => self.categories.begins(code),
            RowKind::Channel => self.channels.begins(code),
            RowKind::OutcomeKind => self.outcome_kinds.begins(code),
            RowKind::YieldKind => self.yield_kinds.begins(code),
            RowKind::RetentionRule => self.retention_rules.begins(code),
            RowKind::Unit => self.units.begins(code),
            RowKind::Succession => None,
        }
    }

    /// The units above one on a day, nearest first; empty from where a parent does not exist.
    #[must_use]
    pub fn ancestors_on(&self, unit: &Unit, day: NaiveDate) -> Vec<&Unit> {
        let above = |unit: &Unit| self.unit_on(unit.parent.as_deref()?, day);
        // Ends: of two rows that hold on one day the parent is of a higher level.
        std::iter::successors(above(unit), |unit| above(unit)).collect()
    }

    /// What became of a unit, by key; empty if it still exists or has no successor on record.
    #[must_use]
    pub fn successors(&self, key: &UnitKey) -> Vec<(&Unit, Part)> {
        self.linked(self.crosswalk.successors.get(key))
    }

    /// What a unit was made of, by key; the part says how much of each predecessor came here.
    #[must_use]
    pub fn predecessors(&self, key: &UnitKey) -> Vec<(&Unit, Part)> {
        self.linked(self.crosswalk.predecessors.get(key))
    }

    fn linked(&self, links: Option<&Vec<(UnitKey, Part)>>) -> Vec<(&Unit, Part)> {
        let links = links.map_or(&[][..], Vec::as_slice).iter();
        links.filter_map(|(key, part)| Some((self.unit(key)?, *part))).collect()
    }

    /// The category of a code on a day.
    #[must_use]
    pub fn category_on(&self, code: &str, day: NaiveDate) -> Option<&Category> {
        self.categories.on(code, day)
    }

    /// The categories of a day in the order in which residents see them.
    #[must_use]
    pub fn categories_on(&self, day: NaiveDate) -> Vec<&Category> {
        self.categories.all_on(day, |category| category.order)
    }

    /// The channel of a code on a day.
    #[must_use]
    pub fn channel_on(&self, code: &str, day: NaiveDate) -> Option<&Channel> {
        self.channels.on(code, day)
    }

    /// The channels of a day, in order.
    #[must_use]
    pub fn channels_on(&self, day: NaiveDate) -> Vec<&Channel> {
        self.channels.all_on(day, |channel| channel.order)
    }

    /// The outcome kind of a code on a day.
    #[must_use]
    pub fn outcome_kind_on(&self, code: &str, day: NaiveDate) -> Option<&OutcomeKind> {
        self.outcome_kinds.on(code, day)
    }

    /// The outcome kinds of a day, in order.
    #[must_use]
    pub fn outcome_kinds_on(&self, day: NaiveDate) -> Vec<&OutcomeKind> {
        self.outcome_kinds.all_on(day, |kind| kind.order)
    }

    /// The yield kind of a code on a day.
    #[must_use]
    pub fn yield_kind_on(&self, code: &str, day: NaiveDate) -> Option<&YieldKind> {
        self.yield_kinds.on(code, day)
    }

    /// The yield kinds of a day, in order.
    #[must_use]
    pub fn yield_kinds_on(&self, day: NaiveDate) -> Vec<&YieldKind> {
        self.yield_kinds.all_on(day, |kind| kind.order)
    }

    /// The rules of a day for how long tips are kept, in order.
    #[must_use]
    pub fn retention_rules_on(&self, day: NaiveDate) -> Vec<&RetentionRule> {
        self.retention_rules.all_on(day, |rule| rule.order)
    }

    /// The rule of a day for a tip; none: it is kept.
    #[must_use]
    pub fn retention_rule_on(
        &self,
        day: NaiveDate,
        state: &str,
        category: &str,
        outcomes: &[String],
    ) -> Option<&RetentionRule> {
        self.retention_rules_on(day).into_iter().find(|rule| rule.fits(state, category, outcomes))
    }
}
