//! The only way to a tip's words: which key opens what, and where each sealed thing is bound to.
//!
//! A tip has one key of its own. Police hold it, sealed to the handling office; the reporter holds only the
//! thread key derived from it, which opens the messages and neither the first words nor what police noted.

use entity::{
    enums::WrapHolder,
    ids::{MessageId, NoteId, OfficeId, OfficerId, TipId, ValuationId},
    tip_wraps,
};
use sea_orm::DbErr;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use vault::{
    chance::Chance,
    keys::{PrivateKey, PublicKey, SymmetricKey, own_key, thread_key},
    seal::{self, Context, OpenError, Place},
};

use crate::units::Keyring;

/// Version of the layout of sealed tip content.
const VERSION: u32 = 1;

/// An opened tip: every key to what belongs to it.
pub struct TipKeys {
    tip: TipId,
    dek: SymmetricKey,
    thread: SymmetricKey,
}

/// The reporter's part of an opened tip.
pub struct ThreadKey {
    tip: TipId,
    thread: SymmetricKey,
}

/// A sealed thing of a tip.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    Content,
    Contact,
    Message(MessageId),
    Note(NoteId),
    Attestation(ValuationId),
    Revocation(ValuationId),
}

/// A stored thing did not open: the row was changed, swapped or sealed for somebody else.
pub fn damaged(what: &'static str, id: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("sealed {what} {id} does not open"))
}

fn place(tip: TipId, table: &'static str, column: &'static str, row: Uuid) -> Place {
    Place { table, column, row, owner: tip.into(), version: VERSION }
}

fn wrap_context(tip: TipId, purpose: &'static str, holder: Uuid, epoch: i32) -> Context {
    Context { purpose, row: holder, owner: tip.into(), version: epoch.unsigned_abs() }
}

impl TipKeys {
    pub fn generate(tip: TipId, chance: &Chance) -> Self {
        Self::of(tip, SymmetricKey::generate(chance))
    }

    fn of(tip: TipId, dek: SymmetricKey) -> Self {
        let thread = thread_key(&dek);
        Self { tip, dek, thread }
    }

    /// The key sealed to an office, which any of its members can open.
    pub fn wrap_to_office(&self, office: OfficeId, epoch: i32, public: &PublicKey, chance: &Chance) -> Vec<u8> {
        let context = wrap_context(self.tip, "tip_office", office.into(), epoch);
        seal::seal_to(public, &context, self.dek.as_bytes(), chance)
    }

    /// The key under the office's symmetric key: opened a hundred times faster, for scanning.
    pub fn wrap_fast(&self, office: OfficeId, symmetric: &SymmetricKey, chance: &Chance) -> Vec<u8> {
        seal::seal(symmetric, &place(self.tip, "tip_wraps", "office_fast", office.into()), self.dek.as_bytes(), chance)
    }

    /// The key sealed to one officer by name, whom no office's key replaces.
    pub fn wrap_to_officer(&self, officer: OfficerId, public: &PublicKey, chance: &Chance) -> Vec<u8> {
        let context = wrap_context(self.tip, "tip_officer", officer.into(), 1);
        seal::seal_to(public, &context, self.dek.as_bytes(), chance)
    }

    /// Opens the wrap of an officer who is named.
    pub fn open_named(tip: TipId, officer: OfficerId, private: &PrivateKey, wrap: &[u8]) -> Result<Self, OpenError> {
        let opened = seal::open_from(private, &wrap_context(tip, "tip_officer", officer.into(), 1), wrap)?;
        Ok(Self::of(tip, SymmetricKey::from_slice(&opened).ok_or(OpenError)?))
    }

    /// Opens a sealed thing and seals it under another key of the same tip.
    pub fn reseal(&self, piece: Piece, sealed: &[u8], to: &Self, chance: &Chance) -> Result<Vec<u8>, DbErr> {
        let (table, column, row) = match piece {
            Piece::Content => ("tips", "sealed", self.tip.into()),
            Piece::Contact => ("tips", "contact_sealed", self.tip.into()),
            Piece::Message(id) => ("messages", "sealed", id.into()),
            Piece::Note(id) => ("notes", "sealed", id.into()),
            Piece::Attestation(id) => ("valuations", "attest_sealed", id.into()),
            Piece::Revocation(id) => ("valuations", "revoke_sealed", id.into()),
        };
        let (from, to) = match piece {
            Piece::Message(_) => (&self.thread, &to.thread),
            Piece::Content | Piece::Contact | Piece::Note(_) | Piece::Attestation(_) | Piece::Revocation(_) => {
                (&self.dek, &to.dek)
            }
        };
        let place = place(self.tip, table, column, row);
        let opened = seal::open(from, &place, sealed).map_err(|_| damaged("thing in", table))?;
        Ok(seal::seal(to, &place, &opened, chance))
    }

    /// The thread key sealed to the reporter, by who has the public half only.
    pub fn wrap_to_reporter(&self, public: &PublicKey, chance: &Chance) -> Vec<u8> {
        let context = wrap_context(self.tip, "tip_reporter", self.tip.into(), 1);
        seal::seal_to(public, &context, self.thread.as_bytes(), chance)
    }

    pub fn seal_content<T: Serialize>(&self, content: &T, chance: &Chance) -> Vec<u8> {
        seal::seal(&self.dek, &place(self.tip, "tips", "sealed", self.tip.into()), &json(content), chance)
    }

    pub fn open_content<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, DbErr> {
        self.read_content(sealed, |content| serde_json::from_slice(content).ok())
    }

    /// Opens the content for as long as `read` takes of it what is wanted: a search keeps none of it.
    pub fn read_content<T>(&self, sealed: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, DbErr> {
        let opened = seal::open(&self.dek, &place(self.tip, "tips", "sealed", self.tip.into()), sealed);
        opened.ok().and_then(|content| read(&content)).ok_or_else(|| damaged("content of tip", self.tip))
    }

    pub fn seal_contact<T: Serialize>(&self, contact: &T, chance: &Chance) -> Vec<u8> {
        seal::seal(&self.dek, &place(self.tip, "tips", "contact_sealed", self.tip.into()), &json(contact), chance)
    }

    pub fn open_contact<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, DbErr> {
        let opened = seal::open(&self.dek, &place(self.tip, "tips", "contact_sealed", self.tip.into()), sealed);
        parse(opened).ok_or_else(|| damaged("contact of tip", self.tip))
    }

    pub fn seal_note(&self, note: NoteId, text: &str, chance: &Chance) -> Vec<u8> {
        seal::seal(&self.dek, &place(self.tip, "notes", "sealed", note.into()), text.as_bytes(), chance)
    }

    pub fn open_note(&self, note: NoteId, sealed: &[u8]) -> Result<String, DbErr> {
        let opened = seal::open(&self.dek, &place(self.tip, "notes", "sealed", note.into()), sealed);
        text(opened).ok_or_else(|| damaged("note", note))
    }

    /// Seals why the tip's value was attested.
    pub fn seal_attestation(&self, valuation: ValuationId, reason: &str, chance: &Chance) -> Vec<u8> {
        let place = place(self.tip, "valuations", "attest_sealed", valuation.into());
        seal::seal(&self.dek, &place, reason.as_bytes(), chance)
    }

    pub fn open_attestation(&self, valuation: ValuationId, sealed: &[u8]) -> Result<String, DbErr> {
        let place = place(self.tip, "valuations", "attest_sealed", valuation.into());
        text(seal::open(&self.dek, &place, sealed)).ok_or_else(|| damaged("attestation", valuation))
    }

    /// Seals why a valuation was revoked.
    pub fn seal_revocation(&self, valuation: ValuationId, reason: &str, chance: &Chance) -> Vec<u8> {
        let place = place(self.tip, "valuations", "revoke_sealed", valuation.into());
        seal::seal(&self.dek, &place, reason.as_bytes(), chance)
    }

    pub fn open_revocation(&self, valuation: ValuationId, sealed: &[u8]) -> Result<String, DbErr> {
        let place = place(self.tip, "valuations", "revoke_sealed", valuation.into());
        text(seal::open(&self.dek, &place, sealed)).ok_or_else(|| damaged("revocation", valuation))
    }

    pub fn thread(&self) -> ThreadKey {
        ThreadKey { tip: self.tip, thread: self.thread.clone() }
    }
}

impl ThreadKey {
    /// Opens the reporter's wrap of the thread key, of either kind.
    pub fn open(private: &PrivateKey, row: &tip_wraps::Model) -> Result<Self, OpenError> {
        let tip = row.tip_id;
        let opened = match row.holder {
            WrapHolder::ReporterFast => seal::open(&own_key(private), &reporter_place(tip), &row.wrap)?,
            WrapHolder::Reporter | WrapHolder::Office | WrapHolder::OfficeFast | WrapHolder::Officer => {
                seal::open_from(private, &wrap_context(tip, "tip_reporter", tip.into(), 1), &row.wrap)?
            }
        };
        Ok(Self { tip, thread: SymmetricKey::from_slice(&opened).ok_or(OpenError)? })
    }

    pub fn seal_message(&self, message: MessageId, text: &str, chance: &Chance) -> Vec<u8> {
        seal::seal(&self.thread, &place(self.tip, "messages", "sealed", message.into()), text.as_bytes(), chance)
    }

    pub fn open_message(&self, message: MessageId, sealed: &[u8]) -> Result<String, DbErr> {
        let opened = seal::open(&self.thread, &place(self.tip, "messages", "sealed", message.into()), sealed);
        text(opened).ok_or_else(|| damaged("message", message))
    }

    /// The thread key sealed to the reporter, whose receipt is new: by who has the private half.
    pub fn wrap_own(&self, private: &PrivateKey, chance: &Chance) -> Vec<u8> {
        seal::seal(&own_key(private), &reporter_place(self.tip), self.thread.as_bytes(), chance)
    }
}

fn reporter_place(tip: TipId) -> Place {
    place(tip, "tip_wraps", "reporter_fast", tip.into())
}

/// Opens a tip with an office's keys, by the fast wrap where there is one. None: this office holds no wrap of it.
pub fn open_tip_keys(keyring: &Keyring, tip: TipId, wraps: &[tip_wraps::Model]) -> Result<Option<TipKeys>, DbErr> {
    let office = keyring.office;
    let mine = |holder: WrapHolder| {
        wraps
            .iter()
            .filter(move |wrap| wrap.tip_id == tip && wrap.holder == holder && wrap.holder_id == Uuid::from(office))
    };
    for wrap in mine(WrapHolder::OfficeFast).chain(mine(WrapHolder::Office)) {
        let Some(keys) = keyring.epoch(wrap.epoch) else { continue };
        let opened = match wrap.holder {
            WrapHolder::OfficeFast => {
                seal::open(&keys.symmetric, &place(tip, "tip_wraps", "office_fast", office.into()), &wrap.wrap)
            }
            WrapHolder::Office | WrapHolder::Reporter | WrapHolder::ReporterFast | WrapHolder::Officer => {
                seal::open_from(&keys.private, &wrap_context(tip, "tip_office", office.into(), wrap.epoch), &wrap.wrap)
            }
        };
        let dek = opened.ok().and_then(|bytes| SymmetricKey::from_slice(&bytes));
        return dek.map(|dek| Some(TipKeys::of(tip, dek))).ok_or_else(|| damaged("key of tip", tip));
    }
    Ok(None)
}

fn json<T: Serialize>(value: &T) -> zeroize::Zeroizing<Vec<u8>> {
    // Plain structs of strings, dates and booleans: serialization has no way to fail.
    zeroize::Zeroizing::new(serde_json::to_vec(value).unwrap_or_default())
}

fn parse<T: DeserializeOwned>(opened: Result<zeroize::Zeroizing<Vec<u8>>, OpenError>) -> Option<T> {
    serde_json::from_slice(&opened.ok()?).ok()
}

fn text(opened: Result<zeroize::Zeroizing<Vec<u8>>, OpenError>) -> Option<String> {
    String::from_utf8(opened.ok()?.to_vec()).ok()
}
