//! The only way to a case's words: its title, its closing notes and what is noted with its outcomes.

use chrono::{DateTime, Utc};
use entity::{
    case_wraps, cases,
    ids::{CaseId, OfficeId, OfficerId, OutcomeId},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use vault::{
    chance::Chance,
    keys::SymmetricKey,
    seal::{self, Place},
};
use zeroize::Zeroizing;

use crate::units::Keyring;

/// Version of the layout of sealed case content.
const VERSION: u32 = 1;

/// An opened case: the key to what belongs to it.
pub struct CaseKey {
    case: CaseId,
    key: SymmetricKey,
}

/// The sealed words of a case.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    pub title: String,
    /// Why it was closed, reopened and held, oldest first.
    pub notes: Vec<Note>,
}

/// What an officer said when the case was closed, reopened or held.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    pub act: String,
    pub text: String,
    pub officer: OfficerId,
    pub at: DateTime<Utc>,
}

/// A stored thing did not open: the row was changed, swapped or sealed for somebody else.
fn damaged(what: &'static str, id: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("sealed {what} {id} does not open"))
}

/// A wrap is bound to the case, the office and the epoch whose key it is under; the place is named as it was when the
/// wrap lay in the case's own row, so that those of then still open.
fn wrap_place(case: CaseId, office: OfficeId, epoch: i32) -> Place {
    Place { table: "cases", column: "wrap", row: case.into(), owner: office.into(), version: epoch.unsigned_abs() }
}

impl CaseKey {
    pub fn generate(case: CaseId, chance: &Chance) -> Self {
        Self { case, key: SymmetricKey::generate(chance) }
    }

    /// The key under its office's symmetric key: police make cases themselves, so nobody else has to seal one.
    pub fn wrap(&self, office: OfficeId, epoch: i32, symmetric: &SymmetricKey, chance: &Chance) -> Vec<u8> {
        seal::seal(symmetric, &wrap_place(self.case, office, epoch), self.key.as_bytes(), chance)
    }

    /// Opens a case's key. None: this officer was not granted the epoch that it is under.
    pub fn open(keyring: &Keyring, case: &cases::Model, wrap: &case_wraps::Model) -> Result<Option<Self>, DbErr> {
        let Some(keys) = keyring.epoch(wrap.epoch) else { return Ok(None) };
        let place = wrap_place(case.id, case.office_id, wrap.epoch);
        let opened = seal::open(&keys.symmetric, &place, &wrap.wrap).ok();
        let key = opened.and_then(|bytes| SymmetricKey::from_slice(&bytes));
        key.map(|key| Some(Self { case: case.id, key })).ok_or_else(|| damaged("key of case", case.id))
    }

    fn place(&self, table: &'static str, column: &'static str, row: uuid::Uuid) -> Place {
        Place { table, column, row, owner: self.case.into(), version: VERSION }
    }

    pub(super) fn seal_content(&self, content: &Content, chance: &Chance) -> Vec<u8> {
        // Strings, ids and times: serialization has no way to fail.
        let json = Zeroizing::new(serde_json::to_vec(content).unwrap_or_default());
        seal::seal(&self.key, &self.place("cases", "sealed", self.case.into()), &json, chance)
    }

    pub(super) fn open_content(&self, sealed: &[u8]) -> Result<Content, DbErr> {
        let opened = seal::open(&self.key, &self.place("cases", "sealed", self.case.into()), sealed).ok();
        let content = opened.and_then(|json| serde_json::from_slice(&json).ok());
        content.ok_or_else(|| damaged("content of case", self.case))
    }

    /// Seals what is noted with an outcome of this case.
    pub fn seal_outcome_note(&self, outcome: OutcomeId, text: &str, chance: &Chance) -> Vec<u8> {
        seal::seal(&self.key, &self.place("outcomes", "note_sealed", outcome.into()), text.as_bytes(), chance)
    }

    pub fn open_outcome_note(&self, outcome: OutcomeId, sealed: &[u8]) -> Result<String, DbErr> {
        let opened = seal::open(&self.key, &self.place("outcomes", "note_sealed", outcome.into()), sealed).ok();
        let text = opened.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        text.ok_or_else(|| damaged("note of outcome", outcome))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn key(case: u128, chance: &Chance) -> CaseKey {
        CaseKey::generate(Uuid::from_u128(case).into(), chance)
    }

    #[test]
    fn a_title_opens_with_its_own_case_only() {
        let chance = Chance::seeded(1);
        let (one, other) = (key(1, &chance), key(2, &chance));
        let content = Content { title: "Gỗ lậu ở Na Mèo".into(), notes: Vec::new() };
        let sealed = one.seal_content(&content, &chance);
        assert_eq!(one.open_content(&sealed).unwrap().title, content.title);
        assert!(other.open_content(&sealed).is_err());
        let renamed = CaseKey { case: other.case, key: one.key };
        assert!(renamed.open_content(&sealed).is_err());
    }

    #[test]
    fn a_note_opens_with_its_own_outcome_only() {
        let chance = Chance::seeded(2);
        let key = key(1, &chance);
        let [one, other] = [7, 8].map(|id| OutcomeId::from(Uuid::from_u128(id)));
        let sealed = key.seal_outcome_note(one, "hai đối tượng", &chance);
        assert_eq!(key.open_outcome_note(one, &sealed).unwrap(), "hai đối tượng");
        assert!(key.open_outcome_note(other, &sealed).is_err());
    }
}
