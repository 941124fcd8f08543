use chrono::NaiveDate;
use entity::enums::Mode;
use serde::Deserialize;
use vault::secret::Secret;

use crate::{
    app::App,
    reference::Reference,
    tips::{self, Identity},
    web::api::{problem::ApiError, receipts::parse_receipt},
};

/// A tip as it was typed, so that the page can come back filled.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct TypedTip {
    pub receipt: String,
    pub ticket: String,
    pub category: String,
    pub narrative: String,
    pub unit: String,
    pub place: String,
    pub occurred_on: String,
    pub happening_now: String,
    pub mode: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub organisation: String,
}

/// A day that no tip can have: it stands for what was typed and is none, so that the service refuses it together
/// with everything else that is wrong.
const NO_DAY: NaiveDate = NaiveDate::MIN;

impl TypedTip {
    pub fn parse(&self, app: &App) -> Result<tips::NewTip, ApiError> {
        Ok(tips::NewTip {
            receipt: parse_receipt(&self.receipt)?,
            ticket: self.ticket.clone(),
            category: self.category.clone(),
            // Browsers end lines with two characters; people count one.
            narrative: Secret::new(self.narrative.replace("\r\n", "\n")),
            unit: filled(&self.unit).map(|typed| unit_code(typed, &app.reference, app.clock.today())),
            place: filled(&self.place).map(Secret::new),
            occurred_on: filled(&self.occurred_on).map(|typed| day(&typed).unwrap_or(NO_DAY)),
            happening_now: !self.happening_now.is_empty(),
            concerns: Vec::new(),
            language: None,
            channel: "web".to_owned(),
            mode: mode(&self.mode),
            identity: self.identity(),
        })
    }

    fn identity(&self) -> Identity {
        Identity {
            name: filled(&self.name),
            phone: filled(&self.phone),
            address: filled(&self.address),
            organisation: filled(&self.organisation),
        }
    }
}

fn filled(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// The one place that was meant; else what was typed, which is no code, so that the service says so.
fn unit_code(typed: String, reference: &Reference, today: NaiveDate) -> String {
    match reference.places_named(&typed, today).as_slice() {
        [meant] => meant.key.code.clone(),
        _ => typed,
    }
}

/// `23/11/2026` as Vietnamese write it, with dots or dashes too; `2026-11-23` as date fields send it.
fn day(typed: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = typed.split(['/', '.', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match (parts.as_slice(), numbers.as_slice()) {
        ([first, ..], [year, month, day]) if first.len() == 4 => (*year, *month, *day),
        ([.., last], [day, month, year]) if last.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Anonymous unless something else was chosen.
fn mode(typed: &str) -> Mode {
    match typed {
        "confidential" => Mode::Confidential,
        "identified" => Mode::Identified,
        "organisation" => Mode::Organisation,
        _ => Mode::Anonymous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let wanted = NaiveDate::from_ymd_opt(2026, 11, 3);
        for typed in ["3/11/2026", "03/11/2026", "03-11-2026", "3.11.2026", "2026-11-03", "03 / 11 / 2026"] {
            assert_eq!(day(typed), wanted, "{typed}");
        }
        for typed in ["", "hôm qua", "31/02/2026", "3/11/26", "3/11", "1/2/3/2026", "99999999999/1/2026"] {
            assert_eq!(day(typed), None, "{typed}");
        }
    }
}
