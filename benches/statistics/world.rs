//! Where tips come from: the shipped places, offices, categories and channels, some more often than others.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{enums::Mode, ids::OfficeId};
use tipline::{app::App, reference::UnitKey, units};
use vault::chance::Chance;

use super::Any;

pub struct World {
    pub chance: Chance,
    /// The communes of each day on which they changed, with their police.
    territories: Vec<(NaiveDate, Vec<(UnitKey, OfficeId)>)>,
    categories: Vec<String>,
    channels: Vec<String>,
    pub desk: OfficeId,
}

pub const FIRST: &str = "2021-01-01";
pub const DAYS: u64 = 5 * 365 + 1;

/// The same ledger every time.
const SEED: u64 = 87;

impl World {
    pub async fn load(app: &App) -> Result<Self, Any> {
        let offices = units::store::all_offices(app.db.read()).await?;
        let by_code: HashMap<&str, OfficeId> = offices.iter().map(|office| (office.code.as_str(), office.id)).collect();
        let desk = units::store::intake_desk(app.db.read()).await?.ok_or("no intake desk")?.id;
        let reference = &app.reference;
        let communes = |on: NaiveDate| {
            let units = reference.units_on(on).into_iter().filter(|unit| unit.kind.level() == 2);
            let police = |key: &UnitKey| format!("ca-xa-{}-{}", key.code, &key.valid_from.to_string()[..4]);
            units
                .map(|unit| (unit.key.clone(), by_code.get(police(&unit.key).as_str()).copied().unwrap_or(desk)))
                .collect()
        };
        let turns = ["2019-12-01", "2025-07-01"].map(|day| day.parse::<NaiveDate>());
        let territories = turns.into_iter().map(|day| day.map(|day| (day, communes(day)))).collect::<Result<_, _>>()?;
        let day = FIRST.parse()?;
        Ok(Self {
            chance: Chance::seeded(SEED),
            territories,
            categories: reference.categories_on(day).iter().map(|category| category.code.clone()).collect(),
            channels: reference.channels_on(day).iter().map(|channel| channel.code.clone()).collect(),
            desk,
        })
    }

    pub fn percent(&self, percent: u64) -> bool {
        self.chance.below(100) < percent
    }

    pub fn days(&self, most: u64) -> Days {
        // Short waits are likelier than long ones.
        Days::new(self.chance.below(most + 1).min(self.chance.below(most + 1)))
    }

    /// One of a list, the first ones more often.
    pub fn skewed<'a, T>(&self, from: &'a [T]) -> &'a T {
        let n = from.len() as u64;
        let at = self.chance.below(n).min(self.chance.below(n));
        &from[usize::try_from(at).unwrap_or(0)]
    }

    pub fn place(&self, on: NaiveDate) -> (Option<UnitKey>, OfficeId) {
        let territory = self.territories.iter().rev().find(|(from, _)| *from <= on);
        match territory {
            Some((_, communes)) if !communes.is_empty() && self.percent(95) => {
                let (unit, office) = self.skewed(communes);
                (Some(unit.clone()), *office)
            }
            Some(_) | None => (None, self.desk),
        }
    }

    pub fn category(&self) -> &str {
        self.skewed::<String>(&self.categories)
    }

    pub fn channel(&self) -> &str {
        self.skewed::<String>(&self.channels)
    }

    pub fn mode(&self) -> Mode {
        const MODES: [Mode; 4] = [Mode::Anonymous, Mode::Anonymous, Mode::Identified, Mode::Organisation];
        *self.skewed(&MODES)
    }
}
